"""A desk on a fresh SQLite database: verbs run in this process, mails go in as the daemon would take them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from maild.commands.session import Session
from maild.demo.verbs import Ran
from maild.mail.own_ids import Signer
from maild.model import Json
from maild.store import Store
from tests.harness.by_hand import MailByHand, go_off
from tests.harness.configuration import KATA, Tables, written
from tests.harness.people import COMPANIES
from tests.harness.verbs import CheckedVerbs
from tests.shapes import shape, shapes

#: a Monday, 10:00 in Budapest
START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)

TABLES: Tables = {
    "desk": {"name": "Example Help Desk", "timezone": "Europe/Budapest"},
    "smtp": {"listen": ""},
    "delivery": {"hold_seconds": 0},
    "approval": {"require": "token"},
    "agent": [KATA, {**KATA, "name": "lead", "address": "lead@desk.example"}],
    "teams.L1": {"lead": "lead"},
}


class Printed(Ran):
    """What a verb of these tests printed."""

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def rows(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


class TestDesk(CheckedVerbs):
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

    def signer(self) -> Signer:
        with self.store.read() as tx:
            return Signer(tx.secret(), self.settings.desk.domain)

    def deadlines(self) -> None:
        """What is due by now goes off, as the daemon would do it."""
        go_off(self.store, self.signer(), self.at)

    def alarms(self, number: int | None) -> set[str]:
        """The deadlines that are set on a ticket."""
        with self.store.read() as tx:
            return {str(one.type) for one in tx.deadlines.of_ticket(number or 0)}

    def alerts(self, number: int | None) -> list[tuple[str, str]]:
        """(kind, address) of the mails to agents about a ticket, oldest first."""
        outbound = self.show(number)["outbound"]
        return [(o["alert"], o["to"][0]) for o in outbound if o["notice"] == "agent_alert"]

    def run(self, *words: str, ok: bool = True, agent: str = "kata") -> Printed:
        """`maild WORDS` as agent kata."""
        done = self.ran("--as", agent, *words)
        ran = Printed(done.code, done.out, done.err, done.refusal)
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
        signer = self.signer()
        with self.store.write() as tx:
            mail = MailByHand(
                tx, self.settings, signer, letter.as_bytes(), self.at, sender, received=received
            )
            _, ticket = mail.all(tx)
            self.decision: Json = shape(tx.inbound.get(mail.id))["decision"]
        return ticket

    def show(self, number: int | None) -> Json:
        return super().show(number or 0)

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
        key = self.said(notice, to=to)["id"]
        with self.store.read() as tx:
            found = tx.connection.execute(text("SELECT message_id FROM outbound WHERE id = :id"), {"id": key})
            return str(found.scalar_one())


@pytest.fixture(scope="session")
def desk_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("desk")
    written(folder, TABLES)
    with pytest.MonkeyPatch.context() as patch:
        TestDesk(folder, patch).with_companies(COMPANIES)
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
