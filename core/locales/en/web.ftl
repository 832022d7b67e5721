web-skip = Skip to content
web-language = Language
web-language-fr = Français
web-language-en = English

web-sold-by = Sold by { $seller }
web-preview = Preview
web-preview-alt = First look at { $name }
web-teaser-alt = Six silent seconds of { $name }
web-files = { $count ->
    [0] Contents
    [one] { $count } file
   *[other] { $count } files
}
web-buy = Buy
web-pay-crypto = Pay { $amount } in cryptocurrency
web-pay-crypto-help = You choose the currency on the payment page. Confirmation takes a few minutes.
web-pay-manual = Pay { $amount } by transfer
web-pay-manual-help = You send the money yourself, then give the transaction number. The team checks it.
web-buy-in-telegram = Buy in Telegram for { $amount }
web-see-in-telegram = See it in Telegram
web-not-on-web = This product cannot be bought on the web at the moment. Ask the person who gave you this link.

web-order-line = Order { $number }, sold by { $seller }
web-keep-address = Bookmark this page: it shows your order at any time. Do not share its address, which gives access to your purchase.
web-stage-preparing = Being prepared
web-stage-payable = To be paid
web-stage-partial = Partly paid
web-stage-confirming = Payment on its way
web-stage-transfer = To be paid
web-stage-submitted = Being checked
web-stage-ready = Paid
web-stage-claimed = Paid
web-stage-delivered = Delivered
web-stage-refunded = Refunded
web-stage-cancelled = Cancelled
web-stage-expired = Expired
web-stage-failed = Not paid
web-help-preparing = The payment page is being opened, which takes a few seconds. This page updates by itself.
web-help-payable = Pay before { MOMENT($until) }. Then come back here: this page updates by itself.
web-help-partial = A part of the payment has arrived. { $missing } is missing; send it before { MOMENT($until) } from the payment page.
web-help-confirming = Your payment was seen and the network is confirming it. This takes a few minutes; this page updates by itself.
web-help-transfer = Send the money, then give the transaction number before { MOMENT($until) }.
web-help-submitted = We have your transaction number. The team is looking for the payment; this page changes as soon as it is found.
web-help-ready = The payment is confirmed, thank you! One step is left: receiving your files in Telegram.
web-help-claimed = Your download links are on their way in Telegram. Open the conversation with the bot.
web-help-delivered = Your download links are waiting in Telegram. Your library gives you new ones at any time.
web-help-refunded = Your money was given back, and access to the files has ended.
web-help-cancelled = This order was cancelled. You can order again.
web-help-expired = The time to pay is over. If you have already sent the money, keep this page: it will be recognised when it arrives. If not, order again.
web-help-failed = The payment was not found or did not succeed. You can order again.
web-note = Message from the team: { $note }
web-open-payment = Open the payment page
web-transfer-where = Where to send the money
web-transaction = Transaction number
web-transaction-help = Copy it from your bank or payment service exactly as it is.
web-transaction-send = I have paid
web-claim = Get it in Telegram
web-claim-help = The button opens Telegram, where the bot sends you your files. It works until somebody has received the order.
web-open-telegram = Open Telegram
web-order-again = Order again

web-download-start = Download, resumable
web-download-pause = Pause
web-download-go = Go on
web-download-over = Start over
web-download-running = Downloading. Keep this page open.
web-download-waiting = The line broke. Trying again by itself; what has come is kept.
web-download-paused = Paused. What has come is in the file; go on whenever you like.
web-download-kept = A part of this file is already on your computer. Go on where it stopped.
web-download-lost = The part that was saved has been moved, deleted or changed. Start again.
web-download-disk = Your browser could not write to the file. Make room on the disk, close other pages that download it, then go on: what was saved before is kept.
web-download-done = Done: the file is complete.
web-download-progress = How much of the file has come
web-download-help = You choose where the file goes. If the line breaks, the download goes on by itself; if you close this page, open it again from any link to this file and press “Go on”. Pause first, so that nothing comes twice.
web-download-plain = Download directly
web-download-unable = In Chrome, Edge or Opera on a computer, this page can also go on with a download that broke off.

web-error-title = That did not work
web-reference = Reference for the team: { $reference }
web-error-not-found = This page does not exist. Check the address, or start again from the link you were given.
web-error-request = The request was not understood ({ $reason }). Correct it and try again.
web-error-unavailable = The service is very busy or restarting; nothing is lost. Try again in a few seconds.
web-error-unexpected = Something went wrong on our side, and your request was not carried out. Try again in a minute; if it goes on, give the reference { $reference } to the team.
web-error-product-unknown = This product does not exist, or is no longer for sale. Ask the person who gave you the link for a new one.
web-error-not-published = This product is no longer for sale. You have not been charged.
web-error-order-unknown = There is no order at this address. Check that it is complete, as you kept it.
web-error-order-expired = Order { $number } has expired. You have not been charged. Order again from the product's page.
web-error-order-closed = Order { $number } is closed. You have not been charged. Order again from the product's page.
web-error-already-paid = Order { $number } is already paid. Get it in Telegram from this page.
web-error-order-refunded = Order { $number } was refunded. Order again from the product's page.
web-error-transaction-used = This transaction number has been used before. Check it with your bank.

error-too-many-requests = You have tried too often in a short time. Try again in { DURATION($seconds) }.
error-other-origin = This form was sent from another site. Open the shop's page and try again.
error-bot-unnamed = The shop has not named its Telegram bot. Keep this page and tell the team: your purchase is not lost.
