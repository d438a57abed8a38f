"""What a mail's row, its files' names and the daemon's line about it say of a token that it quotes: nothing.

What replaces it is tested with the consents; here, that each way of a mail uses it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from maild.app.handle_mail import decide
from maild.app.lookup import keys_of
from maild.consent.hiding import token_hash
from maild.mail.own_ids import Signer
from maild.mail.parse import parse_mail
from maild.model import AuthResult, Facts, Mail, Plan
from maild.settings import Settings
from maild.store import Applied, Store, Tx, Writer
from maild.store.inbound import InboundWork
from maild.values import replace
from maild.work.clock import RealClock
from maild.work.deciding import Decider
from maild.work.in_a_row import Decided, DecidesWith, SmallMail
from maild.work.ingest import _line
from maild.work.mail_steps import ReadMail
from maild.work.mails_in_progress import MailsInProgress
from maild.work.workers import WorkerPool
from tests.unit.factory import NOW, envelope, facts

TOKEN = "abcdefghijklmnopqrstuvwxyz"
SETTINGS, SIGNER = Settings(), Signer(b"k" * 32, "desk.example")
QUOTING = parse_mail(
    f"From: Anna <anna@acme.example>\r\nTo: help@desk.example\r\nSubject: Your {TOKEN}\r\n\r\nWhat is {TOKEN}?\r\n".encode()
)
KNOWN = facts(tokens={token_hash(TOKEN): None})
WORK = InboundWork(1, envelope(), "0" * 64, 100, 1, b"", None, None)


class NotedTx:
    """A transaction that notes how a mail is kept."""

    def __init__(self) -> None:
        self.kept: list[Mail] = []

    def facts(self, *_: object, **__: object) -> Facts:
        return KNOWN

    def apply(self, _plan: Plan, *, mail: Mail, **_: object) -> Applied:
        self.kept.append(mail)
        return Applied()


class AtOnce:
    """A writer, and workers, that do at once what they are given."""

    has_lanes = False

    def __init__(self, tx: NotedTx) -> None:
        self._tx = tx

    async def run(self, job: Callable[[Tx], Any], **_: object) -> Any:
        return job(cast(Tx, self._tx))

    async def decide(self, *_: object) -> Plan:
        return Plan()


@pytest.fixture
def in_progress(tmp_path: Path) -> MailsInProgress:
    return MailsInProgress(tmp_path / "progress")


def test_a_small_mails_row_shows_no_token(in_progress: MailsInProgress) -> None:
    desk = DecidesWith(SETTINGS, SIGNER, str, in_progress, "")
    keys = keys_of(QUOTING, WORK.envelope, SETTINGS)
    tx = NotedTx()
    SmallMail(WORK, QUOTING, keys, AuthResult(), desk, now=NOW, answers=None)(cast(Tx, tx))
    (kept,) = tx.kept
    assert TOKEN not in kept.subject


async def test_the_row_of_a_mail_that_was_read_in_a_worker_shows_no_token(
    in_progress: MailsInProgress,
) -> None:
    tx = NotedTx()
    both = AtOnce(tx)
    store = cast(Store, type("StoreOfSettings", (), {"settings": SETTINGS}))
    decider = Decider(
        store, cast(Writer, both), SIGNER, clock=RealClock(), nonce=str, workers=cast(WorkerPool, both),
        in_progress=in_progress, instance="",
    )  # fmt: skip
    read = ReadMail(QUOTING, (), keys_of(QUOTING, WORK.envelope, SETTINGS))
    await decider.in_worker(WORK, read, AuthResult())
    (kept,) = tx.kept
    assert TOKEN not in kept.subject


@pytest.mark.parametrize("before", ["Your ", "a" * 60 + " "], ids=["whole", "cut where the line ends"])
def test_the_daemons_line_shows_no_token(before: str) -> None:
    quoting = replace(QUOTING, subject=f"{before}{TOKEN}")
    plan = decide(quoting, WORK.envelope, KNOWN, AuthResult(), SETTINGS, SIGNER, NOW, nonce=str)
    said = _line(quoting, Decided(plan, Applied(), KNOWN.tokens), 1001)
    assert "Anna" in said
    assert TOKEN[:8] not in said
