"""How the keys of ours in Redis begin: one subject each. Whatever begins otherwise is somebody else's."""

QUEUE = "dramatiq"
ANSWER = "answer:"
LIMIT = "limit:"
DIALOG = "dialog:"
PROCESSED = "answered:"
TELEGRAM = "telegram:"
PROXY_CHECK = "proxy-check:"
ALL = (QUEUE, ANSWER, LIMIT, DIALOG, PROCESSED, TELEGRAM, PROXY_CHECK)
