rail-word =
    { $rail ->
        [stars] Stars
        [crypto] cryptomonnaie
       *[manual] virement
    }
sale-made =
    🎉 <b>Vous avez vendu { $title }</b>
    { PRICE($amount) } en { rail-word } · commande { $number }
sale-refunded =
    ↩️ <b>La commande { $number } est remboursée</b>
    { $title } · { PRICE($amount) }, retirés de votre solde
    Raison : { $reason }
sale-undelivered =
    ⚠️ La commande <b>{ $number }</b> ({ $title }) est payée, mais sa livraison n'aboutit pas. L'équipe s'en occupe ; vous n'avez rien à faire.
order-refunded =
    ↩️ <b>Votre commande { $number } est remboursée</b>
    { $title } · { PRICE($amount) }
    Raison : { $reason }

    Les liens de téléchargement de cette commande ne fonctionnent plus. Une question ? /paysupport
payment-refused =
    ❌ <b>Votre paiement pour la commande { $number } n'a pas été validé</b>
    { $title }
    Note de l'équipe : { $note }

    Vérifiez le numéro de transaction, puis écrivez à /paysupport.
payment-partial =
    ⚠️ <b>Il manque { PRICE($missing) } pour la commande { $number }</b>
    { $title }

    Envoyez le reste à la même adresse de paiement avant le { MOMENT($until) }. Une question ? /paysupport
payment-failed =
    ❌ <b>Le paiement de la commande { $number } a échoué</b>
    { $title }

    Vous pouvez commander de nouveau. Si de l'argent est parti de chez vous, écrivez à /paysupport.
shop-approved = ✅ La boutique <b>{ $name }</b> est acceptée : vous pouvez vendre. /sell ouvre votre boutique.
shop-refused = ❌ La boutique <b>{ $name }</b> n'a pas été acceptée. Écrivez à /support pour savoir pourquoi.
payout-made = 💰 Versement de <b>{ PRICE($amount) }</b> effectué ({ rail-word }). Référence : <code>{ $reference }</code>
staff-shop-waiting = 🏪 <b>{ $name }</b>, de { $person }, demande à vendre ici.
staff-payment-waiting =
    🏦 <b>Virement à vérifier</b> – commande { $number }
    { $title } · { PRICE($amount) }
    Transaction : <code>{ $transaction }</code>
staff-needs-support =
    ⚠️ <b>La commande { $number } demande votre aide</b>
    { $title }
    { $reason ->
        [amount-differs] Le montant reçu n'est pas celui de la commande.
        [currency-differs] La monnaie reçue n'est pas celle de la commande.
        [payer-differs] Une autre personne que l'acheteur a payé.
        [second-payment] La commande était déjà payée : un second paiement est arrivé.
        [paid-twice] Le même acheteur a payé deux fois ce produit.
        [late-payment] L'argent est arrivé après la fermeture de la commande.
        [overpaid] L'acheteur a payé trop ; la commande est livrée.
        [partial-expired] Une partie du paiement est arrivée, puis le délai a expiré.
        [delivery-failed] La livraison n'aboutit pas malgré les essais.
        [no-file] Le produit n'a aucun fichier à livrer.
        [buyer-blocked] L'acheteur a bloqué le bot.
        [refund-failed] Le remboursement n'aboutit pas.
        [payment-failed] Le prestataire a reçu de l'argent, mais le paiement a échoué.
        [payment-refunded] Le prestataire a remboursé un paiement qui n'avait pas réglé la commande.
        [payment-of-another-order] Ce paiement appartient à une autre commande.
        [redeposit] L'acheteur a envoyé de nouveau de l'argent à une adresse déjà utilisée.
        [invoice-differs] La facture du prestataire ne correspond pas à la commande.
        [channel-gone] Le canal acheté est devenu injoignable.
        [no-time-left] La date de fin de l'abonnement était passée quand l'argent est arrivé.
        [invoice-refused] NOWPayments refuse d'ouvrir une facture pour cette commande : l'acheteur ne peut pas la payer.
        [own-product] Quelqu'un a payé sur le web son propre produit.
        [plan-full] Payé sur le web, mais toutes les places de la formule sont prises.
        [plan-over] Payé sur le web, mais la date de fin de la formule est passée.
        [plan-closed] Payé sur le web, mais la formule n'est plus en vente.
        [plan-audience] Payé sur le web par quelqu'un à qui la formule n'est pas destinée.
        [plan-code-needed] Payé sur le web par quelqu'un qui n'a pas de code de la formule.
        [already-member] Payé sur le web par quelqu'un qui est déjà abonné.
        [membership-waiting] Payé sur le web par quelqu'un dont l'abonnement n'a pas encore commencé.
        [membership-cancelled] Payé sur le web par quelqu'un qui pouvait annuler sa résiliation.
        [membership-paused] Payé sur le web par quelqu'un dont l'abonnement est en pause.
       *[other] Raison : { $reason }
    }

    Ouvrir : /orders { $number }
staff-unmatched-payment =
    ⚠️ <b>Argent reçu sans commande connue</b>
    { $provider } · { PRICE($amount) }
    Référence : <code>{ $event }</code>

    Cherchez de qui il vient chez le prestataire. <code>comptoir events list --state unmatched</code> montre l'annonce ; rejouez-la quand sa commande existe, ou rendez l'argent.
