"""A daemon in a process of its own: started, waited for, ended, and what it said."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.timing import PATIENCE, waited

ROOT = Path(__file__).resolve().parents[2]
CLI = str(ROOT / "cli.py")


class DaemonProcess:
    """`launch` waits until it listens; `kill` is kill -9, `stop` is SIGTERM. `note`: where it tells its ports."""

    def __init__(self, folder: Path, note: Path) -> None:
        self.note, self._log = note, folder / "log"
        self._child: subprocess.Popen[bytes] | None = None

    def launch(self, command: Sequence[str], environment: Mapping[str, str]) -> int:
        """Its pid. What it writes goes behind what earlier ones wrote."""
        with self._log.open("ab") as log:
            self._child = subprocess.Popen(command, stderr=log, env=environment, cwd=ROOT)
        pid = self._child.pid
        self.wait(lambda: self.told().get("pid") == pid)
        return pid

    def told(self) -> dict[str, Any]:
        """What the daemon tells about itself; `{}` while it does not."""
        try:
            found: dict[str, Any] = json.loads(self.note.read_text())
        except (OSError, ValueError):
            return {}
        return found

    @property
    def pid(self) -> int:
        assert self._child is not None
        return self._child.pid

    @property
    def is_there(self) -> bool:
        """Started, and not ended by us; somebody else may have killed it."""
        return self._child is not None

    @property
    def ended(self) -> bool:
        """Whether somebody else ended it."""
        return self._child is not None and self._child.poll() is not None

    def was_killed(self, seconds: float = PATIENCE) -> bool:
        """Forget a process that somebody else kills; False when nobody does within so many seconds."""
        assert self._child is not None
        try:
            self._child.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        self._child = None
        return True

    def kill(self) -> None:
        """As a power cut would, but for the page cache."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """As systemd does; the exit code."""
        return self._end(signal.SIGTERM)

    def close(self) -> None:
        """Whatever became of it."""
        if self._child is not None and not self.ended:
            self.kill()

    def _end(self, number: int) -> int:
        os.kill(self.pid, number)
        return self.exit_code()

    def exit_code(self) -> int:
        """Of a process that was told to end already."""
        assert self._child is not None
        child, self._child = self._child, None
        try:
            return child.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            child.kill()  # nothing goes on behind a test that failed
            child.wait()
            raise

    def wait(self, ready: Callable[[], object], seconds: float = PATIENCE) -> None:
        """Until `ready()`; the log's end is shown when it never is, or when the daemon ended meanwhile."""

        def is_ready() -> object:
            assert not self.ended, f"the daemon ended:\n{self.log()}"
            return ready()

        waited(is_ready, self.log, seconds)

    def log(self) -> str:
        """The end of what it wrote."""
        return self._log.read_text()[-4000:]


def serve(config: Path, *options: str) -> list[str]:
    """The command that starts a daemon."""
    return [sys.executable, CLI, "--config", str(config), "serve", *options]
