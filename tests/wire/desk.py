"""A whole daemon on a configuration file, in a thread or a process of its own, and the command line beside it."""

from __future__ import annotations

import json
import os
import smtplib
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any, TypeVar

from maild import config
from maild.demo.mailbox import raw_in
from maild.demo.process import serve
from maild.model import Json
from maild.settings import Settings
from maild.ticket.queue_json import row_json
from tests.harness.configuration import UNCAPPED, Tables, written
from tests.harness.mails import HELP, MORNING
from tests.harness.mails import mail as bytes_of
from tests.harness.people import ANNA, BOSS, company
from tests.harness.subprocess_daemon import KilledDaemon
from tests.harness.threaded_daemon import ThreadedDaemon
from tests.harness.verbs import CheckedVerbs
from tests.shapes import shapes
from tests.timing import PATIENCE, waited

T = TypeVar("T")

TABLES: Tables = {
    "desk": {"first_number": 15789},
    "delivery": {"hold_seconds": 0},
    "authentication": {"verify_dkim": False},
}


class WireDesk(ThreadedDaemon, CheckedVerbs):
    """`start()`, `stop()`; `maild(...)` is the command line, `send` a mail by SMTP, `read` looks into the store.

    `tables` are laid over those of all desks; `imap` is a list of [[imap]] tables; `env` stands in for the environment.
    """

    def __init__(
        self,
        folder: Path,
        *,
        imap: list[Mapping[str, Any]] | None = None,
        language: str = "en",
        env: Mapping[str, str] | None = None,
        **tables: Mapping[str, Any],
    ) -> None:
        self.folder, self.env = folder, dict(env or {})
        self._process: KilledDaemon | None = None
        self.configure(imap or [], tables)
        self.with_companies(company("acme", "Acme Kft.", language, {**ANNA, "roles": ["reference"]}, BOSS))

    def configure(self, imap: list[Mapping[str, Any]], tables: Tables) -> None:
        """Write config.toml anew."""
        self.config = written(self.folder, UNCAPPED, TABLES, tables, {"imap": imap})

    def environment(self) -> dict[str, str]:
        return super().environment() | self.env

    @property
    def settings(self) -> Settings:
        return config.load(self.config, self.env)

    # ----------------------------------------------------------------------------------- start and stop

    def serve(self, *options: str, **environment: str) -> int:
        """Run `maild serve OPTIONS` as a process of its own until `stop`; its pid."""
        self._process = KilledDaemon(self.folder, self.note)
        return self._process.launch(serve(self.config, *options), {**os.environ, **self.env, **environment})

    def log(self) -> str:
        """The end of what the process wrote."""
        return (self.folder / "log").read_text()[-4000:]

    def was_killed(self) -> None:
        """Somebody sent SIGKILL to the process of `serve`."""
        assert self._process is not None
        assert self._process.was_killed()
        self._process = None
        self.note.unlink(missing_ok=True)

    def stop(self) -> float:
        """Seconds that a clean stop took."""
        if self._process is None:
            return super().stop()
        process, self._process = self._process, None
        began = time.monotonic()
        assert process.stop() == 0, process.log()
        return time.monotonic() - began

    def exit_code(self) -> int:
        """Of the process, which was told to end already."""
        assert self._process is not None
        process, self._process = self._process, None
        return process.exit_code()

    def wait(self, ready: Callable[[], object], seconds: float = PATIENCE, what: str = "") -> float:
        """Until `ready()`; the seconds it took."""
        return waited(ready, lambda: what or self.summary(), seconds)

    # ------------------------------------------------------------------------------------- looking

    def mails(self, **which: Any) -> list[Json]:
        """`mail list`, oldest first."""
        return self.read(lambda tx: shapes(tx.inbound.list(limit=None, **which)))[::-1]

    def count(self) -> int:
        """How many mails were taken."""
        newest = self.read(lambda tx: shapes(tx.inbound.list(limit=1)))
        return int(newest[0]["id"]) if newest else 0  # ids of SQLite without deletions

    def tickets(self) -> list[Json]:
        return self.read(lambda tx: [*map(row_json, tx.tickets.list(all=True))])

    def outbox(self, **which: Any) -> list[Json]:
        """`outbox list`, oldest first."""
        return self.read(lambda tx: shapes(tx.outbound.list(limit=100_000, **which)))[::-1]

    def sent(self) -> list[Message]:
        """What stands in the Maildir that mail goes out into."""
        return [message_from_bytes(raw) for raw in raw_in(self.folder / "out")]

    def settled(self) -> bool:
        """Nothing waits to be decided or sent."""
        came, goes = self.read(lambda tx: (tx.inbound.counts(), tx.outbound.counts()))
        return not (came.get("received") or goes.get("queued") or goes.get("sending"))

    def summary(self) -> str:
        return f"mails {self.mails()[-5:]}, outbox {self.outbox()[-5:]}, parts {self.health()}"

    def told(self) -> dict[str, int]:
        """What the note says; `{}` while there is none, as between two lives of a daemon."""
        assert self._process is not None
        return self._process.told()

    def health(self) -> tuple[int, Json]:
        """What /healthz answers."""
        try:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{self.port('http')}/healthz", timeout=PATIENCE
            ) as page:
                return page.status, json.load(page)
        except urllib.error.HTTPError as problem:
            return problem.code, json.load(problem)

    def part(self, name: str) -> tuple[str, str]:
        """(state, detail) of one part in /healthz."""
        part = self.health()[1]["parts"][name]
        return part["state"], part.get("detail", "")

    def metrics(self) -> str:
        with urllib.request.urlopen(
            f"http://127.0.0.1:{self.port('http')}/metrics", timeout=PATIENCE
        ) as page:
            return str(page.read().decode())

    # --------------------------------------------------------------------------------------- acting

    def send(self, raw: bytes, *, sender: str = "anna@acme.example", to: str = HELP) -> None:
        """One mail through the daemon's port; raises what smtplib raises when it is refused."""
        with smtplib.SMTP("127.0.0.1", self.port("smtp"), timeout=PATIENCE) as client:
            client.sendmail(sender, [to], raw, ["BODY=8BITMIME"])


def mail(
    subject: str = "Printer",
    body: str = "It does not print.\r\n",
    *,
    sender: str = "anna@acme.example",
    message_id: str | None = None,
    headers: str = "",
    date: str = MORNING,
) -> bytes:
    """A mail as a client writes it; its Message-ID is made of the subject unless one is given."""
    made = message_id or f"<{subject.replace(' ', '.')}@acme.example>"
    more = f"{headers}Content-Transfer-Encoding: 8bit\r\n"
    return bytes_of(sender, subject, body, date=date, message_id=made, more=more)
