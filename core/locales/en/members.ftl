button-membership = 🎫 My membership
button-renew = 🔁 Renew
button-subscribe-now = ⭐ Subscribe
button-keep = ↩️ Keep my membership
button-resume = ▶️ Resume
button-join = 🚪 Join { $channel }
button-see-plan = 🎫 See the membership
button-channel = 📣 The channel

admit-paid =
    ✅ <b>Payment confirmed, welcome!</b>
    <b>{ $title }</b>
admit-renewed =
    ✅ <b>Payment confirmed, your time is extended.</b>
    <b>{ $title }</b>
admit-trial =
    🎁 <b>Your free trial has begun.</b>
    <b>{ $title }</b>
    Nothing will be charged when it ends.
admit-reissued =
    🎫 <b>{ $title }</b>
    Here is your way in:
admit-resumed =
    ▶️ <b>Welcome back!</b>
    <b>{ $title }</b> goes on with all the days you had left.
admit-restored =
    🎫 <b>{ $title }</b>
    Your access is open again. Come back in here:
admit-until = Access until { MOMENT($ends) }.
admit-lifetime = Access for ever: it does not end, and nothing is charged again.
admit-at-entry = Your time starts when you enter for the first time: you lose nothing by waiting.
admit-inside = You are in already: there is nothing more to do.
admit-request = { $count ->
    [one] Press the button and ask to join: you are let in at once.
   *[other] Press each button and ask to join: you are let in at once.
  } The link works for you alone.
admit-one-use = { $count ->
    [one] The link works once, for 5 minutes, for you alone.
   *[other] Each link works once, for 5 minutes, for you alone.
  } Too late? /status gives you a new one.

member-joined =
    👋 <b>You are in { $channel }.</b>
    { $title }: { $ends ->
        [0] access for ever
       *[other] access until { MOMENT($ends) }
    }. Your membership at any time: /status
member-warned =
    ⏳ <b>{ $title }</b> ends in { $days ->
        [one] 1 day
       *[other] { $days } days
    }, on { MOMENT($ends) }.
    Renew now and lose nothing: the new time is added at the end. Nothing is charged unless you renew.
trial-warned =
    ⏳ <b>Your free trial of { $title }</b> ends in { $days ->
        [one] 1 day
       *[other] { $days } days
    }, on { MOMENT($ends) }.
    To stay, take a membership before then. Otherwise access simply ends: nothing is charged.
member-grace =
    ⚠️ <b>{ $title } has ended</b>
    You keep your access until { MOMENT($deadline) }. Renew before then to stay in.
member-expired =
    ⌛️ <b>{ $title } has ended</b>
    You have left the channel and may come back at any time: renew, and you get a new way in.
trial-ended =
    ⌛️ <b>Your free trial of { $title } is over</b>
    Nothing was charged. If you liked it, take a membership: you get a new way in at once.
member-revoked =
    🚫 <b>Your access to { $title } has been ended</b>
    Reason: { put-out-reason }{ GIVEN($reason) ->
        [yes] . In their words: { $reason }
       *[no] .
    }
    You can neither come back nor buy here again unless you are let in again. The team looks at what you paid for and have not used.
    If you think this is a mistake, write to the team: /support
put-out-reason = { $why ->
    [violation_terms] the rules of the channel were broken
    [abuse] other members or the team were insulted or harassed
    [unpaid] a payment was disputed or is missing
    [on_request] you asked for it
   *[other] a decision of the seller or the team
  }
member-let-in =
    ↩️ <b>You may come back to { $title }</b>
    Nothing bars you any more. What had ended stays ended: take a membership and you get a new way in.
member-paused =
    ⏸ <b>{ $title } is paused</b>
    You keep { DURATION($seconds) } for when you come back. Until then you are out of the channel.
member-cancelled =
    ✔️ <b>{ $title } will not be renewed</b>
    You keep your access until { MOMENT($ends) }. Changed your mind? One press is enough.
member-plan-closed =
    ✔️ <b>{ $title } is offered no more</b>
    You keep your access until { MOMENT($ends) }, and nothing is charged again.
member-held-for-ever =
    ✔️ <b>{ $title } is charged no more</b>
    You have all of it for ever. What you had paid for runs beside it until { MOMENT($ends) }.
member-uncancelled =
    ↩️ <b>{ $title } goes on</b>
    The cancellation has been taken back.
member-restorable =
    ↩️ <b>{ $title } can be renewed again</b>
    Telegram lets only you switch it on: Settings → My Stars → your subscription → Renew.
member-channel-gone =
    ⚠️ <b>The channel of { $title } cannot be reached</b>
    Your payment is safe. The team and the seller have been told and will write to you.
join-declined =
    🚪 <b>{ $channel }</b>
    { $reason ->
        [ended] Your membership has ended. Renew it and you are let in at once.
        [paused] Your membership is paused. Resume it and you are let in at once.
        [revoked] Your access has been ended. Questions: /support
        [barred] You were put out of this channel and cannot come back or buy here until you are let in again. If you think this is a mistake, write to the team: /support
       *[other] This channel is for members. Take a membership and you are let in at once.
    }
join-failed =
    🚪 <b>{ $channel }</b>: you are not in yet
    { $why ->
        [too_many] You are in as many channels and groups as Telegram allows (500, or 1,000 with Premium). Leave one of them, then have your link sent again here: you are let in at once.
        [banned] An admin of the channel has banned you there. Your membership stands: the seller has been told and can lift the ban. Questions: /support
        [blocked] Telegram says that your privacy settings, or a block, keep you from being let in. Lift it, then have your link sent again here. The team helps: /support
        [full] The channel holds as many members as Telegram allows. Your membership stands, and the seller has been told. Questions: /support
        [waiting] Telegram, or rights that the bot lacks in the channel, make you wait. You need do nothing: it is tried again until you are in. If it takes longer than an hour: /support
        [unreachable] The channel cannot be reached any more. Your payment is safe: the seller has been told. Questions: /support
       *[trouble] Telegram refused for a reason that is new to us. Your membership stands: the team has been told and looks at it. You may also have your link sent again here.
    }
stranger-removed =
    🚪 <b>{ $channel }</b> is for members, and that link belonged to somebody else.
    Take a membership and you get a link of your own.

channel-door-shut =
    🚪 <b>{ $channel }: a member cannot come in</b>
    { $why ->
        [banned] They were banned in the channel by hand, and their membership runs. Lift the ban in Telegram (channel, removed users), or put them out.
        [full] The channel holds as many members as Telegram allows. Remove some, or offer the plan with another channel.
       *[other] Telegram says that a block stands between them and the channel. Look at its removed users.
    }
channel-code-idle =
    📣 <b>Your code was posted in { $channel }</b>
    { $whose ->
        [other] This channel is connected with another shop, and stays so. If it is yours, write to /support. The code is used up.
       *[own] It is connected with your shop already, and nothing has changed. The code is used up.
    }
channel-connected =
    📣 <b>{ $channel } is connected</b>
    The bot has all the rights it needs. You can now offer memberships to it.
channel-rights-lost =
    🚨 <b>{ $channel }: the bot lacks rights</b>
    { $invite_users ->
        [no] ❌ Invite users via link
       *[yes] ✅ Invite users via link
    }
    { $ban_users ->
        [no] ❌ Ban users
       *[yes] ✅ Ban users
    }
    Members stay in, but nobody new can be let in and nobody put out. Give the rights back in the channel: Administrators → the bot.
channel-rights-back =
    ✅ <b>{ $channel }: the bot has its rights again</b>
    What waited is done now.
channel-gone =
    🚨 <b>{ $channel } cannot be reached</b>
    The channel was deleted, or the bot was removed from it. Payments stand. Make the bot an administrator again, or refund your members.

error-plan-unknown = There is no such membership plan, or it is no longer offered. Look in the /catalogue.
error-barred = You were put out of this shop’s channels, so nothing of it can be sold to you. Nothing was charged. If you think this is a mistake, write to the team: /support
error-barred-by-staff = The team put this person out, so only the team can let them in again. Ask it: /support
error-plan-closed = This plan is not on sale at the moment. Nothing was charged. Look for another in the /catalogue.
error-plan-over = The date until which this plan runs has passed. Nothing was charged.
error-plan-full = All places of this plan are taken. Nothing was charged. Try again later: a place is free when a member leaves.
error-plan-audience = { $audience ->
    [newcomers] This plan is for people who have never been members of this shop.
    [active] This plan is for current members of this shop.
   *[past] This plan is for former members of this shop.
  } Nothing was charged. Another plan may suit you.
error-plan-code-needed = This plan asks for a code. Enter the code you were given, or ask the seller for one.
error-plan-terms = { $field ->
    [count] This length is not possible. Write for example “30 days”, “6 months”, “1 year” or “for ever”: at most 3660 days or 120 months.
    [until] This date is not possible. Write a day to come, such as “2027-12-31”.
    [trial_days] A trial lasts 0 to 90 days. A plan that runs to a fixed date or for ever has none.
    [grace_days] Grace lasts 0 to 30 days: write a whole number. A plan for ever has none.
    [places] The number of places is a whole number, at least 1.
    [recurring] Telegram renews by itself every 30 days only. Choose a length of 30 days first.
    [starts] Here the time can only begin with the payment: the plan runs to a fixed date or for ever, or Telegram renews it.
    [prices] Telegram renews no more than 10,000 Stars. Lower the price in Stars, or let members renew by themselves.
    [uses] A code can be used once at least.
   *[other] This value is not possible here. Choose one of those that are offered.
  }
error-plan-has-members = Members have paid for that channel, so it cannot be taken out of the plan. Close the plan and make a new one.
error-plan-length-fixed = Somebody has ordered this plan, so it can neither become one for ever nor stop being one. Make another plan for the same channels: buyers see both side by side.
error-no-channel = This plan opens no channel yet. Connect a channel and choose it before putting the plan on sale.
error-no-trial = This plan has no free trial. Its page shows what it costs.
error-trial-used = You have had your free trial in this shop. You can take a membership at any time.
error-already-member = You have this membership already, so there is nothing to buy. See it with /status.
error-already-lifetime = All of this is yours for ever already, so there is nothing to buy. Nothing was charged. See it with /status.
error-membership-waiting = You have paid for this and not come in yet: your time waits. /status gives you your link.
error-membership-cancelled = You cancelled this membership, and it still runs. Take the cancellation back instead of buying again: /status
error-membership-paused = This membership is paused. Resume it instead of buying again: /status
error-membership-unknown = There is no such membership of yours. See all of them with /status.
error-membership-over = This membership has ended. Renew it and you get a new way in: /renew
error-not-pausable = { $state ->
    [subscription] Telegram charges this membership by itself, so it cannot be paused. Cancel it instead: you keep your access to the end.
    [card] A charge of your card is still open, or it is being cancelled, so this membership cannot be paused now. /status shows where it stands, and leads to your card and invoices.
    [trialing] A free trial cannot be paused: its days run on. If you do not want to stay, /cancel ends what would be charged.
    [lifetime] This membership is yours for ever, so there is nothing to pause.
    [until] This membership runs to a fixed date, so a pause would only lose days.
   *[other] This membership is not running, so it cannot be paused. See /status.
  }
error-not-resumable = This membership is not paused. See /status.
error-not-cancellable = { $state ->
    [lifetime] There is nothing to cancel: this membership is yours for ever, and nothing is charged again.
   *[other] There is nothing to cancel: this membership is not running on. See /status.
  }
error-not-cancelled = This membership has not been cancelled. See /status.
error-subscription-unknown = There is no such subscription. See your memberships with /status.
error-plan-unchangeable = You cannot change to this plan now: you are in a free trial, a charge is open, it is not on sale, you have it, or it is for ever and bought on its own card. See where you stand: /status
error-offer-old = This offer is more than an hour old, and what is left of your plan has grown less. Ask for the change again: /status
error-channel-unknown = There is no such channel in your shop. Make the bot an administrator of it first.
error-invite-unknown = There is no such link any more. /status gives you a new one.
error-code-empty = The code is empty. Type at least one letter or digit.
error-code-too-long = The code has { $length } characters. Shorten it to { $limit } or fewer.
error-code-wrong = This code is not valid: it is unknown, used up or out of date. Check it, or ask the seller for another.
error-import-columns = The first line of the file must name its columns, among: { $columns }. telegram_id is needed, and either ends_at or days.
error-import-too-long = The file has more than { $limit } lines. Split it and import the parts.
error-import-telegram-id = The Telegram id is not a whole number. Write it in digits, like 123456789.
error-import-time = One way to say how long is wanted, not both and not none. Give days (a whole number) or ends_at (a future date like 2027-01-31, or never).
