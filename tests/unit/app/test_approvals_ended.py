"""A consent that waits: what it is about is changed, its approvers are reminded, it is withdrawn, it expires."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from maild.app import approvals
from maild.consent.asking import LAST_CALL
from maild.consent.wanted import sha256
from maild.model import AddEntry, Change, OpenConsent, SendNotice, SetDeadline, TicketFacts
from maild.ticket.phases import ConsentState, Phase
from maild.ticket.state import TicketChange
from maild.ticket.terms import ConsentTerms
from maild.ticket.vocabulary import ConsentKind, DeadlineType, TicketKind
from tests.cases import cases
from tests.unit.app.act_world import (
    BOSS,
    DAY,
    HOUR,
    act,
    asks,
    at,
    entry,
    nonce,
    of,
    refused,
    said,
)
from tests.unit.app.approval_words import ASKING_HOLDS, HELD, PLAIN
from tests.unit.app.approval_world import consent, held, opened, short_of
from tests.unit.factory import NOW

S, K = ConsentState, ConsentKind


def change(on: TicketFacts, *consents: Any, **what: Any) -> tuple[Change, ...]:
    return approvals.change(act(*consents), on, TicketChange(**what), nonce).changes


def test_a_ticket_that_becomes_a_permission_request_is_held_and_another_is_not() -> None:
    assert short_of(change(PLAIN, kind=TicketKind.PERMISSION)) == ASKING_HOLDS
    assert short_of(change(PLAIN, kind=TicketKind.QUESTION)) == []
    assert short_of(change(PLAIN, subject="Scanner")) == []


@cases(
    ("words", "asked"),
    [
        ("Printer\n\nThese words.", "Scanner\n\nThese words."),
        ("Another\n\nThese words.", "Scanner\n\nAnother\n\nThese words."),
    ],
)
def test_another_subject_is_part_of_the_request_that_is_asked_anew(words: str, asked: str) -> None:
    old = consent(request_text=words, phase_before=Phase.ACCEPTED)
    changes = change(HELD, consent(11, state=S.VOID), old, subject="Scanner")
    one = opened(changes)
    assert (one.request_text, one.request_sha256, one.kind) == (asked, sha256(asked), K.PERMISSION)
    assert one.phase_before is Phase.ACCEPTED
    assert short_of(changes)[:2] == ["C12 void kata", "log void"]
    assert "the request was changed by the desk" in {getattr(c, "reason", "") for c in changes}


def test_another_kind_that_needs_a_consent_is_asked_for_and_one_that_needs_none_frees_nothing() -> None:
    assert opened(change(HELD, consent(), kind=TicketKind.DEVICE)).kind is K.DEVICE
    refused(
        lambda: change(HELD, consent(), kind=TicketKind.QUESTION),
        "#15789 is held for approval as permission", "`maild approval withdraw 15789 -m REASON` frees it first",
    )  # fmt: skip


@pytest.mark.parametrize("what", [{"kind": TicketKind.DEVICE}, {"subject": "Scanner"}])
def test_who_is_asked_to_confirm_is_asked_again_what_follows_is_the_new_kind(what: dict[str, Any]) -> None:
    old = consent(kind=K.CONFIRM, terms=ConsentTerms(kind_after=K.PERMISSION, requester_verified=True))
    one = opened(change(HELD, old, **what))
    kind = K.DEVICE if "kind" in what else K.PERMISSION
    assert (one.kind, one.terms) == (K.CONFIRM, ConsentTerms(kind_after=kind, requester_verified=True))


def test_what_does_not_touch_the_question_asks_nobody() -> None:
    assert not of(OpenConsent, change(HELD, consent(), topic="network"))
    assert not of(OpenConsent, change(HELD, consent(state=S.EXPIRED), subject="Scanner"))
    assert not of(OpenConsent, change(HELD, consent(kind=K.QUOTE), subject="Scanner"))
    assert not of(OpenConsent, change(HELD, consent(kind=K.COST), subject="Scanner"))


# ------------------------------------------------------------------------------------- reminded


def test_a_reminder_is_kept_with_whom_and_comes_once_more_before_it_lapses() -> None:
    asked = consent(approvers=(BOSS, "vice@acme.example"), expires_at=NOW + 7 * DAY)
    changes = approvals.remind(act(), HELD, asked, nonce).changes
    note = of(AddEntry, changes)[-1]
    assert (note.author, note.channel, note.text, note.public) == (
        "kata", "cli", f"C12: reminded {BOSS}, vice@acme.example", False,
    )  # fmt: skip
    (again,) = of(SetDeadline, changes)
    assert (again.type, again.ticket, again.at) == (
        DeadlineType.CONSENT_REMIND,
        15789,
        asked.expires_at - LAST_CALL,
    )
    assert short_of(changes) == [
        f"token of C12 for {BOSS}",
        "log reminded",
        f"mail approval_reminder to {BOSS}",
    ]
    (own,) = of(AddEntry, approvals.remind(act(agent=""), HELD, asked, nonce).changes)
    assert (own.author, own.channel) == ("maild", "system")


def test_only_what_the_desk_sends_by_itself_of_unproven_mail_is_paced() -> None:
    def pace(agent: str, **terms: Any) -> str:
        asked = consent(terms=ConsentTerms(**terms))
        (sent,) = of(SendNotice, approvals.remind(act(agent=agent), HELD, asked, nonce).changes)
        return str(sent.notice.pace)

    assert pace("") == BOSS
    assert pace("kata") == ""
    assert pace("", requester_verified=True) == ""


# ------------------------------------------------------------------------------------- withdrawn, expired


def withdraw(on: TicketFacts, one: Any, reason: str = "a mistake", *more: Any) -> tuple[Change, ...]:
    return approvals.withdraw(act(*filter(None, [one]), *more), on, one, reason).changes


def test_what_is_not_held_is_not_freed_and_it_needs_a_reason() -> None:
    refused(lambda: withdraw(PLAIN, None), "#15789 is received: it is not held for approval")
    refused(lambda: withdraw(HELD, consent(), " "), "REASON")
    for nothing_open in (None, consent(state=S.VOID)):
        refused(
            partial(withdraw, held(), nothing_open),
            "no open consent",
            "`maild approval request 15789`",
        )


def test_a_withdrawn_question_lets_the_ticket_go_back() -> None:
    changes = withdraw(HELD, consent(phase_before=Phase.ACCEPTED))
    assert short_of(changes)[:3] == ["C12 withdrawn kata", "log withdrawn", "phase accepted"]
    assert HELD.after_all(changes).state.asks is None
    assert "(C12 permission: withdrawn by kata: a mistake)" in said(changes)


def test_a_withdrawn_offer_leaves_the_words_that_hold_it_on() -> None:
    changes = withdraw(HELD, consent(kind=K.QUOTE, phase_before=Phase.WAITING_CUSTOMER))
    assert HELD.after_all(changes).phase is Phase.AWAITING_APPROVAL
    assert any("still held: other words ask for a permission" in one for one in said(changes))
    free = held(entries=(entry(1),))
    assert free.after_all(withdraw(free, consent(kind=K.COST))).phase is Phase.RECEIVED


def test_an_agent_may_say_of_words_that_nobody_was_asked_about_that_they_ask_for_nothing() -> None:
    changes = withdraw(HELD, None, " it is a joke ")
    now = HELD.after_all(changes)
    assert (now.phase, now.state.asks) == (Phase.RECEIVED, None)
    assert "(asks for no permission: it is a joke)" in said(changes)
    done = asks(at(PLAIN, Phase.RESOLVED))
    changes = withdraw(done, None)
    assert (done.after_all(changes).phase, done.after_all(changes).state.asks) == (Phase.RESOLVED, None)
    assert said(changes) == ["(asks for no permission: a mistake)"]
    (told,) = of(SendNotice, changes)
    assert told.notice.to[0].address == "lea@desk.example"


def test_what_nobody_answered_stays_held() -> None:
    changes = approvals.expire(act(agent=""), HELD, consent(expires_at=NOW - HOUR)).changes
    assert short_of(changes)[:2] == ["C12 expired maild", "log expired"]
    assert HELD.after_all(changes).phase is Phase.AWAITING_APPROVAL
    assert any("no valid answer until 2026-11-02 08:30 UTC" in one for one in said(changes))
