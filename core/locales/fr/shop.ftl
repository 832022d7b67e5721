test-mode = 🧪 <b>Boutique d’essai</b> : rien n’y est vraiment vendu.
welcome =
    Bonjour { $name } ! Bienvenue chez <b>{ $shop }</b>.

    Acheter se fait en trois étapes :
    1. Choisissez un produit dans le catalogue, ou écrivez-moi quelques mots pour chercher.
    2. Payez sans quitter Telegram.
    3. Recevez aussitôt vos liens de téléchargement ou votre accès au canal, à retrouver ici à tout moment.
help =
    <b>Comment ça marche</b>

    Écrivez quelques mots pour chercher un produit, ou choisissez :
    { $commands }
help-seller =
    <b>Votre boutique</b>
    { $commands }
help-staff =
    <b>L’équipe</b> – vous êtes { $role ->
        [admin] administrateur
       *[support] du support
    }
    { $commands }

    Une nouvelle question, un virement à vérifier ou une commande qui a besoin de vous s’affiche ici automatiquement.
help-foot =
    Un lien de téléchargement est valable un temps limité. Si le vôtre a expiré, demandez-en un autre dans votre bibliothèque : c’est gratuit.

    Votre numéro chez Telegram, si l’équipe vous le demande : <code>{ $number }</code>
language-name = 🇫🇷 Français
language-question = Dans quelle langue voulez-vous lire mes messages ?
language-set = C’est noté : je vous écrirai en français.
write-in-private = Écrivez-moi en privé, je vous répondrai là-bas : { $address }
only-words = Je ne sais lire que du texte. Écrivez quelques mots pour chercher un produit, ou /help pour voir ce que je sais faire.
unknown-command = Je ne connais pas cette commande. /help montre celles que je comprends.
cancelled = Annulé. Le menu de Telegram ou /help montrent ce que je sais faire.

catalogue-all =
    🛍 <b>Catalogue</b> – { $count ->
        [one] { $count } produit
       *[other] { $count } produits
    }
catalogue-found =
    🔎 « { $words } » : { $count ->
        [one] { $count } produit trouvé
       *[other] { $count } produits trouvés
    }
catalogue-page = { page-of }Touchez un produit pour l’ouvrir, ou écrivez quelques mots pour chercher.
catalogue-empty = Le catalogue est encore vide. Revenez bientôt !
catalogue-not-found = Rien ne correspond à « { $words } ». Essayez avec moins de mots, ou parcourez le catalogue.

product-head =
    <b>{ $title }</b>
    par { $seller }
product-description = { $words }
product-file = 📄 { $name } · { $size }
product-more-files =
    { $count ->
        [one] et { $count } autre fichier
       *[other] et { $count } autres fichiers
    }
product-price = Prix : <b>{ $prices }</b>
product-owned = ✅ Ce produit est déjà à vous.
product-not-for-sale-here = Ce produit n’est pas en vente dans Telegram pour le moment.

owned-already = Ce produit est déjà à vous : le voici dans votre bibliothèque.
invoice-description = { $title } – commande { $number }. Les liens de téléchargement arrivent ici dès le paiement.
pre-checkout-failed = La boutique ne répond pas. Rien n’a été débité : réessayez dans quelques minutes. Si cela continue, donnez à /paysupport la référence { $reference }.
payment-odd =
    { GIVEN($number) ->
        [no] Votre paiement est bien arrivé, mais je ne trouve pas la commande qu’il règle. L’équipe est prévenue et va vérifier ; rien n’est perdu. Une question ? /paysupport
       *[yes] Votre paiement est bien arrivé, mais il ne correspond pas à la commande { $number }. L’équipe est prévenue et va vérifier ; rien n’est perdu. Une question ? /paysupport
    }
claim-done =
    ✅ La commande <b>{ $number }</b> est maintenant à vous : <b>{ $title }</b>.

    Je prépare vos liens de téléchargement ; ils arrivent dans un instant.

library-head =
    📚 <b>Ma bibliothèque</b> – { $count ->
        [one] { $count } achat
       *[other] { $count } achats
    }
    { page-of }Touchez un achat pour le télécharger.
library-empty = 📚 Votre bibliothèque est vide. Vos achats apparaîtront ici, à télécharger quand vous voulez.
item =
    📦 <b>{ $title }</b>
    Commande { $number } du { DAY($when) }

    Touchez un fichier : je vous envoie un lien valable { DURATION($seconds) }. Vous pouvez en redemander un à tout moment.
item-without-files =
    📦 <b>{ $title }</b>
    Commande { $number } du { DAY($when) }

    Aucun fichier n’est disponible pour l’instant. L’aide peut vous dire quand il le sera.
preparing-link = Je prépare votre lien, il arrive dans un instant…
receipts-head =
    🧾 <b>Mes reçus</b> – { $count ->
        [one] { $count } paiement
       *[other] { $count } paiements
    }
    { page-of }Touchez un paiement pour voir son reçu.
page-of = { $pages ->
        [1] {""}
       *[other] Page { $number } sur { $pages }.{" "}
    }
receipts-empty = 🧾 Vous n’avez encore rien payé ici, donc il n’y a pas de reçu.
receipt =
    🧾 <b>Reçu { $number }</b>

    Produit : { $title }
    Vendu par : { $seller }
    Montant : <b>{ $price }</b>
    Payé le { MOMENT($when) }
    Moyen de paiement : { $rail }
    État : { $status }
    Référence du paiement : <code>{ $charge }</code>

rail-stars = Stars de Telegram
rail-crypto = Cryptomonnaie
rail-card = Carte bancaire
rail-manual = Virement
status-created = créée
status-awaiting_payment = en attente de paiement
status-submitted = paiement à vérifier
status-paid = payée
status-delivered = livrée
status-refunded = remboursée
status-cancelled = annulée
status-expired = expirée
status-failed = échouée

inline-card =
    <b>{ $title }</b>
    par { $seller } · { $prices }

    { $words }
inline-open-bot = Ouvrir la boutique
invoice-description-listing = { $title } – commande { $number }. Ce qui attend ces frais continue dès le paiement.
seller-card =
    🏪 <b>{ $name }</b>
    Vend ici depuis le { DAY($since) } · { $count ->
        [0] rien en vente pour le moment
        [one] { $count } offre en vente
       *[other] { $count } offres en vente
    }
seller-about = { $words }
seller-silent = <i>Cette boutique n’en dit pas plus sur elle-même. Le support répond à vos questions.</i>
waiver-head = ✋ <b>Une chose avant de payer</b>
waiver-words = Je veux recevoir mon achat tout de suite, avant la fin des 14 jours pendant lesquels je pourrais me rétracter, et j’accepte de perdre ainsi mon droit de rétractation.
