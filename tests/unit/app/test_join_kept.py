"""What is kept of a mail on a ticket, and who takes part from then on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from maild.app import join
from maild.app.case import Case
from maild.model import (
    AddEntry,
    AddParticipant,
    Change,
    Mailbox,
    Reason,
    TicketFacts,
    UpdateTicket,
)
from maild.ticket.state import TicketChange
from maild.ticket.vocabulary import EntryType
from tests.cases import cases
from tests.unit.app.act_world import BELA, of
from tests.unit.app.approval_world import (
    ANNA,
    BOSS,
    KEYED,
    NUMBER,
)
from tests.unit.app.join_world import OPEN, wrote


def test_the_entry_keeps_whose_it_is_where_answers_would_go_and_what_is_odd() -> None:
    more: dict[str, Any] = {
        "reply_to": (Mailbox(ANNA), Mailbox("other@x.example")),
        "defects": (Reason("odd", "x"),),
    }
    (made,) = join.entry(wrote(**more), OPEN)
    assert isinstance(made, AddEntry)
    said = made.details
    assert (made.author, made.type, made.channel, made.public, made.from_mail) == (
        ANNA,
        EntryType.MAIL,
        "email",
        True,
        True,
    )
    assert (said.author_name, said.reply_to, said.defects) == ("Anna", ("other@x.example",), (("odd", "x"),))  # type: ignore[attr-defined]
    assert (said.verified, said.by_agent, said.thanks, said.unproven) == (True, False, False, False)  # type: ignore[attr-defined]
    assert not join.entry(wrote(), OPEN, public=False)[0].public  # type: ignore[union-attr]


def participants(one: Case, on: TicketFacts = OPEN) -> list[tuple[str, str]]:
    return [(c.address, c.via) for c in of(AddParticipant, join.people(one, on))]


def test_who_writes_and_colleagues_in_copy_take_part() -> None:
    copied: dict[str, Any] = {
        "cc": (Mailbox(BELA), Mailbox("x@globex.example")),
        "to": (Mailbox("new@acme.example"),),
    }
    assert participants(wrote(sender=BOSS, **copied)) == [
        (BOSS, "wrote"),
        ("new@acme.example", "cc"),
        (BELA, "cc"),
    ]
    assert participants(wrote(**copied)) == [("new@acme.example", "cc"), (BELA, "cc")]
    on = replace(OPEN, participants=(Mailbox(BELA), Mailbox(BOSS)))
    assert participants(wrote(sender=BOSS, on=on, **copied), on) == [("new@acme.example", "cc")]
    assert participants(wrote(sender=BOSS, cc=(Mailbox(ANNA),))) == [(BOSS, "wrote")]
    agent = wrote(sender=BOSS)
    assert participants(replace(agent, sender=replace(agent.sender, how="agent"))) == []
    assert participants(replace(agent, sender=replace(agent.sender, address=None))) == []


def test_of_those_in_copy_no_more_take_part_than_the_limit_however_many_mails_name_them() -> None:
    few = replace(KEYED, limits=replace(KEYED.limits, participants=3))
    boxes = tuple(Mailbox(f"p{n}@acme.example") for n in range(3))
    assert len(participants(wrote(cc=boxes, settings=few))) == 3
    on = replace(OPEN, participants=(Mailbox("q@acme.example"), Mailbox("r@acme.example")))
    assert participants(wrote(cc=boxes, settings=few, on=on), on) == [("p0@acme.example", "cc")]
    assert participants(wrote(sender=BOSS, cc=boxes, settings=few, on=on), on) == [(BOSS, "wrote")]


@cases("changes", [[], [UpdateTicket(7, TicketChange(topic="x"))]])
def test_a_change_of_a_row_that_is_not_written_yet_is_written(changes: list[Change]) -> None:
    done = join._with_change(changes, NUMBER, TicketChange(topic="y"))
    assert done == [*changes, UpdateTicket(NUMBER, TicketChange(topic="y"))]
