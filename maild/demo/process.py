"""A daemon in a process of its own: started, waited for, ended, and what it said."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from maild.errors import PeerUnreachable, Refused

#: seconds for what must come; it goes on as soon as it is there
PATIENCE = 60.0
#: the command, as this process's Python has it
MAILD = (sys.executable, "-c", "from maild.commands import main; main()")


def serve(config: Path, *options: str) -> list[str]:
    """The command that starts a daemon."""
    return [*MAILD, "--config", str(config), "serve", *options]


class DaemonProcess:
    """`launch` waits until it listens, `stop` until it ended. `note`: where it tells its ports; `log`: what it writes."""

    #: the folder that it runs in; None is this process's
    where: Path | None = None

    def __init__(self, folder: Path, note: Path) -> None:
        self.note, self._log = note, folder / "log"
        self._child: subprocess.Popen[bytes] | None = None

    def launch(self, command: Sequence[str], environment: Mapping[str, str]) -> int:
        """Its pid. What it writes goes behind what earlier ones wrote."""
        with self._log.open("ab") as log:
            self._child = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, cwd=self.where
            )
        pid = self._child.pid
        try:
            self.wait(lambda: self.told().get("pid") == pid)
        except Exception:
            self.close()
            raise
        return pid

    def told(self) -> dict[str, int]:
        """What the daemon tells about itself; `{}` while it does not."""
        try:
            found: dict[str, int] = json.loads(self.note.read_text())
        except (OSError, ValueError):
            return {}
        return found

    @property
    def ended(self) -> bool:
        """Whether somebody else ended it."""
        return self._child is not None and self._child.poll() is not None

    def stop(self, number: int = signal.SIGTERM) -> int:
        """As systemd does; the exit code."""
        assert self._child is not None
        os.kill(self._child.pid, number)
        return self.exit_code()

    def close(self) -> None:
        """Whatever became of it."""
        if self._child is not None and not self.ended:
            with suppress(subprocess.TimeoutExpired):
                self.stop()

    def exit_code(self) -> int:
        """Of a process that was told to end."""
        assert self._child is not None
        child, self._child = self._child, None
        try:
            return child.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            child.kill()  # nothing goes on behind whoever gave up
            child.wait()
            raise

    def wait(self, ready: Callable[[], object], seconds: float = PATIENCE) -> None:
        """Until `ready()`. `Refused` with the log's end when the daemon ended, `PeerUnreachable` when nothing comes."""
        end = time.monotonic() + seconds
        while not ready():
            if self.ended:
                raise Refused(f"the daemon ended:\n{self.log()}")
            if time.monotonic() > end:
                raise PeerUnreachable(f"not within {seconds} s: {self.log()}")
            time.sleep(0.01)

    def log(self) -> str:
        """The end of what it wrote."""
        return self._log.read_text()[-4000:]
