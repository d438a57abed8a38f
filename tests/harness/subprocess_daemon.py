"""A daemon in a process of its own, which may be killed at any moment."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

from maild.demo.process import PATIENCE, DaemonProcess

ROOT = Path(__file__).resolve().parents[2]


class KilledDaemon(DaemonProcess):
    """`kill` is kill -9. Commands are started in the checkout's folder: some are modules of tests/ and bench/."""

    where = ROOT

    @property
    def pid(self) -> int:
        assert self._child is not None
        return self._child.pid

    @property
    def is_there(self) -> bool:
        """Started, and not ended by us; somebody else may have killed it."""
        return self._child is not None

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
        self.stop(signal.SIGKILL)

    def close(self) -> None:
        """Whatever became of it."""
        if self._child is not None and not self.ended:
            self.kill()
