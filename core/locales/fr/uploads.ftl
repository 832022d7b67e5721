upload-reason =
    { $reason ->
        [size-differs] Le stockage a reçu { SIZE($found) } au lieu de { SIZE($size) }. Renvoyez le fichier.
        [type-differs] Le contenu de { $name } n'est pas ce que dit son nom : cela ressemble à « { $found } ». Corrigez le nom ou choisissez le bon fichier.
        [not-a-picture] { $name } n'est pas une image JPEG, PNG ou WebP (« { $found } »). Choisissez-en une autre.
        [blocked] Ce fichier ne peut pas être vendu ici. Une question ? Écrivez à l'équipe avec /support.
        [staff] { $note }
        [telegram-gone] Telegram n'a plus ce fichier. Envoyez-le de nouveau au bot.
        [file-already-replaced] Le fichier que celui-ci devait remplacer l'a déjà été. Remplacez plutôt sa nouvelle version.
       *[other] Le fichier n'a pas pu être pris ({ $reason }). Renvoyez-le, ou écrivez à l'équipe avec /support.
    }
upload-accepted =
    ✅ <b>{ $name }</b> ({ SIZE($size) }) est bien arrivé et vérifié.

    Continuons la création de votre formation.
upload-refused =
    ❌ <b>{ $name }</b> ({ SIZE($size) }) n'a pas été accepté.
    { upload-reason }
upload-held = 🔎 <b>{ $name }</b> ({ SIZE($size) }) est bien arrivé. L'équipe y jette un œil ; un message vous dira le résultat.
upload-awaits-fee = 💳 <b>{ $name }</b> ({ SIZE($size) }) est bien arrivé et vérifié. Il rejoindra votre produit dès que les frais de mise en vente seront payés.
upload-abandoned = 🗑 L'envoi de <b>{ $name }</b> ({ SIZE($size) }) n'a jamais été terminé et a été supprimé. Vous pouvez le recommencer quand vous voulez.
listing-paid = ✅ Les frais de mise en vente de <b>{ $title }</b> sont payés. Les fichiers qui attendaient continuent maintenant.
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
staff-uploads-none = 🔎 Aucun fichier n'attend de vérification.
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
error-init-data-forged = La signature de Telegram ne correspond pas. Fermez l'application et rouvrez-la depuis le bot.
error-init-data-stale = Cette ouverture est trop ancienne. Fermez l'application et rouvrez-la depuis le bot.
error-session-unknown = Vous n'êtes pas connecté. Fermez l'application et rouvrez-la depuis le bot.
error-session-expired = Votre session est terminée. Fermez l'application et rouvrez-la depuis le bot.
error-not-your-product = Ce produit appartient à une autre boutique.
error-not-your-upload = Cet envoi est celui de quelqu'un d'autre. Ouvrez l'application depuis votre propre compte.
error-not-your-purchase = Cet achat est celui de quelqu'un d'autre.
error-upload-unknown = Cet envoi n'existe pas. Recommencez-le.
error-upload-closed = Cet envoi est clos ({ $state }). Regardez le résultat dans vos produits, ou commencez-en un nouveau.
error-upload-unpaid = Les frais de mise en vente ne sont pas encore payés. Payez-les, et l'envoi commencera.
error-upload-not-waiting = { $name } n'attend plus de décision.
error-file-empty = Ce fichier est vide ; il n'y aurait rien à vendre. Choisissez-en un autre.
error-too-large-to-upload = Ce fichier fait { SIZE($size) } ; la limite est de { SIZE($limit) }. Découpez-le en plusieurs.
error-picture-type = Une image doit être en JPEG, PNG ou WebP. Choisissez-en une autre.
error-fingerprint-differs = Le fichier a changé pendant sa lecture. Choisissez-le de nouveau.
error-too-many-uploads = Vous avez { $limit } envois inachevés. Terminez-en ou annulez-en, puis continuez.
error-part-unknown = Ce fichier a { $count } parties ; il n'y a pas de partie { $number }. Rechargez l'application.
error-parts-too-many = On peut demander au plus { $limit } parties à la fois. Rechargez l'application.
error-parts-missing = { $count ->
    [one] { $count } partie n'est pas arrivée entière. Elle est renvoyée.
   *[other] { $count } parties ne sont pas arrivées entières. Elles sont renvoyées.
}
error-note-empty = Écrivez pourquoi ; le vendeur le lira.
error-note-too-long = Cette note a { $length } caractères ; la limite est de { $limit }. Raccourcissez-la.
error-digest-wrong = Ce n'est pas un SHA-256 : 64 chiffres hexadécimaux. Copiez-le de nouveau.
error-mini-app-not-built = L'application n'est pas installée sur ce serveur. L'opérateur la construit avec scripts/setup ; en attendant, écrivez au bot.
error-only-sellers-send-files = Seules les boutiques peuvent envoyer des fichiers. /sell en ouvre une ; pour joindre l'équipe, utilisez /support.
how-to-add-in-app = Ajoutez un produit avec l'application (bouton dans votre boutique), ou envoyez-moi son fichier : j'en fais un brouillon, jusqu'à 2 Go.
