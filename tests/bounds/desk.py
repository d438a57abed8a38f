"""A small desk on which one mail takes every step of its way, and how much of the processor each took."""

from __future__ import annotations

import pickle
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from maild import config
from maild.errors import MaildError
from maild.mail.own_ids import Signer
from maild.mail.parse import IN_EVENT_LOOP, ParseLimits, TooCostly
from maild.model import CompanyFacts, ContactInput
from maild.steps import whole
from maild.store import Store, Tx
from maild.work import mail_steps
from maild.work.compose import Composer
from maild.work.ingest import is_long
from tests.consent import keys
from tests.harness.by_hand import MailByHand
from tests.harness.configuration import KATA, UNCAPPED, written

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
REQUEST = (
    b"From: anna@acme.example\r\nTo: help@desk.example\r\nSubject: Share\r\nMessage-ID: <first@acme.example>\r\n\r\n"
    b"Please grant write access to the share for our trainee.\r\n"
)


class Dns(dict[str, tuple[bytes, ...]]):
    """A key and a policy at every name."""

    def get(self, name: str, default: object = None) -> tuple[bytes, ...]:
        return (b"v=DMARC1; p=reject",) if name.startswith("_dmarc.") else (keys.strong().record,)


@dataclass
class Spent:
    """Seconds of the processor by step."""

    steps: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def on(self, step: str) -> Iterator[None]:
        began = time.thread_time()
        try:
            yield
        finally:
            self.steps[step] = self.steps.get(step, 0.0) + time.thread_time() - began

    def sum(self, *names: str) -> float:
        return sum(seconds for step, seconds in self.steps.items() if step in names)


#: of a small mail all steps are the main process's; of a slow one these alone, the others are a worker's
ALWAYS_MAIN = ("frames", "facts", "apply", "compose")
IN_WORKER = ("read", "verify", "decide")
#: of a mail that stays small all the way; between processes it is not handed
AT_HAND_MAIN = ("read", "verify", "facts", "decide", "apply", "compose")


class _Back(Exception):
    """Rolls a transaction back."""


class StepDesk:
    """A company with an approver, a ticket that is held for approval, an outage. Use as a context manager."""

    def __init__(self, folder: Path) -> None:
        relays = {"smtp": {"trusted_relays": {"127.0.0.2": "mx.google.com"}}}
        self.settings = config.load(written(folder, UNCAPPED, relays, {"agent": [KATA]}), {})
        self.store = Store.open(self.settings, create=True)
        self.signer = Signer(b"k" * 32, "desk.example")
        self.compose = Composer(self.settings, self.signer, instance="bounds")
        with self.store.write() as tx:
            tx.companies.save(CompanyFacts("acme", "Acme", ("acme.example",), "en", "standard"))
            tx.contacts.save("acme", ContactInput(("anna@acme.example",), name="Anna"))
            tx.contacts.save("acme", ContactInput(("boss@acme.example",), name="Boss", roles=("approver",)))
        with self.store.write() as tx:
            self._take(tx, REQUEST, Spent())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.store.close()

    def spent(self, raw: bytes, peer: str = "127.0.0.1", *, at_hand: bool = False) -> Mapping[str, float]:
        """What each step of that mail takes; nothing of it stays. `at_hand`: as the main process takes those that look
        small, up to where it leaves the rest of one to a worker."""
        made = Spent()
        try:
            with self.store.write() as tx:
                self._take(tx, raw, made, peer, at_hand=at_hand)
                raise _Back
        except (_Back, TooCostly):
            return made.steps

    def _take(
        self, tx: Tx, raw: bytes, made: Spent, peer: str = "127.0.0.1", *, at_hand: bool = False
    ) -> None:
        mail = MailByHand(tx, self.settings, self.signer, raw, NOW, "anna@acme.example", peer=peer)
        try:
            with made.on("read"):
                mail.read(IN_EVENT_LOOP if at_hand else ParseLimits())
        except MaildError:
            return
        if at_hand and is_long(mail.found.mail):
            return
        with made.on("frames"):
            mail.found = pickle.loads(pickle.dumps(mail.found))  # noqa: S301
        with made.on("verify"):
            auth = mail_steps.verify_by(
                self.settings, self.settings, raw, mail.found.mail, mail.envelope, Dns()
            )
        with made.on("facts"):
            facts = mail.facts(tx)
        with made.on("decide"):
            plan = mail.decide(facts, auth)
        with made.on("apply"):
            mail.apply(tx, plan)
        works = list(tx.outbound.claim(50, NOW + timedelta(hours=9), "w", timedelta(hours=1)))
        with made.on("compose"):
            for work in works:
                whole(self.compose(tx, work))
