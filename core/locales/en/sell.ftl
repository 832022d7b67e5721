sell-invitation =
    🏪 <b>Sell your files here</b>

    Open your shop with three answers: its name, the terms, the ways to be paid. Your products will appear in the catalogue, and every sale will be announced to you in a message.
sell-refused = The shop <b>{ $name }</b> was not accepted. You can apply again; /support answers your questions.
sell-name-question = What is your shop called? Write its name: at most 60 characters, everybody will see it.
sell-terms =
    <b>{ $name }</b> – noted. The terms:

    • You only sell what you have the right to sell.
    • Your buyers keep access to what they have paid for, even if you take a product off sale.
    • A purchase in Stars can be refunded by the team; the amount is then taken off your balance.
    • Taxes on your sales are yours to pay.
sell-rails-question = Which ways to pay do you accept? Tap to tick or untick. Stars are paid inside Telegram, the others on the shop’s website. Bank cards come later: once the shop is open, /cards connects it to Stripe.
shop-is-pending = ⏳ The shop <b>{ $name }</b> is waiting for the team’s approval. You will get a message as soon as it is decided.
shop-is-suspended = ⛔️ The shop <b>{ $name }</b> is suspended. Write to /support to learn why.
shop-menu =
    🏪 <b>{ $name }</b>
    Ways to pay: { $rails }
my-products =
    📦 <b>My products</b> – { $count ->
        [one] { $count } product
       *[other] { $count } products
    }
my-products-none = 📦 Your shop has no product yet.
how-to-add-product = To add a product, send its file to me here: I make a draft of it, up to 2 GB.
how-to-replace-file = To replace a file, write to the team through /support: your buyers will receive the new version.
how-to-replace-in-app = To replace a file, open the product in the app (button in your shop): your buyers will receive the new version.
my-product =
    <b>{ $title }</b>
    Status: { $status }
    Price: { $prices }
    Sales: { $sales }
product-draft = draft, not in the catalogue
product-published = on sale
product-unpublished = taken off sale; buyers keep access
prices-head = 💶 <b>{ $title }</b>
    Touch a way to pay to set, change or remove its prices. Each can have a price in several currencies; nothing is converted.
prices-line = • { $rail }: { $prices }
ask-price =
    What does it cost by “{ $rail }”? Write one price, or one line for each currency, for example:
    9.99 €
    11 USD
    They replace what it costs there now: { $prices }. Open orders keep their price.
ask-price-stars = What does it cost in Stars? Write a whole number, for example 500. Now: { $prices }.
sales-none = 📈 No sale yet. Every sale will be announced to you here.
sales-head =
    📈 <b>My sales</b> – { $count ->
        [one] { $count } sale
       *[other] { $count } sales
    }
sale-line =
    <b>{ $title }</b> · { $price }
    { $number } · { DAY($when) } · { $status }
balance-none = 💰 Your balance is empty: there has been no sale yet.
balance-head = 💰 <b>My balance</b>
balance-line = { $rail }: <b>{ $owed }</b> to receive, { $paid } already paid out
command-statement = my month in figures, and its file
statement-head =
    📒 <b>{ MONTH($when) }</b>
    What you sold, by the papers of the month (UTC).
statement-none = Nothing was sold, given back or paid out in this month.
statement-line =
    <b>{ $rail }</b> · { $currency }
    Sold: { $sold } ({ $sales ->
        [one] { $sales } sale
       *[other] { $sales } sales
    })
    Given back: { $back } ({ $refunds ->
        [one] { $refunds } refund
       *[other] { $refunds } refunds
    })
    Net: <b>{ $net }</b>
    Paid out to you: { $paid }
statement-vat = VAT in it: { $vat }
statement-coming = The file comes into this chat in a moment.
statement-file = 📒 <b>{ $shop }</b>, { MONTH($when) }: a line for each paper, for your accountant.
product-withdrawing =
    ⏸ Take <b>{ $title }</b> off sale?
    Nobody can find or buy it then. Those who bought it keep it, and you can put it on sale again at any time.
button-unpublish-yes = ⏸ Yes, take it off sale
button-back-to-product = ‹ The product
button-prices = 💶 Prices
button-price-none = ✖️ Not sold this way
seller-about-question =
    ✍️ <b>Who sells here?</b>
    Write what buyers should know in one message of at most 600 characters: your legal name and address, your registration number if you have one, and where to reach you. It stands on your card as you write it, for everybody to read.
seller-silencing =
    🗑 <b>Delete what your shop says of itself?</b>
    Buyers read nothing about you then, and the words cannot be brought back:

    <blockquote>{ $words }</blockquote>
product-closed = published, but your shop is closed: nobody can buy it
product-held = not on sale yet: the team is looking at its text
legal-question =
    🧾 <b>Who sells, by law?</b>
    Write it in one message, as it is to stand on invoices: your legal name on the first line, your address on the lines below. If you have a VAT number, add a line like “VAT FR40123456789”.
    Later sales then get invoices. Until then buyers get receipts, with the name of your shop.
legal-kept = 🧾 <b>This stands on your invoices from now on:</b>
legal-none = 🧾 <b>Your later sales get receipts, no invoices.</b> Give your legal name and address whenever you want invoices again.
legal-identity =
    { $name }
    { $address }
legal-vat = VAT no. { $number }
product-refused = not on sale: its text was not accepted; change it, and the team looks again
