"""Columns of `schemas.audit`."""

from schemas.columns.kinds import AUDIT, TableColumns, personal, technical

COLUMNS: TableColumns = {
    "audit_entry": (
        technical("id correlation_id created_at", "which act it was, and when", AUDIT),
        technical("actor action subject", "who did what to what, by numbers alone", AUDIT),
        technical("details", "numbers, codes and words of closed lists; never what somebody wrote", AUDIT),
        technical("place digest", "that nobody changed it afterwards", AUDIT),
    ),
    "staff_note": (
        technical("id actor created_at", "which note it is, by whom and when", AUDIT),
        personal("subject words", "why staff did something to an order or a person, in their words", AUDIT),
    ),
    "audit_seal": (
        technical(
            "last_place digest sealed_at pruned_at signed_by signature", "that no entry is missing", AUDIT
        ),
    ),
}
