upload-reason =
    { $reason ->
        [size-differs] The store received { SIZE($found) } instead of { SIZE($size) }. Send the file again.
        [type-differs] The content of { $name } is not what its name says: it looks like “{ $found }”. Correct the name or choose the right file.
        [not-a-picture] { $name } is not a JPEG, PNG or WebP picture (“{ $found }”). Choose another one.
        [blocked] This file may not be sold here. A question? Write to the team with /support.
        [staff] { $note }
        [telegram-gone] Telegram no longer has this file. Send it to the bot again.
        [file-already-replaced] The file that this one should replace has been replaced already. Replace its new version instead.
       *[other] The file could not be taken ({ $reason }). Send it again, or write to the team with /support.
    }
upload-accepted =
    ✅ <b>{ $name }</b> ({ SIZE($size) }) has arrived and is checked.

    Let us go on with your product.
upload-refused =
    ❌ <b>{ $name }</b> ({ SIZE($size) }) was not accepted.
    { upload-reason }
upload-held = 🔎 <b>{ $name }</b> ({ SIZE($size) }) has arrived. The team takes a look at it; a message will tell you the outcome.
upload-awaits-fee = 💳 <b>{ $name }</b> ({ SIZE($size) }) has arrived and is checked. It goes into your product as soon as the listing fee is paid.
upload-abandoned = 🗑 The upload of <b>{ $name }</b> ({ SIZE($size) }) was never finished and has been removed. You can start it again at any time.
listing-paid = ✅ The listing fee of <b>{ $title }</b> is paid. Files that waited for it go on now.
listing-title = Listing fee: { $title }
staff-upload-waiting =
    🔎 <b>File to check</b> – { $title }
    { $name } · { SIZE($size) }
    Noticed: { $findings }
staff-uploads =
    🔎 <b>Files to check</b> – { $count ->
        [one] { $count } file
       *[other] { $count } files
    }
staff-uploads-none = 🔎 No file is waiting for a check.
staff-upload-line =
    <b>{ $title }</b>, by { $seller }
    { $name } · { SIZE($size) } · { $kind }
    Noticed: { $findings }
staff-upload-approved = ✅ { $name } is approved.
staff-upload-refused = ❌ { $name } is refused; its seller has been told.
staff-upload-note = Why is this file refused? The seller will read your answer.
telegram-file-taken = ⏳ <b>{ $name }</b> ({ SIZE($size) }) is on its way into the product <b>{ $title }</b>. A message will announce its arrival.
continue-price = How many Stars does <b>{ $title }</b> cost? Write a whole number, for example 500.
continue-publish = <b>{ $title }</b> is ready: { $price }. Put it on sale?
continue-done = <b>{ $title }</b> is on sale.
error-init-data-forged = Telegram's signature does not fit. Close the app and open it again from the bot.
error-init-data-stale = This opening is too long ago. Close the app and open it again from the bot.
error-session-unknown = You are not signed in. Close the app and open it again from the bot.
error-session-expired = Your session has ended. Close the app and open it again from the bot.
error-not-your-product = This product belongs to another shop.
error-not-your-upload = This upload is somebody else's. Open the app from your own account.
error-not-your-purchase = This purchase is somebody else's.
error-upload-unknown = This upload does not exist. Start it again.
error-upload-closed = This upload is closed ({ $state }). Look at your products for its outcome, or start a new one.
error-upload-unpaid = The listing fee is not paid yet. Pay it, and the upload begins.
error-upload-not-waiting = { $name } does not wait for a decision any more.
error-file-empty = This file is empty; there would be nothing to sell. Choose another one.
error-too-large-to-upload = This file has { SIZE($size) }; the limit is { SIZE($limit) }. Split it into several.
error-picture-type = A picture must be JPEG, PNG or WebP. Choose another one.
error-fingerprint-differs = The file changed while it was being read. Pick it again.
error-too-many-uploads = You have { $limit } unfinished uploads. Finish or cancel some, then go on.
error-part-unknown = This file has { $count } parts; there is no part { $number }. Reload the app.
error-parts-too-many = At most { $limit } parts can be asked for at once. Reload the app.
error-parts-missing = { $count ->
    [one] { $count } part has not arrived whole. It is sent again.
   *[other] { $count } parts have not arrived whole. They are sent again.
}
error-note-empty = Write why; the seller will read it.
error-note-too-long = This note has { $length } characters; the limit is { $limit }. Make it shorter.
error-digest-wrong = This is no SHA-256: 64 hexadecimal digits. Copy it again.
error-mini-app-not-built = The app is not installed on this server. The operator builds it with scripts/setup; until then, write to the bot.
error-only-sellers-send-files = Only shops can send files. /sell opens one; to reach the team, use /support.
how-to-add-in-app = Add a product with the app (button in your shop), or send its file to me: I make a draft of it, up to 2 GB.
