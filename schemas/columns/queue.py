"""Columns of `schemas.queue`."""

from schemas.columns.kinds import JOBS, SHOP, TableColumns, personal, technical

MINUTES = "90 days"
BEATS = "a day after its last beat"
ACTS = "400 days"
TRASH = "7 days, within which it can be brought back"

COLUMNS: TableColumns = {
    "job": (
        technical(
            "id actor queue parent_id correlation_id", "which work it is, and what it belongs to", JOBS
        ),
        personal("args", "what the work needs: numbers of rows, and words that are to be sent", JOBS),
        technical("state attempt failures lost cancel_requested rerun", "how far it is", JOBS),
        technical("unique_key release_key", "that it is done once", JOBS),
        technical("due_at created_at started_at finished_at lease_until worker", "when, and by whom", JOBS),
        technical("error_class error_message fingerprint", "what went wrong, for operators", JOBS),
    ),
    "job_attempt": (
        technical("job_id attempt outcome worker started_at ended_at", "each try that failed", JOBS),
        technical("error_class error_message traceback fingerprint", "why it failed, for operators", JOBS),
    ),
    "queue_pause": (
        technical("queue paused_at", "which queue rests", "as long as it rests"),
        technical("paused_by", "who asked for it, as the audit log names them", "as long as it rests"),
    ),
    "schedule": (
        technical("name actor cron time_zone catch_up last_slot paused since", "what runs when", SHOP),
    ),
    "telegram_slot": (technical("name owner lease_until", "which worker uses which session", SHOP),),
    "worker_beat": (
        technical("name queue_group queues threads memory", "which workers there are", BEATS),
        technical("started_at beat_at draining", "whether they live", BEATS),
    ),
    "queue_minute": (
        technical("queue minute ready later running done dead cancelled", "charts of the queues", MINUTES),
    ),
    "queue_act": (
        technical("id verb filter options matched changed", "what an operator did to many jobs", ACTS),
        technical("actor begun_at ended_at", "who and when, as the audit log names them", ACTS),
    ),
    "job_trash": (
        technical("job_id act_id deleted_at", "which deleted job it was", TRASH),
        personal("job attempts", "the job as it was, arguments included", TRASH),
    ),
}
