"""Columns of `schemas.operations`."""

from schemas.columns.kinds import SHOP, TableColumns, personal, technical

COPY = "as long as the copy: BACKUP_KEEP of them"

COLUMNS: TableColumns = {
    "backup": (
        technical("name state size database_size revision encrypted", "what the copy is, and of what", COPY),
        technical("started_at ended_at error", "how making it went", COPY),
    ),
    "bad_row": (
        personal(
            "name error",
            "which row is left out and why; it may be somebody's",
            "until it can be done, or 30 days",
        ),
        technical("loop began_at seen_at", "in which loop, and that operators are told once", "the same"),
    ),
    "bot_beat": (
        technical("name started_at beat_at", "whether the bot lives", "until the bot is stopped"),
        technical(
            "served failed", "how many updates it served, and how many failed", "until the bot is stopped"
        ),
        technical("memory", "how much memory its process holds", "until the bot is stopped"),
    ),
    "alert": (
        technical("id kind subject number", "what was wrong, and how badly", SHOP),
        technical("began_at seen_at ended_at", "that operators are told of it once", SHOP),
    ),
}
