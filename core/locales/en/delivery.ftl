delivery-paid =
    ✅ <b>Payment confirmed, thank you!</b>
    <b>{ $title }</b>
    Order { $number }
delivery-library =
    📦 <b>{ $title }</b>
    Order { $number }
delivery-replaced =
    🔄 <b>The seller has updated { $title }</b>
    Order { $number }. The new version is yours, at no cost:
delivery-resend =
    📨 <b>{ $title }</b>
    Order { $number }. Here are new links:
delivery-part = (message { $part } of { $parts })
delivery-file = 📄 <a href="{ $url }">{ $name }</a> · { SIZE($size) }
delivery-foot = Tap a name to download. Links valid for { DURATION($seconds) }, for you alone: do not share them. You can download again at any time from your library.
