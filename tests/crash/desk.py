"""A real daemon in a process of its own, to be killed, and a client that behaves like a mail server: what was
not answered is sent again."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from maild.demo.process import MAILD, serve
from tests.harness.configuration import UNCAPPED, Tables, note_of, written
from tests.harness.mails import MORNING
from tests.harness.mails import mail as bytes_of
from tests.harness.people import company
from tests.harness.subprocess_daemon import KilledDaemon
from tests.timing import PATIENCE


def _tables(kind: str, relay: int, url: str) -> Tables:
    return {
        "database": {"url": url},
        "smtp": {"max_connections_per_address": 100},
        "delivery": {"kind": kind, "port": relay, "retry_minutes": [0.005]},
        "server": {"log": "json", "log_level": "warning"},
    }


class Desk(KilledDaemon):
    """`maild serve` on a database under `folder`."""

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
        super().__init__(folder, note_of(folder, url))
        self.folder = folder
        self.config = written(folder, UNCAPPED, _tables(kind, relay, url), more=more)
        self._options = options
        (folder / "companies.toml").write_text(company("acme", "Acme Kft.", ""))
        # compiled modules are kept between the many starts, wherever the tests may write
        self.environment = {
            **os.environ,
            "PYTHONDONTWRITEBYTECODE": "",
            "PYTHONPYCACHEPREFIX": str(folder / "pyc"),
            **(environment or {}),
        }
        self.maild("company", "import", str(folder / "companies.toml"))

    def maild(self, *words: str) -> str:
        """Run a verb of the command line; its output."""
        command = [*MAILD, "--config", str(self.config), *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=self.environment)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self) -> None:
        """Start and wait until it listens."""
        self.launch(self.command(), self.environment)

    def command(self) -> list[str]:
        """What is started."""
        return serve(self.config, *self._options)

    @property
    def port(self) -> int:
        return int(self.told()["smtp"])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


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
    text = f"Hello,\r\nthe printer number {number} of {name} does not print.\r\n"
    return bytes_of(
        f"{name} <{name}@acme.example>", f"Printer {name} {number}", text, date=MORNING, message_id=message_id
    )
