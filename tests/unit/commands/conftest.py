"""A desk on a fresh SQLite database: verbs run in this process, mails go in as the daemon would take them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import typer
from sqlalchemy import text
from typer.testing import CliRunner

from maild.app.handle_mail import decide
from maild.app.lookup import keys_of
from maild.commands.session import Session, nonce
from maild.commands.shapes import shape, shapes
from maild.errors import MaildError
from maild.mail.own_ids import Signer
from maild.mail.parse import parse_mail
from maild.model import AuthResult, Envelope, Json
from maild.store import Store
from maild.work.deadline_handlers import HANDLERS
from tests.harness.people import COMPANIES

#: a Monday, 10:00 in Budapest
START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)

CONFIG = """
[desk]
name = "Example Help Desk"
address = "help@desk.example"
timezone = "Europe/Budapest"
[database]
url = "sqlite:///maild.db"
[smtp]
listen = ""
[delivery]
hold_seconds = 0
[approval]
require = "token"
[[agent]]
name = "kata"
address = "kata@desk.example"
teams = ["L1"]
[[agent]]
name = "lead"
address = "lead@desk.example"
teams = ["L1"]
[teams.L1]
lead = "lead"
"""


@dataclass
class Ran:
    """What a verb printed and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def rows(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


class TestDesk:
    """One desk in `folder`; `at` is the moment of what happens next."""

    __test__ = False

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.config = folder / "config.toml"
        self._patch = monkeypatch
        self.mailed = 0
        self._store: Store | None = None
        self.at = START
        self.settings = Session(str(self.config)).settings

    @property
    def at(self) -> datetime:
        return self._at

    @at.setter
    def at(self, moment: datetime) -> None:
        self._at = moment
        self._patch.setenv("MAILD_NOW", moment.isoformat())

    def later(self, **time: float) -> None:
        self.at += timedelta(**time)

    def configure(self, text: str) -> None:
        """More of config.toml."""
        self.config.write_text(f"{self.config.read_text()}\n{text}")
        self.settings = Session(str(self.config)).settings

    @property
    def store(self) -> Store:
        """As a daemon beside the verbs has it: open from the first mail to the end."""
        if self._store is None or self._store.settings is not self.settings:
            self.close()
            self._store = Store.open(self.settings)
        return self._store

    @property
    def database(self) -> Path:
        return self.folder / "maild.db"

    def begin_with(self, database: Path) -> None:
        """Instead of its own database a copy of another desk's, which stands beside the moment and the mails there."""
        self.close()
        shutil.copy(database, self.folder)
        mailed, moment = database.with_suffix(".stand").read_text().split()
        self.mailed, self.at = int(mailed), datetime.fromisoformat(moment)

    def close(self) -> None:
        if self._store is not None:
            self._store.close()
            self._store = None

    def deadlines(self) -> None:
        """What is due by now goes off, as the daemon would do it."""
        while True:
            with self.store.write() as tx:
                rows = tx.deadlines.due(self.at, 32, timedelta(minutes=10))
                for one in rows:
                    plan = HANDLERS[one.type](tx, one, self.at)
                    signer = Signer(tx.secret(), self.settings.desk.domain)
                    tx.apply(plan, now=self.at, signer=signer, nonces=nonce)
                    tx.deadlines.done(one.key, one.at)
            if not rows:
                return

    def alarms(self, number: int | None) -> set[str]:
        """The deadlines that are set on a ticket."""
        with self.store.read() as tx:
            return {str(one.type) for one in tx.deadlines.of_ticket(number or 0)}

    def alerts(self, number: int | None) -> list[tuple[str, str]]:
        """(kind, address) of the mails to agents about a ticket, oldest first."""
        found = []
        for one in self.show(number)["outbound"]:
            if one["notice"] == "agent_alert":
                found.append((one["alert"], one["to"][0]))
        return found

    def run(self, *words: str, ok: bool = True, agent: str = "kata") -> Ran:
        """`maild WORDS` as agent kata."""
        done = CliRunner().invoke(
            typer.Typer(), ["--config", str(self.config), "--as", agent, *words], prog_name="maild"
        )
        error = done.exception
        if isinstance(error, MaildError):
            ran = Ran(1, done.stdout, f"maild: {error}")
        elif error is not None and not isinstance(error, SystemExit):
            raise error
        else:
            ran = Ran(done.exit_code, done.stdout, done.stderr)
        assert (ran.code == 0) is ok, ran
        return ran

    def refused(self, *words: str) -> str:
        """The one line that a refused verb prints."""
        ran = self.run(*words, ok=False)
        assert ran.code == 1
        assert "\n" not in ran.err.strip()
        return ran.err

    def mail(
        self,
        sender: str,
        subject: str,
        words: str,
        *,
        to: str | None = None,
        message_id: str | None = None,
        headers: dict[str, str] | None = None,
        letter: EmailMessage | None = None,
        received: datetime | None = None,
    ) -> int | None:
        """A person writes; the ticket it came to. `to` is the Message-ID that it answers, `letter` a body."""
        self.mailed += 1
        number = self.mailed
        given = letter is not None
        letter = letter or EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = sender, "help@desk.example", subject
        letter["Date"] = format_datetime(self.at)
        letter["Message-ID"] = message_id or f"<m{number}@{sender.rpartition('@')[2].strip('>')}>"
        if to:
            letter["In-Reply-To"] = to
        for name, value in (headers or {}).items():
            letter[name] = value
        if not given:
            letter.set_content(words)
        raw = letter.as_bytes()
        with self.store.write() as tx:
            envelope = Envelope("smtp", received or self.at, sender, ("help@desk.example",), "127.0.0.1")
            key = tx.inbound.accept(envelope, raw, None, sha256(raw).hexdigest())
            mail = parse_mail(raw, desk_addresses=self.settings.desk.addresses)
            facts = tx.facts(keys_of(mail, envelope, self.settings), self.at, inbound_id=key)
            signer = Signer(tx.secret(), self.settings.desk.domain)
            plan = decide(mail, envelope, facts, AuthResult(), self.settings, signer, self.at, nonce=nonce)
            made = tx.apply(plan, now=self.at, signer=signer, nonces=nonce, inbound_id=key, mail=mail)
            self.decision: Json = shape(tx.inbound.get(key))["decision"]
        return made.ticket if plan.inbound_ticket == 0 else plan.inbound_ticket

    def show(self, number: int | None) -> Json:
        found: Json = self.run("show", str(number), "--json").json
        return found

    def sent(self, number: int | None) -> list[tuple[str, str]]:
        """(notice, first recipient) of all mails on a ticket to its people, oldest first."""
        outbound = self.show(number)["outbound"]
        return [(o["notice"], o["to"][0]) for o in outbound if o["notice"] != "agent_alert"]

    def said(self, notice: str, *, to: str = "") -> Json:
        """The frozen data of the newest mail of that name."""
        with self.store.read() as tx:
            for row in shapes(tx.outbound.list(limit=None)):
                if row["notice"] == notice and (not to or to in row["to"]):
                    data = tx.connection.execute(
                        text("SELECT data FROM outbound_data WHERE outbound_id = :id"), {"id": row["id"]}
                    ).scalar_one()
                    found: Json = {**shape(tx.outbound.get(row["id"])), "data": json.loads(data)}
                    return found
        raise AssertionError(f"no mail {notice} {to}")

    def bound(self, number: int | None) -> str:
        """What a yes to the newest request on a ticket is bound to, as it is stored."""
        with self.store.read() as tx:
            return tx.consents.of_ticket(number or 0)[-1].request_text

    def message_id(self, notice: str, *, to: str = "") -> str:
        """The Message-ID of the newest mail of that name, as its reader sees it."""
        with self.store.read() as tx:
            key = self.said(notice, to=to)["id"]
            return str(
                tx.connection.execute(
                    text("SELECT message_id FROM outbound WHERE id = :id"), {"id": key}
                ).scalar_one()
            )


@pytest.fixture(scope="session")
def desk_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("desk")
    (folder / "config.toml").write_text(CONFIG)
    (folder / "companies.toml").write_text(COMPANIES)
    subprocess.run(
        [
            sys.executable, str(Path(__file__).parents[3] / "cli.py"), "--config", str(folder / "config.toml"),
            "company", "import", str(folder / "companies.toml"),
        ],
        check=True, env={**os.environ, "MAILD_NOW": START.isoformat()}, capture_output=True,
    )  # fmt: skip
    return folder


@contextmanager
def made_once(template: Path, folders: pytest.TempPathFactory) -> Iterator[TestDesk]:
    """A desk whose database others begin with: what many tests need is written once for a module."""
    with pytest.MonkeyPatch.context() as patch:
        made = TestDesk(Path(shutil.copytree(template, folders.mktemp("made") / "desk")), patch)
        yield made
        made.close()
        made.database.with_suffix(".stand").write_text(f"{made.mailed} {made.at.isoformat()}")


@pytest.fixture
def desk(desk_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestDesk]:
    shutil.copytree(desk_template, tmp_path / "desk")
    desk = TestDesk(tmp_path / "desk", monkeypatch)
    yield desk
    desk.close()
