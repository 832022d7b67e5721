staff-orders =
    📋 <b>Commandes</b> – { $count ->
        [one] { $count } trouvée
       *[other] { $count } trouvées
    }
    { page-of }⚠️ marque celles qui demandent votre aide. Pour chercher : /orders suivi d’un numéro, d’un nom, d’un titre ou d’une référence.
staff-orders-none =
    { GIVEN($words) ->
        [no] Il n’y a encore aucune commande.
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
staff-order-needs-support = ⚠️ Cette commande demande votre aide. La notification à son sujet dit pourquoi.
staff-order-note = Note : { $note }
nobody-yet = personne pour l’instant
staff-resent = L’achat repart chez l’acheteur.
staff-refund-asked = ↩️ Le remboursement est en cours. { $reach ->
        [telegram] L’acheteur et le vendeur seront prévenus quand il sera fait.
        [mail] L’acheteur sera prévenu par mail, le vendeur ici, quand il sera fait.
       *[page] Le vendeur sera prévenu quand il sera fait ; aucun acheteur ne peut l’être : la page de la commande le dit.
    }
staff-refund-reason = Pourquoi rembourser la commande { $number } ? Écrivez la raison : l’acheteur et le vendeur la liront.
staff-payments =
    🏦 <b>Virements à vérifier</b> – { $count }
staff-payments-none = 🏦 Aucun virement à vérifier.
staff-payment-line =
    <b>{ $number }</b> · { $price } · { $title }
    { $buyer }, le { MOMENT($when) }
    Transaction : <code>{ $transaction }</code>
staff-payment-validated = ✅ Paiement de la commande { $number } validé. La livraison part.
staff-payment-refused = ❌ Paiement de la commande { $number } refusé. { $reach ->
        [telegram] L’acheteur est prévenu.
        [mail] L’acheteur est prévenu par mail.
       *[page] Personne n’a pu être prévenu : la commande n’est pas réclamée et n’a pas d’adresse confirmée. Sa page le dit.
    }
staff-refusal-note = Pourquoi refuser le paiement de la commande { $number } ? Écrivez une note : l’acheteur la lira.
staff-shops =
    🏪 <b>Boutiques en attente</b> – { $count }
staff-shops-none = 🏪 Aucune boutique n’attend de décision.
staff-shop-approved = ✅ La boutique <b>{ $name }</b> peut vendre.
staff-shop-refused = ❌ La boutique <b>{ $name }</b> est refusée.

command-channels = Mes canaux : en connecter un
command-plans = Mes offres : les abonnements que je vends
command-members = Les membres : chercher, exclure, réadmettre
command-questions = Les questions qui attendent une réponse
command-orders = Chercher une commande, la renvoyer, rembourser
command-payments = Les virements à vérifier
command-moderation = Les fichiers et les textes à vérifier
command-sellers = Les nouvelles boutiques à accepter

role-given =
    👋 <b>Vous faites maintenant partie de l’équipe</b>, comme { $role ->
        [admin] administrateur
       *[support] support
    }. Vous pouvez :

    { $commands }

    Ces commandes se trouvent dans le menu à côté du champ où vous écrivez, et dans /help. Une nouvelle question, un virement à vérifier ou une commande qui a besoin de vous s’affiche ici automatiquement ; pour répondre à une question, répondez à son message.
role-taken =
    { GIVEN($commands) ->
        [no] Vous ne faites plus partie de l’équipe ; ses commandes ont quitté votre menu. Ce que vous avez acheté et vendez reste tel quel.
       *[yes] Vous n’êtes plus { $role ->
            [admin] administrateur
           *[support] du support
        }. Vous pouvez encore :
    }
    { $commands }
staff-shop-refusing = Refuser la boutique <b>{ $name }</b> ? Son propriétaire en est averti aussitôt et peut refaire une demande.
button-shop-refuse-yes = ❌ Oui, la refuser

tried-again =
    🔁 <b>Commande { $number }</b> : { $events ->
        [0] aucune annonce du prestataire à relire
        [one] { $events } annonce du prestataire est relue
       *[other] { $events } annonces du prestataire sont relues
    }, { $jobs ->
        [0] aucune tâche en échec
        [one] { $jobs } tâche en échec reprend
       *[other] { $jobs } tâches en échec reprennent
    }. Ce qui a été fait n’est pas fait deux fois. Regardez de nouveau la commande dans une minute.
tried-again-nothing = 🔁 <b>Commande { $number }</b> : rien à reprendre. Aucune annonce d’un prestataire n’est conservée pour elle, et aucune de ses tâches n’a échoué.
staff-events =
    📨 <b>Annonces de prestataires restées sans effet</b>, la plus récente d’abord
    Relisez-en une quand ce qui n’allait pas est réparé, par exemple quand sa commande existe.
staff-events-none = 📨 Toutes les annonces de prestataires sont traitées.
staff-event-line =
    <b>{ $place }.</b> { $provider }, { MOMENT($when) } : { $state } ({ $outcome }){ GIVEN($order) ->
        [no] {""}
       *[yes] {" "}· commande { $order }
    }
event-received = en attente
event-unmatched = sans commande
event-refused = refusée
event-tried = 🔁 L’annonce est relue. Ce qu’elle a déjà fait n’est pas fait deux fois ; regardez de nouveau dans une minute.
command-events = Les annonces de prestataires restées sans effet
button-try-again = 🔁 Reprendre ce qui a échoué
button-try-event = 🔁 Relire la n° { $place }
button-provider-events = 📨 Annonces à regarder
error-event-without-body = Cette annonce ne peut plus être relue : son contenu n’est plus conservé (REPLAY_DAYS). Cherchez le paiement chez le prestataire.
