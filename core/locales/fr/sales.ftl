# Une vente vue par qui l'a faite, et le remboursement de son argent.
sale-card =
    🧾 <b>Vente { $number }</b> – { $status }

    { $title }
    Acheteur : { $buyer }
    Montant : <b>{ $price }</b>, { $rail }
    Payée le { MOMENT($when) }
sale-refund-line =
    ↩️ { $amount }, { DAY($when) } : { $status ->
        [wanted] demandé à Stripe
        [pending] en route vers l’acheteur
        [succeeded] rendu
       *[failed] n’a pas atteint l’acheteur, l’argent reste à vous
    }
    Motif : { $reason }
sale-refund-by-team = L’argent de cette vente est chez l’équipe, qui vous paie : elle seule peut le rendre. Demandez-le-lui : /support
sale-refund-amounts =
    ↩️ <b>Rembourser la vente { $number }</b>
    { $left } peuvent être rendus. L’argent sort de votre compte Stripe ; la commission de la boutique vous revient en proportion, les frais de Stripe non.
sale-refund-part = Combien rendre de la vente { $number } ? Écrivez une somme, { $left } au plus.
sale-refund-reason = Pourquoi rendre l’argent de la vente { $number } ? Écrivez-le en quelques mots : l’acheteur les lira.
sale-refund-ask =
    ↩️ <b>Rendre { $amount } de la vente { $number } ?</b>
    À : { $buyer }
    Motif : { $reason }

    { $scope ->
        [whole] C’est tout ce qui reste du prix. Dès que Stripe l’a fait, en général dans la minute, l’accès de l’acheteur prend fin ; une carte débitée régulièrement pour cela ne l’est plus.
        [past] Une période suivante est payée : l’accès de l’acheteur et l’abonnement continuent.
        [part] L’acheteur garde ce qu’il a acheté, sauf si vous y mettez fin maintenant.
       *[ended] L’accès de l’acheteur a déjà pris fin ; cela ne change pas.
    } C’est définitif.
button-refund-whole = ↩️ Tout rendre
button-refund-part = ✂️ Une partie
button-back-to-sale = ‹ La vente
button-refund-yes-whole = ↩️ Tout rendre, fin de l’accès
button-refund-yes-part = ↩️ Rendre, l’accès reste
button-refund-yes-ended = ↩️ Rendre
button-refund-yes-end = ↩️ Rendre et couper l’accès
error-sale-unpaid = La commande { $number } n’est pas une vente payée de cette boutique. Vos ventes : /sell
error-refund-by-team = L’argent de la commande { $number } est chez l’équipe, qui paie la boutique : elle seule peut le rendre. Demandez-le-lui : /support
error-part-too-large = C’est plus que les { $left } qui restent. Écrivez une somme plus petite, ou choisissez de tout rendre.
error-reason-empty = Le motif est vide. Écrivez quelques mots : l’acheteur les lira.
error-reason-too-long = Ce motif compte { $length } caractères ; la limite est de { $limit }. Raccourcissez-le.
surplus-refund = payé en plus d’un autre paiement, ou une fois la commande close
sale-refunded-seller =
    ↩️ <b>La vente { $number } est remboursée</b>
    { $title } · { PRICE($amount) }, pris sur votre compte Stripe. L’accès de l’acheteur a pris fin.
    Motif : { $reason }
sale-part-refunded-seller =
    ↩️ <b>La vente { $number } a été remboursée en partie</b>
    { $title } · { PRICE($amount) }, pris sur votre compte Stripe. { $access ->
        [ended] L’accès de l’acheteur a pris fin.
       *[stays] L’acheteur garde ce qu’il a acheté.
    }
    Motif : { $reason }
