# Litiges de paiements par carte : ce qu'en apprennent vendeurs, équipe et acheteurs.
dispute-reason = { $reason ->
        [fraudulent] il dit ne pas l’avoir payée
        [unrecognized] il ne reconnaît pas le paiement
        [product_not_received] il dit n’avoir rien reçu
        [product_unacceptable] il dit que ce n’est pas ce qui était promis
        [duplicate] il dit avoir payé deux fois
        [credit_not_processed] il dit qu’un remboursement manque
        [subscription_canceled] il dit que l’abonnement était fini
       *[other] sa banque ne donne pas de motif plus précis
    }
dispute-state = { $status ->
        [warning_needs_response] sa banque pose une question, aucun argent n’a bougé
        [warning_under_review] sa banque lit la réponse, aucun argent n’a bougé
        [warning_closed] la question de la banque est close, l’argent vous reste
        [needs_response] la banque a pris l’argent et attend votre réponse
        [under_review] la banque a l’argent et lit les preuves
        [won] gagné : l’argent est de nouveau à vous
        [lost] perdu : l’argent reste à l’acheteur
        [prevented] évité : l’argent a été rendu avant qu’un litige ne s’ouvre
        [appeal_needs_response] un appel attend votre réponse
       *[appeal_under_review] la banque lit l’appel
    }
sale-disputed =
    🏦 <b>Un acheteur conteste la vente { $number }</b>
    { $title } · { $amount } : { dispute-reason }.
    À présent : { dispute-state }.
    { $status ->
        [needs_response] Répondez avant le { MOMENT($by) } : le bouton rassemble les preuves de livraison. Sans réponse, l’argent est perdu.
        [warning_needs_response] Répondez avant le { MOMENT($by) }, ou rendez l’argent : un litige coûte en plus des frais.
        [appeal_needs_response] Répondez avant le { MOMENT($by) } : le bouton rassemble les preuves de livraison.
       *[other] { "" }
    }
staff-disputed =
    🏦 <b>Litige sur la commande { $number }</b>
    { $title } · { $amount } : { dispute-reason }.
    À présent : { dispute-state }.
sale-fraud-warning =
    ⚠️ <b>La carte qui a payé la vente { $number } est peut-être volée</b>
    { $title } · { $amount }. Sa banque vous prévient avant que son titulaire ne conteste. Un litige reprend l’argent et vous coûte des frais chez Stripe : tout rendre maintenant revient moins cher, sauf si vous connaissez l’acheteur. Une partie ne sert à rien.
staff-fraud-warning =
    ⚠️ <b>Une banque signale une fraude : commande { $number }</b>
    { $title } · { $amount }. Le vendeur est invité à tout rendre, ou à laisser ainsi.
sale-fraud-refunded =
    ↩️ <b>La carte qui a payé la vente { $number } est peut-être volée : l’argent est rendu</b>
    { $title } · { $amount }. Sa banque l’a signalée, et un litige aurait coûté des frais de Stripe plus élevés que la vente. L’accès de l’acheteur prend fin.
staff-fraud-refunded =
    ↩️ <b>Une banque signale une fraude : la commande { $number } est remboursée</b>
    { $title } · { $amount }, moins que les frais d’un litige (DISPUTE_FEES).
fraud-refund = la banque de la carte a signalé un usage frauduleux
order-put-aside =
    ⏸ <b>La commande { $number } est suspendue pour le moment</b>
    { $title }
    La banque de la carte conteste son paiement. Si ce n’est pas votre demande, dites-lui que le paiement est bon : l’accès revient dès que la banque le confirme. Une question ? /paysupport
order-charged-back =
    🏦 <b>La banque a repris le paiement de la commande { $number }</b>
    { $title } · { PRICE($amount) }. L’argent est revenu au titulaire de la carte : ce qu’il payait a pris fin. Une question ? /paysupport
dispute-lost = la banque de la carte a rendu l’argent
order-given-back =
    ▶️ <b>La commande { $number } est de nouveau accessible</b>
    { $title }
    Le litige de la banque est terminé. Vos fichiers sont dans /library, un abonnement dans /status.
button-dispute = 🏦 Voir le litige
button-sale = 🧾 Voir la vente
error-order-disputed = Une banque conteste le paiement de la commande { $number } : elle a l’argent, le rembourser le ferait sortir deux fois. Répondez au litige, ou attendez la banque.
error-access-put-aside = Une banque conteste le paiement de la commande { $number } : rien ne peut être donné pour elle à présent. L’accès revient dès que la banque confirme le paiement. Une question ? /paysupport
web-error-access-put-aside = Une banque conteste le paiement de la commande { $number } : rien ne peut être donné pour elle à présent. L’accès revient dès que la banque confirme le paiement.
notification-sale_disputed = Un acheteur conteste un paiement
dispute-card =
    🏦 <b>Litige sur la vente { $number }</b>, depuis le { DAY($when) }

    { $title } · { $amount }
    L’acheteur : { dispute-reason }.
    À présent : { dispute-state }.
    { $answered ->
        [true] Les preuves ont été envoyées ; rien ne peut y être ajouté.
       *[false] { $by ->
            [0] { "" }
           *[other] On peut y répondre jusqu’au { MOMENT($by) }.
        }
    }
    { $held ->
        [true] Ce qui a été acheté est suspendu pour le moment.
       *[false] { "" }
    }
dispute-moved = { $way ->
        [out] ➖ { $amount } pris sur le compte Stripe
       *[back] ➕ { $amount } rendus
    }{ GIVEN($fee) ->
        [no] { "" }
       *[yes] {" "}({ $fee } de frais de Stripe)
    }
error-dispute-unknown = Je ne trouve pas ce litige. Vos ventes : /sell
sale-dispute-line = 🏦 Contestée : { dispute-state }.
dispute-gathering = Les preuves de livraison sont en train d’être rassemblées ; regardez dans une minute.
dispute-submit-ask =
    📤 <b>Envoyer les preuves pour la vente { $number } ?</b>
    Lisez-les d’abord : la banque les reçoit telles quelles, et rien ne pourra y être ajouté ni changé.
dispute-submitted = Envoyé. La banque a plusieurs semaines pour décider ; vous serez prévenu.
sale-dispute-due =
    ⏳ <b>Le litige sur la vente { $number } attend votre réponse</b>
    { $title }. Les preuves de livraison sont prêtes, et comptent jusqu’au { MOMENT($by) }. Sans réponse, l’argent est perdu.
staff-dispute-due =
    ⏳ <b>Le litige sur la commande { $number } est encore sans réponse</b>
    { $title }. Les preuves comptent jusqu’au { MOMENT($by) }. Le vendeur vient d’être relancé.
button-evidence = 📄 Lire les preuves de livraison
button-evidence-submit = 📤 Les envoyer
button-evidence-yes = 📤 Envoyer, c’est définitif
button-back-to-dispute = ‹ Le litige
error-dispute-over = On ne peut plus répondre au litige sur la vente { $number } : il est tranché, une réponse est partie, ou le délai est passé. Ouvrez la vente pour voir où il en est.
error-evidence-not-ready = Les preuves de livraison sont encore en train d’être rassemblées. Réessayez dans une minute.
