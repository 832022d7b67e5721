rail-word =
    { $rail ->
        [stars] Stars
        [crypto] cryptocurrency
       *[manual] bank transfer
    }
sale-made =
    🎉 <b>You sold { $title }</b>
    { PRICE($amount) } by { rail-word } · order { $number }
sale-refunded =
    ↩️ <b>Order { $number } has been refunded</b>
    { $title } · { PRICE($amount) }, taken off your balance
    Reason: { $reason }
sale-undelivered =
    ⚠️ Order <b>{ $number }</b> ({ $title }) is paid, but its delivery does not succeed. The team is looking after it; you need not do anything.
order-refunded =
    ↩️ <b>Your order { $number } has been refunded</b>
    { $title } · { PRICE($amount) }
    Reason: { $reason }

    The download links of this order no longer work. A question? /paysupport
payment-refused =
    ❌ <b>Your payment for order { $number } was not validated</b>
    { $title }
    Note from the team: { $note }

    Check the transaction number, then write to /paysupport.
payment-partial =
    ⚠️ <b>{ PRICE($missing) } is missing for order { $number }</b>
    { $title }

    Send the rest to the same payment address before { MOMENT($until) }. A question? /paysupport
payment-failed =
    ❌ <b>The payment of order { $number } has failed</b>
    { $title }

    You can order again. If money has left your account, write to /paysupport.
shop-approved = ✅ The shop <b>{ $name }</b> is accepted: you may sell. /sell opens your shop.
shop-refused = ❌ The shop <b>{ $name }</b> was not accepted. Write to /support to learn why.
payout-made = 💰 <b>{ PRICE($amount) }</b> has been paid out to you ({ rail-word }). Reference: <code>{ $reference }</code>
staff-shop-waiting = 🏪 <b>{ $name }</b>, by { $person }, asks to sell here.
staff-payment-waiting =
    🏦 <b>Transfer to check</b> – order { $number }
    { $title } · { PRICE($amount) }
    Transaction: <code>{ $transaction }</code>
staff-needs-support =
    ⚠️ <b>Order { $number } needs your help</b>
    { $title }
    { $reason ->
        [amount-differs] The amount received is not that of the order.
        [currency-differs] The currency received is not that of the order.
        [payer-differs] Somebody other than the buyer paid.
        [second-payment] The order was already paid: a second payment arrived.
        [paid-twice] The same buyer paid for this product twice.
        [late-payment] The money arrived after the order was closed.
        [overpaid] The buyer paid too much; the order is delivered.
        [partial-expired] A part of the payment arrived, then the time ran out.
        [delivery-failed] The delivery does not succeed in spite of all attempts.
        [no-file] The product has no file to deliver.
        [buyer-blocked] The buyer has blocked the bot.
        [refund-failed] The refund does not succeed.
        [payment-failed] The provider received money, but the payment failed.
        [payment-refunded] The provider refunded a payment that had not paid the order.
        [payment-of-another-order] This payment belongs to another order.
        [redeposit] The buyer sent money again to an address already used.
        [invoice-differs] The provider's invoice does not match the order.
        [channel-gone] The channel that was bought cannot be reached any more.
        [no-time-left] The date until which the membership runs had passed when the money came.
        [invoice-refused] NOWPayments refuses to open an invoice for this order: the buyer cannot pay it.
        [own-product] Somebody paid on the web for a product of their own.
        [plan-full] It was paid on the web, but all places of the plan are taken.
        [plan-over] It was paid on the web, but the plan's end date has passed.
        [plan-closed] It was paid on the web, but the plan is not for sale any more.
        [plan-audience] It was paid on the web by somebody for whom the plan is not.
        [plan-code-needed] It was paid on the web by somebody who has no code of the plan.
        [already-member] Somebody paid on the web who is a member already.
        [membership-waiting] Somebody paid on the web whose membership has not begun yet.
        [membership-cancelled] Somebody paid on the web who could take a cancellation back instead.
        [membership-paused] Somebody paid on the web whose membership is paused.
       *[other] Reason: { $reason }
    }

    To open it: /orders { $number }
staff-unmatched-payment =
    ⚠️ <b>Money came for no order we know</b>
    { $provider } · { PRICE($amount) }
    Reference: <code>{ $event }</code>

    Look for its owner at the provider. <code>comptoir events list --state unmatched</code> has the notice; replay it once its order is there, or send the money back.
