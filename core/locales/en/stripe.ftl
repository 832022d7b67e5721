# Card payments through Stripe: what sellers are told and shown of their account there.
stripe-active = 💳 <b>{ $name }</b> can take cards now. Put a price in euros or another currency on what you sell, and buyers pay by card on its page.
stripe-incomplete = ⚠️ Stripe wants to know something more of <b>{ $name }</b> before buyers can pay by card. /cards says what, and leads there.
stripe-rejected = ❌ Stripe does not take cards for <b>{ $name }</b>: your country or kind of business is one that it does not serve, or it refused the account. Its page says why; your other ways to be paid go on.
stripe-disconnected = 🔌 <b>{ $name }</b> is no longer connected to Stripe: buyers cannot pay by card. /cards connects it again.
error-bad-fee = “{ $text }” is no share that can be taken. Write a percentage from 0 to 100 with at most two decimals, like 5 or 2.5.
error-cards-off = This shop takes no cards yet: its operator has to set up Stripe first. Ask through /support.
error-stripe-way-unknown = This address leads nowhere any more. Open your shop in the app and press “Connect Stripe” there.
error-stripe-way-expired = This way to Stripe was open for an hour, which is over. Open your shop in the app and press “Connect Stripe” again.
error-stripe-refused = Stripe does not open its form just now ({ $code }). Wait a few minutes and press “Connect Stripe” again; if it stays so, write to /support.
error-stripe-code-void = Stripe did not hand over the account: its answer was used already, or too old. Press “Connect Stripe” again.
error-stripe-account-taken = This Stripe account belongs to another shop here. Choose another account, or disconnect it there first.
error-stripe-other-browser = You began in another browser, or waited too long. Open your shop in the app and press “Connect Stripe” there.
web-stripe-back-title = You are back from Stripe
web-stripe-back = We ask Stripe now whether { $shop } may take cards for you. Go back to Telegram: the app shows how it stands and what Stripe still wants, if anything, and a message tells you once buyers can pay by card.
web-stripe-declined-title = Nothing was connected
web-stripe-declined = You said no at Stripe, or left it. Nothing has changed; go back to Telegram to connect another account, or to make a new one.
web-stripe-telegram = Back to Telegram
button-cards = 💳 Connect Stripe
stripe-tax-on =
    🧾 <b>Stripe Tax calculates your VAT</b>
    From now on the VAT in each sale by card of { $name } stands on receipts and invoices, and in your monthly statement.
stripe-tax-missing =
    ⚠️ <b>Stripe Tax lacks something of { $name }</b>
    VAT is no longer calculated on your sales by card. See “Tax” in your Stripe Dashboard, then choose “Check again” under /cards.
card-tax-off = 🧾 VAT is not calculated on sales by card. Stripe Tax can do it: your prices stay what buyers pay, and the VAT in them is shown on receipts, invoices and your statement. Register with Stripe Tax in your Dashboard first; Stripe charges its own fee for it.
card-tax-asked = 🧾 Waiting for Stripe Tax: add your head office and a tax registration under “Tax” in your Stripe Dashboard, then check again. Until then no VAT is calculated.
card-tax-on = 🧾 Stripe Tax calculates the VAT in each new sale by card. Memberships that ran before stay without it: Stripe changes none by itself, since it has to know where each buyer lives. Move them in your Stripe Dashboard, under “Tax”, “Migrations”; it counts from their next charge. Have prices count as including tax there, and members pay what they paid.
button-tax-ask = 🧾 Calculate VAT
button-tax-again = 🔄 Check again
button-tax-end = ✖️ Stop calculating VAT
command-cards = be paid by card
cards = 💳 <b>Card payments</b> – buyers pay by card, and Stripe pays <b>{ $name }</b> directly. The app shows how your account stands and leads to Stripe.
cards-no-app = 💳 Card payments are set up in the shop’s app, which this shop has not opened yet. Write to /support.
card-declined =
    ❌ <b>The card for { $title } was declined</b>
    { $amount } could not be charged. Pay here, with this card or another one: { $link }
    { $deadline ->
        [0] { "" }
       *[other] You keep your access until { MOMENT($deadline) }. Once it is paid, nothing changes for you.
    }
card-authenticate =
    🔐 <b>Your bank wants to hear from you about { $title }</b>
    { $amount } is charged once you confirm it here: { $link }
    { $deadline ->
        [0] { "" }
       *[other] You keep your access until { MOMENT($deadline) }. Once it is paid, nothing changes for you.
    }
card-expiring =
    💳 <b>The card for { $title } expires before its next charge</b>
    The card ending in { $last4 } is good until { $month }, and is charged on { MOMENT($ends) }. Give another card, or the new one of the same bank, and nothing changes for you. Many banks tell Stripe of the new card by themselves.
