# Free trials that a card is given for on the web: nothing is charged before they are over.
plan-trial-card = { $days ->
    [one] 🎁 By card on the website, { $days } day is free first: nothing is charged before it is over, and nothing at all if you cancel by then
   *[other] 🎁 By card on the website, { $days } days are free first: nothing is charged before they are over, and nothing at all if you cancel by then
  }
member-trial-card = 💳 When the trial ends your card is charged { $then }, and again at the end of each period, until you cancel. Cancel before, and nothing is charged.
admit-card_trial =
    🎁 <b>Your free trial has begun.</b>
    <b>{ $title }</b>
    Nothing is charged before it ends. Then your card is charged { $then }, and again at the end of each period, until you cancel: /cancel
card-trial-ends =
    ⏳ <b>Your free trial of { $title } ends on { MOMENT($ends) }</b>
    Your card is then charged { PRICE($amount) }, and again at the end of each period. To pay nothing, cancel before: /cancel
card-trial-unopened =
    ⏳ <b>Your free trial of { $title } ends on { MOMENT($ends) }</b>
    You have not opened it yet: the page of order { $number } leads to Telegram. Unopened, it ends then, and your card is not charged.
sale-trial =
    🎁 <b>A free trial of { $title } has begun</b>
    Order { $number }. Nothing is paid yet: { PRICE($amount) } by card is due on { MOMENT($ends) }, unless the trial is cancelled, or never opened in Telegram.
claim-ended =
    ⚠️ Order <b>{ $number }</b>: <b>{ $title }</b>

    { $why }

    Its free trial has ended with that. Nothing was charged, and your card will not be.
error-trial-over = This free trial is over, or was ended before. You can take a membership at any time.
mail-claim-trial =
    🎁 <b>Your free trial has begun: order { $number }</b>
    { $title }

    Nothing is charged before { MOMENT($ends) }. Then your card is charged { $then }, and again at the end of each period, until you cancel.

    Open it in Telegram: it then belongs to your account. Unopened, it ends on that day and your card is not charged. The link is valid for { DURATION($seconds) }; after that, the page of your order gives a new one at any time.
web-trial = { $days ->
    [one] Try it free for { $days } day
   *[other] Try it free for { $days } days
  }
web-trial-then = { $days ->
    [one] { $days } day is free: nothing is charged before it is over.
   *[other] { $days } days are free: nothing is charged before they are over.
  } Then your card is charged { $amount } every { $unit ->
    [month] { $count ->
        [one] month
        [12] year
       *[other] { $count } months
    }
   *[day] { $count } days
  }, until you cancel.
web-trial-until = Nothing is charged before { MOMENT($until) }. Then your card is charged { $amount } every { $unit ->
    [month] { $count ->
        [one] month
        [12] year
       *[other] { $count } months
    }
   *[day] { $count } days
  }, until you cancel in Telegram: /cancel
web-trial-help = You give your card on a page of Stripe, then come back here. A trial is for whoever has had none in this shop and is no member: for anybody else it ends when it is opened in Telegram, and nothing is charged.
web-open-payment-trial = Give your card at Stripe
web-mail-order-help-trial = As soon as your trial has begun, you get the link that opens it. First we ask whether the address is yours.
web-stage-payable-trial = Waits for your card
web-stage-ready-trial = Trial begun
web-stage-claimed-trial = Trial begun
web-stage-delivered-trial = Trial begun
web-stage-cancelled-trial = Trial ended
web-help-payable-trial = Give your card before { MOMENT($until) }; nothing is charged now. Then come back here: this page updates by itself.
web-help-ready-trial = Your trial has begun. One step is left: opening your access in Telegram. Unopened, it ends and your card is not charged.
web-help-claimed-trial = Your way in is on its way in Telegram. Open the conversation with the bot.
web-help-delivered-trial = Your way in is waiting in Telegram. /status gives it to you again at any time.
web-help-cancelled-trial = This trial was ended. Nothing was charged, and your card will not be.
web-help-expired-trial = The time to give a card is over, and nothing was charged. You can order again.
web-claim-help-trial = The button opens Telegram, where the bot lets you in. It works until somebody has received the order.
