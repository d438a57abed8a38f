"""What threading notes beside its decision: which rules disagree, what was merged, why a ticket is not reopened."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from maild.app import thread_tickets
from maild.app.relation import merged_chain
from maild.app.thread_tickets import others
from maild.model import KnownKey, Reason, Threading
from maild.settings import ThreadingSettings
from maild.ticket.phases import Phase
from tests.unit.app.test_thread import ANNA, BELA, CARL, FIRST, SETTINGS, SIGNER, STRANGER, known, run
from tests.unit.factory import NOW, facts, mail, ticket


def codes(found: Threading) -> list[str]:
    return [reason.code for reason in found.conflicts]


def test_each_ticket_that_a_rule_names_besides_is_noted_up_to_ten() -> None:
    for many, noted in ((10, 9), (11, 10), (12, 10), (13, 10)):
        numbers = range(20000, 20000 + many)
        keys = tuple(KnownKey(f"<{number}@x>", number, "in", ANNA) for number in numbers)
        all_hers = facts(*(ticket(number) for number in numbers), known=keys)
        found = run(mail(ANNA, references=tuple(key.key for key in keys)), all_hers)
        assert codes(found) == ["rules-disagree"] * noted
        assert found.ticket == numbers[-1]


def test_without_a_sender_it_is_noted_all_the_same_what_the_rules_say() -> None:
    both = facts(
        ticket(),
        ticket(20000),
        known=(KnownKey(FIRST, 15789, "in", ANNA), KnownKey("<b@x>", 20000, "in", CARL)),
    )
    found = run(mail(None, in_reply_to=(FIRST,), references=("<b@x>",)), both)
    assert (found.how, codes(found)) == ("none", ["rules-disagree", "no-strict-from"])
    assert found.conflicts[0].evidence == "in_reply_to says 15789, references says 20000"


def test_the_way_through_a_merge_is_noted_and_without_one_nothing() -> None:
    tickets = (ticket(phase=Phase.MERGED, merged_into=20000), ticket(20000))
    merged = run(mail(ANNA, in_reply_to=(FIRST,)), known(*tickets))
    assert (merged.ticket, merged.conflicts) == (20000, (Reason("merged", "15789 -> 20000"),))
    assert run(mail(ANNA, in_reply_to=(FIRST,)), known()).conflicts == ()


def test_a_merge_that_was_undone_leads_nowhere() -> None:
    tickets = (ticket(merged_into=20000), ticket(20000))
    assert [one.number for one in merged_chain(15789, facts(*tickets))] == [15789]


def test_why_a_ticket_is_not_reopened_is_noted() -> None:
    old = known(ticket(phase=Phase.CLOSED, closed_at=NOW - timedelta(days=400)))
    found = run(mail(ANNA, in_reply_to=(FIRST,), subject="Re: Printer"), old)
    days = ThreadingSettings().reopen_days
    assert (found.how, found.rule) == ("follow_up", "in_reply_to")
    assert found.conflicts == (Reason("reopen-window", f"closed more than {days} days ago"),)


def test_of_several_tickets_that_may_not_be_joined_the_first_that_may_be_linked_is() -> None:
    """A stranger's bare number is nothing; the id in References is."""
    both = facts(ticket(), ticket(20000), known=(KnownKey(FIRST, 15789, "in", ANNA),))
    settings = ThreadingSettings(rules=("bare_number", "references"))
    order = replace(SETTINGS, threading=settings)
    found = run(mail(STRANGER, subject="Printer #20000", references=(FIRST,)), both, order)
    assert (found.how, found.link, found.rule) == ("linked", ("related", 15789), "references")
    nothing = run(mail(STRANGER, subject="Printer #20000"), both, order)
    assert (nothing.how, nothing.link, nothing.rule) == ("new", None, None)


@pytest.mark.parametrize("beside", [{"in_reply_to": (FIRST,)}, {"references": (SIGNER.root_id(15789),)}])
def test_a_tag_with_an_id_of_the_same_ticket_is_no_other_desks(beside: dict[str, Any]) -> None:
    subject = "[#15789] Invoice for October"
    found = run(mail(CARL, subject=subject, **beside), known())
    assert "tag-of-another-desk" not in codes(found)
    assert found.link is not None
    assert "tag-of-another-desk" in codes(run(mail(CARL, subject=subject), known()))


def test_a_tag_with_anything_else_of_its_ticket_is_joined_by_a_colleague_whatever_its_subject() -> None:
    """An id that somebody else awaits is no way in by itself, but says that the tag is ours."""
    seen = known(known=(KnownKey("<u@x>", 15789, "awaited", ANNA),))
    subject = "[#15789] Invoice for October"
    found = run(mail(BELA, subject=subject, in_reply_to=("<u@x>",)), seen)
    assert (found.how, found.ticket, found.rule) == ("join", 15789, "subject_tag")
    assert run(mail(BELA, subject=subject, in_reply_to=("<v@x>",)), seen).how == "linked"
    tag_first = replace(SETTINGS, threading=ThreadingSettings(rules=("subject_tag", "in_reply_to")))
    stranger = run(mail(CARL, subject=subject, in_reply_to=(FIRST,)), known(), tag_first)
    assert (stranger.link, codes(stranger)) == (("related", 15789), [])


def test_a_thread_of_more_than_fifty_tickets_is_followed_no_further() -> None:
    assert thread_tickets.MOST == 50
    tickets = {number: ticket(number, requester=ANNA) for number in range(1, 80)}
    line = tuple(
        (number, number - 1) for number in range(2, 80)
    )  # each was opened in the thread of the one before
    up = others((tickets[79],), frozenset({CARL}), facts(*tickets.values(), answers=line))
    assert [number for number, _ in up] == [*range(78, 29, -1)]
    down = others((tickets[1],), frozenset({ANNA}), facts(*tickets.values(), answers=line))
    assert [number for number, _ in down] == [*range(50, 1, -1)]


def test_a_circle_of_answers_ends() -> None:
    ring = ((2, 1), (3, 2), (1, 3), (2, 3), (2, 1))
    tickets = [ticket(number, requester=ANNA) for number in (1, 2, 3)]
    assert [
        number for number, _ in others((tickets[0],), frozenset({ANNA}), facts(*tickets, answers=ring))
    ] == [3, 2]
