# Card payments through Stripe: what sellers are told and shown of their account there.
stripe-active = 💳 <b>{ $name }</b> accepte désormais la carte. Mettez un prix en euros ou dans une autre monnaie sur ce que vous vendez : l’acheteur paie par carte sur sa page.
stripe-incomplete = ⚠️ Stripe demande encore quelque chose à <b>{ $name }</b> avant que l’on puisse payer par carte. /cards dit quoi, et y mène.
stripe-rejected = ❌ Stripe n’accepte pas la carte pour <b>{ $name }</b> : il ne sert pas votre pays ou votre activité, ou il a refusé le compte. Sa page dit pourquoi ; vos autres moyens d’être payé continuent.
stripe-disconnected = 🔌 <b>{ $name }</b> n’est plus relié à Stripe : on ne peut plus y payer par carte. /cards le relie à nouveau.
error-bad-fee = « { $text } » n’est pas une part que l’on puisse prélever. Écrivez un pourcentage de 0 à 100 avec deux décimales au plus, comme 5 ou 2,5.
error-cards-off = Cette boutique n’accepte pas encore la carte : son exploitant doit d’abord configurer Stripe. Demandez-le par /support.
error-stripe-way-unknown = Cette adresse ne mène plus nulle part. Ouvrez votre boutique dans l’application et touchez-y « Relier Stripe ».
error-stripe-way-expired = Ce chemin vers Stripe était ouvert une heure, qui est passée. Ouvrez votre boutique dans l’application et touchez à nouveau « Relier Stripe ».
error-stripe-refused = Stripe n’ouvre pas son formulaire pour l’instant ({ $code }). Attendez quelques minutes et touchez à nouveau « Relier Stripe » ; si cela dure, écrivez à /support.
error-stripe-code-void = Stripe n’a pas remis le compte : sa réponse avait déjà servi, ou était trop ancienne. Touchez à nouveau « Relier Stripe ».
error-stripe-account-taken = Ce compte Stripe est celui d’une autre boutique d’ici. Choisissez-en un autre, ou déliez-le d’abord là-bas.
error-stripe-other-browser = Vous avez commencé dans un autre navigateur, ou attendu trop longtemps. Ouvrez votre boutique dans l’application et touchez-y « Relier Stripe ».
web-stripe-back-title = Vous revenez de chez Stripe
web-stripe-back = Nous demandons maintenant à Stripe si { $shop } peut accepter la carte pour vous. Revenez dans Telegram : l’application montre où vous en êtes et ce que Stripe attend encore, le cas échéant ; un message vous prévient dès que l’on peut payer par carte.
web-stripe-declined-title = Rien n’a été relié
web-stripe-declined = Vous avez refusé chez Stripe, ou quitté sa page. Rien n’a changé ; revenez dans Telegram pour relier un autre compte ou en créer un.
web-stripe-telegram = Revenir dans Telegram
button-cards = 💳 Relier Stripe
stripe-tax-on =
    🧾 <b>Stripe Tax calcule votre TVA</b>
    Désormais, la TVA de chaque vente par carte de { $name } figure sur les reçus et factures, et dans votre relevé du mois.
stripe-tax-missing =
    ⚠️ <b>Il manque quelque chose à Stripe Tax pour { $name }</b>
    La TVA de vos ventes par carte n’est plus calculée. Voyez sous « Tax » dans votre tableau de bord Stripe, puis choisissez « Vérifier de nouveau » sous /cards.
card-tax-off = 🧾 La TVA des ventes par carte n’est pas calculée. Stripe Tax peut le faire : vos prix restent ce que paient les acheteurs, et la TVA comprise figure sur les reçus, les factures et votre relevé. Inscrivez-vous d’abord à Stripe Tax dans votre tableau de bord ; Stripe prend pour cela des frais à part.
card-tax-asked = 🧾 En attente de Stripe Tax : donnez votre siège et une immatriculation sous « Tax » dans votre tableau de bord Stripe, puis vérifiez de nouveau. D’ici là, aucune TVA n’est calculée.
card-tax-on = 🧾 Stripe Tax calcule la TVA de chaque nouvelle vente par carte. Les abonnements déjà en cours restent sans TVA : Stripe n’en change aucun de lui-même, car il doit savoir où habite chaque acheteur. Déplacez-les dans votre tableau de bord Stripe, sous « Tax », « Migrations » ; cela compte dès leur prochain débit. Faites-y compter les prix taxes comprises, et les membres paient ce qu’ils payaient.
button-tax-ask = 🧾 Calculer la TVA
button-tax-again = 🔄 Vérifier de nouveau
button-tax-end = ✖️ Ne plus calculer la TVA
command-cards = être payé par carte
cards = 💳 <b>Paiement par carte</b> – on paie par carte, et Stripe paie directement <b>{ $name }</b>. L’application montre où en est votre compte et mène à Stripe.
cards-no-app = 💳 Le paiement par carte se règle dans l’application de la boutique, qui n’est pas encore ouverte. Écrivez à /support.
card-declined =
    ❌ <b>La carte pour { $title } a été refusée</b>
    { $amount } n’ont pas pu être débités. Payez ici, avec cette carte ou une autre : { $link }
    { $deadline ->
        [0] { "" }
       *[other] Vous gardez votre accès jusqu’au { MOMENT($deadline) }. Une fois le paiement fait, rien ne change pour vous.
    }
card-authenticate =
    🔐 <b>Votre banque attend votre accord pour { $title }</b>
    { $amount } seront débités dès que vous le confirmez ici : { $link }
    { $deadline ->
        [0] { "" }
       *[other] Vous gardez votre accès jusqu’au { MOMENT($deadline) }. Une fois le paiement fait, rien ne change pour vous.
    }
card-expiring =
    💳 <b>La carte de { $title } expire avant le prochain débit</b>
    La carte finissant par { $last4 } est valable jusqu’à { $month } et sera débitée le { MOMENT($ends) }. Donnez une autre carte, ou la nouvelle de la même banque, et rien ne change pour vous. Beaucoup de banques annoncent d’elles-mêmes la nouvelle carte à Stripe.
