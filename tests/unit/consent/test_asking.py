"""A consent is asked for, asked for again, reminded of: what is written, to whom, until when."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from maild.consent import asking
from maild.consent.wanted import ConsentWanted, sha256, token_of
from maild.errors import Refused
from maild.model import (
    AddEntry,
    AddTokens,
    CompanyFacts,
    ConsentFacts,
    DecideConsent,
    LogConsent,
    Membership,
    OpenConsent,
    PersonFacts,
    SendNotice,
    SetDeadline,
    TicketFacts,
    UpdateTicket,
)
from maild.settings import Approval, CalendarSettings, Settings
from maild.ticket.moving import Actor
from maild.ticket.phases import ConsentState, Phase
from maild.ticket.terms import ConsentTerms
from maild.ticket.vocabulary import ConsentKind, DeadlineType, TicketKind
from tests.unit.factory import NOW, ticket

K = ConsentKind
ALWAYS = CalendarSettings("office", timezone="UTC", week=(((0, 1440),),) * 7)
SETTINGS = Settings(calendars={"office": ALWAYS}, approval=Approval(expires_days=7, remind_hours=8))
BOSS, VICE, ANNA = "boss@acme.example", "vice@acme.example", "anna@acme.example"
KATA = Actor("kata", "cli", agent=True)


def person(address: str, *roles: str, approves: tuple[str, ...] = ()) -> PersonFacts:
    name = address.partition("@")[0].title()
    return PersonFacts(
        1, address, name, memberships=(Membership("acme", roles, approves),), addresses=(address,)
    )


ACME = CompanyFacts("acme", "Acme", people=(person(BOSS, "approver"), person(VICE, "approver")))
HELD = ticket(phase=Phase.AWAITING_APPROVAL)


def wanted(kind: ConsentKind = K.PERMISSION, **fields: Any) -> ConsentWanted:
    return ConsentWanted(kind, "Access\n\nPlease give Anna access", ANNA, "Anna", **fields)


def nonce() -> Any:
    numbers = count()
    return lambda: f"{chr(97 + next(numbers))}" * 26


def ask(
    on: TicketFacts = HELD, company: CompanyFacts | None = ACME, asked: ConsentWanted | None = None
) -> Any:
    return asking.ask(on, company, asked or wanted(), SETTINGS, NOW, nonce())


def of(kind: type[Any], changes: Any) -> list[Any]:
    return [one for one in changes if isinstance(one, kind)]


def stored(**fields: Any) -> ConsentFacts:
    known = ConsentFacts(
        12, 15789, K.PERMISSION, ConsentState.WAITING, NOW, NOW + timedelta(days=7), (BOSS,), ANNA, "0" * 64,
        "Access\n\nPlease give Anna access", "dmarc", Phase.ACCEPTED, (),
    )  # fmt: skip
    return replace(known, **fields)


def test_each_approver_has_one_mail_with_a_token_of_their_own_and_only_its_hash_is_kept() -> None:
    changes, approvers = ask()
    assert [p.address for p in approvers] == [BOSS, VICE]
    (opened,) = of(OpenConsent, changes)
    mails = [one.notice for one in of(SendNotice, changes)]
    assert [(m.name, m.to[0].address, m.token) for m in mails] == [
        ("approval_request", BOSS, "a" * 26),
        ("approval_request", VICE, "b" * 26),
    ]
    assert opened.token_hashes == ((BOSS, sha256("a" * 26)), (VICE, sha256("b" * 26)))
    assert opened.request_sha256 == sha256(opened.request_text)
    assert opened.approvers == (BOSS, VICE)


@pytest.mark.parametrize(("own", "counts"), [("token", "token"), ("", "dmarc")])
def test_the_company_says_what_an_answer_must_prove_and_else_the_desk(own: str, counts: str) -> None:
    changes, _ = ask(company=replace(ACME, require=own))
    (opened,) = of(OpenConsent, changes)
    (logged,) = of(LogConsent, changes)
    assert (opened.require, logged.data["require"]) == (counts, counts)


def test_without_a_company_nobody_is_asked_and_the_hold_stays() -> None:
    changes, approvers = ask(company=None)
    assert approvers == ()
    assert of(OpenConsent, changes)[0].require == "dmarc"
    assert of(SendNotice, changes) == []
    (entry,) = of(AddEntry, changes)
    assert "no approver for permission is known at no company: the hold stays" in entry.text
    assert not entry.public


def test_where_nobody_may_approve_the_reference_persons_are_told_but_not_who_asked() -> None:
    company = replace(ACME, people=(person("ref@acme.example", "reference"), person(ANNA, "reference")))
    changes, approvers = ask(company=company)
    assert approvers == ()
    (told,) = [one.notice for one in of(SendNotice, changes)]
    assert (told.name, [box.address for box in told.to]) == ("awaiting_approval", ["ref@acme.example"])
    assert told.data["to_reference"] is True
    only = replace(company, people=company.people[1:])
    assert of(SendNotice, ask(company=only)[0]) == []


def test_where_somebody_was_asked_nobody_else_is_told_that_nobody_was() -> None:
    assert of(AddEntry, ask()[0]) == []


def test_it_lapses_after_the_days_of_the_configuration_or_when_the_offer_says() -> None:
    def ends(**fields: Any) -> dict[DeadlineType, Any]:
        changes, _ = ask(asked=wanted(**fields))
        (opened,) = of(OpenConsent, changes)
        found = {one.type: one.at for one in of(SetDeadline, changes)}
        assert found[DeadlineType.CONSENT_EXPIRE] == opened.expires_at
        return found

    assert ends() == {
        DeadlineType.CONSENT_REMIND: NOW + timedelta(hours=8),
        DeadlineType.CONSENT_EXPIRE: NOW + timedelta(days=7),
    }
    soon = NOW + timedelta(hours=2)  # nobody is reminded of what has lapsed
    assert ends(expires_at=soon) == {DeadlineType.CONSENT_REMIND: soon, DeadlineType.CONSENT_EXPIRE: soon}


def test_a_calendar_that_never_opens_reminds_at_the_end() -> None:
    never = replace(SETTINGS, calendars={"office": CalendarSettings("office", week=((),) * 7)})
    changes, _ = asking.ask(HELD, ACME, wanted(), never, NOW, nonce())
    assert {one.at for one in of(SetDeadline, changes)} == {NOW + timedelta(days=7)}


@pytest.mark.parametrize(
    ("kind", "before", "noted"),
    [
        (K.PERMISSION, None, [TicketKind.PERMISSION]),
        (K.PERMISSION, TicketKind.DEVICE, []),  # what the words ask for is known already
        (K.QUOTE, None, []),  # an offer is the desk's, the words asked for nothing
    ],
)
def test_what_the_words_ask_for_is_noted_once(
    kind: ConsentKind, before: TicketKind | None, noted: list[TicketKind]
) -> None:
    on = replace(HELD, state=replace(HELD.state, asks=before))
    changes, _ = ask(on, asked=wanted(kind))
    assert [one.change.asks for one in of(UpdateTicket, changes)] == noted


def hold(on: TicketFacts, **fields: Any) -> Any:
    return asking.hold(on, ACME, wanted(), SETTINGS, NOW, nonce(), by=KATA, **fields)


def test_a_hold_remembers_where_the_ticket_stood_and_tells_who_asked() -> None:
    changes = hold(ticket(phase=Phase.IN_PROGRESS))
    (opened,) = of(OpenConsent, changes)
    assert opened.phase_before is Phase.IN_PROGRESS
    mails = [one.notice for one in of(SendNotice, changes)]
    assert [(m.name, m.to[0].address) for m in mails] == [
        ("approval_request", BOSS),
        ("approval_request", VICE),
        ("awaiting_approval", ANNA),
    ]
    assert [m.data.get("replaces", False) for m in mails[:2]] == [False, False]


def test_who_decides_is_asked_and_told_nothing_besides() -> None:
    own = replace(ACME, self_approval=("permission",), people=(person(ANNA, "approver"),))
    changes = asking.hold(ticket(), own, wanted(), SETTINGS, NOW, nonce(), by=KATA)
    assert [one.notice.name for one in of(SendNotice, changes)] == ["approval_request"]


def test_a_ticket_without_anybody_to_write_to_is_held_all_the_same() -> None:
    changes = hold(ticket(requester=""))
    assert [one.notice.name for one in of(SendNotice, changes)] == ["approval_request"] * 2


def test_a_ticket_that_stands_in_the_hold_goes_back_to_where_work_begins() -> None:
    changes = hold(HELD)
    assert of(OpenConsent, changes)[0].phase_before is Phase.RECEIVED
    assert [one.notice.name for one in of(SendNotice, changes)] == ["approval_request"] * 2


@pytest.mark.parametrize(("kind", "replaces"), [(K.PERMISSION, True), (K.DEVICE, False)])
def test_asking_anew_voids_the_earlier_one_and_says_so_where_it_was_of_that_kind(
    kind: ConsentKind, *, replaces: bool
) -> None:
    changes = hold(HELD, old=stored(kind=kind))
    (voided,) = of(DecideConsent, changes)
    assert (voided.consent_id, voided.state, voided.by) == (12, ConsentState.VOID, "kata")
    assert of(OpenConsent, changes)[0].phase_before is Phase.ACCEPTED
    assert {one.notice.data.get("replaces", False) for one in of(SendNotice, changes)} == {replaces}


@pytest.mark.parametrize(("message", "why"), [("", "the request changed"), ("shorter", "shorter")])
def test_the_log_says_why_an_earlier_one_was_voided(message: str, why: str) -> None:
    changes = hold(HELD, old=stored(), message=message)
    assert [one.data["reason"] for one in of(LogConsent, changes) if one.event == "void"] == [why]


def test_what_was_decided_before_is_not_voided() -> None:
    assert of(DecideConsent, hold(HELD, old=stored(state=ConsentState.REFUSED))) == []


def remind(consent: ConsentFacts, company: CompanyFacts = ACME, *, by_agent: bool = True) -> Any:
    return asking.remind(HELD, company, consent, SETTINGS, NOW, nonce(), by_agent=by_agent)


def test_a_reminder_goes_with_a_new_token_to_those_who_were_asked_and_still_may() -> None:
    changes = remind(stored(approvers=(BOSS, "gone@acme.example")))
    (added,) = of(AddTokens, changes)
    assert added.token_hashes == ((BOSS, sha256("a" * 26)),)
    assert added.expires_at == stored().expires_at
    (sent,) = [one.notice for one in of(SendNotice, changes)]
    assert (sent.name, sent.to[0].address, sent.token) == ("approval_reminder", BOSS, "a" * 26)
    assert sent.data["consent"]["id"] == "C12"


def test_nobody_is_reminded_of_what_is_decided_or_of_what_they_may_not_decide_any_more() -> None:
    with pytest.raises(Refused, match="C12 is granted; `maild approval request 15789` asks anew"):
        remind(stored(state=ConsentState.GRANTED))
    with pytest.raises(Refused, match="nobody who was asked may approve any more"):
        remind(stored(approvers=("gone@acme.example",)))


@pytest.mark.parametrize(
    ("verified", "by_agent", "paced"),
    [(True, True, ""), (True, False, ""), (False, True, ""), (False, False, BOSS)],
)
def test_only_unproven_requests_that_nobody_of_ours_repeats_take_from_the_hourly_share(
    *, verified: bool, by_agent: bool, paced: str
) -> None:
    consent = stored(terms=ConsentTerms(requester_verified=verified))
    (sent,) = [one.notice for one in of(SendNotice, remind(consent, by_agent=by_agent))]
    assert sent.pace == paced


@pytest.mark.parametrize(("length", "cut"), [(8_192, False), (8_193, True)])
def test_an_approver_is_told_that_the_request_is_longer_than_what_is_shown(length: int, *, cut: bool) -> None:
    asked = replace(wanted(), request="x" * length)
    said = asking.asked_for(asked, "dmarc", NOW, "en", SETTINGS)
    assert said.request_cut is cut


def test_an_offer_names_no_yes_words_of_a_request() -> None:
    words = {kind: asking.asked_for(wanted(kind), "dmarc", NOW, "en", SETTINGS).yes_words for kind in K}
    assert {kind for kind, yes in words.items() if not yes} == {K.QUOTE, K.COST}
    assert asking.asked_for(wanted(), "dmarc", NOW, "en", SETTINGS).id is None


@pytest.mark.parametrize(("days", "expected"), [(7, 5), (3.1, 1.1), (3, None), (2, None), (1, None)])
def test_the_last_call_comes_two_days_before_the_end_and_a_day_after_this_one(
    days: float, expected: float | None
) -> None:
    found = asking.last_call(stored(expires_at=NOW + timedelta(days=days)), NOW)
    assert found == (None if expected is None else NOW + timedelta(days=expected))


def test_a_token_is_26_characters_however_long_the_source_makes_its_pieces() -> None:
    assert token_of(lambda: "abc") == ("abc" * 9)[:26]
    assert token_of(lambda: "x" * 40) == "x" * 26
