staff-about-waiting =
    🔎 <b>Text to check</b> – what the shop { $seller } says of itself

    { $words }
staff-channel-title-waiting =
    🔎 <b>Text to check</b> – name of a channel of { $seller }

    { $words }
about-held =
    🔎 The team takes a look at what your shop says of itself, since every buyer can read it. { $former ->
        [no] Until then your card says nothing.
       *[yes] Until then buyers read your former text.
    } A message will tell you the outcome.
about-accepted = ✅ What your shop says of itself is accepted: buyers read it now.
about-refused =
    ❌ What your shop would say of itself was not accepted. { $former ->
        [no] Your card says nothing.
       *[yes] Buyers go on reading your former text.
    }
    { $note }

    Your words, to change and send again:
    <blockquote>{ $words }</blockquote>
channel-title-held = 🔎 The team takes a look at the name of your channel <b>{ $words }</b>, since every buyer can read it. Until then they read “{ $shown }” here; nothing else changes. A message will tell you the outcome.
channel-title-accepted = ✅ The name of your channel <b>{ $words }</b> is accepted: buyers read it now.
channel-title-refused =
    ❌ The name of your channel <b>{ $words }</b> was not accepted. Buyers go on reading “{ $shown }” here.
    { $note }

    Give it another name in Telegram: the team looks at it again. It is read the next time that the bot is made an admin there, or its rights change.
channel-title-waiting =
    { $state ->
        [held] 🔎 The team is looking at this name. Until then buyers read “{ $shown }” here.
       *[refused] ❌ This name was not accepted. Buyers read “{ $shown }” here.
    }
seller-about-waiting =
    { $state ->
        [held] 🔎 The team is looking at these words; buyers do not read them yet:
       *[refused] ❌ These words were not accepted; buyers do not read them:
    }
    <blockquote>{ $words }</blockquote>
shop-name-held = 🔎 The team takes a look at the name <b>{ $name }</b> before your shop opens, since everybody can read it. A message will tell you the outcome.
