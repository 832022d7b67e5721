"""Our processes with one more kind of job, which kills its worker: `python -m scripts.bench.poisoned`."""

import os
import signal
import sys

from scripts.bench.poison import Poison
from scripts.embedded.one_parent import main
from workers.registry import actor
from workers.run import Run


@actor(Poison)
def poison(run: Run, job: Poison) -> None:
    """Kill this process."""
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main())
