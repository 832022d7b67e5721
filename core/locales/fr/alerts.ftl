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

alert-bot =
    🚨 <b>Le bot ne dit plus rien depuis { $count ->
        [one] une minute
       *[other] { $count } minutes
    }</b>
    Il est bloqué ou s’est arrêté : messages et boutons attendent chez Telegram, les paiements faits ne sont pas perdus. Redémarrez le bot, puis regardez son journal.

alert-questions =
    🚨 <b>{ $count ->
        [one] Une question à l’équipe attend sa réponse depuis trop longtemps
       *[other] { $count } questions à l’équipe attendent leur réponse depuis trop longtemps
    }</b>
    /questions les montre, la plus ancienne d’abord. Personne d’autre n’y répond : confiez-les à quelqu’un qui est là.

alert-audit =
    🚨 <b>Le journal d’audit a été altéré, ou sa base restaurée depuis une copie</b>
    { $subject ->
        [unreadable] L’entrée { $count } est illisible : rien de chez nous n’en écrit de telle. Les autres sont scellées comme toujours.
        [backdated] L’entrée { $count } se dit plus ancienne qu’elle n’est. Les autres sont scellées comme toujours.
        [head-missing] Ce qui a été scellé en dernier n’est plus dans la base. Rien n’est scellé tant que personne ne décide.
        [head-forged] La tête gardée dans le stockage n’est pas signée par cette boutique. Rien n’est scellé tant que personne ne décide.
       *[other] Première place qui ne tient pas : { $count }.
    } <code>comptoir audit verify</code> dit quoi ; la page d’exploitation (Audit log) dit que faire. Après une restauration : <code>comptoir audit accept</code>.

alert-memory =
    🚨 <b>{ $count } % de la mémoire sont utilisés</b>
    <code>comptoir queue workers</code> montre qui l’occupe. Déplacez des exécuteurs vers une autre machine avant qu’elle ne soit pleine.

alert-disk =
    🚨 <b>Le disque du stockage est plein à { $count } %</b>
    Les nouveaux fichiers qui laisseraient moins de 5 % libres sont refusés. Agrandissez le disque avant qu’il ne soit plein : un stockage plein ne regagne pas de place quand on supprime. <code>comptoir storage</code> montre ce qu’il contient, la page de dépannage (runbook, Full disk) dit que faire.

alert-store =
    🚨 <b>{ $count ->
        [one] Une tâche attend le stockage depuis plus de cinq minutes
       *[other] { $count } tâches attendent le stockage depuis plus de cinq minutes
    }</b>
    Le stockage ne répond pas, est plein, ou refuse. Rien n’est perdu : ce qui attend reprend dans la minute où le stockage accepte à nouveau des fichiers. <code>comptoir doctor --store</code> dit ce qui ne va pas.

alert-rows =
    🚨 <b>{ $count ->
        [one] Une ligne ne peut pas être traitée
       *[other] { $count } lignes ne peuvent pas être traitées
    }</b>
    Boucle : { $subject }. Elles sont laissées de côté et toutes les autres sont traitées. La table <code>bad_row</code> et le journal les nomment avec leur erreur ; corrigez-les ou leur cause.

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
        [bot] le bot est en vie
        [questions] aucune question à l’équipe n’attend plus trop longtemps
        [audit] le journal d’audit tient de nouveau
        [rows] toutes les lignes de { $subject } sont traitées
        [store] le stockage accepte à nouveau des fichiers
        [disk] il y a de la place sur le disque du stockage
       *[memory] il y a de la place en mémoire
    }</b>
