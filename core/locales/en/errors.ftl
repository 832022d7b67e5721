error-unexpected =
    😕 Something went wrong on our side, and your request did not succeed. Try again in a minute.

    If it goes on, give this reference to /support: <code>{ $reference }</code>
error-button-outdated = This button is out of date. Open /catalogue or /library to go on.
error-dialog-lost = Too much time has passed and I forgot the beginning. Start again with /sell.
error-banned = Your access to the shop is closed. If you think this is a mistake, write to the team with /support.
error-ban-reason-missing = Nothing was changed: say why the person is banned. The reason goes into the audit log.
error-ban-of-staff = Nothing was changed: this person is staff. Take the role away first (comptoir admin remove), then ban.
error-not-allowed = This needs a role that you do not have, so nothing was done. An administrator of the shop can give it to you; /help shows what you can do.
error-words-not-taken = /{ $command } lists all that waits and takes no words: send it alone. To find an order: /orders followed by its number, a name or a reference.
error-language-unknown = I do not speak this language. Choose French or English with /language.

error-product-unknown = This product does not exist, or is no longer for sale. Look for another one in the /catalogue.
error-not-published = This product is no longer for sale. Nothing was charged. Look for another one in the /catalogue.
error-no-preview = There is no preview of this product yet. Try again in a few minutes.
error-no-file = This product has no file. Add one before putting it on sale.
error-no-price = This product has no price. Give it a price before putting it on sale.
error-bad-currency = The currency “{ $currency }” is not accepted here. Choose for example EUR, USD or XTR (Stars).
error-bad-amount = “{ $text }” is not an amount. Write a positive number, for example 9.99.
error-amount-two-ways = “{ $text }” can be read as { $first } or as { $second }. Write it without a sign between thousands, for example 1000.50.
error-price-wrong-currency = The way to pay “{ $rail }” does not go with { $currency }. Name a price in Stars (XTR) for Stars, in a currency for the others.
error-title-empty = The title is empty. Give the product a title.
error-text-too-long = This text has { $length } characters; the limit is { $limit }. Make it shorter.
error-text-unreadable = This text holds characters that cannot be kept (it may have been damaged on its way). Type it again.
error-title-too-long = This title has { $length } characters; the limit is { $limit }. Make it shorter.
error-description-too-long = This description has { $length } characters; the limit is { $limit }. Make it shorter.
error-file-unknown = This file does not exist, or has been replaced. Open the product in /library to see its present files.
error-sampled-file-replaced = The file that this is a sample of has been replaced meanwhile. Send it as the sample of the new version.
error-file-already-replaced = This file has been replaced already. Replace its new version instead.
error-sample-missing = There is no sample of yours for this file yet. Send one first: it is then shown by itself.
error-file-key-taken = This file already belongs to another product. Send it again.
error-file-too-large = This file has { SIZE($size) }; the limit is { SIZE($limit) }. Split it into several.

error-shop-unknown = This shop does not exist. /sell opens one.
error-shop-closed = This shop is closed at the moment, so nothing of it can be bought. What you bought there stays yours: /library and /status. Look for something else in the /catalogue.
error-shop-closed-since = The shop was closed after this was ordered. Open the same link again once the shop is open, or ask our support for your money.
error-owner-banned = The owner of the shop { $name } is banned. End the ban first (comptoir unban), then approve.
error-shop-not-approved = This shop is not accepted yet. Wait for the team's approval; a message will announce it.
error-shop-already-decided = The decision about the shop { $name } has been taken already. Nothing is left to do.
error-terms-not-accepted = To open a shop, you need to accept the terms. Start again with /sell.
error-rails-missing = Without a way to be paid nothing can be sold. Choose at least one.
error-rail-unknown = The way to pay “{ $rail }” does not exist. Choose stars, crypto or manual.
error-name-empty = This name is empty. Write one with letters.
error-name-too-long = This name has { $length } characters; the limit is { $limit }. Write a shorter one.
error-unknown-role = The role “{ $role }” does not exist. Choose buyer, seller, support or admin.
error-person-unknown = I do not know this person. Ask them to write /start to the bot first.

error-already-owned = You already own this product (order { $number }). It is in /library.
error-rail-not-offered = This way to pay is not offered for this product. Open its page again to see how to pay.
error-own-product = This is your own product, so you have it already. Find it under /sell.
error-request-key-weak = The form is incomplete. Reload the page and start again.
error-request-key-reused = This form was already used for another order. Reload the page and start again.
error-order-unknown = I cannot find this order. Check the number; your orders are in /receipts.
error-order-expired = Order { $number } has expired. Nothing was charged. Order again from the /catalogue.
error-order-closed = Order { $number } is closed. Nothing was charged. Order again from the /catalogue.
error-order-refunded = Order { $number } has been refunded. Order again from the /catalogue.
error-already-paid = Order { $number } is already paid, nothing was charged. It is in /library, a membership in /status.
error-order-held = Order { $number } is paid, but its buyer may not have what it is for; the notice about it says why. Refund it, or mend that and try again what failed.
error-access-withdrawn = The access of order { $number } was withdrawn, so nothing is sent. If the money is to go back, refund it.
error-not-paid-yet = Order { $number } is not paid yet. Try again once the payment is confirmed.
error-not-your-order = This invoice is somebody else's. Nothing was charged. Order for yourself from the /catalogue.
error-price-differs = The price has changed since order { $number }. Nothing was charged. Order again from the /catalogue.
error-not-refundable = Order { $number } cannot be refunded as it stands ({ $status }). Only what was paid, and has not gone back, can be given back.
error-order-undelivered = Order { $number } is paid and was not delivered yet. Send it again or refund it; then it is dealt with.
error-access-unclaimed = Nobody has claimed order { $number } yet: there is no access to end. Refund all of it instead, or leave --end-access out.
error-refund-whole-only = Telegram gives Stars back whole: order { $number } cannot be refunded in part. Leave the amount out to refund all of it.
error-listing-unpaid = The listing fee of this product was given back. Pay it again, then publish.

error-not-a-transfer = This order is not paid by bank transfer. Open its page again to see how to pay.
error-transaction-wrong = This transaction number is not right. Copy it as your bank shows it, at most { $limit } characters.
error-transaction-used = This transaction number was already used. Check it, or write to /paysupport.
error-already-submitted = The payment of order { $number } has been declared already. The team is checking it and will answer you.
error-nothing-to-validate = Order { $number } has no payment to check: somebody has done it already, or the buyer has declared none. See what waits: /payments
error-payment-of-another-order = This payment belongs to another order. Find it with /orders and the payment reference.
error-not-acceptable = Order { $number } cannot become paid as it stands ({ $status }). Send the money back instead, at the provider.
error-nothing-to-accept = No money that falls short has come for order { $number }. `comptoir orders show` lists what has.
error-charge-unknown = This order has no charge of Stars of that id. `comptoir orders show` lists its payments.
error-charge-paid-order = This charge is the one that paid order { $number }. To give it back, refund the order itself.

error-grant-unknown = This product is not in your library, or no longer. A question? /support
error-grant-revoked = The access to this purchase has ended. A question? /support
error-link-unknown = This link does not exist. Ask for a new one in your library, in Telegram.
error-link-revoked = This link has been withdrawn. If the purchase is still yours, ask for a new one in your library.
error-link-expired = This link has expired. Ask for a new one in your library, in Telegram: it is free.
error-link-used-up = This link has been used as often as it could be. Ask for a new one in your library.
error-claim-unknown = This pick-up link does not exist. Open the page of your order again and press the button once more.
error-claim-expired = This pick-up link has expired. Open the page of your order again and press the button once more.
error-claim-taken = This order has already been picked up by somebody else. If you did not allow it, write to /paysupport.

error-payout-too-large = This payout is more than what is owed ({ PRICE($owed) }). Check the amount.
error-reference-taken = The reference “{ $reference }” was already used for another payout. Give another one.
error-reference-missing = A payout is found again by its reference. Give it one, for example that of the bank transfer.
error-bad-token = This access token is not valid. Create one with “comptoir token create”.
error-token-name-missing = A token is told from others by its name. Give it one that you recognise later.
error-token-unknown = This access token does not exist. “comptoir token list” shows them.
error-words-empty = The message is empty. Write a few words.
error-words-too-long = This message has { $length } characters; the limit is { $limit }. Send it in several parts.
error-job-not-cancellable = The job { $job } does not exist or has ended already. “comptoir queue jobs” lists what still waits or runs.

error-ipn-too-large = The payment notice is larger than { SIZE($limit) } and was refused. Send the notice as NOWPayments made it.
error-ipn-unreadable = The payment notice is not readable JSON. Send it as NOWPayments made it.
error-ipn-forged = The signature of the payment notice is wrong. Check NOWPAYMENTS_IPN_SECRET.
error-event-unknown = This payment event does not exist, or its days of history are over. See the latest: /events
error-too-many-messages = 🐢 That was a lot at once. I will hear nothing more from you for { DURATION($seconds) }; then just go on. Payments are not affected.
error-file-missing = The file is not in the store at the moment. Nothing was counted. Try again later; if it goes on, write to /support.
error-about-too-long = That is { $length } characters, more than the { $limit } that fit. Shorten it and send it again.
