"""A desk in memory and the people around it: mails of several conversations come in, each with the traces that its
program left, and whoever made them knows to which conversation each belongs."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field, replace
from typing import Any

from maild.app.case import Case
from maild.app.join import people
from maild.app.thread import find_ticket
from maild.app.thread_keys import remember
from maild.mail.own_ids import Signer
from maild.model import AddParticipant, AuthResult, Facts, KnownKey, Mail, Mailbox, Threading
from maild.party.sender import identify
from maild.settings import Agent, Settings
from tests.unit.factory import HELP, NOW, envelope, facts, mail, person, ticket

SIGNER = Signer(b"0123456789abcdef0123456789abcdef", "desk.example")
SETTINGS = Settings(agents={"kata": Agent("kata", "kata@desk.example", ("L1",))})
COMPANIES = {
    "acme": ("anna@acme.example", "bela@acme.example", "b12@acme.example"),
    "globex": ("carl@globex.example", "cora@globex.example"),
    "": ("x@freemail.example", "y77@freemail.example"),
}
COMPANY = {address: company for company, members in COMPANIES.items() for address in members}
EVERYBODY = tuple(COMPANY)
#: whose addresses stand in In-Reply-To. One with digits of somebody whom the desk does not know is like an id
NAMED = tuple(one for one in EVERYBODY if one != "y77@freemail.example")
SUBJECTS = (
    "Printer does not print", "Nem megy a nyomtató", "VPN bricht ab", "Le serveur est lent", "Nieuwe collega",
    "Faktúra október", "Slow network in room 7", "Kávégép csöpög",
)  # fmt: skip
PREFIXES = ("Re: ", "AW: ", "VÁ: ", "RE: ", "Antw: ", "SV: ", "[EXT] Re: ")
#: what a mail's program keeps of the thread
TRACES = ("tag", "in_reply_to", "references", "thread_index", "all")


@dataclass(frozen=True, slots=True)
class Sent:
    """A mail that exists in the world, seen by the desk or not; `talk`: the conversation it belongs to."""

    id: str
    author: str
    talk: str
    subject: str
    references: tuple[str, ...] = ()
    index: str | None = None
    to: tuple[str, ...] = ()


@dataclass(slots=True)
class Landed:
    """Where the desk put a mail. `number`: its ticket; `before`: those of the conversation on which the author stood."""

    sent: Sent
    found: Threading
    number: int
    before: tuple[int, ...]


@dataclass(slots=True)
class World:
    """`rng` decides all that people and programs do."""

    rng: random.Random
    tickets: dict[int, Any] = field(default_factory=dict)
    known: dict[str, list[KnownKey]] = field(default_factory=dict)
    answers: list[tuple[int, int]] = field(default_factory=list)
    talk_of: dict[int, str] = field(default_factory=dict)
    count: int = 0

    # ------------------------------------------------------------------------------------ what people write

    def new_id(self, author: str) -> str:
        self.count += 1
        return f"<m{self.count}.{self.rng.randrange(10**6)}@{author.rpartition('@')[2]}>"

    def new_index(self) -> str:
        self.count += 1
        return f"01d{self.count:041x}"

    def begin(self, author: str, talk: str, *, to: tuple[str, ...] = ()) -> Sent:
        """A mail that answers nothing."""
        index = self.new_index() if self.rng.random() < 0.5 else None
        subject = f"{self.rng.choice(SUBJECTS)} {self.rng.randrange(100)}"
        return Sent(self.new_id(author), author, talk, subject, (), index, to)

    def answer(self, author: str, parent: Sent) -> Sent:
        """An answer, as a program writes it that keeps everything."""
        subject = parent.subject
        if not any(subject.startswith(prefix) for prefix in PREFIXES):
            subject = self.rng.choice(PREFIXES) + subject
        self.count += 1
        block = f"{self.count:010x}"
        index = (parent.index or self.new_index()) + block
        to = tuple(dict.fromkeys((parent.author, *parent.to)))
        return Sent(
            self.new_id(author), author, parent.talk, subject, (*parent.references, parent.id), index,
            tuple(one for one in to if one != author),
        )  # fmt: skip

    def parsed(self, sent: Sent, traces: str) -> Mail:
        """The mail as it reaches the desk: only `traces` are left of its thread."""
        parents = sent.references
        subject = sent.subject
        if traces not in ("tag", "all"):
            subject = re.sub(r"\[#([0-9]+)\]", r"(\1)", subject)
        in_reply_to = parents[-1:] if traces in ("in_reply_to", "all") else ()
        if in_reply_to and self.rng.random() < 0.2:  # a program that names the person, too
            in_reply_to = (f"<{self.rng.choice(NAMED)}>", *in_reply_to)
        copies = tuple(Mailbox(one) for one in sent.to if one != HELP)
        return mail(
            sent.author, subject=subject, message_id=sent.id, in_reply_to=in_reply_to,
            references=parents if traces in ("references", "all") else (),
            thread_index=sent.index if traces in ("thread_index", "all") else None, cc=copies,
        )  # fmt: skip

    # ------------------------------------------------------------------------------------- what the desk does

    def facts(self) -> Facts:
        members = {
            one: person(one, *([company] if company else [])) for one, company in COMPANY.items() if company
        }
        return replace(
            facts(), tickets=dict(self.tickets), known={key: tuple(ones) for key, ones in self.known.items()},
            answers=tuple(self.answers), people=members,
        )  # fmt: skip

    def receive(self, sent: Sent, traces: str = "all") -> Landed:
        """The desk decides, and keeps what it would keep."""
        mine, now = self.parsed(sent, traces), self.facts()
        sender = identify(mine, now, None, SETTINGS, HELP)
        found = find_ticket(mine, sender, now, SETTINGS, NOW, SIGNER.verify)
        before = self.own(sent.author, sent.talk)
        number = found.ticket or 1001 + len(self.tickets)
        if found.ticket is None:
            self.tickets[number] = ticket(
                number, subject=mine.subject, company=sender.company, requester=sent.author,
                root_message_id=SIGNER.root_id(number),
            )  # fmt: skip
            self.talk_of[number] = sent.talk
            self._know(KnownKey(SIGNER.root_id(number), number, "root"))
            if found.link is not None:
                self.answers.append((number, found.link[1]))
        case = Case(mine, envelope(sent.author), now, AuthResult(), SETTINGS, sender, NOW, HELP)
        one = self.tickets[number]
        joined = [change for change in people(case, one) if isinstance(change, AddParticipant)]
        boxes = (*one.participants, *(Mailbox(change.address) for change in joined))
        self.tickets[number] = replace(one, participants=boxes)
        kept = remember(case, number)
        for key in kept.message_ids:
            self._know(KnownKey(key, number, "in", sent.author))
        for key in kept.awaited:
            self._know(KnownKey(key, number, "awaited", kept.sender))
        for key in kept.kept:
            self._know(KnownKey(key, number, "kept"))
        return Landed(sent, found, number, before)

    def own(self, author: str, talk: str) -> tuple[int, ...]:
        """Tickets of the conversation on which the author stands."""
        return tuple(
            number for number, one in self.tickets.items()
            if self.talk_of[number] == talk
            and (one.requester == author or any(box.address == author for box in one.participants))
        )  # fmt: skip

    def keys_before(self, landed: Landed) -> tuple[str, ...]:
        """All by which the mails that this one answers could be known."""
        sent = landed.sent
        lengths = range(44, len(sent.index or "") - 9, 10)
        return (*sent.references, *(f"thread-index:{(sent.index or '')[:length]}" for length in lengths))

    def acknowledge(self, landed: Landed) -> Sent:
        """Our answer, with tag, root and a signed id."""
        number, sent = landed.number, landed.sent
        self.count += 1
        own = SIGNER.message_id(number, f"n{self.count}")
        self._know(KnownKey(own, number, "out"))
        bare = sent.subject
        for prefix in PREFIXES:
            bare = bare.removeprefix(prefix)
        subject = bare if "[#" in bare else f"[#{number}] {bare}"
        if "[#" in bare:  # our tag takes the place of another's
            subject = f"[#{number}] {bare.partition('] ')[2]}"
        return Sent(own, HELP, sent.talk, subject, (SIGNER.root_id(number), sent.id), None, (sent.author,))

    def _know(self, one: KnownKey) -> None:
        there = self.known.setdefault(one.key, [])
        for place, other in enumerate(there):
            if (other.ticket, other.sender) == (one.ticket, one.sender):
                if other.origin == "awaited" and one.origin != "awaited":
                    there[place] = one
                return
        there.append(one)
