"""Laws of threading over whole conversations at random: who may join, never a wrong conversation, one ticket each."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import at_most
from tests.unit.app.thread_world import COMPANIES, COMPANY, EVERYBODY, TRACES, Landed, Sent, World
from tests.unit.factory import HELP

TAG = re.compile(r"\[#([0-9]+)\]")


def talk(world: World, name: str, traces: str, *, unseen: float = 0.0, mass: float = 0.3) -> list[Landed]:
    """One conversation: mails that people and the desk write to each other. `mass`: how often it is begun by a mail
    to many that the desk never sees; `unseen`: how often people leave the desk out."""
    rng = world.rng
    author, *others = rng.sample(EVERYBODY, rng.randint(1, 4))
    landed: list[Landed] = []
    written: list[Sent] = []
    if rng.random() < mass:
        news = world.begin("news@provider.example", name, to=(author, *others))
        for one in (author, *others):
            for _ in range(rng.randint(1, 2)):
                landed.append(said(world, world.answer(one, news), traces, written))
    else:
        landed.append(said(world, world.begin(author, name, to=tuple(others)), traces, written))
    for _ in range(rng.randint(0, 6)):
        parent = rng.choice(written)
        may = [
            one
            for one in (author, *others)
            if one != parent.author and (one in parent.to or parent.author != HELP)
        ]
        if not may:
            continue
        mail = world.answer(rng.choice(may), parent)
        if rng.random() < unseen:
            written.append(mail)
        else:
            landed.append(said(world, mail, traces, written))
    return landed


def said(world: World, mail: Sent, traces: str, written: list[Sent]) -> Landed:
    """The desk gets the mail and answers it."""
    landed = world.receive(mail, traces)
    written += [mail, world.acknowledge(landed)]
    return landed


def stays(world: World, landed: Landed) -> bool:
    """Whoever took part before stays where they were, or is where the colleague is whom they answer."""
    colleagues = world.tickets[landed.number].company == COMPANY[landed.sent.author] != ""
    return (
        not landed.before
        or landed.number in landed.before
        or (colleagues and landed.found.ticket is not None)
    )


def check(world: World, landed: Landed) -> None:
    """The laws of one mail: its own conversation; nobody joins a ticket on which they did not stand but a colleague
    whose mail answers one that stands on it, or on a ticket that was opened in its thread, or who writes its tag."""
    sent, number = landed.sent, landed.number
    assert world.talk_of[number] == sent.talk
    if landed.found.ticket is None or number in landed.before:
        return
    assert world.tickets[number].company == COMPANY[sent.author] != ""
    named = {
        one.ticket
        for key in world.keys_before(landed)
        for one in world.known.get(key, ())
        if one.origin != "awaited"
    }
    named |= {int(tag) for tag in TAG.findall(sent.subject)}
    while more := {other for ticket, other in world.answers if ticket in named} - named:
        named |= more
    assert number in named


RANDOM = st.randoms(use_true_random=False)
#: conversations that each law is tried on at once, and in the slow part
FEW, MANY = at_most(30), at_most(120)


@pytest.mark.parametrize("traces", TRACES)
@FEW
@given(RANDOM)
def test_no_mail_lands_on_a_wrong_conversations_ticket(traces: str, rng: random.Random) -> None:
    world = World(rng)
    for number in range(rng.randint(1, 4)):
        for landed in talk(world, f"talk{number}", traces, unseen=0.3):
            check(world, landed)


@FEW
@given(RANDOM)
def test_programs_that_leave_different_traces_never_mix_conversations(rng: random.Random) -> None:
    world = World(rng)
    for number in range(rng.randint(2, 5)):
        for landed in talk(world, f"talk{number}", rng.choice(TRACES), unseen=0.2):
            check(world, landed)


@pytest.mark.parametrize("traces", ["in_reply_to", "references", "all"])
@FEW
@given(RANDOM)
def test_customer_and_third_party_have_one_ticket_each(traces: str, rng: random.Random) -> None:
    world = World(rng)
    for number in range(rng.randint(1, 3)):
        for landed in talk(world, f"talk{number}", traces, mass=0.0):
            assert stays(world, landed)
    opened = Counter((world.talk_of[number], one.requester) for number, one in world.tickets.items())
    assert max(opened.values()) == 1
    of_company = Counter((world.talk_of[number], one.company) for number, one in world.tickets.items())
    customers: dict[str, str | None] = {}
    for number, one in world.tickets.items():
        customers.setdefault(world.talk_of[number], one.company)
    # all colleagues of whoever began are on that one ticket
    assert all(of_company[name, company] == 1 for name, company in customers.items() if company)


@FEW
@given(RANDOM)
def test_each_who_answers_a_mail_to_many_has_one_ticket_and_reads_nobody_elses(rng: random.Random) -> None:
    world = World(rng)
    people = rng.sample(EVERYBODY, rng.randint(2, 5))
    news = world.begin("news@provider.example", "news", to=tuple(people))
    for author in rng.choices(people, k=8):
        mail = world.answer(author, news)
        landed = world.receive(mail, rng.choice(["in_reply_to", "references", "thread_index", "all"]))
        assert world.tickets[landed.number].requester == author
        assert landed.found.link is None


@pytest.mark.slow
@pytest.mark.parametrize("traces", ["tag", "in_reply_to", "references", "all"])
def test_measured_over_two_thousand_mails(traces: str) -> None:
    assert measured(traces, range(700)) > 2_000


@pytest.mark.parametrize("traces", ["tag", "in_reply_to", "references", "all"])
def test_measured_over_two_hundred_mails(traces: str) -> None:
    assert measured(traces, range(700, 790)) > 200


def measured(traces: str, seeds: range) -> int:
    """At least 99.5 % of the answers that leave a trace are where they belong, and none elsewhere; how many."""
    right = wrong = count = 0
    for seed in seeds:
        world = World(random.Random(seed))
        for number in range(2):
            for landed in talk(world, f"talk{number}", traces, mass=0.0):
                if traces == "tag":
                    tagged = {int(tag) for tag in TAG.findall(landed.sent.subject)} & set(landed.before)
                    if not tagged:
                        continue  # no trace of a ticket of theirs
                    right += landed.number in tagged
                else:
                    right += stays(world, landed)
                count += 1
                wrong += world.talk_of[landed.number] != landed.sent.talk
    assert wrong == 0
    assert right / count >= 0.995
    return count


@FEW
@given(RANDOM, st.sampled_from(EVERYBODY))
def test_another_desks_tag_joins_nothing_of_ours(rng: random.Random, author: str) -> None:
    world = World(rng)
    for number in range(rng.randint(1, 3)):
        talk(world, f"talk{number}", "all")
    foreign = rng.choice(sorted(world.tickets))
    one = world.tickets[foreign]
    if author == one.requester or any(box.address == author for box in one.participants):
        return
    mail = Sent(world.new_id(author), author, "elsewhere", f"[#{foreign}] Zebra crossing painted")
    landed = world.receive(mail)
    assert landed.found.ticket is None
    assert landed.found.link == ("related", foreign)
    again = Sent(world.new_id(author), author, "elsewhere", f"Re: [#{foreign}] Zebra crossing painted")
    assert world.receive(again).number == landed.number


@FEW
@given(RANDOM)
def test_mails_of_one_template_are_a_ticket_each_and_answers_find_theirs(rng: random.Random) -> None:
    world = World(rng)
    index = world.new_index()
    author = rng.choice(COMPANIES["acme"])
    made = [
        Sent(world.new_id(author), author, f"t{n}", f"New colleague {n}", (), index)
        for n in range(rng.randint(2, 4))
    ]
    landed = [world.receive(mail, "thread_index") for mail in made]
    assert len({one.number for one in landed}) == len(made)
    chosen = rng.randrange(len(made))
    answer = world.answer(rng.choice(COMPANIES["acme"]), made[chosen])
    assert world.receive(answer, "thread_index").number == landed[chosen].number


@pytest.mark.slow
@pytest.mark.parametrize("traces", TRACES)
def test_no_mail_lands_on_a_wrong_conversations_ticket_in_many(traces: str) -> None:
    many(partial(test_no_mail_lands_on_a_wrong_conversations_ticket.hypothesis.inner_test, traces))


@pytest.mark.slow
@pytest.mark.parametrize("traces", ["in_reply_to", "references", "all"])
def test_customer_and_third_party_have_one_ticket_each_in_many(traces: str) -> None:
    many(partial(test_customer_and_third_party_have_one_ticket_each.hypothesis.inner_test, traces))


@pytest.mark.slow
@pytest.mark.parametrize(
    "law",
    [
        test_programs_that_leave_different_traces_never_mix_conversations,
        test_each_who_answers_a_mail_to_many_has_one_ticket_and_reads_nobody_elses,
        test_mails_of_one_template_are_a_ticket_each_and_answers_find_theirs,
    ],
    ids=lambda law: law.__name__,
)
def test_it_holds_in_many(law: Any) -> None:
    many(law.hypothesis.inner_test)


@pytest.mark.slow
def test_another_desks_tag_joins_nothing_of_ours_in_many() -> None:
    of_all: Any = test_another_desks_tag_joins_nothing_of_ours
    law = of_all.hypothesis.inner_test
    many(lambda rng: law(rng, rng.choice(EVERYBODY)))


def many(law: Callable[[random.Random], None]) -> None:
    """A law, over many conversations."""

    @MANY
    @given(RANDOM)
    def tried(rng: random.Random) -> None:
        law(rng)

    tried()
