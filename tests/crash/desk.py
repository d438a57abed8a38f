"""A real daemon in a process of its own, to be killed, and a client that behaves like a mail server: what was
not answered is sent again."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.timing import PATIENCE

ROOT = Path(__file__).resolve().parents[2]

CONFIG = """
[desk]
address = "help@desk.example"
[database]
url = "{url}"
[smtp]
listen = "127.0.0.1:0"
hostname = "mx.desk.example"
max_connections_per_address = 100
[delivery]
kind = "{kind}"
maildir = "out"
port = {relay}
retry_minutes = [0.005]
[limits]
automatic_mails_per_address_per_hour = 1000000
automatic_mails_per_ticket_per_hour = 1000000
automatic_mails_to_unknown_per_hour = 1000000
automatic_mails_per_hour = 1000000
[server]
log = "json"
log_level = "warning"
"""

COMPANY = """
[[company]]
key = "acme"
name = "Acme Kft."
domains = ["acme.example"]
service_level = "standard"
"""


class Desk:
    """`maild serve` on a database under `folder`; `kill` is kill -9, `stop` is SIGTERM."""

    def __init__(
        self,
        folder: Path,
        *,
        kind: str = "maildir",
        relay: int = 25,
        url: str = "sqlite:///maild.db",
        more: str = "",
        options: tuple[str, ...] = (),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder
        self.config = folder / "config.toml"
        self.config.write_text(CONFIG.format(kind=kind, relay=relay, url=url) + more)
        self._options = options
        self._name = "maild.db" if url.startswith("sqlite") else "var/maild.db"
        (folder / "companies.toml").write_text(COMPANY)
        # compiled modules are kept between the many starts, wherever the tests may write
        self._environment = {
            **os.environ,
            "PYTHONDONTWRITEBYTECODE": "",
            "PYTHONPYCACHEPREFIX": str(folder / "pyc"),
            **(environment or {}),
        }
        self._child: subprocess.Popen[bytes] | None = None
        self._log = (folder / "log").open("ab")
        self.maild("company", "import", str(folder / "companies.toml"))

    def maild(self, *words: str) -> str:
        """Run a verb of the command line; its output."""
        command = [sys.executable, str(ROOT / "cli.py"), "--config", str(self.config), *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=self._environment)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self) -> None:
        """Start and wait until it listens."""
        self._child = subprocess.Popen(self.command(), stderr=self._log, env=self._environment, cwd=ROOT)
        pid = self._child.pid
        self.wait(lambda: self.note().get("pid") == pid, 60)

    def command(self) -> list[str]:
        """What is started."""
        return [sys.executable, str(ROOT / "cli.py"), "--config", str(self.config), "serve", *self._options]

    def note(self) -> dict[str, Any]:
        """What the daemon tells about itself; `{}` while it does not."""
        try:
            found: dict[str, Any] = json.loads((self.folder / f"{self._name}.run.json").read_text())
        except (OSError, ValueError):
            return {}
        return found

    @property
    def port(self) -> int:
        return int(self.note()["smtp"])

    @property
    def pid(self) -> int:
        assert self._child is not None
        return self._child.pid

    @property
    def ended(self) -> bool:
        """Whether somebody else killed it."""
        return self._child is not None and self._child.poll() is not None

    def was_killed(self) -> None:
        """Forget a process that somebody else killed."""
        assert self._child is not None
        self._child.wait(PATIENCE)
        self._child = None

    def kill(self) -> None:
        """As a power cut would, but for the page cache."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """As systemd does; the exit code."""
        return self._end(signal.SIGTERM)

    def _end(self, number: int) -> int:
        assert self._child is not None
        os.kill(self._child.pid, number)
        code = self._child.wait(PATIENCE)
        self._child = None
        return code

    def close(self) -> None:
        if self._child is not None and not self.ended:
            self.kill()
        self._log.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def wait(self, ready: Callable[[], bool], seconds: float) -> None:
        """Until `ready()`; the log's end is shown when it never is."""
        end = time.monotonic() + seconds
        while not ready():
            assert self._child is None or self._child.poll() is None, f"the daemon ended:\n{self.log()}"
            assert time.monotonic() < end, f"it took too long:\n{self.log()}"
            time.sleep(0.01)

    def log(self) -> str:
        return (self.folder / "log").read_text()[-4000:]


class Client:
    """Sends mails until each was answered 250, over connections that may break at any moment."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.answered: list[str] = []
        self.repeated = 0
        self.stopping = False

    async def run(self, name: str) -> None:
        """Send one mail after the other until `stopping`."""
        number = 0
        while not self.stopping:
            number += 1
            message_id = f"<{name}.{number}@acme.example>"
            raw = mail(name, number, message_id)
            while not await self._try(raw, f"{name}@acme.example"):
                self.repeated += 1
                await asyncio.sleep(0.02)
            self.answered.append(message_id)

    async def has_answers(self, count: int) -> None:
        """Until so many mails were taken."""
        while len(self.answered) < count:  # noqa: ASYNC110  its sessions have nobody to tell
            await asyncio.sleep(0.05)

    async def _try(self, raw: bytes, sender: str) -> bool:
        """One attempt on a connection of its own; False when no 250 was seen."""
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.desk.port)
        except (OSError, KeyError, ValueError):
            return False
        try:
            await reader.readline()
            for line in ("EHLO acme.example", f"MAIL FROM:<{sender}>", "RCPT TO:<help@desk.example>", "DATA"):
                writer.write(line.encode() + b"\r\n")
                while (await reader.readline())[3:4] == b"-":
                    pass
            writer.write(raw + b".\r\n")
            return (await asyncio.wait_for(reader.readline(), PATIENCE)).startswith(b"250")
        except (OSError, TimeoutError):
            return False
        finally:
            writer.close()


def mail(name: str, number: int, message_id: str) -> bytes:
    """A short request, different for each number."""
    return (
        f"From: {name} <{name}@acme.example>\r\nTo: help@desk.example\r\nSubject: Printer {name} {number}\r\n"
        f"Date: Mon, 02 Nov 2026 09:30:00 +0100\r\nMessage-ID: {message_id}\r\n\r\n"
        f"Hello,\r\nthe printer number {number} of {name} does not print.\r\n"
    ).encode()
