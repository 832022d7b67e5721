# Ce que disent aux exploitants les commandes des événements, du journal d'audit et des sauvegardes.
error-replay-needs-range = Rien n'a été rejoué : nommez des événements par leur identifiant, ou dites à partir de quand avec --since.
error-replay-grew = { $now } événements correspondent maintenant, plus que les { $confirmed } confirmés ; rien n'a été rejoué. Confirmez le nouveau nombre.
