web-skip = Aller au contenu
web-language = Langue
web-language-fr = Français
web-language-en = English

web-sold-by = Vendu par { $seller }
web-preview = Aperçu
web-preview-alt = Aperçu de { $name }
web-teaser-alt = Six secondes de { $name }, sans le son
web-files = { $count ->
    [0] Contenu
    [one] { $count } fichier
   *[other] { $count } fichiers
}
web-buy = Acheter
web-pay-crypto = Payer { $amount } en cryptomonnaie
web-pay-crypto-help = Vous choisissez la monnaie sur la page de paiement. La confirmation prend quelques minutes.
web-pay-manual = Payer { $amount } par virement
web-pay-manual-help = Vous envoyez l'argent vous-même, puis vous indiquez le numéro de la transaction. L'équipe vérifie.
web-buy-in-telegram = Acheter dans Telegram pour { $amount }
web-see-in-telegram = Voir dans Telegram
web-not-on-web = Ce produit ne s'achète pas sur le web pour le moment. Demandez à la personne qui vous a donné ce lien.

web-order-line = Commande { $number }, vendue par { $seller }
web-keep-address = Gardez l'adresse de cette page dans vos favoris : elle montre votre commande à tout moment. Ne la partagez pas, elle donne accès à votre achat.
web-stage-preparing = En préparation
web-stage-payable = À payer
web-stage-partial = Paiement incomplet
web-stage-confirming = Paiement en cours
web-stage-transfer = À payer
web-stage-submitted = En vérification
web-stage-ready = Payée
web-stage-claimed = Payée
web-stage-delivered = Livrée
web-stage-refunded = Remboursée
web-stage-cancelled = Annulée
web-stage-expired = Expirée
web-stage-failed = Non payée
web-help-preparing = La page de paiement s'ouvre, cela prend quelques secondes. Cette page se met à jour toute seule.
web-help-payable = Payez avant le { MOMENT($until) }. Revenez ensuite ici : cette page se met à jour toute seule.
web-help-partial = Une partie du paiement est arrivée. Il manque { $missing }, à envoyer avant le { MOMENT($until) } depuis la page de paiement.
web-help-confirming = Votre paiement a été vu et le réseau le confirme. Cela prend quelques minutes ; cette page se met à jour toute seule.
web-help-transfer = Envoyez l'argent, puis indiquez le numéro de la transaction avant le { MOMENT($until) }.
web-help-submitted = Votre numéro de transaction est bien reçu. L'équipe cherche le paiement ; cette page change dès qu'il est trouvé.
web-help-ready = Le paiement est confirmé, merci ! Il reste une étape : recevoir vos fichiers dans Telegram.
web-help-claimed = Vos liens de téléchargement partent dans Telegram. Ouvrez la conversation avec le bot.
web-help-delivered = Vos liens de téléchargement vous attendent dans Telegram. Votre bibliothèque en donne de nouveaux à tout moment.
web-help-refunded = L'argent vous a été rendu et l'accès aux fichiers a pris fin.
web-help-cancelled = Cette commande a été annulée. Vous pouvez commander de nouveau.
web-help-expired = Le délai pour payer est passé. Si vous avez déjà envoyé l'argent, gardez cette page : il sera reconnu à son arrivée. Sinon, commandez de nouveau.
web-help-failed = Le paiement n'a pas été trouvé ou n'a pas abouti. Vous pouvez commander de nouveau.
web-note = Message de l'équipe : { $note }
web-open-payment = Ouvrir la page de paiement
web-transfer-where = Où envoyer l'argent
web-transaction = Numéro de la transaction
web-transaction-help = Copiez-le depuis votre banque ou votre service de paiement, tel quel.
web-transaction-send = J'ai payé
web-claim = Recevoir dans Telegram
web-claim-help = Le bouton ouvre Telegram, où le bot vous envoie vos fichiers. Il reste utilisable tant que personne n'a reçu la commande.
web-open-telegram = Ouvrir Telegram
web-order-again = Commander de nouveau

web-download-start = Télécharger, avec reprise
web-download-pause = Mettre en pause
web-download-go = Reprendre
web-download-over = Recommencer du début
web-download-running = Téléchargement en cours. Gardez cette page ouverte.
web-download-waiting = La connexion s'est coupée. Nouvel essai automatique ; ce qui est arrivé est conservé.
web-download-paused = En pause. Ce qui est arrivé est dans le fichier ; reprenez quand vous voulez.
web-download-kept = Une partie de ce fichier est déjà sur votre ordinateur. Reprenez là où elle s'arrête.
web-download-lost = La partie enregistrée a été déplacée, supprimée ou modifiée. Recommencez.
web-download-disk = Votre navigateur n'a pas pu écrire dans le fichier. Libérez de la place, fermez les autres pages qui le téléchargent, puis reprenez : ce qui était enregistré est conservé.
web-download-done = Terminé : le fichier est complet.
web-download-progress = Part du fichier déjà arrivée
web-download-help = Vous choisissez où va le fichier. Si la connexion se coupe, le téléchargement continue tout seul ; si vous fermez cette page, rouvrez-la depuis n'importe quel lien vers ce fichier et touchez « Reprendre ». Mettez d'abord en pause : rien n'arrivera deux fois.
web-download-plain = Télécharger directement
web-download-unable = Avec Chrome, Edge ou Opera sur un ordinateur, cette page sait aussi reprendre un téléchargement interrompu.

web-error-title = Cela n'a pas marché
web-reference = Référence pour l'équipe : { $reference }
web-error-not-found = Cette page n'existe pas. Vérifiez l'adresse, ou repartez du lien que vous avez reçu.
web-error-request = La demande n'a pas été comprise ({ $reason }). Corrigez-la et recommencez.
web-error-unavailable = Le service est très occupé ou redémarre, rien n'est perdu. Réessayez dans quelques secondes.
web-error-unexpected = Quelque chose a mal tourné de notre côté, et votre demande n'a pas abouti. Réessayez dans une minute ; si cela continue, donnez la référence { $reference } à l'équipe.
web-error-product-unknown = Ce produit n'existe pas, ou n'est plus en vente. Demandez un nouveau lien à la personne qui vous l'a donné.
web-error-not-published = Ce produit n'est plus en vente. Rien n'a été débité.
web-error-order-unknown = Aucune commande à cette adresse. Vérifiez qu'elle est complète, telle que vous l'aviez gardée.
web-error-order-expired = La commande { $number } a expiré. Rien n'a été débité. Commandez de nouveau depuis la page du produit.
web-error-order-closed = La commande { $number } est close. Rien n'a été débité. Commandez de nouveau depuis la page du produit.
web-error-already-paid = La commande { $number } est déjà payée. Recevez-la dans Telegram depuis cette page.
web-error-order-refunded = La commande { $number } a été remboursée. Commandez de nouveau depuis la page du produit.
web-error-transaction-used = Ce numéro de transaction a déjà servi. Vérifiez-le auprès de votre banque.

error-too-many-requests = Vous avez essayé trop souvent en peu de temps. Réessayez dans { DURATION($seconds) }.
error-other-origin = Ce formulaire a été envoyé depuis un autre site. Ouvrez la page de la boutique et recommencez.
error-bot-unnamed = La boutique n'a pas dit le nom de son bot Telegram. Gardez cette page et prévenez l'équipe : votre achat n'est pas perdu.
