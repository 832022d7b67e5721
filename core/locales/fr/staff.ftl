staff-orders =
    📋 <b>Commandes</b> – { $count ->
        [one] { $count } trouvée
       *[other] { $count } trouvées
    }
    { page-of }⚠️ marque celles qui demandent votre aide. Pour chercher : /orders suivi d'un numéro, d'un nom, d'un titre ou d'une référence.
staff-orders-none =
    { GIVEN($words) ->
        [no] Il n'y a encore aucune commande.
       *[yes] Aucune commande pour « { $words } ». Cherchez par numéro (CMT-000042), @nom, titre ou référence de paiement.
    }
staff-order =
    📋 <b>Commande { $number }</b> – { $status }

    Produit : { $title }
    Vendeur : { $seller }
    Acheteur : { $buyer }
    Montant : <b>{ $price }</b>, { $rail }
    Créée le { MOMENT($when) }
    Référence du paiement : <code>{ $charge }</code>
staff-order-needs-support = ⚠️ Cette commande demande votre aide.
staff-order-note = Note : { $note }
nobody-yet = personne pour l'instant
staff-resent = Les liens repartent chez l'acheteur.
staff-refund-reason = Pourquoi rembourser cette commande ? Écrivez la raison : l'acheteur et le vendeur la liront.
staff-refund-asked = ↩️ Le remboursement est lancé. L'acheteur et le vendeur seront prévenus quand il sera fait.
staff-payments =
    🏦 <b>Virements à vérifier</b> – { $count }
staff-payments-none = 🏦 Aucun virement à vérifier.
staff-payment-line =
    <b>{ $number }</b> · { $price } · { $title }
    { $buyer }, le { MOMENT($when) }
    Transaction : <code>{ $transaction }</code>
staff-payment-validated = ✅ Paiement de la commande { $number } validé. La livraison part.
staff-refusal-note = Pourquoi refuser ce paiement ? Écrivez une note : l'acheteur la lira.
staff-payment-refused = ❌ Paiement de la commande { $number } refusé. L'acheteur est prévenu.
staff-shops =
    🏪 <b>Boutiques en attente</b> – { $count }
staff-shops-none = 🏪 Aucune boutique n'attend de décision.
staff-shop-approved = ✅ La boutique <b>{ $name }</b> peut vendre.
staff-shop-refused = ❌ La boutique <b>{ $name }</b> est refusée.
