"""Run a program that cannot outlive its starter; used as a script, imports nothing of ours.

    python -I -S launch.py PARENT SIGNAL UID REACH GROUP PROGRAM [ARGUMENT ...]

PARENT is the starter's process id, SIGNAL what the kernel sends the program when the starter dies
(prctl(2), PR_SET_PDEATHSIG). UID other than -1 gives up root first: `postgres` refuses to run as root.
REACH 1 keeps the one capability to open files in folders that are closed to that user (capabilities(7),
CAP_DAC_OVERRIDE), for a repository below `/root`; nothing is ever made readable to others for it.
GROUP is the folder of a control group that it joins; empty: none.

A small program of its own because the work must happen between fork and exec, and Python code there
(`preexec_fn`) may deadlock when the starter has threads.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG, PR_SET_KEEPCAPS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 1, 8, 47, 2
CAP_DAC_OVERRIDE = 1
LINUX_CAPABILITY_VERSION_3 = 0x20080522


def call(name: str, *arguments: object) -> None:
    """Call a libc function; raise OSError when it answers less than zero."""
    library = ctypes.CDLL(None, use_errno=True)
    if getattr(library, name)(*arguments) < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def keep_reach() -> None:
    """Keep CAP_DAC_OVERRIDE over the exec that follows (the ambient set)."""
    header = (ctypes.c_uint32 * 2)(LINUX_CAPABILITY_VERSION_3, 0)
    bit = 1 << CAP_DAC_OVERRIDE
    call("capset", header, (ctypes.c_uint32 * 6)(bit, bit, bit, 0, 0, 0))
    call("prctl", PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0)


def become(uid: int, reach: bool) -> None:
    """Give up root for `uid` and the group of the same number."""
    if reach:
        call("prctl", PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setgid(uid)
    os.setuid(uid)
    if reach:
        keep_reach()


def main() -> None:
    """Join the control group, give up root, take the death signal, become the program."""
    parent, death_signal, uid, reach = (int(argument) for argument in sys.argv[1:5])
    if group := sys.argv[5]:
        with open(os.path.join(group, "cgroup.procs"), "w") as members:
            members.write(str(os.getpid()))
    if uid != -1:
        become(uid, bool(reach))
    # After setuid, which clears it.
    call("prctl", PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)
    os.execv(sys.argv[6], sys.argv[6:])  # noqa: S606


if __name__ == "__main__":
    main()
