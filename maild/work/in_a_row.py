"""Mails that share a transaction, step by step: what each asks for is looked up, then all are decided, then all is written.

Law: what follows is what would follow of them one after the other. Many mails' same step in a row finds the processor's
caches full of what it needs, and takes an eighth less than one mail's whole way after the other's (docs/performance.md).

Who shares a sender, a content or an id with one before begins the next row. Where what was written of those before may have
changed what a mail was decided on, it is looked up and decided once more.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from functools import partial
from typing import NamedTuple

from maild.app.handle_mail import decide
from maild.consent.masking import shown
from maild.mail.own_ids import Signer
from maild.model import AuthResult, Facts, LookupKeys, Mail, Plan, RememberKeys, SendNotice
from maild.settings import Settings
from maild.steps import Steps, each_within
from maild.store import Applied, InboundWork, Tx
from maild.store.ids import in_common, stored
from maild.work.answers import AnswersAtOnce
from maild.work.mails_in_progress import MailsInProgress, Stage
from maild.work.nonces import token


class Decided(NamedTuple):
    """A mail's plan and what came of it. `tokens`: by their hashes those that stand in the mail, which nobody shows."""

    plan: Plan
    applied: Applied
    tokens: Container[str]


class DecidesWith(NamedTuple):
    """What all mails are decided with. `nonce` is for Message-IDs, `instance` this desk's mark."""

    settings: Settings
    signer: Signer
    nonce: Callable[[], str]
    in_progress: MailsInProgress
    instance: str


class SmallMail:
    """A job of the writer: a mail that is decided in the transaction that applies it, and answered at the end of it."""

    __slots__ = ("_answers", "_auth", "_desk", "_mail", "_now", "_work", "keys")

    def __init__(
        self, work: InboundWork, mail: Mail, keys: LookupKeys, auth: AuthResult, desk: DecidesWith, *, now: datetime,
        answers: AnswersAtOnce | None,
    ) -> None:  # fmt: skip
        self.keys = keys
        self._work, self._mail, self._auth = work, mail, auth
        self._desk, self._now, self._answers = desk, now, answers

    def __call__(self, tx: Tx) -> Decided:
        """All steps."""
        facts = self.look(tx)
        return self.write(tx, facts, self.decide(facts))

    def look(self, tx: Tx) -> Facts:
        if self._answers:
            self._answers.begin()
        with self._at_hand():
            return tx.facts(self.keys, self._now, inbound_id=self._work.id)

    def decide(self, facts: Facts) -> Plan:
        """Raises what `handle_mail.decide` raises."""
        desk = self._desk
        with self._at_hand():
            return decide(
                self._mail, self._work.envelope, facts, self._auth, desk.settings, desk.signer, self._now, nonce=token,
                instance=desk.instance,
            )  # fmt: skip

    def write(self, tx: Tx, facts: Facts, plan: Plan) -> Decided:
        """Raises what `tx.apply` raises."""
        desk, answers = self._desk, self._answers
        with self._at_hand():
            applied = tx.apply(
                plan, now=self._now, signer=desk.signer, nonces=desk.nonce, inbound_id=self._work.id,
                mail=shown(self._mail, facts.tokens), claim=answers.claim if answers else None,
            )  # fmt: skip
        if answers and applied.claimed:
            tx.do_last(partial(self._answer, answers, tx, applied))
        return Decided(plan, applied, facts.tokens)

    def caps_hold(self, tx: Tx, facts: Facts) -> bool:
        """Whether the caps for all mails hold back now what they hold back by these facts. Nobody else's answer counts
        for this one's writer or ticket."""
        limits = self._desk.settings.limits
        desk, unknown = tx.counters.of_all(self._now)
        return (desk == facts.automatic_desk_last_hour or desk < limits.automatic_mails_per_hour) and (
            unknown == facts.automatic_unknown_last_hour
            or unknown < limits.automatic_mails_to_unknown_per_hour
        )

    def _answer(self, answers: AnswersAtOnce, tx: Tx, applied: Applied) -> Steps[None]:
        return each_within(self._at_hand, answers.compose(tx, applied.claimed, self._now))

    def _at_hand(self) -> AbstractContextManager[None]:
        return self._desk.in_progress.at_hand(self._work.id, Stage.WRITER)


def in_a_row(tx: Tx, mails: Sequence[SmallMail]) -> list[Decided]:
    """What became of each, in their order. Raises what the first that fails raises."""
    decided: list[Decided] = []
    for row in _rows(mails):
        if len(row) == 1:
            decided.append(row[0](tx))
            continue
        master = tx.master
        found = [mail.look(tx) for mail in row]
        plans = [mail.decide(facts) for mail, facts in zip(row, found, strict=True)]
        before = _Written()
        for mail, facts, plan in zip(row, found, plans, strict=True):
            same = tx.master is master and not before.concerns(mail.keys, facts)
            holds = same and mail.caps_hold(tx, facts)
            decided.append(mail.write(tx, facts, plan) if holds else mail(tx))
            before.add(facts, decided[-1])
    return decided


def _rows(mails: Sequence[SmallMail]) -> Iterator[list[SmallMail]]:
    """Mails that stand side by side and have nothing in common that their keys tell of. What an agent wrote, a report and
    an answer to an approval change more than their own ticket: each stands alone."""
    row: list[SmallMail] = []
    names: set[str] = set()
    for mail in mails:
        keys, mine = mail.keys, in_common(mail.keys)
        alone = keys.acts or keys.reports or bool(keys.token_hashes)
        if row and (alone or not names.isdisjoint(mine)):
            yield row
            row, names = [], set()
        row.append(mail)
        names.update(mine)
        if alone:
            yield row
            row, names = [], set()
    if row:
        yield row


class _Written:
    """What the mails before in a row have written that another may have been decided on."""

    def __init__(self) -> None:
        self._ids: set[str] = set()
        self._tickets: set[int] = set()
        self._paces: set[str] = set()

    def add(self, facts: Facts, decided: Decided) -> None:
        self._tickets.update(facts.tickets, decided.applied.tickets)
        for change in decided.plan.changes:
            if type(change) is RememberKeys:
                self._ids.update(map(stored, (*change.message_ids, *change.awaited, *change.kept)))
            elif type(change) is SendNotice and change.notice.pace:
                self._paces.add(change.notice.pace)

    def concerns(self, keys: LookupKeys, facts: Facts) -> bool:
        """Whether the facts of these keys would be others now."""
        own = (keys.own_message_id,) if keys.own_message_id else ()
        return (
            not self._tickets.isdisjoint((*facts.tickets, *keys.numbers))
            or not self._ids.isdisjoint(map(stored, (*own, *keys.message_ids, *keys.keys)))
            or (bool(self._paces) and not self._paces.isdisjoint(_people(facts)))
        )


def _people(facts: Facts) -> Iterator[str]:
    return (person.address for company in facts.companies.values() for person in company.people)
