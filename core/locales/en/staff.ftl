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
staff-order-needs-support = ⚠️ This order needs your help. The notification about it says why.
staff-order-note = Note: { $note }
nobody-yet = nobody yet
staff-resent = What was bought is on its way to the buyer.
staff-refund-asked = ↩️ The refund is under way. { $reach ->
        [telegram] The buyer and the seller will be told when it is done.
        [mail] The buyer will be told by mail, the seller here, when it is done.
       *[page] The seller will be told when it is done; no buyer can be: the order’s page says it.
    }
staff-refund-reason = Why refund order { $number }? Write the reason: the buyer and the seller will read it.
staff-payments =
    🏦 <b>Transfers to check</b> – { $count }
staff-payments-none = 🏦 No transfer to check.
staff-payment-line =
    <b>{ $number }</b> · { $price } · { $title }
    { $buyer }, on { MOMENT($when) }
    Transaction: <code>{ $transaction }</code>
staff-payment-validated = ✅ Payment of order { $number } validated. The delivery is on its way.
staff-payment-refused = ❌ Payment of order { $number } refused. { $reach ->
        [telegram] The buyer has been told.
        [mail] The buyer has been told by mail.
       *[page] Nobody could be told: the order is not claimed and has no confirmed address. Its page says it.
    }
staff-refusal-note = Why refuse the payment of order { $number }? Write a note: the buyer will read it.
staff-shops =
    🏪 <b>Shops that wait</b> – { $count }
staff-shops-none = 🏪 No shop is waiting for a decision.
staff-shop-approved = ✅ The shop <b>{ $name }</b> may sell.
staff-shop-refused = ❌ The shop <b>{ $name }</b> is refused.

command-channels = My channels: connect one
command-plans = My plans: the memberships I sell
command-members = Members: find one, put out, let in
command-questions = Questions that wait for an answer
command-orders = Find an order, send it again, refund it
command-payments = Transfers to check
command-moderation = Files and texts to check
command-sellers = New shops that wait for approval

role-given =
    👋 <b>You are one of the team now</b>, as { $role ->
        [admin] an admin
       *[support] support
    }. You can:

    { $commands }

    These commands stand in the menu beside the field where you write, and in /help. A new question, a transfer to check, or an order that needs you is shown here by itself; answer a question by replying to its message.
role-taken =
    { GIVEN($commands) ->
        [no] You are no longer one of the team; its commands have left your menu. What you bought and sell stays as it is.
       *[yes] You are no longer { $role ->
            [admin] an admin
           *[support] support
        }. You still can:
    }
    { $commands }
staff-shop-refusing = Refuse the shop <b>{ $name }</b>? Its owner is told at once, and may apply again.
button-shop-refuse-yes = ❌ Yes, refuse it

tried-again =
    🔁 <b>Order { $number }</b>: { $events ->
        [0] no notice of a provider to read again
        [one] { $events } notice of the provider is read again
       *[other] { $events } notices of the provider are read again
    }, { $jobs ->
        [0] no failed job
        [one] { $jobs } failed job begins again
       *[other] { $jobs } failed jobs begin again
    }. What was done already is not done twice. Look at the order again in a minute.
tried-again-nothing = 🔁 <b>Order { $number }</b>: nothing to try again. No notice of a provider is kept for it, and none of its jobs has failed.
staff-events =
    📨 <b>Notices of providers that changed nothing</b>, the newest first
    Try one again once what was wrong is mended, for example once its order is there.
staff-events-none = 📨 Every notice of a provider has been dealt with.
staff-event-line =
    <b>{ $place }.</b> { $provider }, { MOMENT($when) }: { $state } ({ $outcome }){ GIVEN($order) ->
        [no] {""}
       *[yes] {" "}· order { $order }
    }
event-received = waits
event-unmatched = fits no order
event-refused = refused
event-tried = 🔁 The notice is read again. What it did already is not done twice; look again in a minute.
command-events = Notices of providers that changed nothing
button-try-again = 🔁 Try again what failed
button-try-event = 🔁 Try no. { $place } again
button-provider-events = 📨 Notices to look at
error-event-without-body = This notice cannot be read again: what it said is no longer kept (REPLAY_DAYS). Look for the payment at the provider.
