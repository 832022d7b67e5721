# Le tableau de bord des files et ses commandes, pour les opérateurs.
error-job-unknown = La tâche { $job } n’existe pas : elle a été supprimée, ou son historique est terminé. La commande « comptoir queue jobs » montre les autres.
error-worker-unknown = Aucun processus de travail ne s’appelle { $worker }. « comptoir queue workers » les énumère.
error-schedule-unknown = La tâche périodique { $name } n’existe pas. « comptoir schedule list » les montre.
error-queue-unknown = La file { $queue } n’existe pas. Choisissez parmi { $queues }.
error-filter-too-wide = Le filtre « { $filter } » lit trop de tâches. Précisez un état, un acteur ou une durée, comme ended<1d.
error-act-unknown = L’action { $act } n’existe pas. « comptoir queue acts » les énumère.
error-act-not-undoable = L’action { $act } était « { $verb } », et seule une suppression s’annule. Ce qu’elle a changé se règle par une autre action.
error-undo-too-late = L’action { $act } a plus de { $days } jours : ce qu’elle a supprimé est perdu. Seule une sauvegarde l’a encore.
error-act-grew = { $now } tâches correspondent maintenant, plus que les { $confirmed } confirmées ; rien n’a changé. Confirmez le nouveau nombre.
error-move-impossible = Aucune tâche ne peut aller dans { $to } : ses processus n’en connaissent pas d’autres. On déplace entre { $moves }.
error-edit-needs-actor = On modifie les arguments d’une seule sorte de tâche à la fois. Nommez-la dans le filtre, comme actor:deliver.
error-edit-breaks-contract = { $actor } ne comprendrait pas les arguments de la tâche { $job } ({ $why }) ; rien n’a changé. Corrigez-les.
error-queue-read-only = Mode lecture seule : rien n’est modifié. Relancez sans --read-only.
error-rate-unreadable = « { $rate } » n’est pas un nombre de départs par seconde. Écrivez par exemple 5 ou 0.5, ou rien.
