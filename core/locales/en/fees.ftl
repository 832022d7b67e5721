shop-fee-title = Monthly fee: { $name }
shop-fee-gives = One month for the shop to be open. A month that is paid early follows the one before.
shop-fee-soon = ⏰ <b>The monthly fee of your shop is due on { DAY($until) }.</b> Pay it by then, and the next month follows without a gap.
shop-fee-lacks =
    💳 <b>The monthly fee of your shop is due.</b>
    It was paid until { DAY($until) }. Your shop stays open for { $days ->
        [one] one more day
       *[other] { $days } more days
    }; pay within that time, and nothing changes.
shop-fee-last-day = ⏳ <b>Your shop closes tomorrow.</b> Its monthly fee was paid until { DAY($until) } and has lacked since. Pay it today, and the shop stays open. Once it is closed, nothing of it is shown or sold, and your members’ subscriptions are charged no further.
shop-fee-suspended = ⛔️ <b>Your shop is closed.</b> Its monthly fee was paid until { DAY($until) }. What people bought there stays theirs; nothing is shown or sold, and subscriptions are charged no further. Pay the fee, and the shop is open again at once.
shop-fee-paid =
    ✅ <b>The monthly fee of your shop is paid</b>, until { DAY($until) }.{ $opened ->
        [yes] {" "}Your shop is open again.
       *[no] {""}
    }
shop-fee-returned = ↩️ <b>A monthly fee of your shop was given back.</b> It is paid until { DAY($until) } now. Pay it again by then, so that the shop stays open.
shop-fee-line =
    { $state ->
        [paid] 💳 Monthly fee: paid until { DAY($until) }
        [lacking] ⚠️ Monthly fee: due since { DAY($until) }. Pay it, or the shop will be closed.
       *[suspended] ⛔️ Monthly fee: due since { DAY($until) }.
    }
shop-is-suspended-fee =
    ⛔️ The shop <b>{ $name }</b> is closed until its monthly fee is paid.
    What people bought there stays theirs. Once you have paid, the shop is open again at once.
button-pay-shop-fee = 💳 Pay the monthly fee
staff-shop-fee-suspended = ⛔️ The shop <b>{ $name }</b> is closed: its monthly fee was not paid in time. It opens by itself once it is paid; <code>comptoir sellers fees</code> shows all of them.
staff-shop-fee-unpayable = ⚠️ The shop <b>{ $name }</b> owes a monthly fee that it has no way to pay, so it is not closed for it. Give the fee a price on a way to pay that RAIL_POLICY offers in the bot (<code>comptoir sellers monthly</code>); by card it needs your own shop (<code>comptoir sellers operator</code>) and a Stripe key.
order-refunded-shop_fee =
    ↩️ <b>Your order { $number } has been refunded</b>
    { $title } · { PRICE($amount) }
    Reason: { $reason }

    The month that it paid is open again. A question? /paysupport
claim-done-shop_fee =
    ✅ Order <b>{ $number }</b> is now yours: <b>{ $title }</b>.

    The month is paid. /sell shows until when.
invoice-description-shop_fee = { $title } – order { $number }. One month for the shop to be open.
web-help-delivered-shop_fee = The month is paid. In the bot, /sell shows until when.
web-help-refunded-shop_fee = Your money was given back, and the month that it paid is open again.
notification-shop_fee = The monthly fee of my shop
error-fee-unpriced = The fee has no price. Give one for each way to pay, like stars=500 or card=10.00EUR; to ask no fee any more, say --end.
error-fee-price = “{ $text }” is no price of a way to pay. Write it like stars=500, manual=10.00EUR or card=10.00EUR.
error-fee-of-banned = The owner of this shop is banned, so paying its fee would not open it. Nothing can be paid now.
error-shop-fee-unknown = No monthly fee is asked of this shop. comptoir sellers monthly asks one.
