"""A ticket goes to another company: who is still told, what is promised, who is asked anew."""

from __future__ import annotations

from dataclasses import replace

import pytest

from maild.app import change_company
from maild.model import (
    AddEntry,
    CompanyFacts,
    Mailbox,
    OpenConsent,
    RemoveParticipants,
    SendNotice,
    SetDeadline,
    TicketFacts,
)
from maild.ticket.entries import MoveDetails
from maild.ticket.phases import ConsentState, Phase
from maild.ticket.terms import ConsentTerms
from maild.ticket.vocabulary import ConsentKind, DeadlineType, EntryType, Severity
from tests.unit.app.act_world import (
    ACME,
    ANNA,
    BELA,
    CARL,
    GINA,
    GLOBEX,
    HOUR,
    PEOPLE,
    asking,
    asks,
    of,
    promised,
    refused,
    said,
)
from tests.unit.app.approval_world import consent, held, short_of
from tests.unit.app.company_world import TOLD, after, moved
from tests.unit.factory import NOW, ticket

PLAIN = replace(GLOBEX, service_level="")


# ------------------------------------------------------------------------------------- whose it is


def test_who_is_not_of_the_new_company_takes_part_no_longer() -> None:
    boxes = tuple(Mailbox(one) for one in (ANNA, BELA, CARL, "new@globex.example", "x@else.example"))
    on = ticket(participants=boxes)
    assert change_company.outsiders(on, GLOBEX, PEOPLE) == (BELA, "x@else.example")
    assert change_company.outsiders(on, None, PEOPLE) == (BELA, CARL, "new@globex.example", "x@else.example")
    changes = moved(on)
    assert of(RemoveParticipants, changes) == [RemoveParticipants(on.number, (BELA, "x@else.example"))]
    note = next(one for one in of(AddEntry, changes) if one.type is EntryType.MOVE)
    assert note.details == MoveDetails(old="acme", new="globex", dropped=(BELA, "x@else.example"))


@pytest.mark.parametrize(
    ("on", "to", "log"),
    [
        (ticket(), GLOBEX, f"company: acme -> globex; {ANNA} is not a contact of globex"),
        (ticket(requester=CARL), GLOBEX, "company: acme -> globex"),
        (ticket(participants=(Mailbox(BELA),)), None, f"company: acme -> none; no longer told: {BELA}"),
        (ticket(company=None, requester=CARL), GLOBEX, "company: none -> globex"),
    ],
)
def test_the_log_says_from_where_to_where_and_who_hears_no_more(
    on: TicketFacts, to: CompanyFacts | None, log: str
) -> None:
    changes = moved(on, to)
    assert f"({log})" in said(changes)
    assert after(on, changes).company == (to.key if to else None)
    assert bool(of(RemoveParticipants, changes)) is ("no longer" in log)


def test_what_is_theirs_already_or_was_merged_is_not_moved() -> None:
    refused(lambda: moved(ticket(), ACME), "#15789 belongs to acme already")
    refused(lambda: moved(ticket(company=None), None), "#15789 belongs to no company already")
    refused(lambda: moved(ticket(phase=Phase.MERGED, merged_into=7)), "#15789 was merged; move #7")


def test_a_sender_of_several_companies_is_of_one_from_then_on() -> None:
    on = ticket()
    on = replace(on, state=replace(on.state, ambiguous_sender=True))
    assert after(on, moved(on)).state.ambiguous_sender is False


# ------------------------------------------------------------------------------------- what is promised


def test_the_new_contract_promises_and_its_people_are_told() -> None:
    on = ticket(company=None, requester=CARL, team="sales", severity=None)
    changes = moved(on)
    now = after(on, changes)
    assert (now.team, now.severity, now.respond_by) == ("L1", Severity.USER, NOW + 8 * HOUR)
    assert [one.at for one in of(SetDeadline, changes) if one.type is DeadlineType.RESPOND_BREACH] == [
        NOW + 8 * HOUR
    ]
    assert all(one.startswith("(") for one in said(changes))  # agents alone read why the clock changed
    assert len(said(changes)) > 1
    assert short_of(changes) == [f"mail received to {CARL}"]
    (sent,) = of(SendNotice, changes)
    assert sent.notice.cc == ()


def test_a_mail_tells_of_the_promise_those_who_take_part_still() -> None:
    boxes = (Mailbox(BELA), Mailbox("new@globex.example"))
    (sent,) = of(SendNotice, moved(ticket(company=None, requester=CARL, severity=None, participants=boxes)))
    assert [box.address for box in sent.notice.cc] == ["new@globex.example"]


@pytest.mark.parametrize("phase", list(Phase))
def test_nobody_is_told_of_a_promise_while_nothing_is_worked_on(phase: Phase) -> None:
    if phase is Phase.MERGED:
        return
    on = ticket(company=None, requester=CARL, severity=None, phase=phase)
    tells = phase in (Phase.RECEIVED, Phase.ACCEPTED, Phase.IN_PROGRESS)
    assert short_of(moved(on)) == ([f"mail received to {CARL}"] if tells else [])


def test_nobody_is_told_again_of_what_was_promised_before_or_is_answered_or_is_not_promised() -> None:
    assert short_of(moved(promised(requester=CARL))) == []
    assert short_of(moved(ticket(company=None, requester=CARL, severity=None, responded_at=NOW))) == []
    assert short_of(moved(ticket(company=None, requester=CARL, severity=None), PLAIN)) == []
    assert short_of(moved(ticket(company=None, requester="", severity=None))) == []


def test_without_a_contract_nothing_is_promised_any_more() -> None:
    on = promised()
    now = after(on, changes := moved(on, None))
    assert (now.respond_by, now.severity, now.team) == (None, None, "sales")
    assert {one.type for one in of(SetDeadline, changes) if one.at is None} >= {DeadlineType.RESPOND_BREACH}


# ------------------------------------------------------------------------------------- who is asked


HELD = asks(held(entries=(asking(1),)))
OFFER = ConsentTerms(amount="100.00", currency="EUR")


def test_a_held_request_is_asked_of_the_new_company_and_what_the_old_one_was_asked_is_void() -> None:
    assert short_of(moved(HELD, GLOBEX, consent())) == [
        "C12 void kata", "log void", f"asks permission of {GINA} for {ANNA}", "log asked",
        f"mail approval_request to {GINA}",
    ]  # fmt: skip
    (why,) = {one.reason for one in moved(HELD, GLOBEX, consent()) if hasattr(one, "reason") and one.reason}
    assert why == "the ticket moved to globex"


def test_where_nobody_answered_in_time_the_newest_is_asked_anew() -> None:
    lapsed = [consent(n, state=ConsentState.EXPIRED, request_text=f"Share\n\n{n}") for n in (11, 12)]
    (asked,) = of(OpenConsent, moved(HELD, GLOBEX, *lapsed))
    assert asked.request_text == "Share\n\n12"
    waiting = consent(10, request_text="Share\n\n10")
    (asked,) = of(OpenConsent, moved(HELD, GLOBEX, *lapsed, waiting))
    assert asked.request_text == "Share\n\n10"


def test_at_no_company_nobody_is_asked_and_the_hold_stays() -> None:
    changes = moved(HELD, None, consent())
    assert after(HELD, changes).phase is Phase.AWAITING_APPROVAL
    assert [one.approvers for one in of(OpenConsent, changes)] == [()]
    assert any(one == "the ticket moved to no company" for one in (getattr(c, "reason", "") for c in changes))


@pytest.mark.parametrize("kind", [ConsentKind.QUOTE, ConsentKind.COST])
@pytest.mark.parametrize("state", [ConsentState.WAITING, ConsentState.EXPIRED])
@pytest.mark.parametrize("before", [Phase.RECEIVED, Phase.WAITING_CUSTOMER])
def test_an_offer_to_the_old_company_is_void_and_the_ticket_goes_on_where_it_stood(
    kind: ConsentKind, state: ConsentState, before: Phase
) -> None:
    on = held(kind="incident")
    changes = moved(on, GLOBEX, consent(kind=kind, state=state, terms=OFFER, phase_before=before))
    assert short_of(changes)[:3] == ["C12 void kata", "log void", f"phase {before}"]
    assert not of(OpenConsent, changes)
    gone = {one.type for one in of(SetDeadline, changes) if one.at is None}
    assert gone >= {DeadlineType.CONSENT_REMIND, DeadlineType.CONSENT_EXPIRE}
    assert "(the ticket moved to globex)" in said(changes)


def test_where_words_ask_besides_an_offer_they_hold_it_on() -> None:
    quote = consent(kind=ConsentKind.QUOTE, terms=OFFER)
    changes = moved(HELD, GLOBEX, quote)
    assert short_of(changes) == ["C12 void kata", "log void"]
    assert after(HELD, changes).phase is Phase.AWAITING_APPROVAL
    waited = replace(
        quote, phase_before=Phase.WAITING_CUSTOMER
    )  # they are written: nobody has to write first
    assert short_of(moved(HELD, GLOBEX, waited)) == ["C12 void kata", "log void"]


def test_a_question_of_a_ticket_that_stands_elsewhere_is_void() -> None:
    changes = moved(ticket(), GLOBEX, consent(kind=ConsentKind.QUOTE, terms=OFFER))
    assert short_of(changes) == ["C12 void kata", "log void", *TOLD]
    assert short_of(moved(ticket(), GLOBEX, consent(state=ConsentState.EXPIRED))) == TOLD
