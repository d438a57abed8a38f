"""What runs in a worker: one step after the other, asked for through a pipe, under hard limits.

Frames in both directions are an eight-byte length and a pickle. The parent unpickles only what this process
wrote, and this process only what its parent wrote; mail itself never is a pickle. The first frame holds the settings,
each later one (name of a function in `steps`, seconds of the processor, its arguments). Started by `workers.py` as
`python -m maild.work.worker_main MEGABYTES`.
"""

from __future__ import annotations

import os
import pickle
import resource
import signal
import struct
import sys
import traceback
from importlib import import_module
from typing import Any, BinaryIO

from maild.errors import MaildError, Unreadable

LENGTH = struct.Struct(">Q")


def main(arguments: list[str]) -> int:
    """Serve frames until the parent closes the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which closes the pipe
    signal.signal(signal.SIGPROF, signal.SIG_DFL)  # which ends the process
    # What a library prints must not end up among the frames.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    steps = import_module("maild.work.mail_steps")  # before the limit, and before the first mail waits for it

    _limit(resource.RLIMIT_AS, int(arguments[0]) * 1_048_576)
    _limit(resource.RLIMIT_CORE, 0)
    first = _read(sys.stdin.buffer)
    if first is None:
        return 0
    settings = pickle.loads(first)  # noqa: S301  written by our own parent
    _write(answers, pickle.dumps("ready"))
    while (frame := _read(sys.stdin.buffer)) is not None:
        _write(answers, _work(steps, settings, frame))
    return 0


def _work(steps: Any, settings: Any, frame: bytes) -> bytes:
    """Pickled (kind, value, peak memory in KB): kind is "done", "raised", "memory" or "error"."""
    try:
        name, seconds, arguments = pickle.loads(frame)  # noqa: S301  written by our own parent
        # processor time, not the clock's: whoever else keeps the host busy costs the mail nothing
        signal.setitimer(signal.ITIMER_PROF, seconds)
        answer = _answer("done", getattr(steps, name)(settings, *arguments))
    except MemoryError:
        answer = _answer("memory", "")
    except RecursionError:
        answer = _answer("memory", "too deep")
    except Unreadable as error:
        answer = _answer("raised", Unreadable(str(error)))
    except MaildError as error:
        answer = _answer("raised", error)
    except Exception:
        answer = _answer("error", traceback.format_exc())
    signal.setitimer(signal.ITIMER_PROF, 0)
    return answer


def _answer(kind: str, value: object) -> bytes:
    return pickle.dumps((kind, value, _peak()))


def _peak() -> int:
    """The most memory that this process held, kB. Not `ru_maxrss` on Linux: that begins with the parent's at fork."""
    try:
        with open("/proc/self/status", "rb") as status:
            for line in status:
                if line.startswith(b"VmHWM:"):
                    return int(line.split()[1])
    except OSError:
        pass
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _limit(what: int, value: int) -> None:
    """Lower the soft limit."""
    _, hard = resource.getrlimit(what)
    resource.setrlimit(what, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def _read(stream: BinaryIO) -> bytes | None:
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    return stream.read(LENGTH.unpack(head)[0])


def _write(stream: BinaryIO, data: bytes) -> None:
    stream.write(LENGTH.pack(len(data)))
    stream.write(data)
    stream.flush()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except BrokenPipeError:  # the parent was killed
        os._exit(1)
