test-mode = 🧪 <b>Test shop</b>: nothing here is sold for good.
welcome =
    Hello { $name }! Welcome to <b>{ $shop }</b>.

    Buying takes three steps:
    1. Choose a product in the catalogue, or write me a few words to search.
    2. Pay without leaving Telegram.
    3. Get your download links or your way into the channel at once, and find them here again at any time.
help =
    <b>How it works</b>

    Write a few words to search for a product, or choose:
    { $commands }
help-seller =
    <b>Your shop</b>
    { $commands }
help-staff =
    <b>The team</b> – you are { $role ->
        [admin] an admin
       *[support] of support
    }
    { $commands }

    A new question, a transfer to check, or an order that needs you is shown here by itself.
help-foot =
    A download link is valid for a limited time. If yours has expired, ask for another one in your library: it is free.

    Your number at Telegram, should the team ask for it: <code>{ $number }</code>
language-name = 🇬🇧 English
language-question = Which language shall I write to you in?
language-set = Done: I will write to you in English.
write-in-private = Write to me in private, I will answer there: { $address }
only-words = I can only read text. Write a few words to search for a product, or /help to see what I can do.
unknown-command = I do not know this command. /help shows those I understand.
cancelled = Cancelled. Telegram’s menu or /help show what I can do.

catalogue-all =
    🛍 <b>Catalogue</b> – { $count ->
        [one] { $count } product
       *[other] { $count } products
    }
catalogue-found =
    🔎 “{ $words }”: { $count ->
        [one] { $count } product found
       *[other] { $count } products found
    }
catalogue-page = { page-of }Tap a product to open it, or write a few words to search.
catalogue-empty = The catalogue is still empty. Come back soon!
catalogue-not-found = Nothing matches “{ $words }”. Try fewer words, or browse the catalogue.

product-head =
    <b>{ $title }</b>
    by { $seller }
product-description = { $words }
product-file = 📄 { $name } · { $size }
product-more-files =
    { $count ->
        [one] and { $count } more file
       *[other] and { $count } more files
    }
product-price = Price: <b>{ $prices }</b>
product-owned = ✅ You already own this product.
product-not-for-sale-here = This product is not for sale in Telegram at the moment.

owned-already = You already own this product: here it is in your library.
invoice-description = { $title } – order { $number }. Your download links arrive here as soon as you have paid.
pre-checkout-failed = The shop does not answer. Nothing was charged: try again in a few minutes. If it goes on, give /paysupport the reference { $reference }.
payment-odd =
    { GIVEN($number) ->
        [no] Your payment has arrived, but I cannot find the order that it pays. The team has been told and will check; nothing is lost. A question? /paysupport
       *[yes] Your payment has arrived, but it does not match order { $number }. The team has been told and will check; nothing is lost. A question? /paysupport
    }
claim-done =
    ✅ Order <b>{ $number }</b> is now yours: <b>{ $title }</b>.

    I am preparing your download links; they arrive in a moment.

library-head =
    📚 <b>My library</b> – { $count ->
        [one] { $count } purchase
       *[other] { $count } purchases
    }
    { page-of }Tap a purchase to download it.
library-empty = 📚 Your library is empty. Your purchases will appear here, to download whenever you like.
item =
    📦 <b>{ $title }</b>
    Order { $number }, { DAY($when) }

    Tap a file and I will send you a link that is valid for { DURATION($seconds) }. You can ask for another one at any time.
item-without-files =
    📦 <b>{ $title }</b>
    Order { $number }, { DAY($when) }

    There is no file to download at the moment. Support can tell you when there will be.
preparing-link = I am preparing your link, it arrives in a moment…
receipts-head =
    🧾 <b>My receipts</b> – { $count ->
        [one] { $count } payment
       *[other] { $count } payments
    }
    { page-of }Tap a payment to see its receipt.
page-of = { $pages ->
        [1] {""}
       *[other] Page { $number } of { $pages }.{" "}
    }
receipts-empty = 🧾 You have not paid anything here yet, so there is no receipt.
receipt =
    🧾 <b>Receipt { $number }</b>

    Product: { $title }
    Sold by: { $seller }
    Amount: <b>{ $price }</b>
    Paid on { MOMENT($when) }
    Paid with: { $rail }
    Status: { $status }
    Payment reference: <code>{ $charge }</code>

rail-stars = Telegram Stars
rail-crypto = Cryptocurrency
rail-card = Bank card
rail-manual = Bank transfer
status-created = created
status-awaiting_payment = awaiting payment
status-submitted = payment to be checked
status-paid = paid
status-delivered = delivered
status-refunded = refunded
status-cancelled = cancelled
status-expired = expired
status-failed = failed

inline-card =
    <b>{ $title }</b>
    by { $seller } · { $prices }

    { $words }
inline-open-bot = Open the shop
invoice-description-listing = { $title } – order { $number }. What waits for the fee goes on as soon as you have paid.
seller-card =
    🏪 <b>{ $name }</b>
    Sells here since { DAY($since) } · { $count ->
        [0] nothing on sale right now
        [one] { $count } offer on sale
       *[other] { $count } offers on sale
    }
seller-about = { $words }
seller-silent = <i>This shop says nothing more about itself. Support answers your questions.</i>
waiver-head = ✋ <b>One thing before you pay</b>
waiver-words = I want what I buy at once, before the 14 days in which I could withdraw are over, and I accept that I lose my right of withdrawal with that.
