upload-reason =
    { $reason ->
        [size-differs] Le stockage a reçu { SIZE($found) } au lieu de { SIZE($size) }. Renvoyez le fichier.
        [type-differs] Le contenu de { $name } n’est pas ce que dit son nom : cela ressemble à « { $found } ». Corrigez le nom ou choisissez le bon fichier.
        [content-differs] { content-differs }
        [program-disguised] { program-disguised }
        [not-a-picture] { $name } n’est pas une image JPEG, PNG ou WebP. Choisissez-en une autre.
        [blocked] Ce fichier ne peut pas être vendu ici. Une question ? Écrivez à l’équipe avec /support.
        [staff] { $note }
        [telegram-gone] Telegram n’a plus ce fichier. Envoyez-le de nouveau au bot.
        [file-already-replaced] Le fichier que celui-ci devait remplacer l’a déjà été. Remplacez plutôt sa nouvelle version.
        [sampled-file-replaced] Le fichier dont ceci est l’extrait a été remplacé entre-temps. Envoyez-le comme extrait de la nouvelle version.
       *[other] Le fichier n’a pas pu être pris ({ $reason }). Renvoyez-le, ou écrivez à l’équipe avec /support.
    }
content-differs =
    { $expected ->
        [archive] D’après son nom, { $name } est une archive (ZIP, 7z, RAR…),
        [office] D’après son nom, { $name } est un document (Word, Excel, livre…),
        [film] D’après son nom, { $name } est une vidéo,
        [sound] D’après son nom, { $name } est un fichier audio,
        [picture] D’après son nom, { $name } est une image,
       *[pdf] D’après son nom, { $name } est un PDF,
    } { $found ->
        [pdf] mais son contenu est un PDF.
        [archive] mais son contenu est une archive (ZIP, 7z, RAR…).
        [office] mais son contenu est un document (Word, Excel, livre…).
        [film] mais son contenu est une vidéo.
        [sound] mais son contenu est un fichier audio.
        [picture] mais son contenu est une image.
       *[text] mais son contenu est du texte (une page web enregistrée, peut-être).
    } Choisissez le bon fichier, ou { $ending ->
        [none] donnez à celui-ci un nom qui dit ce qu’il est.
       *[other] terminez le nom de celui-ci par « .{ $ending } ».
    }
program-disguised = { $name } est un programme, et son nom dit autre chose. Choisissez le bon fichier, ou donnez-lui un nom de programme (.exe…) : l’équipe y jettera un œil.
upload-accepted =
    ✅ <b>{ $name }</b> ({ SIZE($size) }) est bien arrivé et vérifié.

    Continuons la création de votre formation.
sample-accepted = ✅ Votre extrait <b>{ $name }</b> ({ SIZE($size) }) est bien arrivé et vérifié. C’est lui que l’on verra avant l’achat, dès que son aperçu sera prêt.
upload-refused =
    ❌ <b>{ $name }</b> ({ SIZE($size) }) n’a pas été accepté.
    { upload-reason }
upload-held = 🔎 <b>{ $name }</b> ({ SIZE($size) }) est bien arrivé. L’équipe y jette un œil ; un message vous dira le résultat.
upload-awaits-fee = 💳 <b>{ $name }</b> ({ SIZE($size) }) est bien arrivé et vérifié. Il rejoindra votre produit dès que les frais de mise en vente seront payés.
upload-abandoned = 🗑 L’envoi de <b>{ $name }</b> ({ SIZE($size) }) n’a jamais été terminé et a été supprimé. Vous pouvez le recommencer quand vous voulez.
listing-paid = ✅ Les frais de mise en vente de <b>{ $title }</b> sont payés. Les fichiers qui attendaient continuent maintenant.
listing-refunded = ↩️ Les frais de mise en vente de <b>{ $title }</b> ont été rendus : le produit n’est plus en vente. Payez-les pour le remettre en vente.
listing-title = Frais de mise en vente : { $title }
staff-upload-waiting =
    🔎 <b>Fichier à vérifier</b> – { $title }
    { $name } · { SIZE($size) }
    Remarqué : { $findings }
staff-uploads =
    🔎 <b>Fichiers à vérifier</b> – { $count ->
        [one] { $count } fichier
       *[other] { $count } fichiers
    }
staff-uploads-none = 🔎 Aucun fichier n’attend de vérification.
staff-upload-line =
    <b>{ $title }</b>, par { $seller }
    { $name } · { SIZE($size) } · { $kind }
    Remarqué : { $findings }
staff-upload-approved = ✅ { $name } est approuvé.
staff-upload-refused = ❌ { $name } est refusé ; son vendeur est prévenu.
staff-upload-note = Pourquoi ce fichier est-il refusé ? Le vendeur lira votre réponse.
telegram-file-taken = ⏳ <b>{ $name }</b> ({ SIZE($size) }) est en route vers le produit <b>{ $title }</b>. Un message annoncera son arrivée.
continue-price = Combien de Stars coûte <b>{ $title }</b> ? Écrivez un nombre entier, par exemple 500.
continue-publish = <b>{ $title }</b> est prêt : { $price }. Le mettre en vente ?
continue-done = <b>{ $title }</b> est en vente.
error-init-data-forged = La signature de Telegram ne correspond pas. Fermez l’application et rouvrez-la depuis le bot.
error-init-data-stale = Cette ouverture est trop ancienne. Fermez l’application et rouvrez-la depuis le bot.
error-session-unknown = Vous n’êtes pas connecté. Fermez l’application et rouvrez-la depuis le bot.
error-session-expired = Votre session est terminée. Fermez l’application et rouvrez-la depuis le bot.
error-not-your-product = Ce produit appartient à une autre boutique. Les vôtres sont dans /sell.
error-not-your-upload = Cet envoi est celui de quelqu’un d’autre. Ouvrez l’application depuis votre propre compte.
error-not-your-purchase = Cet achat est celui de quelqu’un d’autre. Les vôtres sont dans /library.
error-upload-unknown = Cet envoi n’existe pas. Recommencez-le.
error-upload-closed = Cet envoi est clos ({ $state }). Regardez le résultat dans vos produits, ou commencez-en un nouveau.
error-upload-unpaid = Les frais de mise en vente ne sont pas encore payés. Payez-les, et l’envoi commencera.
error-upload-not-waiting = { $name } n’attend plus de décision : quelqu’un a été plus rapide. Voyez ce qui attend encore : /moderation
error-file-empty = Ce fichier est vide ; il n’y aurait rien à vendre. Choisissez-en un autre.
error-too-large-to-upload = Ce fichier fait { SIZE($size) } ; la limite est de { SIZE($limit) }. { $purpose ->
        [sample] Envoyez un extrait plus court ou plus petit : l’aperçu en montre quelques secondes, pages ou lignes.
        [picture] Choisissez une image plus petite.
       *[file] Découpez-le en plusieurs.
    }
error-no-room = Ce fichier fait { SIZE($size) } ; il reste { SIZE($room) } au stockage. Rien n’a été envoyé. Réessayez quand il y aura de la place, ou demandez à l’équipe : /support
error-content-differs = { content-differs } Rien n’a été envoyé.
error-program-disguised = { program-disguised } Rien n’a été envoyé.
error-not-a-picture = { $name } n’est pas une image JPEG, PNG ou WebP. Choisissez-en une autre.
error-fingerprint-differs = Le fichier a changé pendant sa lecture. Choisissez-le de nouveau.
error-too-many-uploads = Vous avez { $limit } envois inachevés. Terminez-en ou annulez-en, puis continuez.
error-part-unknown = Ce fichier a { $count } parties ; il n’y a pas de partie { $number }. Rechargez l’application.
error-parts-too-many = On peut demander au plus { $limit } parties à la fois. Rechargez l’application.
error-parts-missing = { $count ->
    [one] { $count } partie n’est pas arrivée entière. Elle est renvoyée.
   *[other] { $count } parties ne sont pas arrivées entières. Elles sont renvoyées.
}
error-note-empty = Le vendeur lira pourquoi, et rien n’a été écrit. Écrivez une raison.
error-note-too-long = Cette note a { $length } caractères ; la limite est de { $limit }. Raccourcissez-la.
error-digest-wrong = Ce n’est pas un SHA-256 : 64 chiffres hexadécimaux. Copiez-le de nouveau.
error-mini-app-not-built = L’application n’est pas installée sur ce serveur. L’opérateur la construit avec scripts/setup ; en attendant, écrivez au bot.
error-only-sellers-send-files = Seules les boutiques peuvent envoyer des fichiers. /sell en ouvre une ; pour joindre l’équipe, utilisez /support.
how-to-add-in-app = Ajoutez un produit avec l’application (bouton dans votre boutique), ou envoyez-moi son fichier : j’en fais un brouillon, jusqu’à 2 Go.
staff-text-waiting =
    🔎 <b>Texte à vérifier</b> – { $title }

    { $words }
staff-text-accepted = ✅ Le texte de { $title } est accepté.
staff-text-refused = ❌ Le texte de { $title } est refusé ; son vendeur est averti.
staff-text-note = Pourquoi refuser ce texte ? Le vendeur lira votre réponse.
text-held = 🔎 L’équipe regarde le texte de <b>{ $title }</b>. D’ici là il n’est pas en vente ; un message vous dira la suite.
text-accepted = ✅ Le texte de <b>{ $title }</b> est accepté.
text-refused =
    ❌ Le texte de <b>{ $title }</b> n’a pas été accepté : il reste hors de la vente.
    { $note }

    Changez son titre ou sa description : l’équipe le regardera de nouveau.
error-text-not-waiting = Le texte de { $title } n’attend plus de décision, ou a changé depuis. /moderation montre ce qui attend.
