"""The process that reads a hostile file; `workers.preview.parent` starts it.

It gets its task over a socket, closes itself in, loads the one maker that the task
needs, seals itself, and only then asks for the first byte of the file.
"""

import os
import re
from importlib import import_module
from typing import NoReturn

import msgspec

from schemas.preview import Kind
from workers.preview.errors import TOO_BIG, PreviewFailed
from workers.preview.makers.made import Made, Prepare
from workers.preview.protocol import DONE, FAILED, TASK, Done, Failed, Task
from workers.preview.remote import Link, RemoteReader
from workers.preview.sandbox import MIB, Sandbox

# kind: (the module whose `prepare` loads libraries and returns the maker; address space in MiB)
MAKERS: dict[Kind, tuple[str, int]] = {
    "pdf": ("pdf", 1024),
    "video": ("video", 1024),
    "teaser": ("teaser", 1536),
    "audio": ("audio", 768),
    "image": ("image", 1024),
    "zip": ("zip_archive", 256),
    "document": ("document", 1024),
    "7z": ("seven_zip", 512),
    "rar": ("rar_archive", 256),
    "rar-comic": ("rar_comic", 1024),
    "tar": ("tar_archive", 256),
    "text": ("text", 256),
    "icon": ("icon", 512),
    "other-image": ("other_image", 1024),
    "ffmpeg-image": ("image_by_ffmpeg", 768),
    "svg": ("svg", 768),
    "raw": ("raw", 768),
    "font": ("font", 512),
    "model": ("model", 512),
    "office": ("office", 512),
    "book": ("book", 512),
    "open-document": ("open_document", 512),
    "midi": ("midi", 256),
    "sqlite": ("sqlite_file", 256),
    "table": ("table", 256),
    "notebook": ("notebook", 256),
    "iso": ("iso", 256),
    "cab": ("cab", 256),
    "program": ("program", 512),
    "mark": ("mark", 1024),
    "paper": ("paper", 1024),
}

PROCESSES: dict[Kind, int] = {"teaser": 2}
"""Of one child, each with the limits of its own: ffmpeg is the second."""
UNREADABLE = "The file is damaged, or written in a way that cannot be read here."

NO_MEMORY = re.compile(
    r"\b[mc]alloc\b.*failed|[Oo]ut of memory|[Cc]annot allocate memory|(failed|cannot) (to )?map "
)
"""How MuPDF and FFmpeg say it, each with one class of errors for all, and the loader of libraries."""


def main(descriptor: int) -> None:
    """Do the one task that comes over this socket, and exit."""
    link = Link(descriptor)
    sandbox = Sandbox()
    kind, body = link.receive()
    assert kind == TASK
    try:
        output = _work(link, sandbox, msgspec.json.decode(body, type=Task))
    except PreviewFailed as failed:
        _fail(link, sandbox, failed.outcome, str(failed))
    except MemoryError:
        _fail(link, sandbox, "too-big", TOO_BIG)
    except EOFError:
        leave(1)  # the parent is gone, or has broken off
    except Exception as error:  # noqa: BLE001 the libraries' own errors are many: each means a broken file
        if NO_MEMORY.search(str(error)):
            _fail(link, sandbox, "too-big", TOO_BIG)
        _fail(link, sandbox, "damaged", UNREADABLE)
    done = Done(output.description, sandbox.peak_rss(), sandbox.mechanisms, output.partial)
    link.send(DONE, msgspec.json.encode(done))
    leave(0)


def _work(link: Link, sandbox: Sandbox, task: Task) -> Made:
    module, address_space = MAKERS[task.kind]
    sandbox.close_in(address_space * MIB, task.memory // PROCESSES.get(task.kind, 1))
    prepare: Prepare = import_module(f"workers.preview.makers.{module}").prepare
    make = prepare(task)
    sandbox.seal()
    return make(RemoteReader(link, task.size), link)


def _fail(link: Link, sandbox: Sandbox, outcome: str, reason: str) -> NoReturn:
    link.send(FAILED, msgspec.json.encode(Failed(outcome, reason[:1000], sandbox.peak_rss())))
    leave(0)


def leave(code: int) -> NoReturn:
    """Exit at once: what the libraries do at their end may want files or signals, and wait for threads."""
    os._exit(code)
