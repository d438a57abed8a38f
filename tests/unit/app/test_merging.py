"""Two tickets become one, tickets are tied together, a request becomes a project."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from maild.app import merging
from maild.model import (
    AddEntry,
    AddLink,
    AddParticipant,
    Change,
    LinkOutage,
    Mailbox,
    MoveEntries,
    MoveKeys,
    RemoveLink,
    SendNotice,
    SetDeadline,
    TicketFacts,
    UpdateTicket,
)
from maild.settings import ServiceLevel
from maild.ticket.entries import LinkDetails, MergeDetails, PhaseDetails, ReplyDetails
from maild.ticket.phases import Phase
from maild.ticket.state import TicketChange
from maild.ticket.vocabulary import DeadlineType, EntryType, LastWord, LinkType, Severity
from tests.cases import cases
from tests.unit.app.act_world import (
    ACME,
    ANNA,
    BELA,
    BOSS,
    HOUR,
    SETTINGS,
    act,
    asking,
    asks,
    at,
    entry,
    of,
    promised,
    refused,
    said,
    state,
)
from tests.unit.app.approval_world import held
from tests.unit.factory import NOW, ticket

INTO = ticket(20000, subject="Printer again")


def merged(
    on: TicketFacts, into: TicketFacts = INTO, outages: tuple[int, ...] = (), **more: Any
) -> tuple[Change, ...]:
    return merging.merge(act(**more), on, into, outages).changes


# ------------------------------------------------------------------------------------- one ticket of two


def test_what_people_wrote_goes_along_and_what_was_done_stays() -> None:
    on = ticket(entries=(
        entry(1), entry(2, "kata", "We look.", EntryType.REPLY, ReplyDetails()),
        entry(3, "kata", "", EntryType.PHASE, PhaseDetails()), entry(4),
    ))  # fmt: skip
    changes = merged(on)
    assert of(MoveEntries, changes) == [MoveEntries(15789, (1, 2, 4), 20000)]
    assert of(AddLink, changes) == [AddLink(15789, LinkType.MERGED, 20000)]
    assert changes[-1] == MoveKeys(15789, 20000)
    assert not of(MoveEntries, merged(ticket(entries=on.entries[2:3])))
    gone = on.after_all(changes)
    assert (gone.phase, gone.merged_into) == (Phase.MERGED, 20000)
    step = next(one for one in of(AddEntry, changes) if one.type is EntryType.PHASE)
    assert step.details.merged_into == 20000
    (sent,) = of(SendNotice, changes)
    assert (sent.notice.name, sent.notice.data["merged_into"]) == ("merged", 20000)


@pytest.mark.parametrize(("requester", "who"), [(ANNA, "by the same person"), (BELA, f"by {BELA}")])
def test_the_survivor_tells_agents_what_became_part_of_it(requester: str, who: str) -> None:
    on = ticket(requester=requester, entries=(entry(1), asking(2), asking(3)))
    note = next(one for one in of(AddEntry, merged(on)) if one.type is EntryType.MERGE)
    assert (note.ticket, note.text, note.public) == (
        20000,
        f"#15789 merged into this: Printer ({who})",
        False,
    )
    assert note.details == MergeDetails(merged=15789, requester=requester, settled=(2, 3))


def test_its_people_take_part_in_the_survivor_once_each() -> None:
    boxes = tuple(Mailbox(one) for one in (BELA, BOSS, "c@acme.example"))
    changes = merged(ticket(participants=(*boxes, boxes[0])), replace(INTO, participants=(Mailbox(BOSS),)))
    assert [(one.ticket, one.address) for one in of(AddParticipant, changes)] == [
        (20000, BELA), (20000, "c@acme.example"),
    ]  # fmt: skip
    other = merged(ticket(requester=BELA, requester_name="Bela"))
    assert of(AddParticipant, other) == [AddParticipant(20000, BELA, "Bela", "merged from #15789")]


def test_the_survivor_is_about_the_outages_of_both() -> None:
    into = replace(INTO, state=state(outages=(1, 2)))
    changes = merged(ticket(), into, (2, 3))
    assert into.after_all(changes).state.outages == (1, 2, 3)
    assert of(LinkOutage, changes) == [LinkOutage(20000, 2), LinkOutage(20000, 3)]


def test_who_waited_on_the_one_waits_on_the_other() -> None:
    on = ticket(waiting_since=NOW - HOUR, reply_by=NOW + HOUR)
    into = replace(INTO, last_word=LastWord.AGENT)
    now = into.after_all(changes := merged(on, into))
    assert (now.last_word, now.waiting_since, now.reply_by) == (LastWord.CUSTOMER, NOW - HOUR, NOW + HOUR)
    assert {c.type for c in of(SetDeadline, changes) if c.ticket == 20000} >= {DeadlineType.REPLY_BREACH}
    changes = merged(ticket(), into)
    assert into.after_all(changes).last_word is LastWord.AGENT
    assert all(c.change for c in changes if isinstance(c, UpdateTicket))  # no row is written for nothing


# ------------------------------------------------------------------------------------- what is not merged

ENDED = at(INTO, Phase.CLOSED)


@cases(
    ("on", "into", "words"),
    [
        (ticket(), ticket(), ["#15789 cannot be merged into itself"]),
        (ticket(phase=Phase.MERGED, merged_into=7), INTO, ["#15789 was merged into #7 already"]),
        (
            ticket(),
            at(INTO, Phase.MERGED, merged_into=15789),
            ["#20000 was merged into #15789 already: they are one ticket"],
        ),
        (
            ticket(),
            at(INTO, Phase.MERGED, merged_into=7),
            ["#20000 was merged into #7; `maild merge 15789 7`"],
        ),
        (held(), INTO, ["#15789 is held"]),
        (asks(held()), INTO, ["#15789 is held"]),
        (asks(ticket()), INTO, ["#15789 asks for a permission", "maild link 15789 related 20000"]),
        (ticket(), ENDED, ["#20000 is closed; `maild reopen 20000` first, or merge it into #15789"]),
        (
            ticket(),
            replace(INTO, company="globex"),
            ["#15789 belongs to acme, #20000 to globex", "must not see"],
        ),
        (ticket(company=None), INTO, ["#15789 belongs to no company, #20000 to acme"]),
        (ticket(), replace(INTO, company=None), ["#15789 belongs to acme, #20000 to no company"]),
        (
            ticket(company=None),
            replace(INTO, company=None, requester=BELA),
            ["different people without a company"],
        ),
    ],
)
def test_what_would_lose_or_leak_something_is_refused(
    on: TicketFacts, into: TicketFacts, words: list[str]
) -> None:
    refused(lambda: merged(on, into), *words)


@cases(
    ("on", "into"),
    [
        (ticket(phase=Phase.CLOSED), ENDED),
        (ticket(phase=Phase.CLOSED), INTO),
        (ticket(company=None), replace(INTO, company=None)),
        (ticket(requester=BELA), INTO),
    ],
)
def test_what_belongs_together_is_merged(on: TicketFacts, into: TicketFacts) -> None:
    assert on.after_all(merged(on, into)).phase is Phase.MERGED


# ------------------------------------------------------------------------------------- the older promise

EARLY = promised(received=NOW - HOUR)
LATE = promised(number=20000)


def test_the_survivor_keeps_the_older_promise_by_its_own_contract() -> None:
    now = LATE.after_all(changes := merged(EARLY, LATE))
    assert (LATE.respond_by, now.respond_by) == (NOW + 8 * HOUR, NOW + 7 * HOUR)
    assert now.state.clock is not None
    assert now.state.clock.received_at == NOW - HOUR
    alarms = {c.type: c.at for c in of(SetDeadline, changes) if c.ticket == 20000}
    assert alarms[DeadlineType.RESPOND_BREACH] == NOW + 7 * HOUR
    assert all(one.startswith("(") for one in said(changes)[1:])
    assert [c.author for c in of(AddEntry, changes) if c.type is EntryType.CLOCK]
    urgent = LATE.after(TicketChange(severity=Severity.SYSTEM))
    assert urgent.after_all(merged(EARLY, urgent)).respond_by == NOW + 3 * HOUR


def test_a_promise_is_kept_where_the_survivor_had_none() -> None:
    into = replace(LATE, respond_by=None)
    assert into.after_all(merged(EARLY, into)).respond_by == NOW + 7 * HOUR


@cases(
    ("on", "into"),
    [
        (LATE.after(TicketChange()), EARLY),  # older already
        (replace(EARLY, state=state()), LATE),
        (EARLY, replace(LATE, responded_at=NOW)),
        (replace(EARLY, responded_at=NOW), LATE),
        (replace(EARLY, phase=Phase.CLOSED), at(LATE, Phase.CLOSED)),
        (replace(EARLY, respond_by=None), LATE),
        (replace(EARLY, respond_by=LATE.respond_by), LATE),
    ],
)
def test_a_promise_that_was_kept_or_is_no_older_changes_nothing(on: TicketFacts, into: TicketFacts) -> None:
    on, into = replace(on, number=15789), replace(into, number=20000)
    now = into.after_all(merged(on, into))
    assert (now.respond_by, now.state.clock) == (into.respond_by, into.state.clock)


@pytest.mark.parametrize("hours", [0, 9, 24])
def test_a_contract_that_promises_less_by_now_takes_nothing_back(hours: int) -> None:
    now = replace(
        SETTINGS, service_levels={"standard": ServiceLevel("standard", {"user": hours})} if hours else {}
    )
    changes = merging.merge(replace(act(), settings=now), EARLY, LATE).changes
    assert LATE.after_all(changes).respond_by == LATE.respond_by
    assert LATE.after_all(changes).state.clock == LATE.state.clock
    over = merging.merge(act(company=replace(ACME, service_level="")), EARLY, LATE).changes
    assert LATE.after_all(over).respond_by == LATE.respond_by


# ------------------------------------------------------------------------------------- ties


@pytest.mark.parametrize("type_", ["related", "duplicate", "project", "follow_up"])
def test_a_tie_is_noted_for_agents_on_both(type_: str) -> None:
    changes = merging.link(act(), ticket(), type_, INTO).changes
    assert changes[0] == AddLink(15789, LinkType(type_), 20000)
    assert [(one.ticket, one.text, one.public, one.details) for one in of(AddEntry, changes)] == [
        (15789, f"{type_} #20000: Printer again", False, LinkDetails(type=LinkType(type_), ticket=20000)),
        (20000, f"{type_} #15789: Printer", False, LinkDetails(type=LinkType(type_), ticket=15789)),
    ]  # fmt: skip
    assert len(changes) == 3


def test_ties_that_the_desk_makes_itself_are_not_made_by_hand() -> None:
    refused(
        lambda: merging.link(act(), ticket(), "merged", INTO), "no link type 'merged'", "related, duplicate"
    )
    refused(lambda: merging.link(act(), ticket(), "related", ticket()), "#15789 cannot be linked to itself")


def test_a_tie_is_undone_with_a_note_to_agents() -> None:
    gone, note = merging.unlink(act(), ticket(), LinkType.RELATED, 20000).changes
    assert gone == RemoveLink(15789, LinkType.RELATED, 20000)
    assert isinstance(note, AddEntry)
    assert (note.ticket, note.text, note.public) == (15789, "no longer related #20000", False)


def test_a_ticket_gets_the_news_of_an_outage_or_no_longer() -> None:
    on = ticket(state=state(outages=(1, 2)))
    changes = merging.link_outage(act(), on, 3, "Mail is slow").changes
    assert on.after_all(changes).state.outages == (1, 2, 3)
    assert of(LinkOutage, changes) == [LinkOutage(15789, 3, True)]
    assert (said(changes), of(SetDeadline, changes)) == (["(outage 3: Mail is slow)"], [])
    assert of(AddEntry, changes)[0].details == LinkDetails(outage=3)
    changes = merging.link_outage(act(), on, 1, "Mail is slow", linked=False).changes
    assert on.after_all(changes).state.outages == (2,)
    assert of(LinkOutage, changes) == [LinkOutage(15789, 1, False)]
    assert said(changes) == ["(not outage 1: Mail is slow)"]
    assert of(SetDeadline, changes) == [SetDeadline(DeadlineType.OUTAGE_CLOSE, 15789)]


def test_who_has_ended_is_told_no_news_and_is_still_taken_off() -> None:
    over = ticket(phase=Phase.CLOSED, state=state(outages=(3,)))
    refused(lambda: merging.link_outage(act(), over, 3, "Mail"), "#15789 is closed: nobody would be told")
    assert (
        over.after_all(merging.link_outage(act(), over, 3, "Mail", linked=False).changes).state.outages == ()
    )
