notification-payment_verified = Payment confirmed
notification-payment_problem = A problem with your payment
notification-payment_refunded = Your order has been refunded
notification-access_granted = You are in
notification-access_refused = You could not be let in
notification-access_expiring = Your access is about to end
notification-access_grace = Your access has ended: a few days remain
notification-access_expired = Your access has ended
notification-access_revoked = Your access has been withdrawn
notification-membership_changed = Your membership has changed
notification-channel_unreachable = A channel cannot be reached
notification-channel_alarm = Your channel and the bot
notification-support_answer = An answer from the team
notification-shop_alarm = The shop needs its admin

notification-choices =
    🔔 <b>What I tell you</b>
    Press to switch a kind on or off. In the app you find everything all the same.
    { $mailed ->
        [yes] 📧 is the same by e-mail.
        [off] This shop sends no e-mails.
       *[no] To be told by e-mail as well, give your address: the button is below.
    }

payment-verified =
    ✅ <b>Your payment for order { $number } is confirmed</b>
    { $title } · { PRICE($amount) }
    What you bought is waiting for you in Telegram.

mail-open = Open Telegram
mail-stop = No more e-mails
mail-why = You get this e-mail because you asked { $shop } to tell you by e-mail. Which ones you get is for you to choose in the app.
mail-why-order = You get this e-mail because this address was given for an order at { $shop }.
mail-why-confirm = You get this e-mail because somebody gave this address to { $shop }. If it was not you, do nothing: you will hear no more from us.
mail-confirm-subject = Confirm your e-mail address
mail-confirm =
    Do you want e-mails from { $shop } about your orders and your access?
    Confirm that this address is yours. The link is valid for 3 days.
mail-confirm-open = Yes, this is my address
mail-answer-subject = Order { $number }: an answer from the team
mail-answer =
    💬 <b>Answer from the team</b> – order { $number }

    { $words }
mail-order-subject = Order { $number }
mail-claim-subject = Order { $number }: open what you bought
mail-claim =
    ✅ <b>Your payment for order { $number } is confirmed</b>
    { $title }

    Open it in Telegram: it then belongs to your account. The link is valid for { DURATION($seconds) }; after that, the page of your order gives a new one at any time.
mail-claim-open = Open in Telegram

web-mail-confirm-title = Is this your address?
web-mail-confirm = { $address } will get e-mails from { $shop } about your orders and your access.
web-mail-confirm-do = Yes, this is my address
web-mail-confirmed-title = Your address is confirmed
web-mail-confirmed = { $address } now gets e-mails from { $shop }. Every one of them has a link to stop.
web-mail-stop-title = No more e-mails?
web-mail-stop = { $address } will get no more e-mails from { $shop }. Your purchases and your access stay as they are.
web-mail-stop-do = No more e-mails
web-mail-stopped-title = No more e-mails
web-mail-stopped = { $address } gets no more e-mails from { $shop }. You can give your address again at any time.
web-mail-order = Be told by e-mail
web-mail-order-label = Your e-mail address
web-mail-order-help = Once the payment is confirmed, you get the link that opens your purchase. First we ask whether the address is yours.
web-mail-order-send = Tell me by e-mail
web-mail-order-asked = Look into { $address }: an e-mail with a link waits for you there. Press it to confirm your address.
web-mail-order-ready = { $address } gets an e-mail when your payment is confirmed.

error-notification-way = This kind of notification never comes that way. Choose another way.
error-mail-off = This shop sends no e-mails. You find everything in Telegram and in the app.
error-mail-address-wrong = This is not an e-mail address we can write to. Check it: it looks like name@example.org.
error-mail-order-claimed = This order already belongs to a Telegram account. Give your e-mail address in the app instead.
error-mail-link-unknown = This link is not valid, or a newer one has taken its place. Use the link of the latest e-mail.
error-mail-link-expired = This link has expired. Give your address once more and you get a new one.

mail-question = ✉️ Write your e-mail address. I send a link there, by which you confirm that it is yours; until then nothing else goes there.
mail-is-none = ✉️ You have given no e-mail address.
mail-is-asked = ✉️ A link is on its way to { $address }. Press it within 3 days. Nothing came? Look among the unwanted mails, or have it sent again.
mail-is-confirmed = ✉️ E-mails go to { $address }. /notifications says which ones.
mail-is-stopped = ✉️ By the link in one of our e-mails, { $address } wanted no more of them. To have them again, confirm it once more.
mail-is-refused = ✉️ The mail server says that there is no { $address }, so nothing goes there. Check how it is spelt, or give another one.
