"""What a test on real servers does where a server is missing."""

from __future__ import annotations

import os
import shutil
import socket
from pathlib import Path
from typing import NoReturn

import pytest

_SBIN = ("/usr/sbin", "/usr/local/sbin", "/sbin")


def program(name: str, package: str, *, root: bool = False) -> str:
    """The path of a server's program. Missing: a skip that names the package, a failure in CI."""
    found = shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), *_SBIN]))
    if found is None:
        missing(f"the package {package} is not installed: run tests/servers/install.sh as root")
    if root and os.geteuid() != 0:
        missing(f"{package} can only be started by root")
    return found


def missing(why: str) -> NoReturn:
    """Skip on somebody's own machine, fail in CI: nothing is skipped silently there."""
    if os.environ.get("CI"):
        pytest.fail(why, pytrace=False)
    pytest.skip(why)


def free_port() -> int:
    """A loopback port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def tail(log: Path, lines: int = 30) -> str:
    """The end of a server's log, for a message."""
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return f"(no {log})"
