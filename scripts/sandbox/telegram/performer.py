"""How every handle reaches its sandbox, in this process or another."""

import base64
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from scripts.sandbox.telegram.views import Message, load_message


class Performer(ABC):
    """Something that performs verbs on a sandbox, wherever that runs."""

    @abstractmethod
    def call(self, name: str, /, **arguments: Any) -> Any:
        """Perform one verb. Raises `Refused` where Telegram would refuse a person."""

    @property
    @abstractmethod
    def address(self) -> str:
        """The value for TELEGRAM_SANDBOX."""

    def read_chat(self, number: int, after: int = -1, timeout: float = 0) -> tuple[int, list[Message]]:
        answer = self.call("chat", person=number, after=after, timeout=timeout)
        return answer["version"], [load_message(item) for item in answer["messages"]]

    def wait_chat(
        self, number: int, matches: Callable[[Message], bool], timeout: float, complaint: str
    ) -> Message:
        deadline, version = time.monotonic() + timeout, -1
        while True:
            left = deadline - time.monotonic()
            version, messages = self.read_chat(number, version, max(left, 0))
            for message in reversed(messages):
                if matches(message):
                    return message
            if left <= 0:
                transcript = "\n".join(map(str, messages)) or "(no messages)"
                raise AssertionError(f"{complaint}. The chat:\n{transcript}")

    def file(self, message: Message) -> dict[str, Any]:
        """`size`, `sha256` and `body` (bytes; None above 32 MiB) of the file in a message."""
        if message.file is None:
            raise ValueError(f"message {message.id} has no file")
        stored = self.call("file_of", file=message.file["id"])
        body = stored["body"]
        return {**stored, "body": None if body is None else base64.b64decode(body)}
