error-unexpected =
    😕 Quelque chose a mal tourné de notre côté, et votre demande n'a pas abouti. Réessayez dans une minute.

    Si cela continue, donnez cette référence à /support : <code>{ $reference }</code>
error-button-outdated = Ce bouton n'est plus à jour. Ouvrez /catalogue ou /library pour continuer.
error-dialog-lost = Trop de temps a passé, j'ai oublié le début. Recommencez avec /sell.
error-banned = Votre accès à la boutique est fermé. Si vous pensez que c'est une erreur, écrivez à l'équipe par /support.
error-ban-reason-missing = Rien n'a changé : dites pourquoi cette personne est bannie. La raison figure dans le journal d'audit.
error-ban-of-staff = Rien n'a changé : cette personne fait partie de l'équipe. Retirez d'abord son rôle (comptoir admin remove), puis bannissez-la.
error-not-allowed = Cela demande un rôle que vous n'avez pas : rien n'a été fait. Un administrateur de la boutique peut vous le donner ; /help montre ce que vous pouvez faire.
error-words-not-taken = /{ $command } montre tout ce qui attend et ne prend pas de mots : envoyez-la seule. Pour chercher une commande : /orders suivi de son numéro, d'un nom ou d'une référence.
error-language-unknown = Je ne parle pas cette langue. Choisissez le français ou l'anglais avec /language.

error-product-unknown = Ce produit n'existe pas, ou n'est plus en vente. Cherchez-en un autre dans le /catalogue.
error-not-published = Ce produit n'est plus en vente. Rien n'a été débité. Cherchez-en un autre dans le /catalogue.
error-no-preview = Il n'y a pas encore d'aperçu de ce produit. Réessayez dans quelques minutes.
error-no-file = Ce produit n'a pas de fichier. Ajoutez-en un avant de le mettre en vente.
error-no-price = Ce produit n'a pas de prix. Donnez-lui un prix avant de le mettre en vente.
error-bad-currency = La monnaie « { $currency } » n'est pas acceptée ici. Choisissez par exemple EUR, USD ou XTR (Stars).
error-bad-amount = « { $text } » n'est pas un montant. Écrivez un nombre positif, par exemple 9,99.
error-amount-two-ways = « { $text } » peut se lire { $first } ou { $second }. Écrivez-le sans signe entre les milliers, par exemple 1000,50.
error-price-wrong-currency = Le moyen de paiement « { $rail } » ne se règle pas en { $currency }. Donnez un prix en Stars (XTR) pour les Stars, en monnaie pour les autres.
error-title-empty = Le titre est vide. Donnez un titre au produit.
error-text-too-long = Ce texte compte { $length } caractères ; le maximum est { $limit }. Raccourcissez-le.
error-text-unreadable = Ce texte contient des caractères qui ne peuvent pas être conservés (il a peut-être été abîmé en chemin). Saisissez-le de nouveau.
error-title-too-long = Ce titre compte { $length } caractères ; le maximum est { $limit }. Raccourcissez-le.
error-description-too-long = Cette description compte { $length } caractères ; le maximum est { $limit }. Raccourcissez-la.
error-file-unknown = Ce fichier n'existe pas, ou a été remplacé. Ouvrez le produit dans /library pour voir les fichiers actuels.
error-sampled-file-replaced = Le fichier dont ceci est l'extrait a été remplacé entre-temps. Envoyez-le comme extrait de la nouvelle version.
error-file-already-replaced = Ce fichier a déjà été remplacé. Remplacez plutôt sa nouvelle version.
error-sample-missing = Vous n’avez pas encore envoyé d’extrait pour ce fichier. Envoyez-en un : il sera affiché aussitôt.
error-file-key-taken = Ce fichier appartient déjà à un autre produit. Envoyez-le de nouveau.
error-file-too-large = Ce fichier fait { SIZE($size) } ; le maximum est { SIZE($limit) }. Partagez-le en plusieurs.

error-shop-unknown = Cette boutique n'existe pas. /sell en ouvre une.
error-shop-closed = Cette boutique est fermée pour le moment : rien ne peut y être acheté. Ce que vous y avez acheté reste à vous : /library et /status. Cherchez autre chose dans le /catalogue.
error-shop-closed-since = La boutique a été fermée après cette commande. Ouvrez de nouveau le même lien quand elle aura rouvert, ou demandez votre argent à notre support.
error-owner-banned = La personne derrière la boutique { $name } est exclue. Levez d'abord l'exclusion (comptoir unban), puis acceptez.
error-shop-not-approved = Cette boutique n'est pas encore acceptée. Attendez l'accord de l'équipe ; un message l'annoncera.
error-shop-already-decided = La décision sur la boutique { $name } est déjà prise. Il n'y a plus rien à faire.
error-terms-not-accepted = Pour ouvrir une boutique, il faut accepter les conditions. Recommencez avec /sell.
error-rails-missing = Sans moyen de paiement, rien ne peut se vendre. Choisissez-en au moins un.
error-rail-unknown = Le moyen de paiement « { $rail } » n'existe pas. Choisissez stars, crypto ou manual.
error-name-empty = Ce nom est vide. Écrivez-en un avec des lettres.
error-name-too-long = Ce nom compte { $length } caractères ; le maximum est { $limit }. Écrivez-en un plus court.
error-unknown-role = Le rôle « { $role } » n'existe pas. Choisissez buyer, seller, support ou admin.
error-person-unknown = Je ne connais pas cette personne. Demandez-lui d'écrire d'abord /start au bot.

error-already-owned = Ce produit est déjà à vous (commande { $number }). Il est dans /library.
error-rail-not-offered = Ce moyen de paiement n'est pas proposé pour ce produit. Rouvrez sa fiche pour voir comment payer.
error-own-product = C'est votre propre produit : vous l'avez déjà. Retrouvez-le avec /sell.
error-request-key-weak = Le formulaire est incomplet. Rechargez la page et recommencez.
error-request-key-reused = Ce formulaire a déjà servi pour une autre commande. Rechargez la page et recommencez.
error-order-unknown = Je ne trouve pas cette commande. Vérifiez le numéro ; vos commandes sont dans /receipts.
error-order-expired = La commande { $number } a expiré. Rien n'a été débité. Commandez de nouveau depuis le /catalogue.
error-order-closed = La commande { $number } est close. Rien n'a été débité. Commandez de nouveau depuis le /catalogue.
error-order-refunded = La commande { $number } a été remboursée. Commandez de nouveau depuis le /catalogue.
error-already-paid = La commande { $number } est déjà payée, rien n'a été débité. Elle est dans /library, un abonnement dans /status.
error-order-held = La commande { $number } est payée, mais qui l'a passée n'y a pas droit (son avis dit pourquoi). Remboursez-la, ou réglez cela et reprenez ce qui a échoué.
error-access-withdrawn = L'accès de la commande { $number } a été retiré, rien n'est donc envoyé. Si l'argent doit être rendu, remboursez-la.
error-not-paid-yet = La commande { $number } n'est pas encore payée. Réessayez une fois le paiement confirmé.
error-not-your-order = Cette facture est celle d'une autre personne. Rien n'a été débité. Commandez vous-même depuis le /catalogue.
error-price-differs = Le prix a changé depuis la commande { $number }. Rien n'a été débité. Commandez de nouveau depuis le /catalogue.
error-not-refundable = La commande { $number } ne peut pas être remboursée dans son état actuel ({ $status }). Seul ce qui a été payé, et n'a pas déjà été rendu, se rembourse.
error-order-undelivered = La commande { $number } est payée et n'a pas encore été livrée. Renvoyez-la ou remboursez-la ; elle sera alors réglée.
error-access-unclaimed = Personne n'a encore réclamé la commande { $number } : il n'y a pas d'accès à retirer. Remboursez-la en entier, ou retirez --end-access.
error-refund-whole-only = Telegram rend les Stars en entier : la commande { $number } ne peut pas être remboursée en partie. Retirez le montant pour tout rembourser.
error-listing-unpaid = Les frais de mise en vente de ce produit ont été rendus. Payez-les de nouveau, puis publiez.

error-not-a-transfer = Cette commande ne se paie pas par virement. Rouvrez sa page pour voir comment payer.
error-transaction-wrong = Ce numéro de transaction ne va pas. Copiez-le tel que votre banque l'affiche, { $limit } caractères au plus.
error-transaction-used = Ce numéro de transaction a déjà servi. Vérifiez-le, ou écrivez à /paysupport.
error-already-submitted = Le paiement de la commande { $number } est déjà déclaré. L'équipe le vérifie et vous répondra.
error-nothing-to-validate = La commande { $number } n'a pas de paiement à vérifier : quelqu'un l'a déjà fait, ou l'acheteur n'a rien déclaré. Voyez ce qui attend : /payments
error-payment-of-another-order = Ce paiement appartient à une autre commande. Cherchez-la avec /orders et la référence du paiement.
error-not-acceptable = La commande { $number } ne peut pas devenir payée dans son état actuel ({ $status }). Renvoyez plutôt l'argent, chez le prestataire.
error-nothing-to-accept = Aucune somme incomplète n'est arrivée pour la commande { $number }. `comptoir orders show` montre ce qui est arrivé.
error-charge-unknown = Cette commande n'a pas de débit en Stars de cet identifiant. `comptoir orders show` montre ses paiements.
error-charge-paid-order = Ce débit est celui qui a payé la commande { $number }. Pour le rendre, remboursez la commande elle-même.

error-grant-unknown = Ce produit n'est pas dans votre bibliothèque, ou n'y est plus. Une question ? /support
error-grant-revoked = L'accès à cet achat a pris fin. Une question ? /support
error-link-unknown = Ce lien n'existe pas. Demandez-en un nouveau dans votre bibliothèque, dans Telegram.
error-link-revoked = Ce lien a été retiré. Si l'achat est toujours à vous, demandez-en un nouveau dans votre bibliothèque.
error-link-expired = Ce lien a expiré. Demandez-en un nouveau dans votre bibliothèque, dans Telegram : c'est gratuit.
error-link-used-up = Ce lien a servi autant de fois qu'il le pouvait. Demandez-en un nouveau dans votre bibliothèque.
error-claim-unknown = Ce lien de retrait n'existe pas. Rouvrez la page de votre commande et appuyez de nouveau sur le bouton.
error-claim-expired = Ce lien de retrait a expiré. Rouvrez la page de votre commande et appuyez de nouveau sur le bouton.
error-claim-taken = Cette commande a déjà été retirée par une autre personne. Si ce n'est pas vous qui l'avez permis, écrivez à /paysupport.

error-payout-too-large = Ce versement dépasse ce qui est dû ({ PRICE($owed) }). Vérifiez le montant.
error-reference-taken = La référence « { $reference } » a déjà servi pour un autre versement. Donnez-en une autre.
error-reference-missing = Un versement se retrouve par sa référence. Donnez-lui-en une, par exemple celle du virement.
error-bad-token = Ce jeton d'accès n'est pas valable. Créez-en un avec « comptoir token create ».
error-token-name-missing = Un jeton se reconnaît à son nom. Donnez-lui-en un que vous reconnaîtrez plus tard.
error-token-unknown = Ce jeton d'accès n'existe pas. « comptoir token list » les montre.
error-words-empty = Le message est vide. Écrivez quelques mots.
error-words-too-long = Ce message compte { $length } caractères ; le maximum est { $limit }. Envoyez-le en plusieurs fois.
error-job-not-cancellable = La tâche { $job } n'existe pas ou est déjà terminée. La commande « comptoir queue jobs » montre ce qui attend ou tourne encore.

error-ipn-too-large = L'annonce de paiement dépasse { SIZE($limit) } et a été refusée. Envoyez l'annonce telle que NOWPayments l'a faite.
error-ipn-unreadable = L'annonce de paiement n'est pas du JSON lisible. Envoyez-la telle que NOWPayments l'a faite.
error-ipn-forged = La signature de l'annonce de paiement est fausse. Vérifiez NOWPAYMENTS_IPN_SECRET.
error-event-unknown = Cet événement de paiement n'existe pas, ou son historique est terminé. Voyez les derniers : /events
error-too-many-messages = 🐢 Cela fait beaucoup d'un coup. Je n'entends plus rien de vous pendant { DURATION($seconds) } ; ensuite, continuez simplement. Les paiements ne sont pas concernés.
error-file-missing = Le fichier n'est pas dans le magasin de fichiers pour le moment. Rien n'a été décompté. Réessayez plus tard ; si cela continue, écrivez à /support.
error-about-too-long = Cela fait { $length } caractères, plus que les { $limit } qui tiennent. Raccourcissez et envoyez à nouveau.
