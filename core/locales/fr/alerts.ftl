alert-promise =
    🚨 <b>{ $subject ->
        [paid_undelivered] { $count ->
            [one] Une commande payée n’est pas livrée
           *[other] { $count } commandes payées ne sont pas livrées
        }
        [grant_without_payment] { $count ->
            [one] Un accès n’a pas de paiement
           *[other] { $count } accès n’ont pas de paiement
        }
        [expired_inside] { $count ->
            [one] Une personne est encore dans un canal après la fin de son accès
           *[other] { $count } personnes sont encore dans un canal après la fin de leur accès
        }
        [member_without_grant] { $count ->
            [one] Une personne est dans un canal sans y avoir droit
           *[other] { $count } personnes sont dans un canal sans y avoir droit
        }
       *[other] { $count ->
            [one] Un envoi attend son verdict
           *[other] { $count } envois attendent leur verdict
        }
    }</b>
    La boutique n’a pas fait d’elle-même ce qu’elle promet. <code>comptoir queue</code> montre la promesse rompue et quoi faire.

alert-dead =
    🚨 <b>{ $count ->
        [one] Une tâche a définitivement échoué
       *[other] { $count } tâches ont définitivement échoué
    }</b>
    File : { $subject }. <code>comptoir queue dead</code> les groupe par erreur ; corrigez la cause, puis <code>comptoir queue retry</code>.

alert-late =
    🚨 <b>Les tâches ont { $count ->
        [one] une minute
       *[other] { $count } minutes
    } de retard</b>
    File : { $subject }. Trop peu d’exécuteurs, ou l’un d’eux est bloqué : <code>comptoir queue</code> montre lequel.

alert-workers =
    🚨 <b>Aucun exécuteur { $subject } n’est en vie</b>
    Leurs tâches attendent, aucune n’est perdue. Démarrez les exécuteurs, puis regardez <code>comptoir queue workers</code>.

alert-memory =
    🚨 <b>{ $count } % de la mémoire sont utilisés</b>
    <code>comptoir queue workers</code> montre qui l’occupe. Déplacez des exécuteurs vers une autre machine avant qu’elle ne soit pleine.

alert-over =
    ✅ <b>C’est réglé : { $kind ->
        [promise] { $subject ->
            [paid_undelivered] les commandes payées sont livrées
            [grant_without_payment] chaque accès a son paiement
            [expired_inside] personne n’est dans un canal après la fin de son accès
            [member_without_grant] personne n’est dans un canal sans y avoir droit
           *[other] les envois ont leur verdict
        }
        [dead] aucune tâche morte ne reste dans la file { $subject }
        [late] la file { $subject } est à l’heure
        [workers] des exécuteurs { $subject } sont en vie
       *[memory] il y a de la place en mémoire
    }</b>
