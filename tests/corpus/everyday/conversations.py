"""Conversations whose truth is known: customers and the desk, three parties, newsletters that several answer.

Each mail comes with the traces that its program left; `measured` says how many are where they belong, and how many are
on a ticket of another conversation.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.unit.app.thread_world import COMPANIES, COMPANY, Landed, Sent, World
from tests.unit.factory import HELP

#: what is left of the thread in a mail, as `World.parsed` names it -> how the figures call it
TRACES = {
    "tag": "tag only",
    "in_reply_to": "In-Reply-To only",
    "references": "References only",
    "all": "all headers",
}
_TAG = re.compile(r"\[#([0-9]+)\]")


@dataclass(slots=True)
class ThreadFigures:
    """Mails that leave a trace: how many, on the right ticket, on a ticket of another conversation."""

    mails: int = 0
    right: int = 0
    wrong: int = 0


def two_parties(world: World, name: str, traces: str) -> Iterator[Landed]:
    """Colleagues of one company and the desk."""
    people = world.rng.choice([members for company, members in COMPANIES.items() if company])
    yield from _talk(world, name, traces, people, world.rng.randint(3, 7))


def three_parties(world: World, name: str, traces: str) -> Iterator[Landed]:
    """A customer with a vendor or another customer in Cc; both answer each other, the desk in Cc."""
    rng = world.rng
    people = (
        rng.choice(COMPANIES["acme"]),
        rng.choice((*COMPANIES["globex"], *COMPANIES[""])),
        *([rng.choice(COMPANIES["acme"])] if rng.random() < 0.4 else []),
    )
    yield from _talk(world, name, traces, tuple(dict.fromkeys(people)), rng.randint(4, 9))


def newsletter(world: World, name: str, traces: str) -> Iterator[Landed]:
    """A mass mail that the desk never saw, answered by several, some of them twice, then by the desk and by them."""
    rng = world.rng
    people = rng.sample(tuple(COMPANY), rng.randint(2, 4))
    news = world.begin("news@provider.example", name, to=tuple(people))
    written: list[Sent] = []
    for author in (*people, rng.choice(people)):
        yield _said(world, world.answer(author, news), traces, written)
    for _ in range(rng.randint(0, 3)):
        ours = rng.choice([mail for mail in written if mail.author == HELP])
        yield _said(world, world.answer(ours.to[0], ours), traces, written)


def _talk(world: World, name: str, traces: str, people: tuple[str, ...], length: int) -> Iterator[Landed]:
    rng, written = world.rng, list[Sent]()
    author = people[0]
    yield _said(world, world.begin(author, name, to=people[1:]), traces, written)
    for _ in range(length):
        parent = rng.choice(written[-4:])
        may = [one for one in people if one != parent.author and (one in parent.to or parent.author != HELP)]
        if may:
            yield _said(world, world.answer(rng.choice(may), parent), traces, written)


def _said(world: World, mail: Sent, traces: str, written: list[Sent]) -> Landed:
    landed = world.receive(mail, traces)
    written += [mail, world.acknowledge(landed)]
    return landed


KINDS: dict[str, Callable[[World, str, str], Iterator[Landed]]] = {
    "two parties": two_parties,
    "three parties": three_parties,
    "newsletter": newsletter,
}


def is_right(world: World, landed: Landed, traces: str, *, mass: bool = False) -> bool | None:
    """Whether a mail is where its writer's earlier mails or a colleague's are; None without a trace of any.

    Who answers a mail that no mail of theirs to us precedes begins: their first mail is right on any ticket of the
    conversation that is theirs or a colleague's. `mass`: of a mail to many each has a ticket of their own, whoever
    else was in copy.
    """
    if world.talk_of[landed.number] != landed.sent.talk:
        return False
    if traces == "tag":
        tagged = {int(tag) for tag in _TAG.findall(landed.sent.subject)} & set(landed.before)
        return landed.number in tagged if tagged else None
    before = landed.before
    if mass:
        before = tuple(one for one in before if world.tickets[one].requester == landed.sent.author)
    colleagues = world.tickets[landed.number].company == COMPANY[landed.sent.author] != ""
    return not before or landed.number in before or (colleagues and landed.found.ticket is not None)


def measured(kind: str, traces: str, seeds: int = 250) -> ThreadFigures:
    """Over `seeds` desks with three conversations of `kind` each."""
    found = ThreadFigures()
    for seed in range(seeds):
        world = World(random.Random(f"{kind} {seed}"))
        for number in range(3):
            for landed in KINDS[kind](world, f"talk{number}", traces):
                right = is_right(world, landed, traces, mass=kind == "newsletter")
                found.wrong += world.talk_of[landed.number] != landed.sent.talk
                if right is not None:
                    found.mails += 1
                    found.right += right
    return found
