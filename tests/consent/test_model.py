"""A state machine of requests, answers and changes against a short oracle: nobody unauthorised is ever heard.

Signatures are said here, not made: what they prove has its own tests. Everything else is real: parse, decide, the
acts, and a store on disk.
"""

from __future__ import annotations

import atexit
import hashlib
import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import Phase as HypothesisPhase
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from maild.app import acts, approvals, deadlines, offers, splitting
from maild.app.acts import ActContext
from maild.app.handle_mail import decide
from maild.app.lookup import keys_of
from maild.commands.shapes import shapes
from maild.errors import NotYet, Refused
from maild.mail.own_ids import Signer
from maild.mail.parse import parse_mail
from maild.model import AuthResult, ContactInput, Envelope, Json, OpenConsent, Plan, SendNotice
from maild.store import Store, Tx
from maild.ticket.phases import Phase
from maild.work.nonces import nonce, token
from tests.consent.keys import GOOD
from tests.consent.world import COMPANIES, PEOPLE, settings_for

#: a state machine of many steps
pytestmark = pytest.mark.slow

#: what fails is told as it is: to make it shorter takes longer than to read it
PHASES = (HypothesisPhase.explicit, HypothesisPhase.generate)
FLAWS = ["token", "no token", "writer", "auth", "word", "tag", "place", "hours", "twist", "to"]
START = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
REQUESTERS = {"acme": "anna@acme.example", "tok": "theo@tok.example"}
WRITERS = ("boss@acme.example", "vice@acme.example", "anna@acme.example", "gina@globex.example",
           "stranger@evil.example", "tess@tok.example", "theo@tok.example")  # fmt: skip
WORDS = {
    "yes": "Yes, approved.",
    "no": "No.",
    "doubt": "Yes, but later.",
    "quoted": "Hm.\r\n\r\n> Yes, approved.",
    "torn": "> Please do what was\r\nYes, approved.\r\n> asked for",
    "": "Hello",
}
#: words that ask for something, and words that do not
MORE = {True: "Please give Mallory write access to the payroll share.", False: "And the payroll too."}
COLLEAGUES = {"acme": "carl@acme.example", "tok": "carl@tok.example"}
SAID = {
    "all": AuthResult("dmarc-pass", "dkim", "x", GOOD, True),
    "thin": AuthResult("dmarc-pass", "dkim", "x", ("from", "subject", "date", "in-reply-to"), True),
    "nothing": AuthResult("none"),
    "dns": AuthResult("temperror"),
}


@dataclass
class Token:
    """What the oracle knows of a token that went out."""

    text: str
    ticket: int
    approver: str
    message_id: str
    ends: datetime
    live: bool = True


@dataclass
class Held:
    """What the oracle knows of a request."""

    number: int
    company: str
    state: str = "held"  # held, expired, refused, decided
    asker: str = ""  # whose words are asked about
    extra: bool = False  # somebody else's words, which the consent that waits is not about
    asked_at: datetime = START
    tokens: list[Token] = field(default_factory=list)


@cache
def template() -> Path:
    """A desk with its companies, made once."""
    folder = Path(tempfile.mkdtemp(prefix="maild-model-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with Store.open(settings_for(folder, "127.0.0.1:1"), create=True) as store, store.write() as tx:
        for company in COMPANIES:
            tx.companies.save(company)
        for key, address, name, roles in PEOPLE:
            if address != "chief@mail.acme.example":
                tx.contacts.save(key, ContactInput((address,), name=name, roles=roles))
    return folder


#: decisions seen in this process: a model in which nothing is ever granted would prove nothing
SEEN: Counter[str] = Counter()


class Consents(RuleBasedStateMachine):
    tickets = Bundle("tickets")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(
            tempfile.mkdtemp(prefix="maild-model-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None)
        )
        self.settings = settings_for(self.folder, "127.0.0.1:1")
        shutil.copytree(template(), self.folder, dirs_exist_ok=True)
        self.store = Store.open(self.settings)
        self.now, self.ids = START, count(1)
        self.approvers = {"boss@acme.example", "vice@acme.example", "tess@tok.example"}
        self.held: dict[int, Held] = {}
        self.all: list[Token] = []
        with self.store.read() as tx:
            self.signer = Signer(tx.secret(), "desk.example")

    def teardown(self) -> None:
        self.the_log_tells_of_each_decision()
        self.store.close()
        shutil.rmtree(self.folder)

    # ------------------------------------------------------------------------------------- the desk

    def take(self, raw: bytes, auth: AuthResult) -> tuple[Plan | None, int | None]:
        """As work/ingest does it: one transaction."""
        envelope = Envelope("smtp", self.now, "x@mail.example", ("help@desk.example",), peer="127.0.0.1")
        mail = parse_mail(raw, desk_addresses=self.settings.desk.addresses)
        with self.store.write() as tx:
            key = tx.inbound.accept(envelope, raw, None, hashlib.sha256(raw).hexdigest())
            facts = tx.facts(keys_of(mail, envelope, self.settings), self.now, inbound_id=key)
            try:
                plan = decide(mail, envelope, facts, auth, self.settings, self.signer, self.now, nonce=token)
            except NotYet:
                return None, None
            done = tx.apply(plan, now=self.now, signer=self.signer, nonces=nonce, inbound_id=key, mail=mail)
            number = done.ticket or plan.inbound_ticket
            self.note(plan, number)
        return plan, number

    def act(self, number: int, make: object) -> bool:
        """An act of an agent or of the clock; False when it was refused."""
        with self.store.write() as tx:
            try:
                plan = make(tx, self.facts_of(tx, number))  # type: ignore[operator]
            except Refused:
                return False
            tx.apply(plan, now=self.now, signer=self.signer, nonces=nonce)
            self.note(plan, number)
        return True

    def facts_of(self, tx: Tx, number: int) -> ActContext:
        ticket = tx.ticket(number)
        company = tx.companies.find(ticket.company) if ticket.company else None
        return ActContext(self.settings, self.now, "kata", company, None, tx.consents.of_ticket(number))

    def note(self, plan: Plan, number: int | None) -> None:
        """Tokens that go out."""
        for change in plan.changes:
            if isinstance(change, SendNotice) and change.notice.token and number:
                text, ticket = (
                    change.notice.token,
                    change.notice.ticket if change.notice.ticket > 0 else number,
                )
                made = Token(
                    text,
                    ticket,
                    change.notice.to[0].address,
                    self.signer.message_id(ticket, text),
                    self.ends(),
                )
                self.all.append(made)
                if ticket in self.held:
                    self.held[ticket].tokens.append(made)

    def ends(self) -> datetime:
        return self.now + timedelta(days=self.settings.approval.expires_days)

    def mail(
        self,
        sender: str,
        subject: str,
        text: str,
        *,
        date: datetime,
        more: str = "",
        to: str = "help@desk.example",
    ) -> bytes:
        return (
            f"From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\nDate: {format_datetime(date)}\r\n"
            f"Message-ID: <m{next(self.ids)}@mail.example>\r\nMIME-Version: 1.0\r\n"
            f"Content-Type: text/plain; charset=utf-8\r\n{more}\r\n{text}\r\n"
        ).encode()

    # -------------------------------------------------------------------------------------- the rules

    @rule(target=tickets, company=st.sampled_from(sorted(REQUESTERS)))
    def request(self, company: str) -> int:
        raw = self.mail(
            REQUESTERS[company], "Share", "Please grant write access to the share for me.", date=self.now
        )
        before = len(self.all)
        _, number = self.take(raw, SAID["nothing"])
        assert number is not None
        self.held[number] = Held(
            number, company, asker=REQUESTERS[company], asked_at=self.now, tokens=self.all[before:]
        )
        return number

    @rule(number=tickets, asks=st.booleans(), colleague=st.booleans())
    def somebody_writes_more(self, number: int, asks: bool, colleague: bool) -> None:
        """Words that ask hold the ticket; any words do where it was refused; a requester's are part of what waits."""
        held = self.held[number]
        writer = COLLEAGUES[held.company] if colleague else REQUESTERS[held.company]
        raw = self.mail(writer, f"Re: [#{number}] Share", MORE[asks], date=self.now)
        before = len(self.all)
        plan, joined = self.take(raw, SAID["nothing"])
        if joined != number:  # so long ago that it is a request of its own
            self.opened(plan, joined, held.company)
            return
        grows = held.state == "held" and writer == held.asker
        anew = held.state == "refused" or (held.state == "decided" and asks)
        if grows or anew:
            self.void(held)
            held.tokens += [one for one in self.all[before:] if one not in held.tokens]
            for one in self.all[before:]:
                one.live = True
            held.state, held.asked_at = "held", self.now
            held.asker = held.asker if grows else writer if asks else REQUESTERS[held.company]
        elif asks:
            held.extra = True

    def opened(self, plan: Plan | None, number: int | None, company: str) -> None:
        """A ticket that a reply opened, where it is held."""
        for change in plan.changes if plan is not None else ():
            if isinstance(change, OpenConsent) and number is not None and number not in self.held:
                tokens = [one for one in self.all if one.ticket == number]
                self.held[number] = Held(
                    number, company, asker=change.requester, asked_at=self.now, tokens=tokens
                )

    @rule(
        number=tickets, way=st.sampled_from(["reopen", "phase", "close", "resolve", "take", "split", "quote"])
    )
    def an_agent_goes_round(self, number: int, way: str) -> None:
        """No verb leads out of a hold, or past one."""
        held, before = self.held[number], len(self.all)

        parts: list[int] = []

        def verb(tx: Tx, act: ActContext) -> Plan:
            ticket = tx.ticket(number)
            if way == "reopen":
                return approvals.reopen(act, ticket, "", token)
            if way == "phase":
                return approvals.phase(act, ticket, Phase.IN_PROGRESS, "", token)
            if way == "resolve":
                return approvals.phase(act, ticket, Phase.RESOLVED, "", token)
            if way == "close":
                return acts.close(act, ticket)
            if way == "take":
                return acts.take(act, ticket)
            if way == "quote":
                return offers.quote(act, ticket, offers.Quote("10.00", "EUR", "14d", "A share"), token)
            part = splitting.SplitPart("Share", (), MORE[True], "change", None)
            parts.append(tx.counters.next_number())
            return splitting.split(act, ticket, part, parts[-1], token)

        was = held.state
        done = self.act(number, verb)
        if way == "split" and done:
            tokens = [one for one in self.all[before:] if one.ticket == parts[-1]]
            asker = REQUESTERS[held.company]
            self.held[parts[-1]] = Held(
                parts[-1], held.company, asker=asker, asked_at=self.now, tokens=tokens
            )
            return
        if was == "refused" and way in ("reopen", "phase") and done:
            self.void(held)
            held.tokens += [one for one in self.all[before:] if one not in held.tokens]
            for one in self.all[before:]:
                one.live = True
            held.state, held.asked_at, held.asker = "held", self.now, REQUESTERS[held.company]

    @rule(
        number=tickets, pick=st.integers(0, 10**6), to=st.sampled_from(["carl@acme.example", "undisclosed:;"]),
        flaws=st.lists(st.sampled_from(FLAWS), max_size=3),
        writer=st.sampled_from(WRITERS), auth=st.sampled_from(sorted(SAID)), word=st.sampled_from(sorted(WORDS)),
        tag=st.sampled_from(["none", "other"]), place=st.sampled_from(["field", "body", "to", "references"]),
        hours=st.sampled_from([-30, -1, 30]), twist=st.sampled_from(["auto", "twice", "cr"]),
    )  # fmt: skip
    def somebody_answers(
        self, number: int, pick: int, to: str, flaws: list[str], writer: str, auth: str, word: str, tag: str, place: str,
        hours: int, twist: str,
    ) -> None:  # fmt: skip
        """All in order, but for the flaws: in each of them what is drawn stands instead."""
        pool = [t for t in self.held[number].tokens if t.live] or self.held[number].tokens
        pool = self.all if "token" in flaws else pool
        used = pool[pick % len(pool)] if pool and "no token" not in flaws else None
        writer = writer if "writer" in flaws or used is None else used.approver
        auth, word = auth if "auth" in flaws else "all", word if "word" in flaws else "yes"
        tag, twist = tag if "tag" in flaws else "right", twist if "twist" in flaws else ""
        hours, place = hours if "hours" in flaws else 0, place if "place" in flaws else "field"
        subject = {"right": f"[#{number}]", "none": "", "other": f"[#{number + 1}]"}[tag] + " Share"
        more = {
            "auto": "Auto-Submitted: auto-replied\r\n",
            "twice": f"Subject: {subject}\r\n",
            "cr": "X-A: b\rc\r\n",
        }.get(twist, "")
        text = WORDS[word]
        if used is not None and place == "field":
            more = f"In-Reply-To: {used.message_id}\r\n{more}"
        elif used is not None and place == "references":
            more = f"References: {used.message_id} <other@mail.example>\r\n{more}"
        elif used is not None and place == "body":
            text += f"\r\n\r\n> maild-{used.text}"
        elif used is not None:
            more = f"Cc: help+{used.text}@desk.example\r\n{more}"
        date = self.now + timedelta(hours=hours)
        to = to if "to" in flaws else "help@desk.example"
        raw = self.mail(writer, subject, text, date=date, more=more, to=to)
        said = SAID[auth]
        held = self.held.get(used.ticket) if used else None
        may = (
            used is not None and held is not None and used.live
            and (held.number == number or held.company == "tok")  # there the tag is not asked for and held.state == "held"
            and self.now <= used.ends and writer == used.approver and writer in self.approvers
            and word in ("yes", "no") and twist == "" and place != "references"
            and ("to" not in flaws or place == "to")
            and (held.company == "tok" or self.proven(held, auth, place, tag, hours, date))
        )  # fmt: skip
        before = self.states()
        sent = len(self.all)
        plan, joined = self.take(raw, said)
        after = self.states()
        changed = {
            key: state
            for key, state in after.items()
            if state in ("granted", "refused") and before.get(key) != state
        }
        if not may:
            assert not changed, (changed, writer, auth, word, tag, place, hours, twist)
            self.grown(plan, joined, sent)
            return
        assert held is not None
        assert list(changed.values()) == ["granted" if word == "yes" else "refused"]
        SEEN["granted" if word == "yes" else "refused"] += 1
        self.void(held)
        held.state = "decided" if word == "yes" else "refused"
        if word == "yes" and held.extra:  # the other words are asked about now
            held.state, held.asked_at, held.extra = "held", self.now, False
            held.asker = COLLEAGUES[held.company] if held.asker == REQUESTERS[held.company] else held.asker
            for one in self.all[sent:]:
                one.live = True
            with self.store.read() as tx:
                left = tx.consents.waiting(held.number)
                assert left is not None
                held.asker = left.requester

    @staticmethod
    def proven(held: Held, auth: str, place: str, tag: str, hours: int, date: datetime) -> bool:
        """What is asked for only where signatures are: in the desk's mail `To` is what they all sign."""
        signed = auth == "all" and (place != "to" or "cc" in SAID[auth].signed)
        dated = abs(hours) != 30 and date >= held.asked_at - timedelta(minutes=2)
        return signed and tag == "right" and dated

    def grown(self, plan: Plan | None, joined: int | None, sent: int) -> None:
        """What decides nothing may be more of the request, or wake what was refused: then it is asked for again."""
        fresh = self.all[sent:]
        for change in plan.changes if plan else ():
            if not isinstance(change, OpenConsent):
                continue
            held = self.held.get(change.ticket)
            if held is None:
                self.opened(plan, joined, "acme")
                continue
            assert held.state in ("held", "refused")
            for one in held.tokens:
                one.live = one in fresh
            held.state, held.asked_at, held.asker = "held", self.now, change.requester

    @rule(number=tickets)
    def a_reminder(self, number: int) -> None:
        held, count_before = self.held[number], len(self.all)

        def remind(tx: Tx, act: ActContext) -> Plan:
            consent = tx.consents.waiting(number)
            return deadlines.consent_remind(act, tx.ticket(number), consent, token)

        self.act(number, remind)
        consent = self.newest(number)
        for made in self.all[count_before:]:
            made.ends = consent["ends"]
            assert held.state == "held"

    @rule(number=tickets)
    def the_agent_asks_again(self, number: int) -> None:
        held, count_before = self.held[number], len(self.all)

        def again(tx: Tx, act: ActContext) -> Plan:
            found = tx.consents.of_ticket(number)
            return approvals.request(
                act, tx.ticket(number), found[-1] if found else None, "", "Urgent.", token
            )

        if self.act(number, again):
            for one in held.tokens:
                one.live = one in self.all[count_before:]
            held.state, held.asked_at, held.extra = "held", self.now, False
            held.asker = REQUESTERS[held.company]

    @rule(number=tickets)
    def the_agent_withdraws(self, number: int) -> None:
        held = self.held[number]

        def withdraw(tx: Tx, act: ActContext) -> Plan:
            found = tx.consents.of_ticket(number)
            return approvals.withdraw(act, tx.ticket(number), found[-1] if found else None, "a mistake")

        if self.act(number, withdraw):
            assert held.state in ("held", "expired", "refused")
            held.state, held.extra = "decided", False
            self.void(held)

    @rule(number=tickets, days=st.sampled_from([0, 1, 8]))
    def time_passes(self, number: int, days: int) -> None:
        self.now += timedelta(days=days, minutes=5)
        held = self.held[number]

        def expire(tx: Tx, act: ActContext) -> Plan:
            return deadlines.consent_expire(act, tx.ticket(number), tx.consents.waiting(number))

        self.act(number, expire)
        if self.newest(number)["state"] == "expired" and held.state == "held":
            held.state = "expired"
            self.void(held)

    @rule(who=st.sampled_from(["boss@acme.example", "vice@acme.example"]), there=st.booleans())
    def an_approver_comes_or_goes(self, who: str, there: bool) -> None:
        with self.store.write() as tx:
            if there:
                tx.contacts.save("acme", ContactInput((who,), name="Boss", roles=("approver",)))
                self.approvers.add(who)
            elif who in self.approvers:
                tx.contacts.leave(who, "acme")
                self.approvers.discard(who)

    @staticmethod
    def void(held: Held) -> None:
        for one in held.tokens:
            one.live = False

    # ---------------------------------------------------------------------------------------- the laws

    def states(self) -> dict[int, str]:
        with self.store.read() as tx:
            return {c.id: c.state for c in tx.consents.all()}

    def newest(self, number: int) -> Json:
        with self.store.read() as tx:
            consent = tx.consents.of_ticket(number)[-1]
        return {"state": consent.state, "ends": consent.expires_at}

    def the_log_tells_of_each_decision(self) -> None:
        with self.store.read() as tx:
            assert tx.consents.verify().ok
            decided = [c for c in tx.consents.all() if c.state in ("granted", "refused")]
            for consent in decided:
                rows = [r for r in shapes(tx.consents.log(consent.id)) if r["event"] == consent.state]
                assert len(rows) == 1
                assert len(rows[0]["data"]["sha256"]) == 64

    @invariant()
    def a_ticket_is_held_as_long_as_nobody_decided(self) -> None:
        with self.store.read() as tx:
            waiting = {row.number for row in tx.tickets.list(phase="awaiting_approval")}
        assert waiting == {h.number for h in self.held.values() if h.state in ("held", "expired")}


def run(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        Consents,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, derandomize=True,
            suppress_health_check=list(HealthCheck), print_blob=False, database=None, phases=PHASES,
        ),
    )  # fmt: skip


def test_nobody_unauthorised_is_heard() -> None:
    SEEN.clear()
    run(12, 30)
    assert SEEN["granted"] >= 2


@pytest.mark.torture
def test_nobody_unauthorised_is_heard_in_a_hundred_thousand_steps() -> None:
    SEEN.clear()
    run(1000, 100)
    assert SEEN["granted"] > 1000
