rail-word =
    { $rail ->
        [stars] Stars
        [crypto] cryptocurrency
        [card] bank card
       *[manual] bank transfer
    }
sale-made =
    🎉 <b>You sold { $title }</b>
    { PRICE($amount) } by { rail-word } · order { $number }
sale-refunded =
    ↩️ <b>Order { $number } has been refunded</b>
    { $title } · { PRICE($amount) }, taken off your balance
    Reason: { $reason }
sale-part-refunded =
    ↩️ <b>Part of order { $number } has been refunded</b>
    { $title } · { PRICE($amount) }, taken off your balance. { $access ->
        [ended] The buyer’s access has ended.
       *[stays] The buyer keeps what they bought.
    }
    Reason: { $reason }
sale-undelivered =
    ⚠️ Order <b>{ $number }</b> ({ $title }) is paid, but its delivery does not succeed. The team is looking after it; you need not do anything.
order-refunded =
    ↩️ <b>Your order { $number } has been refunded</b>
    { $title } · { PRICE($amount) }
    Reason: { $reason }

    The download links of this order no longer work. A question? /paysupport
order-part-refunded =
    ↩️ <b>Part of the money for your order { $number } is on its way back</b>
    { $title } · { PRICE($amount) }
    Reason: { $reason }

    { $access ->
        [ended] What the order gave has ended.
       *[stays] You keep what you bought.
    } A question? /paysupport
payment-refused =
    ❌ <b>Your payment for order { $number } was not validated</b>
    { $title }
    Note from the team: { $note }

    Check the transaction number, then write to /paysupport.
payment-partial =
    ⚠️ <b>{ PRICE($missing) } is missing for order { $number }</b>
    { $title }

    Send the rest to the same payment address before { MOMENT($until) }. A question? /paysupport
payment-short =
    ⚠️ <b>{ PRICE($came) } came for order { $number }: { PRICE($missing) } too little</b>
    { $title }

    The order is closed, so nothing is given for it. Send nothing more: the team has been told, and either sends your money back or settles the rest with you. Write to /paysupport
payment-held =
    ⚠️ <b>Order { $number } is paid, but nothing can be given for it yet</b>
    { $title }
    { $reason ->
        [barred] You were put out of this shop’s channels.
        [already-lifetime] All that it opens is yours for ever already.
        [no-time-left] The date until which it runs had passed when your payment came.
        [no-file] The seller has to add its files first.
       *[other] Sending it has not succeeded.
    }

    The team has been told: you get what you paid for, or your money back. A question? /paysupport
payment-returned =
    ↩️ <b>A payment for order { $number } has been sent back</b>
    { $title }

    The payment provider returned it; it had not paid the order. If it does not reach you within a few days, write to /paysupport
payment-refund-failed =
    ⚠️ <b>The refund for order { $number } did not reach you</b>
    { $title }

    Your bank sent { $amount } back. The team has been told and gives you your money another way. A question? /paysupport
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
    { $alike ->
        [yes] ⚠️ Looks like the transaction of: { $like }
       *[no] { "" }
    }
staff-door-shut =
    🚪 <b>A member cannot come into { $channel }</b>
    Telegram refuses with <code>{ $code }</code>, which is new to us. The member has been told that you look at it. Letting them in by hand in Telegram is enough; then tell the developers the name of the refusal.

staff-needs-support =
    ⚠️ <b>Order { $number } needs your help</b>
    { $title }
    { $reason ->
        [kept-after-refund] Its money went back, and something that it gave still stands. End it by hand, and report this as a fault.
        [unknown-money] Coins of another kind than asked, or of a status that we do not know, have arrived. Look at the provider, then pay the order or send them back.
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
        [invoice-differs] The provider’s invoice does not match the order.
        [channel-gone] The channel that was bought cannot be reached any more.
        [no-time-left] The date until which the membership runs had passed when the money came.
        [invoice-refused] NOWPayments refuses to open an invoice for this order: the buyer cannot pay it.
        [checkout-refused] Stripe refuses to open a payment page for this order: the buyer cannot pay it. Its seller’s Stripe account may lack something.
        [payment-unseen] Stripe tells of this order’s payment but shows nothing of it: the seller’s account may be disconnected. Ask the seller whether the money came.
        [own-product] Somebody paid on the web for a product of their own.
        [shop-closed] Paid on the web, but the shop was closed before it was claimed. The buyer has nothing yet: give the money back, or wait until the shop is open again.
        [put-out] Its holder was put out of the channels before the paid time was over. Whether money goes back is yours to decide.
        [barred] Somebody who was put out of the channels paid for it. They get no access: give the money back, or let them in again.
        [plan-full] It was paid on the web, but all places of the plan are taken.
        [plan-over] It was paid on the web, but the plan’s end date has passed.
        [plan-closed] It was paid on the web, but the plan is not for sale any more.
        [plan-audience] It was paid on the web by somebody for whom the plan is not.
        [plan-code-needed] It was paid on the web by somebody who has no code of the plan.
        [already-lifetime] Its buyer holds all that it opens for ever already: give the money back.
        [already-member] Somebody paid on the web who is a member already.
        [membership-waiting] Somebody paid on the web whose membership has not begun yet.
        [membership-cancelled] Somebody paid on the web who could take a cancellation back instead.
        [membership-paused] Somebody paid on the web whose membership is paused.
       *[other] Reason: { $reason }
    }

    To open it: /orders { $number }
staff-short-payment =
    ⚠️ <b>Order { $number } needs your help</b>
    { $title }
    { PRICE($came) } came, { PRICE($missing) } too little. { $status ->
        [created] The buyer has been asked for the rest.
        [awaiting_payment] The buyer has been asked for the rest.
       *[other] The order is closed. The buyer has been told to write to you: send the money back, or take it as enough.
    }

    To open it: /orders { $number }
staff-unmatched-payment =
    ⚠️ <b>Money came for no order we know</b>
    { $provider } · { PRICE($amount) }
    Reference: <code>{ $event }</code>

    Look for its owner at the provider. /events has the notice; try it again once its order is there, or send the money back.
staff-books-differ =
    ⚠️ <b>The books differ from those of { $rail }</b>
    Order: { $number }
    Reference: <code>{ $id }</code>
    There: { $theirs }
    Here: { $ours }

    <code>comptoir reconcile</code> lists all differences, and what to do about each.
order-refunded-membership =
    ↩️ <b>Your order { $number } has been refunded</b>
    { $title } · { PRICE($amount) }
    Reason: { $reason }

    The access that this order paid for has ended. A question? /paysupport
order-refunded-listing =
    ↩️ <b>Your order { $number } has been refunded</b>
    { $title } · { PRICE($amount) }
    Reason: { $reason }

    The fee is open again. A question? /paysupport
