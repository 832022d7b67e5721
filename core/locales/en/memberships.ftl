button-subscribe = ⭐ Subscribe · { $price }
button-renew-for = 🔁 Renew · { $price }
button-trial =
    🎁 { $days ->
        [one] { $days } day free
       *[other] { $days } days free
    }
button-code = 🔑 I have a code
button-memberships = 🎫 My memberships
button-enter = 🚪 Send me my link
button-pause = ⏸ Pause
button-card-portal = 💳 Card and invoices
button-unsubscribe = ✖️ Cancel it

command-status = My memberships: state, days left, link
command-renew = Renew a membership
command-cancel = Cancel a membership, or the open question

plan-head =
    🎫 <b>{ $title }</b>
    by { $seller }
plan-length = { $unit ->
    [days] { $count ->
        [one] { $count } day
       *[other] { $count } days
    }
    [months] { $count ->
        [1] 1 month
        [12] 1 year
       *[other] { $count } months
    }
    [lifetime] for ever
   *[until] until { DAY($until) }
  }
plan-access = ⏳ Access: { $unit ->
    [days] { $count ->
        [one] { $count } day
       *[other] { $count } days
    }
    [months] { $count ->
        [1] 1 month
        [12] 1 year
       *[other] { $count } months
    }
    [lifetime] for ever
   *[until] until { DAY($until) }
  }
plan-channels = { $count ->
    [0] 📣 No channel yet
   *[other] 📣 Lets you into: <b>{ $channels }</b>
  }
plan-price = 💶 <b>{ $prices }</b> · { $term }
plan-length-only = ⏳ { $term }
plan-recurring = 🔁 Telegram renews it every 30 days; cancel whenever you like
plan-renews-card = 🔁 By card it renews by itself every { $unit ->
        [months] { $count ->
            [one] month
           *[other] { $count } months
        }
       *[other] { $count } days
    }; cancel whenever you like
plan-from-entry = ⏱ Your time starts when you first come in
plan-trial = { $days ->
    [one] 🎁 { $days } day free: nothing is charged when it ends
   *[other] 🎁 { $days } days free: nothing is charged when they end
  }
plan-places = { $count ->
    [0] 👥 No places left
    [one] 👥 { $count } place left
   *[other] 👥 { $count } places left
  }
plan-note = { $why ->
    [already-lifetime] ♾ All of this is yours for ever already: there is nothing to buy.
    [plan-closed] ⏸ This membership is not for sale at the moment.
    [plan-over] ⌛️ Its end date has passed.
    [plan-full] 👥 All places are taken. Come back later: a place is free when a member leaves.
    [plan-code-needed] 🔑 This membership needs a code. Do you have one? Touch the button.
    [barred] 🚫 You were put out of this shop’s channels: you cannot buy here until you are let in again. Questions: /support
   *[plan-audience] { $audience ->
        [newcomers] 👋 Only for people who have never been members of this shop.
        [active] 🎫 Only for current members of this shop.
       *[past] ↩️ Only for former members of this shop.
    }
  }
code-question = 🔑 What is your code? Write it as you got it; capitals do not matter.
trial-begun = Your trial begins! Your way in is coming in a moment.
way-in-coming = Your way in is coming in a moment.
cancel-taken = Cancelled: you keep your access until the end.
cancel-asked = I am asking for the charges to stop. I will write to you as soon as it is done.
keep-taken = Done: your membership goes on.
keep-asked = I am asking for the renewal to go on. I will write to you as soon as it is done.
pause-taken = Paused: the days you have left are waiting for you.
resume-taken = Welcome back! Your way in is coming in a moment.

status-none =
    🎫 You have no membership yet.
    You find them in the catalogue. Paid on the website? Open your order’s page again: it gives you a new link to me.
status-head =
    🎫 <b>My memberships</b> – { $count ->
        [one] { $count } membership
       *[other] { $count } memberships
    }
member-summary =
    <b>{ $title }</b> · { $seller }
    { $state ->
        [pending] 🕓 Paid. Your time starts when you first come in.
        [trialing] 🎁 On trial: { $days ->
            [one] 1 day left
           *[other] { $days } days left
        }, until { MOMENT($ends) }.{ $charged ->
            [yes] { "" }
           *[no] { " " }Nothing is charged when it ends.
        }
        [active] ✅ Running: { $days ->
            [one] 1 day left
           *[other] { $days } days left
        }, until { MOMENT($ends) }.
        [lifetime] ♾ Yours for ever: it does not end, and nothing is charged again.
        [past_due] ⚠️ Ended on { MOMENT($ends) }. You keep your access until { MOMENT($deadline) }: renew before then.
        [paused] ⏸ Paused: { $days ->
            [one] 1 day is waiting for you
           *[other] { $days } days are waiting for you
        }.
        [cancelled] ✖️ Cancelled: { $days ->
            [one] 1 day left
           *[other] { $days } days left
        }, until { MOMENT($ends) }, then it stops.
        [revoked] 🚫 Access closed. { GIVEN($reason) ->
            [yes] Reason: { $reason }
           *[no] Any question: /support
        }
       *[expired] ⌛️ Ended.
    }
member-place = { $inside ->
    [yes] ✅ { $channel }: you are in
   *[no] 🚪 { $channel }: you are not in
  }
member-charged-card = 🔁 Your card is charged for this membership each time it ends, until you cancel it.
member-failed-card = 💳 Your card could not be charged. Touch “Card and invoices” to change it or to pay the invoice that is open: nothing more is needed then.
member-held-card = 💳 Your card is not charged while you are away: the next charge comes when the days that are waiting for you are over.
card-portal-coming = The page with your card and your invoices is coming in a moment.
card-portal =
    💳 <b>{ $title }</b>
    Your card, your invoices, and the end of what you pay, at Stripe: <a href="{ $link }">open the page</a>
    The link is yours alone and opens for a few minutes. Ask for another one at any time.
member-charged = 🔁 Telegram charges this membership every 30 days until you cancel it.
renew-none = There is nothing for you to renew at the moment. Your memberships are in /status, others in the catalogue.
renew-which = 🔁 Which membership would you like to renew? The new time is added at the end: you lose no day.
renew-how =
    🔁 <b>{ $title }</b> · { $term }
    The new time is added to what you have left. How would you like to pay?
renew-not = <b>{ $title }</b> cannot be renewed here at the moment. See what is for sale, or ask the team.
cancel-none = You have nothing to cancel: nothing is charged without a press of yours, and a trial ends by itself. Your memberships: /status
cancel-which = ✖️ What would you like to cancel? You keep your access until the end of what you paid for, and one touch takes it back.
subscription-invoice =
    🔁 <b>{ $title }</b>
    { $price } every 30 days, charged by Telegram. Cancel at any time with /cancel; you then keep your access until the end of the days you paid for.
invoice-description-membership = { $title } – order { $number }. Your way in arrives here as soon as you have paid.
claim-done-membership =
    ✅ Order <b>{ $number }</b> is now yours: <b>{ $title }</b>.

    Your way in is coming in a moment. /status gives it to you again at any time.
claim-done-listing =
    ✅ Order <b>{ $number }</b> is now yours: <b>{ $title }</b>.

    The fee is paid, and what waited for it goes on by itself.
claim-held =
    ⚠️ Order <b>{ $number }</b> is yours and paid: <b>{ $title }</b>.

    But: { $why }

    Support has been told and writes to you here. Your money is safe.
stars-fail-site =
    ⚠️ <b>Stars are not answering at the moment</b>
    Nothing was charged. You can pay for <b>{ $title }</b> on the website, or try again here later.
stars-fail =
    ⚠️ <b>Stars are not answering at the moment</b>
    Nothing was charged. Try again in a few minutes; if it goes on, write to the team.
guesses-stopped = 🛑 { $kind ->
        [code] Too many codes that are not valid. I will read no more of them from you for now: try again in { DURATION($seconds) }, or ask the seller for the right one.
       *[start] Too many links that do not exist. I will read no more of them from you for now: try again in { DURATION($seconds) }. The right one is on your order’s page.
    } Any question: /support
staff-start-guessed = 🛑 { $who } ({ $telegram_id }) is guessing pick-up links: 20 wrong ones in an hour. I will not read any more of them for an hour.
staff-code-guessed = 🛑 { $who } ({ $telegram_id }) is guessing access codes of <b>{ $title }</b>: 20 wrong ones in an hour. I will not read any more of them for an hour; the seller is told.
seller-code-guessed = 🛑 { $who } is guessing access codes of <b>{ $title }</b>: 20 wrong ones in an hour. I will not read any more of them for an hour. Codes that are long and not words are hard to guess: change yours if it is short.
staff-web-guessed = 🛑 Somebody on the web is guessing links, sessions or tokens: more than 30 that do not exist in a minute, from one address. More of them are refused, good ones still work. The API’s log names the address (“guessing”).
button-plan-change = 🔀 Change plan
button-plan-agree = ✅ Change, { $amount } now
plan-change-which = 🔀 To which plan would you like to change? What is left of the present one is taken off its price, and you see what it costs before you agree.
plan-preview-coming = What it costs is coming in a moment.
plan-change-coming = The change is being made. A message tells you when it is done.
plan-offer =
    🔀 <b>{ $title }</b> → <b>{ $plan }</b>
    Now: <b>{ $due }</b>, what is left of the present plan being taken off. Then { $price }, the next time on { MOMENT($next) }.
    The channels of the present plan close with the change, unless the new one opens them too.
plan-refused =
    🔀 <b>{ $plan }</b>: nothing was changed
    { $why ->
        [card] Your card was not charged: it, or its bank, refused. Give another card, then ask for the change again.
        [less] More is left of your present plan than the new one costs. Cancel it, stay to its end, and take the other plan then.
       *[gone] You cannot change to this plan any more. Your membership goes on as it was.
    }
