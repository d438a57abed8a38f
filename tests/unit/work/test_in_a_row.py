"""Mails whose steps are done in a row: what follows is what follows of them one after the other."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from maild.app.handle_mail import decide
from maild.app.lookup import keys_of
from maild.mail.keywords import default_keywords
from maild.mail.own_ids import Signer
from maild.mail.parse import parse_mail
from maild.model import (
    NEW,
    AuthResult,
    Change,
    CompanyFacts,
    ContactInput,
    Envelope,
    Facts,
    LeaveCompany,
    LookupKeys,
    Mail,
    Membership,
    Plan,
    RememberKeys,
    UpdateTicket,
)
from maild.settings import Agent, CalendarSettings, DeskSettings, LimitSettings, ServiceLevel, Settings
from maild.store import Store, Tx
from maild.store.tables import METADATA
from maild.ticket.phases import Phase
from maild.ticket.state import TicketChange
from maild.work import in_a_row as module
from maild.work.in_a_row import Decided, DecidesWith, SmallMail, in_a_row
from maild.work.mails_in_progress import MailsInProgress
from tests.cases import cases
from tests.examples import at_most
from tests.unit.work.desk import settings

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
ANNA, BELA, BOSS = "anna@acme.example", "bela@acme.example", "boss@acme.example"
CARL, GINA = "carl@globex.example", "gina@globex.example"
STRANGER, OTHER_STRANGER, KATA = "who@nowhere.example", "else@elsewhere.example", "kata@desk.example"
WRITERS = (ANNA, BELA, BOSS, CARL, GINA, STRANGER, OTHER_STRANGER, KATA)
#: so low that a row of some mails reaches each
LIMITS = LimitSettings(
    automatic_mails_per_address_per_hour=3, automatic_mails_per_ticket_per_hour=3,
    automatic_mails_to_unknown_per_hour=2, automatic_mails_per_hour=7, approvals_per_approver_per_hour=2,
)  # fmt: skip


#: Outlook's, and what comes with the answer to that mail (MS-OXOMSG 2.2.1.3)
PARENT = (bytes(range(1, 23)) + bytes(5)).hex()
CHILD = b64encode(bytes(range(1, 23)) + bytes(10)).decode()


class Written(NamedTuple):
    """A mail of a batch. `names`: ids in References; `copied`: with them in Cc."""

    sender: str
    id: str
    subject: str = "The printer"
    text: str = "The printer does not print."
    names: tuple[str, ...] = ()
    copied: tuple[str, ...] = ()
    more: str = ""  # header fields

    def raw(self) -> bytes:
        fields = [
            f"From: <{self.sender}>",
            "To: <help@desk.example>",
            f"Subject: {self.subject}",
            "Date: Mon, 02 Nov 2026 09:29:00 +0000",
            f"Message-ID: {self.id}",
            *([f"Cc: {', '.join(f'<{one}>' for one in self.copied)}"] if self.copied else []),
            *([f"References: {' '.join(self.names)}"] if self.names else []),
            *([self.more] if self.more else []),
        ]
        return "\r\n".join((*fields, "", self.text, "")).encode()


#: the mail that is at hand, and how many words it was given
_turn = [0, 0]


class _Repeatable(SmallMail):
    """A mail whose tokens and ids do not depend on how often and when it is looked at."""

    __slots__ = ()

    def decide(self, facts: Facts) -> Plan:
        _turn[:] = [self._work.id, 0]
        return super().decide(facts)

    def write(self, tx: Tx, facts: Facts, plan: Plan) -> Decided:
        _turn[:] = [self._work.id, 100]
        return super().write(tx, facts, plan)


def _word() -> str:
    """In the form of a token (base32)."""
    mail, nth = _turn
    _turn[1] += 1
    digits = f"{mail:03}{nth:03}".translate(str.maketrans("0123456789", "abcdefghij"))
    return (digits * 5)[:26]


class _Undone(Exception):
    pass


class Desk:
    """A desk with two tickets; what comes is rolled back."""

    def __init__(self, folder: Path, **limits: Any) -> None:
        self.settings: Settings = settings(
            folder, desk=DeskSettings(address="help@desk.example"), keywords=default_keywords(),
            limits=replace(LIMITS, **limits), agents={"kata": Agent("kata", KATA, ("L1",), full_name="Kata Nagy")},
            calendars={"office": CalendarSettings("office", timezone="UTC", week=(((0, 1440),),) * 7)},
            service_levels={"standard": ServiceLevel("standard", {"user": 8}, {"user": 16})},
        )  # fmt: skip
        self.store = Store.open(self.settings, create=True)
        self.signer = Signer(b"k" * 32, "desk.example")
        self._with = DecidesWith(self.settings, self.signer, _word, MailsInProgress(folder / "now"), "i")
        with self.store.write() as tx:
            for key in ("acme", "globex"):
                tx.companies.save(
                    CompanyFacts(key, key.title(), (f"{key}.example",), service_level="standard")
                )
            for address, company in ((BOSS, "acme"), (GINA, "globex")):
                place = Membership(company, ("approver",), ("permission", "device"))
                tx.contacts.save(
                    company, ContactInput((address,), roles=place.roles, approves=place.approves)
                )
            for mail in (Written(ANNA, "<t1@acme.example>"), Written(CARL, "<t2@globex.example>")):
                self.jobs(tx, [mail])[0](tx)

    def jobs(self, tx: Tx, mails: Sequence[Written]) -> list[SmallMail]:
        made: list[SmallMail] = []
        for written in mails:
            raw = written.raw()
            envelope = Envelope("smtp", NOW, written.sender, ("help@desk.example",), "192.0.2.1")
            key = tx.inbound.accept(envelope, raw, None, "0" * 64)
            (work,) = tx.inbound.claim(1, NOW, timedelta(minutes=1), "w")
            assert work.id == key
            mail = parse_mail(raw, desk_addresses=self.settings.desk.addresses)
            auth = AuthResult("dmarc-pass", "dkim", "acme.example", ("from", "subject"), True)
            keys = keys_of(mail, envelope, self.settings)
            made.append(_Repeatable(work, mail, keys, auth, self._with, now=NOW, answers=None))
        return made

    def after(
        self, mails: Sequence[Written], do: Callable[[Tx, Sequence[SmallMail]], object]
    ) -> dict[str, Any]:
        """All rows of all tables."""
        found: dict[str, Any] = {}
        with suppress(_Undone), self.store.write() as tx:
            do(tx, self.jobs(tx, mails))
            tx.run_last()
            tx.write_events()
            for table in METADATA.sorted_tables:
                rows = tx.connection.execute(select(table).order_by(*table.primary_key)).all()
                found[table.name] = [row for row in rows if row[0] != "generation"]
            raise _Undone
        return found


#: what the plan of a mail with this subject does besides
BESIDES: dict[str, tuple[Change, ...]] = {
    "[#1001] It works": (UpdateTicket(1001, TicketChange(phase=Phase.RESOLVED, resolved_at=NOW)),),
    "The boss leaves": (LeaveCompany(BOSS, "acme"),),
    "A rule keeps what it does not ask for": (RememberKeys(NEW, (), kept=(f"thread-index:{PARENT}",)),),
}


def _decide(mail: Mail, *arguments: Any, **more: Any) -> Plan:
    plan = decide(mail, *arguments, **more)
    return replace(plan, changes=(*plan.changes, *BESIDES.get(mail.subject, ())))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "token", _word)
        patch.setattr(module, "decide", _decide)
        yield Desk(tmp_path_factory.mktemp("row"))


def _one_by_one(tx: Tx, mails: Sequence[SmallMail]) -> None:
    for mail in mails:
        mail(tx)


def _equal(desk: Desk, mails: Sequence[Written]) -> dict[str, Any]:
    in_row, alone = desk.after(mails, in_a_row), desk.after(mails, _one_by_one)
    for name in alone:
        assert in_row[name] == alone[name], name
    return alone


ASKS = "Please give Dora access to the CRM."
NEXT = 1003  # the number that the first new ticket gets
#: Outlook's: the second answers the first (MS-OXOMSG 2.2.1.3)


def _new(sender: str, number: int, text: str = "The printer does not print.", **more: Any) -> Written:
    return Written(sender, f"<m{number}@{sender.partition('@')[2]}>", text=text, **more)


FIRST = _new(ANNA, 1)


BATCHES = {
    "different people": [FIRST, _new(BELA, 2), _new(CARL, 3), _new(STRANGER, 4)],
    "one person again and again": [_new(ANNA, one) for one in range(6)],
    "the same mail twice": [FIRST, FIRST],
    "a gateway's copy": [FIRST, FIRST._replace(subject="[EXT] The printer")],
    "the answer to a mail of the row": [FIRST, _new(BELA, 2, names=(FIRST.id,))],
    "the mail that one before it answers": [_new(BELA, 2, names=(FIRST.id,)), FIRST],
    "two that answer what nobody has seen": [_new(ANNA, 1, names=("<x@y.example>",)),
                                             _new(BELA, 2, names=("<X@y.example>",))],
    "the number of a ticket of the row": [FIRST, _new(BELA, 2, subject=f"[#{NEXT}] It works")],
    "two on one ticket": [_new(ANNA, 1, subject="[#1001] More"), _new(BELA, 2, names=("<t1@acme.example>",))],
    "a reply to what is resolved before it": [
        _new(ANNA, 1, subject="[#1001] It works"),
        _new(BELA, 2, names=("<t1@acme.example>",)),
    ],
    "two on two tickets": [_new(ANNA, 1, subject="[#1001] More"), _new(CARL, 2, subject="[#1002] More")],
    "an agent's between them": [FIRST, _new(KATA, 2, "/close", subject="[#1001] Done"), _new(BELA, 3)],
    "a cap on all mails": [_new(f"p{one}@acme.example", one) for one in range(9)],
    "a cap on mails to strangers": [_new(f"p{one}@s{one}.example", one) for one in range(4)],
    "an approver's pace": [_new(f"p{one}@globex.example", one, ASKS) for one in range(4)],
    "an id that a rule kept": [
        _new(ANNA, 1, subject="A rule keeps what it does not ask for"), _new(BELA, 2, more=f"Thread-Index: {CHILD}"),
    ],
    "an approver who is none any more": [_new(CARL, 1, subject="The boss leaves"), _new(ANNA, 2, ASKS)],
    "a yes between them": [_new(ANNA, 1, ASKS), _new(BOSS, 2, f"Yes\r\n\r\nmaild-{'a' * 26}"), _new(BELA, 3)],
    "an absence": [FIRST, _new(BELA, 2, "I am away.", more="Auto-Submitted: auto-replied", names=("<t1@acme.example>",))],
}  # fmt: skip


@cases("mails", BATCHES.values(), ids=BATCHES)
def test_what_follows_is_what_follows_one_after_the_other(desk: Desk, mails: list[Written]) -> None:
    _equal(desk, mails)


def _written(numbers: st.SearchStrategy[int]) -> st.SearchStrategy[Written]:
    ids = st.sampled_from(["<t1@acme.example>", "<t2@globex.example>", "<x@y.example>",
                           *(f"<m{one}@row.example>" for one in range(6))])  # fmt: skip
    subjects = st.sampled_from(["The printer", "The door", *(f"[#{one}] More" for one in range(1001, 1006))])
    return st.builds(
        Written, sender=st.sampled_from(WRITERS), id=numbers.map("<m{}@row.example>".format), subject=subjects,
        text=st.sampled_from(["It does not print.", ASKS, "Yes.", "/close", "It is the one beside the lift."]),
        names=st.lists(ids, max_size=2).map(tuple), copied=st.lists(st.sampled_from(WRITERS), max_size=2).map(tuple),
        more=st.sampled_from(["", "", "Auto-Submitted: auto-replied"]),
    )  # fmt: skip


@at_most(40)
@given(st.lists(_written(st.integers(0, 5)), min_size=2, max_size=8))
def test_so_it_is_whatever_comes(desk: Desk, mails: list[Written]) -> None:
    _equal(desk, mails)


@cases("other", [
    LookupKeys(KATA, acts=True), LookupKeys("mailer-daemon@x.example", reports=True),
    LookupKeys(BELA, token_hashes=("ab",)),
])  # fmt: skip
def test_what_may_change_more_than_its_own_ticket_stands_alone(other: LookupKeys) -> None:
    keys = [
        LookupKeys(ANNA),
        LookupKeys(CARL),
        other,
        LookupKeys(GINA),
        LookupKeys(STRANGER),
        LookupKeys(GINA),
    ]
    assert [len(row) for row in module._rows([_with(one) for one in keys])] == [2, 1, 2, 1]


def _with(keys: LookupKeys) -> SmallMail:
    made = SmallMail.__new__(SmallMail)
    made.keys = keys
    return made
