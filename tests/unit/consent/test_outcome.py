"""What follows when a consent has come to its end: for the ticket, in the log, and who is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from maild.consent import outcome
from maild.consent.evidence import AnswerEvidence
from maild.model import (
    AddEntry,
    CompanyFacts,
    ConsentFacts,
    DecideConsent,
    EntryFacts,
    LogConsent,
    Membership,
    PersonFacts,
    SendNotice,
    SetDeadline,
    TicketFacts,
    UpdateTicket,
)
from maild.notice.values import Item
from maild.settings import Agent, CalendarSettings, Settings
from maild.ticket.entries import MailDetails
from maild.ticket.phases import HOLDING, ConsentState, Phase
from maild.ticket.terms import ConsentTerms, LineItem
from maild.ticket.vocabulary import ConsentKind, DeadlineType, EntryType, LastWord, TicketKind
from tests.unit.factory import NOW, ticket

K, S = ConsentKind, ConsentState
BOSS, ANNA = "boss@acme.example", "anna@acme.example"
SETTINGS = Settings(
    calendars={"office": CalendarSettings("office", timezone="UTC", week=(((0, 1440),),) * 7)}
)
TOLD = replace(SETTINGS, agents={"kata": Agent("kata", "kata@desk.example", ("L1",))})
APPROVER = PersonFacts(
    1, BOSS, "Boss", "hu", memberships=(Membership("acme", ("approver",)),), addresses=(BOSS,)
)
ACME = CompanyFacts("acme", "Acme", people=(APPROVER,))
PERMISSION = ConsentFacts(
    12, 15789, K.PERMISSION, S.WAITING, NOW, NOW + timedelta(days=7), (BOSS,), ANNA, "0" * 64, "Access\n\nPlease", "dmarc",
    Phase.ACCEPTED, (),
)  # fmt: skip


def held(
    asks: TicketKind | None = TicketKind.PERMISSION, phase: Phase = Phase.AWAITING_APPROVAL
) -> TicketFacts:
    stands = ticket(phase=phase)
    return replace(stands, state=replace(stands.state, asks=asks))


def release(state: ConsentState, on: TicketFacts | None = None, **fields: Any) -> list[Any]:
    consent = replace(PERMISSION, **fields.pop("consent", {}))
    company = fields.pop("company", ACME)
    settings = fields.pop("settings", SETTINGS)
    return outcome.release(
        on or held(), company, consent, state, settings, NOW, **{"by": BOSS, "shown": "Boss", **fields}
    )


def of(kind: type[Any], changes: list[Any]) -> list[Any]:
    return [one for one in changes if isinstance(one, kind)]


def after(changes: list[Any], on: TicketFacts | None = None) -> TicketFacts:
    stands = on or held()
    for one in of(UpdateTicket, changes):
        stands = stands.after(one.change)
    return stands


def mail_that_asks(kind: TicketKind) -> EntryFacts:
    return EntryFacts(
        5, NOW, EntryType.MAIL, ANNA, "email", "more", public=True, details=MailDetails(asks=kind)
    )


@pytest.mark.parametrize(
    ("state", "before", "stands"),
    [
        (S.GRANTED, Phase.ACCEPTED, Phase.ACCEPTED),
        (S.GRANTED, Phase.RECEIVED, Phase.RECEIVED),
        (S.GRANTED, Phase.RESOLVED, Phase.IN_PROGRESS),  # what was done before is done anew
        (S.WITHDRAWN, Phase.RESOLVED, Phase.RESOLVED),
        (S.WITHDRAWN, Phase.ACCEPTED, Phase.ACCEPTED),
        (S.REFUSED, Phase.ACCEPTED, Phase.REJECTED),
        (S.EXPIRED, Phase.ACCEPTED, Phase.AWAITING_APPROVAL),
    ],
)
def test_where_an_outcome_leads_a_held_ticket(state: ConsentState, before: Phase, stands: Phase) -> None:
    changes = release(state, consent={"phase_before": before})
    assert after(changes).phase is stands
    (decided,) = of(DecideConsent, changes)
    assert (decided.consent_id, decided.state, decided.by) == (12, state, BOSS)
    assert [(one.type, one.at) for one in of(SetDeadline, changes)][:2] == [
        (DeadlineType.CONSENT_REMIND, None),
        (DeadlineType.CONSENT_EXPIRE, None),
    ]
    (entry,) = [one for one in of(AddEntry, changes) if one.type is EntryType.CONSENT]
    assert entry.public is (state in (S.GRANTED, S.REFUSED))
    assert (entry.details.consent, entry.details.outcome, entry.details.new) == (12, state, stands)


def test_a_grant_makes_it_our_turn_and_a_refusal_does_not() -> None:
    granted = after(release(S.GRANTED))
    assert (granted.last_word, granted.waiting_since) == (LastWord.CUSTOMER, NOW)
    for state in (S.REFUSED, S.WITHDRAWN):
        assert after(release(state)).waiting_since is None


@pytest.mark.parametrize(
    ("state", "asks"),
    [
        (S.GRANTED, None),
        (S.WITHDRAWN, None),
        (S.REFUSED, TicketKind.PERMISSION),
        (S.EXPIRED, TicketKind.PERMISSION),
    ],
)
def test_what_the_words_still_ask_for(state: ConsentState, asks: TicketKind | None) -> None:
    assert after(release(state)).state.asks is asks


def test_a_refusal_notes_what_was_asked_for_unless_something_is_noted() -> None:
    for before, asks in ((None, TicketKind.PERMISSION), (TicketKind.DEVICE, TicketKind.DEVICE)):
        on = held(before)
        assert after(release(S.REFUSED, on), on).state.asks is asks


def test_words_that_ask_for_more_hold_the_ticket_on_and_the_agents_are_told() -> None:
    left = [mail_that_asks(TicketKind.DEVICE)]
    changes = release(S.GRANTED, left=left)
    stands = after(changes)
    assert (stands.phase, stands.state.asks) == (Phase.AWAITING_APPROVAL, TicketKind.DEVICE)
    (entry,) = of(AddEntry, changes)
    assert entry.text == "permission: granted by Boss"
    withdrawn = release(S.WITHDRAWN, left=left, reason="by phone")
    assert after(withdrawn).phase is Phase.ACCEPTED


def test_an_offers_outcome_says_nothing_of_what_the_words_ask_for() -> None:
    waits = held(TicketKind.DEVICE)
    changes = release(S.GRANTED, waits, consent={"kind": K.QUOTE}, left=[mail_that_asks(TicketKind.DEVICE)])
    assert after(changes, waits).state.asks is TicketKind.DEVICE
    assert after(changes, waits).phase is Phase.AWAITING_APPROVAL
    (entry,) = of(AddEntry, changes)
    assert entry.text == "quote: granted by Boss"


def test_a_ticket_that_is_held_no_more_is_left_where_it_stands() -> None:
    working = held(None, Phase.IN_PROGRESS)
    changes = release(S.GRANTED, working, consent={"kind": K.COST})
    assert after(changes, working).phase is Phase.IN_PROGRESS
    assert of(UpdateTicket, changes) == []


def test_reason_evidence_and_a_one_time_token_alone_stand_in_the_log() -> None:
    bare = of(LogConsent, release(S.GRANTED))[0]
    assert bare.data == {"by": BOSS}
    withdrawn = release(S.WITHDRAWN, reason="settled by phone", by="kata", shown="kata")
    assert of(LogConsent, withdrawn)[0].data == {"by": "kata", "reason": "settled by phone"}
    (entry,) = [one for one in of(AddEntry, withdrawn) if one.type is EntryType.CONSENT]
    assert entry.text == "C12 permission: withdrawn by kata: settled by phone"
    token = {"require": "token"}
    for state, weak in ((S.GRANTED, True), (S.REFUSED, True), (S.WITHDRAWN, False)):
        (entry,) = [
            one for one in of(AddEntry, release(state, consent=token)) if one.type is EntryType.CONSENT
        ]
        assert ("by the one-time token alone" in entry.text) is weak


def told(changes: list[Any]) -> list[tuple[str, str]]:
    return [(one.notice.name, one.notice.to[0].address) for one in of(SendNotice, changes)]


def test_who_asked_is_told_and_of_an_offer_who_decided_has_it_in_writing_too() -> None:
    assert told(release(S.GRANTED)) == [("approval_result", ANNA)]
    for state in (S.GRANTED, S.REFUSED):
        for kind in (K.QUOTE, K.COST):
            changes = release(state, consent={"kind": kind})
            assert told(changes) == [("approval_result", ANNA), ("approval_result", BOSS)]
            own = of(SendNotice, changes)[-1].notice
            assert (own.language, own.data["to_decider"], own.data.get("earlier", 0)) == ("hu", True, 0)
    assert told(release(S.EXPIRED, consent={"kind": K.QUOTE})) == [("approval_result", ANNA)]


def test_who_decided_for_themselves_is_told_once() -> None:
    changes = release(S.GRANTED, consent={"kind": K.QUOTE}, by=ANNA, shown="Anna")
    assert told(changes) == [("approval_result", ANNA)]
    assert told(release(S.GRANTED, consent={"kind": K.QUOTE}, company=None)) == [("approval_result", ANNA)]


def test_where_nobody_can_be_written_to_the_outcome_counts_all_the_same() -> None:
    nobody = replace(held(), requester="")
    changes = release(S.GRANTED, nobody)
    assert told(changes) == []
    assert after(changes, nobody).phase is Phase.ACCEPTED


def facts(changes: list[Any]) -> list[dict[str, Any]]:
    """What the agents' mail tells."""
    (alert,) = [one.notice for one in of(SendNotice, changes) if one.notice.name == "agent_alert"]
    (event,) = alert.data["events"]
    return [*event["facts"], *({"said": line} for line in event.get("lines", ()))]


def test_agents_are_told_what_became_of_it_by_whom_and_what_holds_the_ticket_on() -> None:
    said = {"consent": "C12", "kind": "permission", "who": ["Boss"], "at": "2026-11-09T09:30:00Z"}
    for state in (S.GRANTED, S.REFUSED, S.EXPIRED):
        assert facts(release(state, settings=TOLD)) == [{"code": state, **said}]
    withdrawn = release(S.WITHDRAWN, settings=TOLD, reason="by phone")
    assert facts(withdrawn) == [{"code": "withdrawn", **said}, {"said": "by phone"}]
    assert facts(release(S.REFUSED, settings=TOLD, reason="too dear"))[1:] == []
    token = {"require": "token"}
    assert facts(release(S.GRANTED, settings=TOLD, consent=token))[1:] == [{"code": "by_token"}]
    assert facts(release(S.WITHDRAWN, settings=TOLD, consent=token))[1:] == []
    more = release(S.GRANTED, settings=TOLD, left=[mail_that_asks(TicketKind.DEVICE)])
    assert facts(more)[1:] == [{"code": "still_held", "kind": "device"}]
    assert told(release(S.WITHDRAWN, settings=TOLD, by="kata@desk.example")) == [("approval_result", ANNA)]


def test_an_offer_that_ends_leaves_a_ticket_held_for_what_its_words_ask() -> None:
    waits = held(TicketKind.DEVICE)
    for state, text in (
        (S.GRANTED, "quote: granted by Boss"),
        (S.WITHDRAWN, "C12 quote: withdrawn by Boss; still held: other words ask for a device"),
        (S.EXPIRED, "C12 quote: expired by Boss"),
    ):
        changes = release(state, waits, consent={"kind": K.QUOTE})
        assert after(changes, waits).state.asks is TicketKind.DEVICE
        assert [one.text for one in of(AddEntry, changes) if one.type is EntryType.CONSENT] == [text]


def test_who_decided_is_named_where_they_decided_and_the_evidence_is_logged() -> None:
    for state, name in ((S.GRANTED, "Boss"), (S.REFUSED, "Boss"), (S.EXPIRED, None), (S.WITHDRAWN, None)):
        (result,) = [
            one.notice for one in of(SendNotice, release(state)) if one.notice.name == "approval_result"
        ]
        assert result.data.get("actor") == name
    evidence = AnswerEvidence(
        BOSS, "<m@x>", "5" * 64, "2026", "smtp", "'yes'", "dmarc-pass", "dkim", "acme.example", ()
    )
    (logged,) = of(LogConsent, release(S.GRANTED, evidence=evidence))
    assert logged.data == {"by": BOSS, **evidence.to_json()}


def test_only_what_waits_is_voided() -> None:
    changes = outcome.voided(PERMISSION, "kata", "changed")
    assert [(one.state, one.by, one.reason) for one in of(DecideConsent, changes)] == [
        (S.VOID, "kata", "changed")
    ]
    assert [one.data for one in of(LogConsent, changes)] == [{"by": "kata", "reason": "changed"}]
    for state in set(S) - {S.WAITING}:
        assert outcome.voided(replace(PERMISSION, state=state), "kata", "changed") == []
    for state in S:  # of what nobody is asked anew one that expired goes as well
        gone = outcome.voided(replace(PERMISSION, state=state), "kata", "changed", expired=True)
        assert bool(gone) is (state in HOLDING)


def test_what_was_agreed_names_an_offers_words_and_no_requests() -> None:
    terms = ConsentTerms(
        amount="100",
        currency="EUR",
        words="Two laptops",
        quantum_minutes=15,
        items=(LineItem(text="Laptop", amount="50"),),
    )
    offer = outcome.agreed(replace(PERMISSION, kind=K.QUOTE, terms=terms))
    assert (offer.id, offer.request, offer.amount, offer.quantum_minutes) == ("C12", "Two laptops", "100", 15)
    assert offer.items == (Item(text="Laptop", amount="50"),)
    plain = outcome.agreed(PERMISSION)
    assert (plain.request, plain.amount, plain.quantum_minutes) == ("", None, 0)
