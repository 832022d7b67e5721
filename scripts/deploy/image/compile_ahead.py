"""Compiles our own code for -OO (PEP 488) and keeps the docstrings of `scripts`: they are commands' help.

An interpreter under -OO loads whatever lies in the file that it looks for, so what was compiled with
docstrings can lie there. One level for all keeps the image small, and what it starts.
"""

import py_compile
import sys
from importlib.util import cache_from_source
from pathlib import Path

WITH_DOCSTRINGS = "scripts"


def compile_ahead(folder: Path) -> int:
    """Compile all modules below; how many there were. Raises `PyCompileError` for one that cannot be."""
    modules = sorted(folder.rglob("*.py"))
    for module in modules:
        py_compile.compile(
            str(module),
            cfile=cache_from_source(str(module), optimization=2),
            optimize=0 if folder.name == WITH_DOCSTRINGS else 2,
            doraise=True,
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        )
    return len(modules)


if __name__ == "__main__":
    print(sum(compile_ahead(Path(folder)) for folder in sys.argv[1:]), "modules compiled")
