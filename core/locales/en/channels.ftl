button-my-channels = 📣 My channels
button-my-plans = 🎫 My plans
button-add-channel = ➕ Connect a channel
button-add-group = ➕ Connect a group
button-channel-code = 🔑 Connect a channel by a code
button-guide = 🖼 The guide in pictures
button-check-again = 🔄 Check again
button-differences = 🔍 What differs
button-differences-in = 🔍 What differs in { $channel }
button-events = 🕓 What happened
button-enforce-act = 🚪 Put out who did not pay
button-enforce-list = 👁 Only show me
button-new-plan = ➕ New plan
button-members-figures = 📊 Figures
button-plan-members = 👥 Members
button-import = 📥 Import
button-plan-edit = ⚙️ Settings
button-plan-publish = 🟢 Put on sale
button-plan-pause = ⏸ Pause the sale
button-plan-open = 🟢 Resume the sale
button-plan-close = ✖️ Close this plan
button-plan-close-yes = ✖️ Yes, close it for good
button-back-to-plan = ‹ The plan
button-set-channels = 📣 Channels it opens
button-set-codes = 🔑 Codes
button-next = Next ›
button-skip = No price here

channels-head = { $count ->
    [0] 📣 <b>My channels</b>
        No channel is connected yet. Make me an admin of your private channel or group: the button below proposes it with the two rights that I need, and I will see to who comes in and who goes.
    [one] 📣 <b>My channels</b> – { $count } channel
    *[other] 📣 <b>My channels</b> – { $count } channels
  }
channels-anonymous = 🕶 Do you act anonymously in the channel or group? Then Telegram does not tell me who made me an admin, and nothing happens here. Connect it by a code.
channel-code =
    🔑 <b>Connect a channel by a code</b>
    1. Make me an admin of the channel or group, with “Invite users via link” and “Ban users”, if I am not yet.
    2. Post this there, alone in a message (touch it to copy it):
    <code>{ $code }</code>
    3. I write to you here as soon as it is connected.

    It holds for { $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    } and for one channel. Give it to nobody: where it is posted, the channel is connected with your shop. I delete the post if I have the right to; else delete it yourself, it opens nothing any more.
    Nothing came? Look whether I am an admin there and post it again. In a group only an admin can.
channel-needs-shop =
    📣 <b>I am in { $channel }, which is not connected yet</b>
    You need an open shop first: /sell. Then change one of my rights in the channel, or add me again, and it is connected at once.
channel-head =
    📣 <b>{ $title }</b>
    { $state ->
        [connected] 🟢 Connected: I can work there.
        [rights_missing] 🟠 I lack some rights. Members stay; entries and exits are waiting.
       *[gone] 🔴 Out of reach: deleted, or I am no longer in it. Payments stand. Make me an admin again.
    }
right-invite_users = { $given ->
    [yes] ✅ Invite users via link
   *[no] ❌ Invite users via link: missing. Without it nobody can come in.
  }
right-ban_users = { $given ->
    [yes] ✅ Ban users
   *[no] ❌ Ban users: missing. Without it nobody goes when their time is over.
  }
channel-figures =
    { $plans ->
        [0] 🎫 No plan opens it yet
        [one] 🎫 { $plans } plan opens it
       *[other] 🎫 { $plans } plans open it
    }
    { $differences ->
        [0] 🔍 Members and payments agree
        [one] 🔍 { $differences } difference between members and payments
       *[other] 🔍 { $differences } differences between members and payments
    }
channel-enforcement = { $mode ->
    [act] 🚪 Whoever is in without having paid is put out; whoever paid and is missing gets a link.
   *[list] 👁 Differences are shown to you; I only put out those whose time is over, or who came by somebody else’s link.
  }
channel-checked = { $state ->
    [connected] All is well: I have both rights.
    [rights_missing] A right is still missing.
   *[gone] I cannot find this channel.
  }
guide-1 =
    <b>1. Open your channel</b>
    Touch its name at the top, then the pencil, then “Administrators”.
guide-2 =
    <b>2. Touch “Add administrator”</b>
    If I am in the list already, touch my name and go to step 4.
guide-3 =
    <b>3. Search for me by name</b>
    Write the bot’s name and touch it.
guide-4 =
    <b>4. Leave these two rights switched on</b>
    “Invite users via link” to let your members in, “Ban users” to see them out at the end. No other is needed.
guide-end = That is all: I write to you as soon as the channel is connected. The button below does steps 1 to 3 at once.
events-none = 🕓 Nothing to report in this channel.
events-head = 🕓 <b>What happened</b> – { $count ->
        [one] { $count } event
       *[other] { $count } events
    }
event-line =
    <b>{ MOMENT($when) }</b>
    { $kind ->
        [connected] 🟢 Channel connected
        [rights_lost] 🟠 I lack some rights
        [rights_back] ✅ Rights given back
        [gone] 🔴 Channel out of reach
        [stranger] 🚷 { $who } came by somebody else’s link
        [without_grant] 👤 { $who } is in without having paid
       *[missing] 🚪 { $who } has paid and is not in
    }{ $done ->
        [removed] {" "}– put out
        [removing] {" "}– being put out
        [kept-out] {" "}– kept at the door
        [admin] {" "}– an admin: only you can remove them
        [banned] {" "}– banned by hand
        [settled] {" "}– settled
       *[none] {""}
    }
differences-none = 🔍 <b>{ $title }</b>: those who paid are in, and nobody else.
differences-head =
    🔍 <b>{ $title }</b>: what differs
    { $mode ->
        [act] I mend it as I go.
       *[list] I only show it to you; the setting is on the channel’s page.
    }
differences-strangers = { $count ->
    [one] 👤 { $count } person in without having paid:
   *[other] 👤 { $count } people in without having paid:
  }
differences-missing = { $count ->
    [one] 🚪 { $count } member who is not in:
   *[other] 🚪 { $count } members who are not in:
  }
differences-stranger = <a href="tg://user?id={ $id }">{ $name }</a>
differences-member = { $name } ({ $plan })

my-plans = { $count ->
    [0] 🎫 <b>My plans</b>
        You have none yet. A plan sells time in one or several of your channels.
    [one] 🎫 <b>My plans</b> – { $count } plan, with its number of members
    *[other] 🎫 <b>My plans</b> – { $count } plans, with their numbers of members
  }
my-plan =
    🎫 <b>{ $title }</b>
    { $state ->
        [open] 🟢 On sale
        [draft] 📝 Draft, buyers do not see it
        [shop-closed] ⚪️ Published, but your shop is closed: nobody can buy it
        [paused] ⏸ Sale paused; members stay and cannot renew
       *[closed] ⚪️ Closed; members stay to their end
    }
    💶 { $price } · { $term }
    📣 { $channels }
    👥 { $members ->
        [0] No member
        [one] { $members } member
       *[other] { $members } members
    }
plan-made = 📝 The draft is ready. Set a trial, a number of places or days of grace if you like, then put it on sale.
plan-closing =
    ✖️ Close <b>{ $title }</b> for good?
    { $members ->
        [0] Nobody is a member.
       *[other] { $unit ->
            [lifetime] Whoever bought it keeps it for ever.
           *[other] { $members ->
                [one] Your member stays to the end of their time and will not be able to renew.
               *[other] Your { $members } members stay to the end of their time and will not be able to renew.
            }
        }
    } To stop for a while only, pause the sale.

ask-title = What is this plan called? Buyers will see the name. For example: The sewing club.
ask-channels = Which channels does it open? Touch to tick or untick.
ask-length = How long does it last? Touch, or write for example “45 days”, “6 months”, a last day such as “2027-12-31”, or “for ever”.
ask-stars = What does it cost in Stars? Write a number, for example 500.
ask-site = What does it cost on the website? Write for example “9.99 €” or “9.99 USD”; in several currencies, one line for each.
ask-recurring = Shall Telegram renew it by itself every 30 days? This is for Stars; buyers cancel whenever they like.
ask-trial-days = How many days of free trial? Touch, or write a number. Everybody gets one trial in your shop: in the bot without a card, or on the website with a card, which is charged the price when it is over.
ask-grace-days = How many days does access go on after the end, to leave time to renew? Touch, or write a number.
ask-places = How many members at most? Touch, or write a number.
ask-audience = Who may buy it?
ask-joining = How do members come into the channel? The request is safest: the link only works for its buyer.
ask-starts = When does the time begin?
ask-description = Write in a few sentences what members find there.

setting-title = Name
setting-description = Description
setting-length = Length
setting-recurring = Renewal
setting-trial-days = Trial
setting-grace-days = Grace
setting-places = Places
setting-audience = For whom
setting-joining = Coming in
setting-starts = Begins
choice-recurring = { $value ->
    [yes] By Telegram, every 30 days
   *[no] Never without a press
  }
choice-trial-days = { $count ->
    [0] No trial
    [one] { $count } day
   *[other] { $count } days
  }
choice-grace-days = { $value ->
    [none] None; 3 days where Telegram renews
   *[number] { $count ->
        [0] None
        [one] { $count } day
       *[other] { $count } days
    }
  }
choice-places = { $value ->
    [none] No limit
   *[number] { $count } at most
  }
choice-audience = { $value ->
    [newcomers] Newcomers
    [active] My current members
    [past] My former members
    [code] Those who have a code
   *[all] Everybody
  }
choice-joining = { $value ->
    [one_use] A one-use link of 5 minutes
   *[request] A request that the bot answers
  }
choice-starts = { $value ->
    [entry] When they first come in
   *[payment] With the payment
  }
plan-settings = ⚙️ <b>{ $title }</b>: touch what you want to change. What has been sold stays as it was sold.
plan-setting = { $name }: <b>{ $value }</b>
codes-head =
    🔑 { $count ->
        [0] No code yet.
        [one] { $count } code:
       *[other] { $count } codes:
    }
codes-how = Write a code to add it, for example “SPRING”, or “SPRING 50” to let it be used 50 times at most.
code-line = • <code>{ $code }</code> – { $uses ->
    [-1] no limit
    [0] used up
    [one] { $uses } use left
   *[other] { $uses } uses left
  }

plan-members-none = 👥 <b>{ $title }</b> has no member yet.
plan-members = 👥 <b>{ $title }</b> – { $count ->
        [one] { $count } person
       *[other] { $count } people
    }
plan-member = • { $name } – { $state }{ $ends ->
    [0] {""}
   *[other] , until { DAY($ends) }
  }
member-state-pending = paid, not yet in
member-state-trialing = on trial
member-state-active = running
member-state-lifetime = for ever
member-state-past_due = in grace
member-state-paused = paused
member-state-cancelled = cancelled, still running
member-state-revoked = access closed
member-state-expired = ended
members-question =
    👥 <b>Members</b>
    Whom are you looking for? Write /members with words of a name, a @username or a Telegram number.
members-none = 👥 No member matches. Try fewer words.
members-found = 👥 { $count ->
        [one] 1 membership
       *[other] { $count } memberships
    }
member-of-plan =
    👤 <b>{ $name }</b>
    { $plan } – { $state }{ $ends ->
        [0] {""}
       *[other] , until { DAY($ends) }
    }
member-of-plan-ended = Why it ended: { $by ->
        [time] the time was over
        [refund] the money went back
        [dispute] a bank disputes the money
        [staff] the team put them out ({ put-out-choice })
        [seller] the seller put them out ({ put-out-choice })
       *[other] unknown
    }
member-of-plan-barred = 🚫 Barred: they can neither come back nor buy in this shop until they are let in again.
put-out-choice = { $why ->
    [violation_terms] Broke the rules
    [abuse] Insults or harassment
    [unpaid] Payment disputed or missing
    [on_request] Asked for it
   *[other] Another reason
  }
put-out-question =
    🚫 <b>Put { $name } out?</b>
    All their access to this shop ends at once, and they are barred until somebody lets them in again. They read the reason. Which is it?
put-out-confirm =
    🚫 <b>Put { $name } out?</b>
    Reason: { put-out-choice }
    Access ends at once. Money is a question apart: the team is asked what becomes of time that was paid and not used.
put-out-words =
    ✍️ <b>Put { $name } out?</b>
    Reason: { put-out-choice }
    Write what they are to read beside it, at most { $limit } characters. As soon as you send it, they are put out.
put-out-done = { $count ->
    [0] Barred: no access was running any more.
   *[other] Put out and barred. They are told why.
  }
let-in-done = They may buy and come in again, and are told so.
import-question =
    📥 Send a CSV file, or its lines in a message. The first line names the columns:
    <code>telegram_id,days,name</code>
    <code>123456789,45,Anne</code>
    Instead of <code>days</code>, a column <code>ends_at</code> gives an end date such as 2027-01-31, or <code>never</code>. Sent twice, the same file adds nothing.
import-begun = { $count ->
        [0] 📥 Nobody to import
        [one] ⏳ Importing { $count } member. I will write to you at the end
       *[other] ⏳ Importing { $count } members. I will write to you at the end
    }{ $errors ->
        [0] .
        [one] . 1 line is refused:
            { $lines }
       *[other] . { $errors } lines are refused:
            { $lines }
    }
import-done =
    📥 { $added ->
        [0] No member added
        [one] { $added } member added
       *[other] { $added } members added
    }{ $skipped ->
        [0] {""}
       *[other] , { $skipped } already there
    }{ $errors ->
        [0] .
        [one] , 1 line refused:
            { $lines }
       *[other] , { $errors } lines refused:
            { $lines }
    }
import-line = • line { $number }: { $why }
figures-head = 📊 <b>My figures</b> – { $count ->
        [0] nobody yet
        [one] { $count } person
       *[other] { $count } people
    }
figures-state = • { $state }: { $count }
figures-month =
    <b>{ $month }</b>: { $paid }
    { $members ->
        [one] { $members } member at the start
       *[other] { $members } members at the start
    }, +{ $gained } −{ $lost }{ GIVEN($rate) ->
        [yes] , { $rate }% left
       *[no] {""}
    }

error-import-file-too-large = The file is larger than { SIZE($limit) }. Split it and import the parts.
error-import-not-text = This file is not CSV in UTF-8. Save it again from your spreadsheet as “CSV UTF-8”.
error-plan-dialog-lost = Too much time has passed since you began. Start again with /plans.
channel-enforcing =
    🚪 Put out of <b>{ $title }</b> everybody who comes in without a membership?
    Look at the differences first: whoever paid you in another way is put out too, unless you import them.
button-enforce-yes = 🚪 Yes, put them out
button-back-to-channel = ‹ The channel
