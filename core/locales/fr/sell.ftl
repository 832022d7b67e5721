sell-invitation =
    🏪 <b>Vendez vos fichiers ici</b>

    Ouvrez votre boutique en trois réponses : son nom, les conditions, les moyens de paiement. Vos produits apparaîtront dans le catalogue, et chaque vente vous sera annoncée par un message.
sell-refused = La boutique <b>{ $name }</b> n’a pas été acceptée. Vous pouvez refaire une demande ; /support répond à vos questions.
sell-name-question = Comment s’appelle votre boutique ? Écrivez son nom : 60 caractères au plus, visible de tous.
sell-terms =
    <b>{ $name }</b> – c’est noté. Les conditions :

    • Vous ne vendez que ce que vous avez le droit de vendre.
    • Vos acheteurs gardent l’accès à ce qu’ils ont payé, même si vous retirez un produit de la vente.
    • Un achat en Stars peut être remboursé par l’équipe ; la somme est alors retirée de votre solde.
    • Les impôts sur vos ventes sont à votre charge.
sell-rails-question = Quels moyens de paiement acceptez-vous ? Touchez pour cocher ou décocher. Les Stars se paient dans Telegram, les autres sur le site de la boutique. Les cartes bancaires viennent ensuite : la boutique une fois ouverte, /cards la relie à Stripe.
shop-is-pending = ⏳ La boutique <b>{ $name }</b> attend l’accord de l’équipe. Vous recevrez un message dès la décision.
shop-is-suspended = ⛔️ La boutique <b>{ $name }</b> est suspendue. Écrivez à /support pour savoir pourquoi.
shop-menu =
    🏪 <b>{ $name }</b>
    Moyens de paiement : { $rails }
my-products =
    📦 <b>Mes produits</b> – { $count ->
        [one] { $count } produit
       *[other] { $count } produits
    }
my-products-none = 📦 Votre boutique n’a pas encore de produit.
how-to-add-product = Pour ajouter un produit, envoyez-moi ici son fichier : j’en fais un brouillon, jusqu’à 2 Go.
how-to-replace-file = Pour remplacer un fichier, écrivez à l’équipe par /support : vos acheteurs recevront la nouvelle version.
how-to-replace-in-app = Pour remplacer un fichier, ouvrez le produit dans l’application (bouton dans votre boutique) : vos acheteurs recevront la nouvelle version.
my-product =
    <b>{ $title }</b>
    État : { $status }
    Prix : { $prices }
    Ventes : { $sales }
product-draft = brouillon, invisible dans le catalogue
product-published = en vente
product-unpublished = retiré de la vente ; les acheteurs gardent l’accès
prices-head = 💶 <b>{ $title }</b>
    Touchez un moyen de paiement pour fixer, changer ou retirer ses prix. Chacun peut en avoir un par monnaie ; rien n’est converti.
prices-line = • { $rail } : { $prices }
ask-price =
    Quel est son prix par « { $rail } » ? Écrivez un prix, ou une ligne par monnaie, par exemple :
    9,99 €
    11 USD
    Ils remplacent les prix actuels : { $prices }. Les commandes en cours gardent le leur.
ask-price-stars = Quel est son prix en Stars ? Écrivez un nombre entier, par exemple 500. Actuellement : { $prices }.
sales-none = 📈 Pas encore de vente. Chaque vente vous sera annoncée ici.
sales-head =
    📈 <b>Mes ventes</b> – { $count ->
        [one] { $count } vente
       *[other] { $count } ventes
    }
sale-line =
    <b>{ $title }</b> · { $price }
    { $number } · { DAY($when) } · { $status }
balance-none = 💰 Votre solde est vide : il n’y a pas encore eu de vente.
balance-head = 💰 <b>Mon solde</b>
balance-line = { $rail } : <b>{ $owed }</b> à recevoir, { $paid } déjà versés
command-statement = mon mois en chiffres, et son fichier
statement-head =
    📒 <b>{ MONTH($when) }</b>
    Vos ventes, d’après les documents du mois (UTC).
statement-none = Rien n’a été vendu, rendu ni versé ce mois-ci.
statement-line =
    <b>{ $rail }</b> · { $currency }
    Vendu : { $sold } ({ $sales ->
        [one] { $sales } vente
       *[other] { $sales } ventes
    })
    Rendu : { $back } ({ $refunds ->
        [one] { $refunds } remboursement
       *[other] { $refunds } remboursements
    })
    Net : <b>{ $net }</b>
    Versé sur votre compte : { $paid }
statement-vat = Dont TVA : { $vat }
statement-coming = Le fichier arrive dans cette conversation dans un instant.
statement-file = 📒 <b>{ $shop }</b>, { MONTH($when) } : une ligne par document, pour votre comptable.
product-withdrawing =
    ⏸ Retirer <b>{ $title }</b> de la vente ?
    Personne ne pourra plus le trouver ni l’acheter. Ceux qui l’ont acheté le gardent, et vous pouvez le remettre en vente à tout moment.
button-unpublish-yes = ⏸ Oui, le retirer de la vente
button-back-to-product = ‹ Le produit
button-prices = 💶 Prix
button-price-none = ✖️ Pas par ce moyen
seller-about-question =
    ✍️ <b>Qui vend ici ?</b>
    Écrivez en un seul message de 600 caractères au plus ce que les acheteurs doivent savoir : votre nom légal et votre adresse, votre numéro d’immatriculation si vous en avez un, et où vous joindre. Cela figure sur votre fiche tel quel, lisible par tout le monde.
seller-silencing =
    🗑 <b>Supprimer le texte de votre boutique ?</b>
    Les acheteurs ne liront plus rien sur vous, et ce texte ne pourra pas être récupéré :

    <blockquote>{ $words }</blockquote>
product-closed = publié, mais votre boutique est fermée : personne ne peut l’acheter
product-held = pas encore en vente : l’équipe regarde son texte
legal-question =
    🧾 <b>Qui vend, selon la loi ?</b>
    Écrivez-le en un seul message, tel qu’il doit figurer sur les factures : votre nom légal sur la première ligne, votre adresse sur les lignes suivantes. Si vous avez un numéro de TVA, ajoutez une ligne comme « TVA FR40123456789 ».
    Vos ventes suivantes auront alors une facture. D’ici là, vos acheteurs reçoivent un reçu au nom de votre boutique.
legal-kept = 🧾 <b>Voici ce qui figure désormais sur vos factures :</b>
legal-none = 🧾 <b>Vos ventes suivantes auront un reçu, pas de facture.</b> Donnez votre nom légal et votre adresse dès que vous voudrez de nouveau des factures.
legal-identity =
    { $name }
    { $address }
legal-vat = N° de TVA { $number }
product-refused = pas en vente : son texte n’a pas été accepté ; changez-le, l’équipe le regardera de nouveau
