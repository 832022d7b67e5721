# What operators are told about events, audit log, backups and metrics.
error-replay-needs-range = Nothing was replayed: it was not said which events. Name them by their ids, or say from when on with --since.
error-replay-grew = { $now } events match now, more than the { $confirmed } that you confirmed; nothing was replayed. Confirm the new number.
error-metrics-token-wrong = These figures are for whoever shows METRICS_TOKEN as bearer token. Give Prometheus that token.
