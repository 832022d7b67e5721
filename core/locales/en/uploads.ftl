upload-reason =
    { $reason ->
        [size-differs] The store received { SIZE($found) } instead of { SIZE($size) }. Send the file again.
        [type-differs] The content of { $name } is not what its name says: it looks like “{ $found }”. Correct the name or choose the right file.
        [content-differs] { content-differs }
        [program-disguised] { program-disguised }
        [not-a-picture] { $name } is not a JPEG, PNG or WebP picture. Choose another one.
        [blocked] This file may not be sold here. A question? Write to the team with /support.
        [staff] { $note }
        [telegram-gone] Telegram no longer has this file. Send it to the bot again.
        [file-already-replaced] The file that this one should replace has been replaced already. Replace its new version instead.
        [sampled-file-replaced] The file that this is a sample of has been replaced meanwhile. Send it as the sample of the new version.
       *[other] The file could not be taken ({ $reason }). Send it again, or write to the team with /support.
    }
content-differs =
    { $expected ->
        [archive] By its name { $name } is an archive (ZIP, 7z, RAR …),
        [office] By its name { $name } is a document (Word, Excel, e-book …),
        [film] By its name { $name } is a video,
        [sound] By its name { $name } is an audio file,
        [picture] By its name { $name } is a picture,
       *[pdf] By its name { $name } is a PDF,
    } { $found ->
        [pdf] but its content is a PDF.
        [archive] but its content is an archive (ZIP, 7z, RAR …).
        [office] but its content is a document (Word, Excel, e-book …).
        [film] but its content is a video.
        [sound] but its content is an audio file.
        [picture] but its content is a picture.
       *[text] but its content is text (a saved web page, perhaps).
    } Choose the right file, or { $ending ->
        [none] give this one a name that says what it is.
       *[other] end this one’s name in “.{ $ending }”.
    }
program-disguised = { $name } is a program, and its name says otherwise. Choose the right file, or end its name as a program’s (.exe …): the team looks at it then.
upload-accepted =
    ✅ <b>{ $name }</b> ({ SIZE($size) }) has arrived and is checked.

    Let us go on with your product.
sample-accepted = ✅ Your sample <b>{ $name }</b> ({ SIZE($size) }) has arrived and is checked. It is what people see before they buy, as soon as its preview is made.
upload-refused =
    ❌ <b>{ $name }</b> ({ SIZE($size) }) was not accepted.
    { upload-reason }
upload-held = 🔎 <b>{ $name }</b> ({ SIZE($size) }) has arrived. The team takes a look at it; a message will tell you the outcome.
upload-awaits-fee = 💳 <b>{ $name }</b> ({ SIZE($size) }) has arrived and is checked. It goes into your product as soon as the listing fee is paid.
upload-abandoned = 🗑 The upload of <b>{ $name }</b> ({ SIZE($size) }) was never finished and has been removed. You can start it again at any time.
listing-paid = ✅ The listing fee of <b>{ $title }</b> is paid. Files that waited for it go on now.
listing-refunded = ↩️ The listing fee of <b>{ $title }</b> was given back: the product is off sale. Pay the fee to put it on sale again.
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
error-init-data-forged = Telegram’s signature does not fit. Close the app and open it again from the bot.
error-init-data-stale = This opening is too long ago. Close the app and open it again from the bot.
error-session-unknown = You are not signed in. Close the app and open it again from the bot.
error-session-expired = Your session has ended. Close the app and open it again from the bot.
error-not-your-product = This product belongs to another shop. Yours are under /sell.
error-not-your-upload = This upload is somebody else’s. Open the app from your own account.
error-not-your-purchase = This purchase is somebody else’s. Yours are in your /library.
error-upload-unknown = This upload does not exist. Start it again.
error-upload-closed = This upload is closed ({ $state }). Look at your products for its outcome, or start a new one.
error-upload-unpaid = The listing fee is not paid yet. Pay it, and the upload begins.
error-upload-not-waiting = { $name } does not wait for a decision any more: somebody was first. See what still waits: /moderation
error-file-empty = This file is empty; there would be nothing to sell. Choose another one.
error-too-large-to-upload = This file has { SIZE($size) }; the limit is { SIZE($limit) }. { $purpose ->
        [sample] Send a shorter or smaller sample: a preview shows a few seconds, pages or lines of it.
        [picture] Choose a smaller picture.
       *[file] Split it into several.
    }
error-no-room = This file has { SIZE($size) }; the store has room for { SIZE($room) } now. Nothing was sent. Try again once the shop has made room, or ask the team: /support
error-content-differs = { content-differs } Nothing was sent.
error-program-disguised = { program-disguised } Nothing was sent.
error-not-a-picture = { $name } is not a JPEG, PNG or WebP picture. Choose another one.
error-fingerprint-differs = The file changed while it was being read. Pick it again.
error-too-many-uploads = You have { $limit } unfinished uploads. Finish or cancel some, then go on.
error-part-unknown = This file has { $count } parts; there is no part { $number }. Reload the app.
error-parts-too-many = At most { $limit } parts can be asked for at once. Reload the app.
error-parts-missing = { $count ->
    [one] { $count } part has not arrived whole. It is sent again.
   *[other] { $count } parts have not arrived whole. They are sent again.
}
error-note-empty = The seller reads why, and nothing was written. Write a reason.
error-note-too-long = This note has { $length } characters; the limit is { $limit }. Make it shorter.
error-digest-wrong = This is no SHA-256: 64 hexadecimal digits. Copy it again.
error-mini-app-not-built = The app is not installed on this server. The operator builds it with scripts/setup; until then, write to the bot.
error-only-sellers-send-files = Only shops can send files. /sell opens one; to reach the team, use /support.
how-to-add-in-app = Add a product with the app (button in your shop), or send its file to me: I make a draft of it, up to 2 GB.
staff-text-waiting =
    🔎 <b>Text to check</b> – { $title }

    { $words }
staff-text-accepted = ✅ The text of { $title } is accepted.
staff-text-refused = ❌ The text of { $title } is refused; its seller has been told.
staff-text-note = Why is this text refused? The seller will read your answer.
text-held = 🔎 The team takes a look at the text of <b>{ $title }</b>. Until then it is off sale; a message will tell you the outcome.
text-accepted = ✅ The text of <b>{ $title }</b> is accepted.
text-refused =
    ❌ The text of <b>{ $title }</b> was not accepted, so it stays off sale.
    { $note }

    Change its title or description: the team looks at it again.
error-text-not-waiting = The text of { $title } does not wait for a decision any more, or has changed since. /moderation shows what waits.
