"""What the stock client needs of us to work as bot and workers run it."""

import subprocess
import sys

PROGRAM = """
import core.mtproto
from pyrogram import errors, raw
from pyrogram.errors import RPCError

def refusal(code, message):
    try:
        RPCError.raise_it(raw.types.RpcError(error_code=code, error_message=message), raw.functions.Ping)
    except RPCError as error:
        return type(error).__name__, error.value, str(error)

print(refusal(420, "FLOOD_WAIT_42"))
print(refusal(403, "USER_IS_BLOCKED"))
print(all(error.MESSAGE for error in RPCError.__subclasses__()))
"""


def test_refusals_are_known_for_what_they_are_without_docstrings() -> None:
    said = subprocess.run([sys.executable, "-OO", "-c", PROGRAM], capture_output=True, text=True, check=False)

    assert said.stderr == ""
    flood, blocked, worded = said.stdout.splitlines()
    assert "'FloodWait', 42" in flood
    assert "420 FLOOD_WAIT_X" in flood
    assert "'UserIsBlocked" in blocked
    assert worded == "True"
