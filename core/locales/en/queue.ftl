# The queue dashboard and its commands, for operators.
error-job-unknown = There is no job { $job }: it was deleted, or its days of history are over. “comptoir queue jobs” lists those that there are.
error-worker-unknown = No worker is called { $worker }. “comptoir queue workers” lists them.
error-schedule-unknown = There is no schedule { $name }. “comptoir schedule list” shows them.
error-queue-unknown = There is no queue { $queue }. Choose one of { $queues }.
error-filter-too-wide = The filter “{ $filter }” reads too many jobs. Narrow it: give a state, an actor or a time, like ended<1d.
error-act-unknown = There is no act { $act }. “comptoir queue acts” lists them.
error-act-not-undoable = Act { $act } was a { $verb }, and only a delete can be undone. What it changed is set again by another act.
error-undo-too-late = Act { $act } is more than { $days } days old: what it deleted is gone. Only a backup still has it.
error-act-grew = { $now } jobs match now, more than the { $confirmed } that you confirmed; nothing was changed. Confirm the new number.
error-move-impossible = No job can be moved to { $to }: its workers know no others. Moves are possible among { $moves }.
error-edit-needs-actor = Arguments are edited for one kind of job at a time. Name it in the filter, like actor:deliver.
error-edit-breaks-contract = { $actor } would not understand the arguments of job { $job } ({ $why }); nothing was changed. Correct them.
error-queue-read-only = This is the read-only mode: nothing is changed. Start again without --read-only.
error-rate-unreadable = “{ $rate }” is no number of starts a second. Write one like 5 or 0.5, or nothing.
