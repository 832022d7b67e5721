"""Imported before Pyrogram by the bot: keeps out its base types, which stand in its annotations alone.

They are 600 classes, 3 MiB of a process. A name that stands in `sys.modules` is not imported
(https://docs.python.org/3/reference/import.html#the-module-cache); whoever has imported it already keeps it.
"""

import sys
from types import ModuleType


class Names(ModuleType):
    """A module of which only names in annotations are used: each is `object`, or a module like this one."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("_"):
            raise AttributeError(name)
        return object if name[0].isupper() else Names(name)


sys.modules.setdefault("pyrogram.raw.base", Names("pyrogram.raw.base"))
