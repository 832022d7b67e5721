"""System call filters (seccomp, https://www.kernel.org/doc/html/latest/userspace-api/seccomp_filter.html).

The libraries for this need libseccomp installed beside Python; the filters here are two flat lists, so they
are written as the classic BPF program that the kernel takes. Numbers: arch/x86/entry/syscalls/
syscall_64.tbl and include/uapi/asm-generic/unistd.h of Linux.
"""

import ctypes
import errno
import os
import platform
import struct
from collections.abc import Iterable

PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2
PR_SET_NO_NEW_PRIVS = 38
ALLOW, KILL = 0x7FFF0000, 0x80000000
CLONE_THREAD = 0x10000
_ERRNO = 0x00050000
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_X32 = 0x40000000  # the bit of the x32 ABI, whose numbers would slip past the lists

# name: (x86-64, arm64); None where it does not exist
_CALLS: dict[str, tuple[int | None, int | None]] = {
    # How a process reaches others, or gains rights: denied from the start, to ffmpeg too.
    "socket": (41, 198),
    "socketpair": (53, 199),
    "connect": (42, 203),
    "bind": (49, 200),
    "listen": (50, 201),
    "accept": (43, 202),
    "accept4": (288, 242),
    "sendmsg": (46, 211),
    "sendmmsg": (307, 269),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    "io_uring_setup": (425, 425),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "mount": (165, 40),
    "move_mount": (429, 429),
    "umount2": (166, 39),
    "setns": (308, 268),
    "unshare": (272, 97),
    "open_by_handle_at": (304, 265),
    # What a maker needs once its libraries are loaded: memory, time, and the socket it has.
    "read": (0, 63),
    "write": (1, 64),
    "close": (3, 57),
    "fstat": (5, 80),
    "poll": (7, None),
    "ppoll": (271, 73),
    "lseek": (8, 62),
    "pread64": (17, 67),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "munmap": (11, 215),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "brk": (12, 214),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132),
    "sched_yield": (24, 124),
    "sched_getaffinity": (204, 123),
    "nanosleep": (35, 101),
    "clock_nanosleep": (230, 115),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "gettimeofday": (96, 169),
    "getpid": (39, 172),
    "gettid": (186, 178),
    "getrandom": (318, 278),
    "getrusage": (98, 165),
    "getcwd": (79, 17),
    "uname": (63, 160),
    "futex": (202, 98),
    "set_robust_list": (273, 99),
    "rseq": (334, 293),
    "restart_syscall": (219, 128),
    "wait4": (61, 260),
    "exit": (60, 93),
    "exit_group": (231, 94),
    "clone": (56, 220),
    "clone3": (435, 435),
}
_FIRST_ALLOWED = "read"
_NAMES = list(_CALLS)
NEVER = tuple(_NAMES[: _NAMES.index(_FIRST_ALLOWED)])
SEALED = tuple(name for name in _NAMES[_NAMES.index(_FIRST_ALLOWED) :] if not name.startswith("clone"))
_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}


class SeccompMissing(OSError):
    """The kernel, or this processor, has no filters for us."""


def deny_reaching_others() -> None:
    """Refuse, for ever and in all children, what reaches other processes or the network."""
    _install(_program(NEVER, listed=_ERRNO | errno.EPERM, otherwise=ALLOW, threads=False))


def seal() -> None:
    """Leave memory, time and open descriptors; refuse files, programs, signals and all else."""
    _install(_program(SEALED, listed=ALLOW, otherwise=_ERRNO | errno.EPERM, threads=True))


def _program(names: Iterable[str], *, listed: int, otherwise: int, threads: bool) -> list[bytes]:
    column, architecture = _this_machine()
    code = [
        _statement(_LOAD, 4),  # struct seccomp_data: nr, arch, instruction pointer, args
        _jump(_EQUAL, architecture, 1, 0),
        _statement(_RETURN, KILL),
        _statement(_LOAD, 0),
    ]
    if column == 0:
        code += [_jump(_AT_LEAST, _X32, 0, 1), _statement(_RETURN, KILL)]
    for name in names:
        number = _CALLS[name][column]
        if number is not None:
            code += [_jump(_EQUAL, number, 0, 1), _statement(_RETURN, listed)]
    if threads:
        code += _threads_only(column)
    return [*code, _statement(_RETURN, otherwise)]


def _threads_only(column: int) -> list[bytes]:
    """clone may make threads; clone3, whose flags a filter cannot read, is said not to exist."""
    clone, clone3 = _CALLS["clone"][column], _CALLS["clone3"][column]
    assert clone is not None
    assert clone3 is not None
    return [
        _jump(_EQUAL, clone3, 0, 1),
        _statement(_RETURN, _ERRNO | errno.ENOSYS),
        _jump(_EQUAL, clone, 0, 4),
        _statement(_LOAD, 16),  # the low half of the first argument
        _jump(_ANY_BIT, CLONE_THREAD, 0, 1),
        _statement(_RETURN, ALLOW),
        _statement(_RETURN, _ERRNO | errno.EPERM),
    ]


def _install(program: list[bytes]) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    code = b"".join(program)
    buffer = ctypes.create_string_buffer(code, len(code))

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))

    filter_program = Program(len(program), ctypes.addressof(buffer))
    # Without privileges, a filter is taken only from a process that can gain none.
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(
        PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(filter_program), 0, 0
    ):
        raise SeccompMissing(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _this_machine() -> tuple[int, int]:
    try:
        return _ARCHITECTURES[platform.machine()]
    except KeyError:
        reason = f"no system call list for {platform.machine()}; there is one for x86_64 and aarch64"
        raise SeccompMissing(errno.ENOSYS, reason) from None


def _statement(code: int, value: int) -> bytes:
    return struct.pack("=HBBI", code, 0, 0, value)


def _jump(code: int, value: int, when_true: int, when_false: int) -> bytes:
    return struct.pack("=HBBI", code, when_true, when_false, value)
