# One sale as its seller sees it, and giving its money back.
sale-card =
    🧾 <b>Sale { $number }</b> – { $status }

    { $title }
    Buyer: { $buyer }
    Amount: <b>{ $price }</b>, { $rail }
    Paid on { MOMENT($when) }
sale-refund-line =
    ↩️ { $amount }, { DAY($when) }: { $status ->
        [wanted] Stripe is being asked
        [pending] on its way to the buyer
        [succeeded] given back
       *[failed] did not reach the buyer, the money stays yours
    }
    Reason: { $reason }
sale-refund-by-team = The money of this sale lies with the team, who pays you: only they can give it back. Ask them: /support
sale-refund-amounts =
    ↩️ <b>Refund sale { $number }</b>
    { $left } can go back. It comes out of your Stripe account; the operator’s fee comes back to you in proportion, Stripe’s own fee does not.
sale-refund-part = How much of sale { $number } goes back? Write a sum up to { $left }.
sale-refund-reason = Why does the money of sale { $number } go back? Write it in a few words: the buyer reads them.
sale-refund-ask =
    ↩️ <b>Give { $amount } of sale { $number } back?</b>
    To: { $buyer }
    Reason: { $reason }

    { $scope ->
        [whole] This is all that is left of the price. As soon as Stripe has done it, within a minute as a rule, the buyer’s access ends; a card that is charged again and again for it is charged no more.
        [past] A later period is paid: the buyer’s access and the subscription go on.
        [part] The buyer keeps what they bought, unless you end it now.
       *[ended] The buyer’s access has ended already; that stays so.
    } It cannot be taken back.
button-refund-whole = ↩️ All of it
button-refund-part = ✂️ A part
button-back-to-sale = ‹ The sale
button-refund-yes-whole = ↩️ Give all back, access ends
button-refund-yes-part = ↩️ Give it back, access stays
button-refund-yes-ended = ↩️ Give it back
button-refund-yes-end = ↩️ Give it back, end access now
error-sale-unpaid = Order { $number } is no sale of this shop that was paid. Your sales: /sell
error-refund-by-team = The money of order { $number } lies with the team, who pays the shop: only they can give it back. Ask them: /support
error-part-too-large = That is more than the { $left } that are left. Write a smaller sum, or choose all of it.
error-reason-empty = The reason is empty. Write a few words: the buyer reads them.
error-reason-too-long = This reason has { $length } characters; the limit is { $limit }. Make it shorter.
surplus-refund = it was paid besides another payment, or when the order was over
sale-refunded-seller =
    ↩️ <b>Sale { $number } has been refunded</b>
    { $title } · { PRICE($amount) }, out of your Stripe account. The buyer’s access has ended.
    Reason: { $reason }
sale-part-refunded-seller =
    ↩️ <b>Part of sale { $number } has been refunded</b>
    { $title } · { PRICE($amount) }, out of your Stripe account. { $access ->
        [ended] The buyer’s access has ended.
       *[stays] The buyer keeps what they bought.
    }
    Reason: { $reason }
