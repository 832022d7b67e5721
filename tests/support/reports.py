"""Where traces and errors go in tests."""


def sent_to(port: int) -> dict[str, str]:
    """The settings by which all reports go to this port of this machine."""
    return {
        "OTLP_ENDPOINT": f"http://127.0.0.1:{port}",
        "SENTRY_DSN": f"http://public@127.0.0.1:{port}/1",
    }


SENT_TO_NOBODY = sent_to(9)
"""A port at which nobody listens (discard, https://www.rfc-editor.org/rfc/rfc863)."""
