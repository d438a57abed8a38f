"""What holds a ticket for a consent: by whose words, written, by phone, or left over from another."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from maild.app import holding
from maild.app.case import Case
from maild.model import (
    EntryFacts,
    MailAct,
    Sender,
    Threading,
    TicketAct,
    TicketFacts,
)
from maild.ticket.entries import MailDetails
from maild.ticket.phases import ConsentState, Phase
from maild.ticket.vocabulary import ConsentKind, EntryType, TicketKind
from tests.cases import cases
from tests.unit.app.act_world import nonce
from tests.unit.app.approval_words import ASKED, ELSEWHERE, HOLDS, NEW, PERMISSION, QUOTE, UNSIGNED, VERIFIED
from tests.unit.app.approval_world import (
    ANNA,
    BOSS,
    COMPANY,
    GIVE,
    JOINS,
    KEYED,
    PEOPLE,
    SETTINGS,
    VICE,
    anna,
    case,
    consent,
    held,
    of,
    opened,
    told,
)
from tests.unit.factory import NOW, ticket

# ------------------------------------------------------------------------------------- words that ask for it


def entry(text: str, author: str = ANNA, number: int = 5, **fields: Any) -> EntryFacts:
    return EntryFacts(
        number, NOW, EntryType.MAIL, author, "email", text, True,
        MailDetails(**{"asks": PERMISSION, "verified": True, **fields}),
    )  # fmt: skip


def standing(
    phase: Phase, *entries: EntryFacts, asks: TicketKind | None = None, **fields: Any
) -> TicketFacts:
    state = replace(held().state, asks=asks)
    return ticket(held().number, phase=phase, kind="incident", state=state, entries=entries, **fields)


STANDS = {
    Phase.RECEIVED: Phase.RECEIVED, Phase.ACCEPTED: Phase.ACCEPTED, Phase.IN_PROGRESS: Phase.IN_PROGRESS,
    Phase.SCHEDULED: Phase.SCHEDULED, Phase.WAITING_CUSTOMER: Phase.ACCEPTED, Phase.RESOLVED: Phase.IN_PROGRESS,
    Phase.CLOSED: Phase.IN_PROGRESS, Phase.REJECTED: Phase.IN_PROGRESS,
}  # fmt: skip


@pytest.mark.parametrize("phase", STANDS)
def test_words_that_ask_for_it_hold_a_ticket_wherever_it_stands(phase: Phase) -> None:
    one = anna(on=standing(phase, phase_before=Phase.ACCEPTED))
    done = holding.words_anew(one, of(one), PERMISSION, nonce)
    assert told(done) == HOLDS
    made = opened(done[0])
    assert (made.phase_before, made.requester) == (STANDS[phase], ANNA)
    assert made.request_text == "Printer\n\nAnd the payroll, please."
    assert [act.notice for act in done[1] if isinstance(act, MailAct)] == [
        "approval_request", "approval_request", "awaiting_approval",
    ]  # fmt: skip


def test_nothing_is_held_where_nothing_is_asked_for_or_it_is_held_already() -> None:
    for asks, phase in ((None, Phase.RECEIVED), (PERMISSION, Phase.AWAITING_APPROVAL)):
        one = anna(on=standing(phase))
        assert holding.words_anew(one, of(one), asks, nonce) == ([], [])


@cases(
    ("one", "asks", "requester", "request", "verified"),
    [
        (anna(on=standing(Phase.RECEIVED)), PERMISSION, ANNA, "And the payroll, please.", True),
        (anna(on=standing(Phase.RECEIVED), auth=UNSIGNED), PERMISSION, ANNA, "And the payroll, please.", False),
        # earlier words that were refused or lapsed are asked for again, with these
        (anna(on=standing(Phase.RECEIVED, entry("The share."), asks=PERMISSION)), None, ANNA,
         "The share.\n\nAnd the payroll, please.", True),
        (anna(on=standing(Phase.RECEIVED, entry("The share.", verified=False), asks=PERMISSION)), None, ANNA,
         "The share.\n\nAnd the payroll, please.", False),
        (anna(on=standing(Phase.RECEIVED, entry("The share."), asks=PERMISSION), auth=UNSIGNED), None, ANNA,
         "The share.\n\nAnd the payroll, please.", False),
        (anna("", on=standing(Phase.RECEIVED, entry("The share."), asks=PERMISSION)), None, ANNA, "The share.", True),
        # what the writer asks for is theirs, what was asked before the requester's
        (case("And mine.", sender=VICE, on=standing(Phase.RECEIVED)), PERMISSION, VICE, "And mine.", True),
        (case("Go on.", sender=VICE, on=standing(Phase.RECEIVED, entry("The share."), asks=PERMISSION)), None, ANNA,
         "The share.\n\nGo on.", True),
    ],
)  # fmt: skip
def test_whose_words_are_asked_for(
    one: Case, asks: TicketKind | None, requester: str, request: str, verified: bool
) -> None:
    made = opened(holding.words_anew(one, of(one), asks, nonce)[0])
    assert (made.requester, made.request_text) == (requester, f"Printer\n\n{request}")
    assert made.terms.requester_verified == verified


def test_an_approver_confirms_a_request_in_their_name_that_was_not_verified() -> None:
    def wanted(address: str, *, verified: bool, kind: TicketKind = PERMISSION, company: Any = COMPANY) -> Any:
        on = ticket(requester=address, requester_name="X")
        made = holding.wanted_from(on, company, "r", kind, verified=verified, before=Phase.RECEIVED)
        assert (made.requester, made.requester_name) == (address, "X")
        return made.kind, made.terms.kind_after, made.paced

    confirm = (ConsentKind.CONFIRM, ConsentKind.PERMISSION, True)
    assert wanted(BOSS, verified=False) == confirm
    assert wanted(BOSS, verified=True) == (ConsentKind.PERMISSION, None, False)
    assert wanted(ANNA, verified=False) == (ConsentKind.PERMISSION, None, True)
    assert wanted("x@acme.example", verified=False) == (ConsentKind.PERMISSION, None, True)
    assert wanted(BOSS, verified=False, company=None) == (ConsentKind.PERMISSION, None, True)
    own = replace(COMPANY, self_approval=("permission",))
    assert wanted(BOSS, verified=False, company=own) == (ConsentKind.PERMISSION, None, True)
    assert wanted(BOSS, verified=False, kind=TicketKind.DEVICE, company=own)[0] is ConsentKind.CONFIRM


# ------------------------------------------------------------------------------------- by phone, and adopted


def phoned(channel: str = "phone", phase: Phase = Phase.WAITING_CUSTOMER, **fields: Any) -> TicketFacts:
    return held(phase=phase, state=replace(held().state, channel=channel), **fields)


@cases(
    ("one", "threading", "does"),
    [
        (anna("The payroll, please.", ELSEWHERE, on=phoned()), JOINS, HOLDS),
        (anna("The payroll, please.", ELSEWHERE, on=phoned()), NEW, []),
        (anna("The payroll, please.", ELSEWHERE, on=phoned("email")), JOINS, []),
        (anna("The payroll, please.", ELSEWHERE, on=phoned(phase=Phase.RECEIVED)), JOINS, []),
        (anna("The payroll, please.", ELSEWHERE, on=phoned(kind="incident")), JOINS, []),
        (anna("The payroll, please.", on=phoned()), JOINS, []),
        (anna("Thanks!", ELSEWHERE, on=phoned()), JOINS, []),
        (case("The payroll, please.", ELSEWHERE, sender=VICE, on=phoned()), JOINS, []),
    ],
)  # fmt: skip
def test_what_was_asked_by_phone_is_held_when_its_requester_writes_it(
    one: Case, threading: Threading, does: list[str]
) -> None:
    assert told(holding.written(one, threading, nonce)) == does


def test_a_new_ticket_is_held_for_what_its_words_ask_for_else_for_its_kind() -> None:
    device = replace(held().state, asks=TicketKind.DEVICE)
    for on, kind in (
        (held(), "permission"),
        (held(state=device), "device"),
        (held(kind="incident", state=device), "device"),
    ):
        changes, acts, said = holding.opening(anna("Please.", on=on), on, nonce)
        made = opened(changes)
        assert (made.kind, made.request_text) == (kind, "Printer\n\nPlease.")
        assert [act.kind for act in acts if isinstance(act, TicketAct)] == [kind]
        assert [one.address for one in said.approvers] == [BOSS, VICE]
        assert not said.no_approver


def test_still_asked_is_what_the_words_ask_for_before_the_kind_of_the_ticket() -> None:
    one = anna()
    device = replace(held().state, asks=TicketKind.DEVICE)
    assert holding.still_asked(one, held()) == "permission"
    assert holding.still_asked(one, held(state=device)) == "device"
    assert holding.still_asked(one, held(kind="incident", state=device)) == "device"
    assert holding.still_asked(one, held(kind="incident")) is None
    for kind, asks in (("device", None), ("incident", TicketKind.DEVICE), ("permission", TicketKind.DEVICE)):
        on = phoned(kind=kind)
        on = replace(on, state=replace(on.state, asks=asks))
        made = holding.written(anna("Please.", ELSEWHERE, on=on), JOINS, nonce)[0]
        assert opened(made).kind == "device"


# ------------------------------------------------------------------------------------- left over


def test_what_is_left_is_asked_for_by_its_first_writer_alone() -> None:
    left = (entry("And me."), entry("And him.", number=6), entry("Me too.", VICE, 7))
    made = opened(holding.left_asked(anna(), held(), left, Phase.IN_PROGRESS, nonce))
    assert (made.requester, made.request_text, made.phase_before) == (
        ANNA,
        "Printer\n\nAnd me.\n\nAnd him.",
        Phase.IN_PROGRESS,
    )
    assert made.terms.requester_verified
    made = opened(holding.left_asked(anna(), held(), left[2:], Phase.RECEIVED, nonce))
    assert (made.requester, made.approvers) == (VICE, (BOSS,))
    doubted = (entry("And me."), entry("And him.", number=6, verified=False))
    made = opened(holding.left_asked(anna(), held(), doubted, Phase.RECEIVED, nonce))
    assert not made.terms.requester_verified


def test_what_a_granted_consent_was_about_is_not_left() -> None:
    on = held(entries=(entry("The share."), entry("The payroll.", number=6)))
    this = consent(request_text="Printer\n\nThe share.")
    before = consent(11, state=ConsentState.GRANTED, request_text="The payroll.")
    for others, left in (
        ((), [6]),
        ((before,), []),
        ((replace(before, ticket=7),), [6]),
        ((replace(before, state=ConsentState.REFUSED),), [6]),
    ):
        one = anna("Yes", this, *others, on=on)
        assert [e.id for e in holding.left_over(one, on, this)] == left


# ------------------------------------------------------------------------------------- who, and what


def test_who_was_asked_is_known_by_each_of_their_addresses() -> None:
    assert holding.was_asked(case(), ASKED)
    assert not holding.was_asked(case(sender=VICE), ASKED)
    other = replace(PEOPLE[VICE], addresses=(VICE, BOSS))
    assert holding.was_asked(case(sender=VICE, people={VICE: other}), ASKED)
    assert not holding.was_asked(case(people={}), replace(ASKED, approvers=(VICE,)))
    assert holding.was_asked(case(people={}), ASKED)
    assert not holding.unproven(case(), held())
    assert holding.unproven(anna("hm", VERIFIED, auth=UNSIGNED), held()) is True
    for one in (
        anna("hm", VERIFIED),
        anna("hm", auth=UNSIGNED),
        anna("hm", replace(QUOTE, terms=VERIFIED.terms), auth=UNSIGNED),
    ):
        assert holding.unproven(one, held()) is False


def test_what_a_mail_asks_for_is_read_in_its_words_and_in_a_subject_of_its_own() -> None:
    on = ticket(subject="Access to the payroll folder for Ben")

    def asks(one: Case, *rest: Any) -> TicketKind | None:
        return holding.asked_in(replace(one, settings=KEYED), *rest)

    assert asks(anna(GIVE), ticket()) == "permission"
    assert asks(anna("The printer burns."), ticket()) is None
    assert asks(anna("hm", subject="Please give Ben access to the payroll"), ticket()) == "permission"
    assert asks(anna("hm", subject=f"Re: [#{on.number}] {on.subject}"), on) is None
    assert asks(anna(GIVE), ticket(), "The printer burns.") is None
    assert asks(anna("hm"), ticket(), GIVE) == "permission"
    assert asks(anna("hm", visible_new_text=GIVE), ticket()) == "permission"
    assert asks(anna("hm", visible_new_text=GIVE), ticket(), "hm") is None
    agent = replace(anna(GIVE), sender=Sender("kata@desk.example", "Kata", "agent"))
    assert asks(agent, ticket()) is None


def test_thanks_are_read_in_the_mails_language_else_in_the_tickets() -> None:
    for text, language, of_ticket in (
        ("Köszönöm!", "hu", "en"),
        ("Köszönöm!", "", "hu"),
        ("Thanks!", "en", "hu"),
    ):
        assert holding.only_thanks(anna(text, language=language), ticket(language=of_ticket))
    for language, of_ticket, thanks in (
        ("nl", "hu", True),
        ("hu", "nl", False),
        ("", "hu", False),
        ("", "nl", True),
    ):
        said = anna("Thanks, de groeten", language=language)  # "de" is "but" to a Hungarian
        assert holding.only_thanks(said, ticket(language=of_ticket)) is thanks
    assert not holding.only_thanks(anna("hm"), ticket())
    for given, thanks in ((SETTINGS, True), (KEYED, False)):  # a word of a table says that more is asked
        assert holding.only_thanks(anna("Thanks!", subject=GIVE, settings=given), ticket()) == thanks
