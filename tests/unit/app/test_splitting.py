"""A part of a ticket becomes a ticket of its own: what goes, whose it is, and what it asks for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from maild.app import splitting
from maild.app.splitting import SplitPart
from maild.model import (
    AddEntry,
    AddLink,
    AddParticipant,
    Change,
    EntryFacts,
    Mailbox,
    MoveEntries,
    OpenConsent,
    OpenTicket,
    SendNotice,
    TicketFacts,
)
from maild.ticket.entries import CallDetails, LinkDetails, MailDetails, PhaseDetails
from maild.ticket.phases import ConsentState, Phase
from maild.ticket.vocabulary import EntryType, LinkType, Severity, TicketKind
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
    entry,
    new_ticket,
    nonce,
    of,
    refused,
    state,
)
from tests.unit.app.approval_world import GIVE, consent, held, short_of
from tests.unit.factory import NOW, ticket

#: a conversation of two people, of which a part goes
SCAN = entry(2, text="The scanner is dead.", message_id="<scan@acme.example>")
TALK = ticket(
    entries=(entry(1, message_id="<first@acme.example>"), SCAN, entry(3, BELA, "Mine too.")),
    participants=(Mailbox(BELA, "Bela"), Mailbox(BOSS, "Boss")), last_message_id="<last@acme.example>",
)  # fmt: skip


def split(
    on: TicketFacts = TALK, *entries: int, text: str = "", subject: str = "Scanner", **more: Any
) -> tuple[Change, ...]:
    consents = more.pop("consents", ())
    part = SplitPart(subject, entries, text, **more)
    return splitting.split(act(*consents), on, part, 7, nonce).changes


def test_entries_go_in_their_order_and_the_new_ticket_is_of_who_wrote_them() -> None:
    changes = split(TALK, 3, 2, 3)
    assert of(MoveEntries, changes) == [MoveEntries(15789, (2, 3), 7)]
    assert of(AddLink, changes) == [AddLink(7, LinkType.SPLIT, 15789)]
    made = new_ticket(changes)
    assert (made.number, made.subject, made.requester, made.created_at) == (7, "Scanner", ANNA, SCAN.at)
    assert (made.company, made.language, made.state.split_from) == ("acme", "en", 15789)
    assert made.last_message_id == "<scan@acme.example>"  # the newest of them that has one
    theirs = new_ticket(changes := split(TALK, 3))
    assert (theirs.requester, theirs.requester_name, theirs.last_message_id) == (BELA, "Bela", None)
    assert [box.address for box in theirs.participants] == [ANNA, BOSS]
    assert [(c.ticket, c.address, c.via) for c in of(AddParticipant, changes)] == [
        (7, ANNA, "split from #15789"), (7, BOSS, "split from #15789"),
    ]  # fmt: skip


def test_of_who_is_on_the_ticket_no_more_it_is_the_requesters() -> None:
    on = replace(TALK, participants=(), requester_name="Anna A")
    assert (new_ticket(split(on, 3)).requester, new_ticket(split(on, 3)).requester_name) == (ANNA, "Anna A")
    assert new_ticket(split(on, 3)).participants == ()
    assert new_ticket(split(replace(on, requester="", participants=(Mailbox(BELA),)), 3)).participants == ()


def test_words_of_one_mail_stand_on_the_new_ticket_as_a_part_of_it() -> None:
    changes = split(TALK, text=" The scanner too. ")
    made, first = new_ticket(changes), of(AddEntry, changes)[0]
    assert (first.ticket, first.type, first.author, first.channel, first.text, first.public) == (
        7, EntryType.MAIL, ANNA, "split", "The scanner too.", True,
    )  # fmt: skip
    assert first.details == MailDetails(split_from=15789, by="kata", author_name="Anna")
    assert (made.last_message_id, made.created_at) == ("<last@acme.example>", NOW)
    assert not of(MoveEntries, changes)
    assert [one.text for one in of(AddEntry, split(TALK, 2)) if one.ticket == 7] == []


def test_the_old_ticket_notes_for_agents_what_went() -> None:
    for changes, what in (
        (split(TALK, 2, 3), "2 entries split off into #7: Scanner"),
        (split(TALK, text="x"), "a part split off into #7: Scanner"),
    ):
        note = of(AddEntry, changes)[-1]
        assert (note.ticket, note.text, note.public) == (15789, what, False)
        assert note.details == LinkDetails(type=LinkType.SPLIT, ticket=7)


def test_its_people_are_told_with_the_words_and_what_is_promised() -> None:
    (sent,) = of(SendNotice, split(TALK, 2, 3, text="And this."))
    data = sent.notice.data
    assert (sent.notice.name, sent.notice.to[0].address, [box.address for box in sent.notice.cc]) == (
        "received", ANNA, [BELA, BOSS],
    )  # fmt: skip
    assert (data["text"], data["split_from"]) == ("The scanner is dead.\n\nMine too.\n\nAnd this.", 15789)
    assert data["promise"]["respond_by"]
    assert not of(SendNotice, split(ticket(requester="", entries=TALK.entries), 2))


@cases(
    ("on", "entries", "text", "subject", "words"),
    [
        (TALK, (2,), "", " ", ["needs a subject"]),
        (replace(TALK, phase=Phase.MERGED, merged_into=9), (2,), "", "x", ["#15789 was merged; split #9"]),
        (TALK, (), " ", "x", ["say what goes"]),
        (TALK, (2, 8), "", "x", ["#15789 has no entry 8"]),
        (replace(TALK, entries=(*TALK.entries, entry(4, "kata", "", EntryType.PHASE, PhaseDetails()))), (4,), "", "x",
         ["entry 4 is a phase of the ticket itself; only"]),
        (replace(TALK, entries=(*TALK.entries, entry(4, "kata", "", EntryType.PHASE, PhaseDetails()))), (1, 2, 3), "", "x",
         ["that is all of #15789"]),
    ],
)  # fmt: skip
def test_what_cannot_go(
    on: TicketFacts, entries: tuple[int, ...], text: str, subject: str, words: list[str]
) -> None:
    refused(lambda: split(on, *entries, text=text, subject=subject), *words)


def test_all_of_a_ticket_but_one_line_may_go() -> None:
    assert of(MoveEntries, split(TALK, 1, 2)) == [MoveEntries(15789, (1, 2), 7)]
    assert new_ticket(split(TALK, text="x", subject=" New \n scanner ")).subject == "New scanner"


def test_kind_and_severity_are_as_the_agent_says_else_as_the_words_say() -> None:
    plain = new_ticket(split(TALK, 2))
    said = new_ticket(split(TALK, 2, kind="change", severity="system"))
    assert (said.kind, said.severity) == (TicketKind.CHANGE, Severity.SYSTEM)
    assert (plain.kind, plain.severity) == (TicketKind.QUESTION, Severity.USER)
    on = replace(TALK, state=state(site="north"))
    assert new_ticket(split(on, 2)).state.site == "north"
    unknown = replace(act(company=None))
    made = splitting.split(
        unknown, replace(TALK, company=None), SplitPart("Scanner", (2,), severity="system"), 7, nonce
    )
    assert new_ticket(made.changes).severity is Severity.SYSTEM  # an agent named it
    made = splitting.split(unknown, replace(TALK, company=None), SplitPart("Scanner", (2,)), 7, nonce)
    assert new_ticket(made.changes).severity is None


# ------------------------------------------------------------------------------------- what asks for a consent

WANTS = replace(TALK, entries=(*TALK.entries[:1], asking(2, text=GIVE), TALK.entries[2]))


def test_a_part_that_asks_is_held_and_its_requester_reads_who_is_asked() -> None:
    changes = split(WANTS, 2)
    assert new_ticket(changes).phase is Phase.AWAITING_APPROVAL
    (asked,) = of(OpenConsent, changes)
    assert (asked.ticket, asked.kind, asked.requester, asked.request_text, asked.phase_before) == (
        7, "permission", ANNA, f"Scanner\n\n{GIVE}", Phase.RECEIVED,
    )  # fmt: skip
    sent = of(SendNotice, changes)
    assert [one.notice.name for one in sent] == ["approval_request", "awaiting_approval"]
    assert not sent[0].notice.data.get("replaces")  # nothing was asked before
    assert sent[0].notice.pace == ""  # what an agent asks waits for no turn
    told = sent[-1].notice
    assert (told.data["text"], [one["name"] for one in told.data["approvers"]]) == (GIVE, ["Boss"])
    assert not told.data.get("no_approver")
    nobody = act(company=replace(ACME, people=()))
    made = splitting.split(nobody, WANTS, SplitPart("Scanner", (2,)), 7, nonce).changes
    assert of(SendNotice, made)[-1].notice.data["no_approver"] is True


def test_whatever_it_is_called_its_words_ask() -> None:
    for kind, asks in (("question", "permission"), ("device", "permission")):
        changes = split(WANTS, 2, kind=kind)
        assert (new_ticket(changes).kind, new_ticket(changes).phase) == (kind, Phase.AWAITING_APPROVAL)
        assert [one.kind for one in of(OpenConsent, changes)] == [asks]
    assert [one.kind for one in of(OpenConsent, split(TALK, 2, kind="device"))] == ["device"]
    assert short_of(split(TALK, 2, kind="question")) == [f"mail received to {ANNA}"]


@pytest.mark.parametrize("asked", [ConsentState.WAITING, ConsentState.EXPIRED])
def test_what_approvers_were_asked_about_stays_where_it_is_asked(asked: ConsentState) -> None:
    on = held(entries=(asking(1, text=GIVE), SCAN, entry(3, text=" ")))
    about = consent(state=asked, request_text=f"Printer\n\n{GIVE}")
    refused(
        lambda: split(on, 1, consents=(about,)),
        "entry 1 is part of the request that C12 asks about", "maild split 15789 -m TEXT",
    )  # fmt: skip
    assert of(MoveEntries, split(on, 2, consents=(about,)))
    assert of(MoveEntries, split(on, 3, text="x", consents=(about,)))
    assert of(MoveEntries, split(on, 1, consents=(replace(about, state=ConsentState.GRANTED),)))
    assert of(MoveEntries, split(replace(on, phase=Phase.RECEIVED), 1, consents=(about,)))


def call(id: int) -> EntryFacts:
    return replace(entry(id, "kata", GIVE, EntryType.CALL, CallDetails(by=ANNA)), channel="phone")


def test_what_was_said_on_the_phone_asks_no_approver_on_another_ticket_either() -> None:
    on = replace(TALK, entries=(entry(1), call(2)))
    refused(
        lambda: split(on, 2),
        "entry 2 was said on the phone",
        f"before {ANNA} has written",
        "maild reply 15789",
    )
    spoken = replace(TALK, entries=(call(1), call(2)))
    refused(lambda: split(spoken, text=GIVE), "#15789 was said on the phone")
    assert of(OpenConsent, split(on, text=GIVE))
    assert of(OpenTicket, split(replace(on, entries=(entry(1), replace(call(2), text="It jams."))), 2))


def test_the_hour_of_what_goes_is_when_its_first_was_written() -> None:
    assert new_ticket(split(TALK, 3, 2)).created_at == SCAN.at < NOW
    assert NOW - SCAN.at < HOUR
    assert SETTINGS.service_levels["standard"].respond_hours["user"] == 8
    assert new_ticket(split(TALK, 2)).respond_by == SCAN.at + 8 * HOUR
