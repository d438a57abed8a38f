"""The same mail once more, exactly or as a gateway changed it: noted where the first one stands, answered by nobody."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from maild.app import copies
from maild.model import AddEntry, CopyAct, KnownKey, Plan, Reason, Threading, Verdict
from maild.ticket.phases import InboundState
from maild.ticket.vocabulary import EntryType
from tests.unit.app.approval_world import case

TEXT = "The printer on the third floor does not print."
BANNER = "CAUTION: external sender, do not click links unless expected"
COPY = KnownKey("k", 15789, "in", inbound_id=41)
JOINS = Threading(15789, "in_reply_to", "join")
OPENS = Threading(None, None, "new")


def came(text: str = TEXT, before: str = TEXT, *, on: int | None = 15789, **more: Any) -> Plan:
    facts = {"copy_of": replace(COPY, ticket=on), "copy_text": before, **more}
    return copies.duplicate(case(text, more=facts), None, JOINS)


def test_the_very_same_mail_is_a_duplicate_of_the_first() -> None:
    plan = came(copy_of=None, duplicate_of=40, duplicate_ticket=7)
    assert (plan.inbound_state, plan.duplicate_of, plan.inbound_ticket, plan.changes) == (
        InboundState.DUPLICATE, 40, 7, (),
    )  # fmt: skip
    assert plan.decision is not None
    assert plan.decision.would == (CopyAct(40, 7),)
    assert plan.decision.reasons == (
        Reason("same-mail", "mail 40: same From, Date, Subject, Message-ID and parts"),
    )  # fmt: skip
    assert plan.decision.thread.how == "none"
    both = came(duplicate_of=40, duplicate_ticket=7)
    assert both.duplicate_of == 40


def test_one_that_a_gateway_changed_is_a_duplicate_of_it() -> None:
    plan = came()
    assert (plan.duplicate_of, plan.inbound_ticket, plan.changes) == (41, 15789, ())
    assert plan.decision is not None
    assert plan.decision.reasons == (Reason("gateway-copy", "mail 41: same sender, Message-ID and Date"),)


@pytest.mark.parametrize(
    ("verdict", "threading", "kind"),
    [
        (None, JOINS, "reply"),
        (None, OPENS, "request"),
        (Verdict("list", (Reason("list", "x"),)), OPENS, "list"),
    ],
)
def test_it_is_of_the_kind_that_it_would_have_been(verdict: Any, threading: Threading, kind: str) -> None:
    plan = copies.duplicate(case(TEXT, more={"copy_of": COPY, "copy_text": TEXT}), verdict, threading)
    assert plan.decision is not None
    assert plan.decision.kind == kind


@pytest.mark.parametrize(
    ("text", "before"),
    [
        (f"{BANNER}\n{TEXT}", TEXT),
        (TEXT, f"{TEXT}\n{BANNER}"),
        (f"{TEXT} See https://a.example/one/two/three", f"{TEXT} See www.b.example/four/five/six"),
        (f"{TEXT} one two", f"{TEXT} three four five"),  # two words of its own are no other mail
        (f"{TEXT} three four five", f"{TEXT} one two"),
        (f"{TEXT} of to in at", f"{TEXT} by on up or"),
        (TEXT.upper(), TEXT),
        (TEXT, ""),
    ],
)
def test_a_banner_or_rewritten_links_make_no_other_mail(text: str, before: str) -> None:
    assert came(text, before).changes == ()


def test_where_each_says_what_the_other_does_not_agents_see_both() -> None:
    plan = came(f"{TEXT} one two six", f"{TEXT} three four five")
    (note,) = plan.changes
    assert isinstance(note, AddEntry)
    assert (note.ticket, note.type, note.public, note.from_mail) == (15789, EntryType.SYSTEM, False, True)
    assert note.text.startswith(
        "a copy of mail 41 by its sender, Message-ID and Date says something else:\n\nThe printer"
    )
    assert (plan.duplicate_of, plan.inbound_state) == (41, InboundState.DUPLICATE)
    assert came("one two six", "three four five", on=None).changes == ()
