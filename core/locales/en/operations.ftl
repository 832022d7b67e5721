# What operators are told by the commands of events, audit log and backups.
error-replay-needs-range = Nothing was replayed: name events by their ids, or say from when on with --since.
error-replay-grew = { $now } events match now, more than the { $confirmed } that you confirmed; nothing was replayed. Confirm the new number.
