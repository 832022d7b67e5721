rail-word =
    { $rail ->
        [stars] Stars
        [crypto] cryptomonnaie
        [card] carte bancaire
       *[manual] virement
    }
sale-made =
    🎉 <b>Vous avez vendu { $title }</b>
    { PRICE($amount) } en { rail-word } · commande { $number }
sale-refunded =
    ↩️ <b>La commande { $number } est remboursée</b>
    { $title } · { PRICE($amount) }, retirés de votre solde
    Motif : { $reason }
sale-part-refunded =
    ↩️ <b>La commande { $number } a été remboursée en partie</b>
    { $title } · { PRICE($amount) }, retirés de votre solde. { $access ->
        [ended] L’accès de l’acheteur a pris fin.
       *[stays] L’acheteur garde ce qu’il a acheté.
    }
    Motif : { $reason }
sale-undelivered =
    ⚠️ La commande <b>{ $number }</b> ({ $title }) est payée, mais sa livraison n’aboutit pas. L’équipe s’en occupe ; vous n’avez rien à faire.
order-refunded =
    ↩️ <b>Votre commande { $number } est remboursée</b>
    { $title } · { PRICE($amount) }
    Motif : { $reason }

    Les liens de téléchargement de cette commande ne fonctionnent plus. Une question ? /paysupport
order-part-refunded =
    ↩️ <b>Une partie de l’argent de votre commande { $number } vous est rendue</b>
    { $title } · { PRICE($amount) }
    Motif : { $reason }

    { $access ->
        [ended] Ce que la commande donnait a pris fin.
       *[stays] Vous gardez ce que vous avez acheté.
    } Une question ? /paysupport
payment-refused =
    ❌ <b>Votre paiement pour la commande { $number } n’a pas été validé</b>
    { $title }
    Note de l’équipe : { $note }

    Vérifiez le numéro de transaction, puis écrivez à /paysupport.
payment-partial =
    ⚠️ <b>Il manque { PRICE($missing) } pour la commande { $number }</b>
    { $title }

    Envoyez le reste à la même adresse de paiement avant le { MOMENT($until) }. Une question ? /paysupport
payment-short =
    ⚠️ <b>{ PRICE($came) } reçus pour la commande { $number } : il manquait { PRICE($missing) }</b>
    { $title }

    La commande est fermée : rien n’est donné pour elle. N’envoyez rien de plus : l’équipe est prévenue, et vous rend votre argent ou règle le reste avec vous. Écrivez à /paysupport
payment-held =
    ⚠️ <b>La commande { $number } est payée, mais rien ne peut encore être donné pour elle</b>
    { $title }
    { $reason ->
        [barred] Vous avez été exclu des canaux de cette boutique.
        [already-lifetime] Tout ce qu’il ouvre est déjà à vous pour toujours.
        [no-time-left] Sa date de fin était passée quand votre paiement est arrivé.
        [no-file] Le vendeur doit d’abord y ajouter ses fichiers.
       *[other] L’envoi n’a pas réussi.
    }

    L’équipe est prévenue : vous recevrez ce que vous avez payé, ou votre argent. Une question ? /paysupport
payment-returned =
    ↩️ <b>Un paiement de la commande { $number } a été renvoyé</b>
    { $title }

    Le prestataire de paiement l’a rendu ; il n’avait pas payé la commande. S’il ne vous parvient pas d’ici quelques jours, écrivez à /paysupport
payment-refund-failed =
    ⚠️ <b>Le remboursement de la commande { $number } ne vous est pas parvenu</b>
    { $title }

    Votre banque a renvoyé { $amount }. L’équipe est prévenue et vous rendra votre argent autrement. Une question ? /paysupport
payment-failed =
    ❌ <b>Le paiement de la commande { $number } a échoué</b>
    { $title }

    Vous pouvez commander de nouveau. Si de l’argent est parti de chez vous, écrivez à /paysupport.
shop-approved = ✅ La boutique <b>{ $name }</b> est acceptée : vous pouvez vendre. /sell ouvre votre boutique.
shop-refused = ❌ La boutique <b>{ $name }</b> n’a pas été acceptée. Écrivez à /support pour savoir pourquoi.
payout-made = 💰 Versement de <b>{ PRICE($amount) }</b> effectué ({ rail-word }). Référence : <code>{ $reference }</code>
staff-shop-waiting = 🏪 <b>{ $name }</b>, de { $person }, demande à vendre ici.
staff-payment-waiting =
    🏦 <b>Virement à vérifier</b> – commande { $number }
    { $title } · { PRICE($amount) }
    Transaction : <code>{ $transaction }</code>
    { $alike ->
        [yes] ⚠️ Ressemble à la transaction de : { $like }
       *[no] { "" }
    }
staff-door-shut =
    🚪 <b>Un abonné ne peut pas entrer dans { $channel }</b>
    Telegram refuse avec <code>{ $code }</code>, que nous ne connaissons pas encore. La personne sait que vous regardez. La laisser entrer à la main dans Telegram suffit ; donnez ensuite le nom du refus aux développeurs.

staff-needs-support =
    ⚠️ <b>La commande { $number } demande votre aide</b>
    { $title }
    { $reason ->
        [kept-after-refund] Son argent a été rendu, et quelque chose qu’elle donnait tient encore. Mettez-y fin à la main, et signalez ce défaut.
        [unknown-money] Des pièces d’une autre sorte que celle demandée, ou d’un état que nous ne connaissons pas, sont arrivées. Regardez chez le prestataire, puis payez la commande ou renvoyez-les.
        [amount-differs] Le montant reçu n’est pas celui de la commande.
        [currency-differs] La monnaie reçue n’est pas celle de la commande.
        [payer-differs] Une autre personne que l’acheteur a payé.
        [second-payment] La commande était déjà payée : un second paiement est arrivé.
        [paid-twice] Le même acheteur a payé deux fois ce produit.
        [late-payment] L’argent est arrivé après la fermeture de la commande.
        [overpaid] L’acheteur a payé trop ; la commande est livrée.
        [partial-expired] Une partie du paiement est arrivée, puis le délai a expiré.
        [delivery-failed] La livraison n’aboutit pas malgré les essais.
        [no-file] Le produit n’a aucun fichier à livrer.
        [buyer-blocked] L’acheteur a bloqué le bot.
        [refund-failed] Le remboursement n’aboutit pas.
        [payment-failed] Le prestataire a reçu de l’argent, mais le paiement a échoué.
        [payment-refunded] Le prestataire a remboursé un paiement qui n’avait pas réglé la commande.
        [payment-of-another-order] Ce paiement appartient à une autre commande.
        [redeposit] L’acheteur a envoyé de nouveau de l’argent à une adresse déjà utilisée.
        [invoice-differs] La facture du prestataire ne correspond pas à la commande.
        [channel-gone] Le canal acheté est devenu injoignable.
        [no-time-left] La date de fin de l’abonnement était passée quand l’argent est arrivé.
        [invoice-refused] NOWPayments refuse d’ouvrir une facture pour cette commande : l’acheteur ne peut pas la payer.
        [checkout-refused] Stripe refuse d’ouvrir une page de paiement pour cette commande : l’acheteur ne peut pas la payer. Il manque peut-être quelque chose au compte Stripe du vendeur.
        [payment-unseen] Stripe annonce le paiement de cette commande mais n’en montre rien : le compte du vendeur est peut-être déconnecté. Demandez au vendeur si l’argent est arrivé.
        [own-product] Quelqu’un a payé sur le web son propre produit.
        [shop-closed] Payé sur le web, mais la boutique a été fermée avant que la commande soit récupérée. L’acheteur n’a encore rien : rendez l’argent, ou attendez que la boutique rouvre.
        [put-out] Son titulaire a été exclu des canaux avant la fin du temps payé. À vous de décider si l’argent est rendu.
        [barred] Payée par quelqu’un qui a été exclu des canaux. Aucun accès n’est donné : rendez l’argent, ou laissez la personne rentrer.
        [plan-full] Payé sur le web, mais toutes les places de la formule sont prises.
        [plan-over] Payé sur le web, mais la date de fin de la formule est passée.
        [plan-closed] Payé sur le web, mais la formule n’est plus en vente.
        [plan-audience] Payé sur le web par quelqu’un à qui la formule n’est pas destinée.
        [plan-code-needed] Payé sur le web par quelqu’un qui n’a pas de code de la formule.
        [already-lifetime] Son acheteur a déjà pour toujours tout ce qu’il ouvre : rendez l’argent.
        [already-member] Payé sur le web par quelqu’un qui est déjà abonné.
        [membership-waiting] Payé sur le web par quelqu’un dont l’abonnement n’a pas encore commencé.
        [membership-cancelled] Payé sur le web par quelqu’un qui pouvait annuler sa résiliation.
        [membership-paused] Payé sur le web par quelqu’un dont l’abonnement est en pause.
       *[other] Motif : { $reason }
    }

    Ouvrir : /orders { $number }
staff-short-payment =
    ⚠️ <b>La commande { $number } a besoin de vous</b>
    { $title }
    { PRICE($came) } reçus, il manque { PRICE($missing) }. { $status ->
        [created] Le reste a été demandé à l’acheteur.
        [awaiting_payment] Le reste a été demandé à l’acheteur.
       *[other] La commande est fermée. L’acheteur sait qu’il doit vous écrire : rendez l’argent, ou acceptez-le comme suffisant.
    }

    Pour l’ouvrir : /orders { $number }
staff-unmatched-payment =
    ⚠️ <b>Argent reçu sans commande connue</b>
    { $provider } · { PRICE($amount) }
    Référence : <code>{ $event }</code>

    Cherchez de qui il vient chez le prestataire. /events montre l’annonce ; relisez-la quand sa commande existe, ou rendez l’argent.
staff-books-differ =
    ⚠️ <b>Les livres diffèrent de ceux de { $rail }</b>
    Commande : { $number }
    Référence : <code>{ $id }</code>
    Là-bas : { $theirs }
    Ici : { $ours }

    <code>comptoir reconcile</code> montre toutes les différences, et que faire de chacune.
order-refunded-membership =
    ↩️ <b>Votre commande { $number } est remboursée</b>
    { $title } · { PRICE($amount) }
    Motif : { $reason }

    L’accès que payait cette commande a pris fin. Une question ? /paysupport
order-refunded-listing =
    ↩️ <b>Votre commande { $number } est remboursée</b>
    { $title } · { PRICE($amount) }
    Motif : { $reason }

    Les frais sont de nouveau à payer. Une question ? /paysupport
