staff-orders =
    📋 <b>Orders</b> – { $count ->
        [one] { $count } found
       *[other] { $count } found
    }
    { page-of }⚠️ marks those that need your help. To search: /orders followed by a number, a name, a title or a reference.
staff-orders-none =
    { GIVEN($words) ->
        [no] There is no order yet.
       *[yes] No order for “{ $words }”. Search by number (CMT-000042), @name, title or payment reference.
    }
staff-order =
    📋 <b>Order { $number }</b> – { $status }

    Product: { $title }
    Seller: { $seller }
    Buyer: { $buyer }
    Amount: <b>{ $price }</b>, { $rail }
    Created on { MOMENT($when) }
    Payment reference: <code>{ $charge }</code>
staff-order-needs-support = ⚠️ This order needs your help.
staff-order-note = Note: { $note }
nobody-yet = nobody yet
staff-resent = The links are on their way to the buyer.
staff-refund-reason = Why refund this order? Write the reason: the buyer and the seller will read it.
staff-refund-asked = ↩️ The refund is under way. The buyer and the seller will be told when it is done.
staff-payments =
    🏦 <b>Transfers to check</b> – { $count }
staff-payments-none = 🏦 No transfer to check.
staff-payment-line =
    <b>{ $number }</b> · { $price } · { $title }
    { $buyer }, on { MOMENT($when) }
    Transaction: <code>{ $transaction }</code>
staff-payment-validated = ✅ Payment of order { $number } validated. The delivery is on its way.
staff-refusal-note = Why refuse this payment? Write a note: the buyer will read it.
staff-payment-refused = ❌ Payment of order { $number } refused. The buyer has been told.
staff-shops =
    🏪 <b>Shops that wait</b> – { $count }
staff-shops-none = 🏪 No shop is waiting for a decision.
staff-shop-approved = ✅ The shop <b>{ $name }</b> may sell.
staff-shop-refused = ❌ The shop <b>{ $name }</b> is refused.
