# Ce qui est dit aux exploitants sur les événements, le journal d'audit, les sauvegardes et les mesures.
error-replay-needs-range = Rien n’a été rejoué : il n’est pas dit quels événements. Nommez-les par leur identifiant, ou dites à partir de quand avec --since.
error-replay-grew = { $now } événements correspondent maintenant, plus que les { $confirmed } confirmés ; rien n’a été rejoué. Confirmez le nouveau nombre.
error-metrics-token-wrong = Ces mesures sont pour qui présente METRICS_TOKEN comme jeton « bearer ». Donnez ce jeton à Prometheus.
