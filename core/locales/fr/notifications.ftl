notification-payment_verified = Paiement confirmé
notification-payment_problem = Un problème avec votre paiement
notification-payment_refunded = Votre commande a été remboursée
notification-access_granted = Vous êtes entré
notification-access_refused = Vous n’avez pas pu entrer
notification-access_expiring = Votre accès se termine bientôt
notification-access_grace = Votre accès est terminé : il reste quelques jours
notification-access_expired = Votre accès est terminé
notification-access_revoked = Votre accès a été retiré
notification-membership_changed = Votre abonnement a changé
notification-channel_unreachable = Un canal est injoignable
notification-support_answer = Une réponse de l’équipe
notification-shop_alarm = La boutique a besoin de son administrateur
notification-channel_alarm = Votre canal et le bot

notification-choices =
    🔔 <b>Ce dont je vous préviens</b>
    Touchez pour activer ou couper un genre de message. Dans l’application, vous retrouvez tout quand même.
    { $mailed ->
        [yes] 📧 est la même chose par e-mail.
        [off] Cette boutique n’envoie pas d’e-mails.
       *[no] Pour être prévenu aussi par e-mail, donnez votre adresse : le bouton est ci-dessous.
    }

payment-verified =
    ✅ <b>Votre paiement de la commande { $number } est confirmé</b>
    { $title } · { PRICE($amount) }
    Votre achat vous attend dans Telegram.

mail-open = Ouvrir Telegram
mail-stop = Ne plus recevoir d’e-mails
mail-why = Vous recevez cet e-mail parce que vous avez demandé à { $shop } de vous prévenir par e-mail. Vous choisissez dans l’application lesquels vous recevez.
mail-why-order = Vous recevez cet e-mail parce que cette adresse a été donnée pour une commande chez { $shop }.
mail-why-confirm = Vous recevez cet e-mail parce que quelqu’un a donné cette adresse à { $shop }. Si ce n’est pas vous, ne faites rien : nous ne vous écrirons plus.
mail-confirm-subject = Confirmez votre adresse e-mail
mail-confirm =
    Voulez-vous recevoir des e-mails de { $shop } sur vos commandes et vos accès ?
    Confirmez que cette adresse est la vôtre. Le lien est valable 3 jours.
mail-confirm-open = Oui, c’est mon adresse
mail-answer-subject = Commande { $number } : une réponse de l’équipe
mail-answer =
    💬 <b>Réponse de l’équipe</b> – commande { $number }

    { $words }
mail-order-subject = Commande { $number }
mail-claim-subject = Commande { $number } : ouvrez votre achat
mail-claim =
    ✅ <b>Votre paiement de la commande { $number } est confirmé</b>
    { $title }

    Ouvrez-le dans Telegram : il sera alors lié à votre compte. Le lien est valable { DURATION($seconds) } ; ensuite, la page de votre commande en donne un nouveau à tout moment.
mail-claim-open = Ouvrir dans Telegram

web-mail-confirm-title = Est-ce votre adresse ?
web-mail-confirm = { $address } recevra des e-mails de { $shop } sur vos commandes et vos accès.
web-mail-confirm-do = Oui, c’est mon adresse
web-mail-confirmed-title = Votre adresse est confirmée
web-mail-confirmed = { $address } reçoit désormais les e-mails de { $shop }. Chacun d’eux contient un lien pour arrêter.
web-mail-stop-title = Ne plus recevoir d’e-mails ?
web-mail-stop = { $address } ne recevra plus d’e-mails de { $shop }. Vos achats et vos accès restent comme ils sont.
web-mail-stop-do = Ne plus recevoir d’e-mails
web-mail-stopped-title = Plus aucun e-mail
web-mail-stopped = { $address } ne reçoit plus d’e-mails de { $shop }. Vous pouvez redonner votre adresse à tout moment.
web-mail-order = Être prévenu par e-mail
web-mail-order-label = Votre adresse e-mail
web-mail-order-help = Une fois le paiement confirmé, vous recevez le lien qui ouvre votre achat. Nous demandons d’abord si l’adresse est bien la vôtre.
web-mail-order-send = Me prévenir par e-mail
web-mail-order-asked = Regardez dans { $address } : un e-mail avec un lien vous y attend. Ouvrez-le pour confirmer votre adresse.
web-mail-order-ready = { $address } reçoit un e-mail dès que votre paiement est confirmé.

error-notification-way = Ce genre de notification n’arrive jamais par cette voie. Choisissez-en une autre.
error-mail-off = Cette boutique n’envoie pas d’e-mails. Vous trouvez tout dans Telegram et dans l’application.
error-mail-address-wrong = Ce n’est pas une adresse e-mail à laquelle nous pouvons écrire. Vérifiez-la : elle ressemble à nom@exemple.org.
error-mail-order-claimed = Cette commande appartient déjà à un compte Telegram. Donnez plutôt votre adresse e-mail dans l’application.
error-mail-link-unknown = Ce lien n’est pas valable, ou un plus récent l’a remplacé. Utilisez le lien du dernier e-mail.
error-mail-link-expired = Ce lien n’est plus valable. Donnez votre adresse une nouvelle fois et vous en recevez un autre.

mail-question = ✉️ Écrivez votre adresse e-mail. J’y envoie un lien par lequel vous confirmez qu’elle est à vous ; d’ici là, rien d’autre n’y est envoyé.
mail-is-none = ✉️ Vous n’avez pas donné d’adresse e-mail.
mail-is-asked = ✉️ Un lien part vers { $address }. Ouvrez-le dans les 3 jours. Rien reçu ? Regardez parmi les indésirables, ou faites-le renvoyer.
mail-is-confirmed = ✉️ Les e-mails vont à { $address }. /notifications dit lesquels.
mail-is-stopped = ✉️ Par le lien d’un de nos e-mails, { $address } n’en voulait plus. Pour en recevoir à nouveau, confirmez-la une fois de plus.
mail-is-refused = ✉️ Le serveur de messagerie dit que { $address } n’existe pas : rien n’y est envoyé. Vérifiez l’orthographe, ou donnez-en une autre.
