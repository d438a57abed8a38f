"""What a later mail does to a request that waits for a consent, and the approvers' cap of mails."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from maild.app import grown_request, holding
from maild.app.case import Case
from maild.model import (
    AddEntry,
    AuthResult,
    ConsentFacts,
    MailAct,
    Reason,
    SendNotice,
    Threading,
)
from maild.ticket.phases import ConsentState, Phase
from tests.cases import cases
from tests.unit.app.act_world import nonce
from tests.unit.app.approval_words import AGENTS, ANEW, ASKED, ELSEWHERE, NEW, QUOTE, UNSIGNED, VERIFIED
from tests.unit.app.approval_world import (
    ANNA,
    BOSS,
    JOINS,
    SETTINGS,
    VICE,
    anna,
    case,
    consent,
    held,
    of,
    opened,
    paces,
    told,
)


@cases(
    ("one", "threading", "does"),
    [
        (anna(), JOINS, ANEW),
        (anna("And the payroll, please.", VERIFIED), JOINS, ANEW),
        (anna("Thanks!"), JOINS, []),
        (anna(), NEW, []),
        (anna(), Threading(7, "x", "join"), []),
        (case("And the payroll, please."), JOINS, []),
        # in the name of somebody who was verified: seen by agents, part of nothing
        (anna("And the payroll, please.", VERIFIED, auth=UNSIGNED), JOINS, ["file", *AGENTS]),
        (anna(auth=UNSIGNED), JOINS, ANEW),
        # an offer stands as it was sent, whoever of those concerned writes about it
        (case("Which one?", QUOTE), JOINS, AGENTS),
        (case("Which one?", QUOTE, sender=VICE), JOINS, []),
        (anna("Which one?", QUOTE), JOINS, AGENTS),
        (anna("Which one?", replace(QUOTE, terms=VERIFIED.terms), auth=UNSIGNED), JOINS, AGENTS),
        # nothing waits
        (anna("And more.", consent(state=ConsentState.VOID)), JOINS, []),
        (anna("And more.", consent(state=ConsentState.VOID), consent(13)), JOINS, ["hold", "C13 void maild", *ANEW[2:]]),
        (anna("And more.", ELSEWHERE), JOINS, []),
        (anna(on=held(phase=Phase.RECEIVED)), JOINS, []),
        (replace(anna(), quiet=(Reason("x", "x"),)), JOINS, []),
        # nobody can approve what nobody can read, but a first mail may be long
        (anna("x" * (grown_request.MOST_REQUEST - len("Share\n\n"))), JOINS, ANEW),
        (anna("x" * (grown_request.MOST_REQUEST - len("Share\n\n") + 1)), JOINS, [*ANEW[:3], *AGENTS]),
        (anna("x", consent(request_text="y" * grown_request.MOST_REQUEST)), JOINS, [*ANEW[:3], *AGENTS]),
    ],
)  # fmt: skip
def test_what_a_later_mail_does_to_a_request_that_waits(
    one: Case, threading: Threading, does: list[str]
) -> None:
    assert told(grown_request.grown(one, threading, nonce)) == does


def test_a_request_of_later_mails_may_be_as_long_as_64_kib() -> None:
    assert grown_request.MOST_REQUEST == 65_536


@pytest.mark.parametrize(
    ("before", "now", "verified", "paced"),
    [
        # behind verified words, words that are not are no part of it: see above
        (VERIFIED, None, True, ["", ""]),
        (ASKED, None, False, [BOSS, VICE]),
        (ASKED, UNSIGNED, False, [BOSS, VICE]),
    ],
    ids=["both", "the later", "none"],
)
def test_a_request_is_verified_where_each_mail_of_it_is(
    before: ConsentFacts, now: AuthResult | None, verified: bool, paced: list[str]
) -> None:
    one = anna("And more.", before, auth=now)
    changes, acts = grown_request.grown(one, JOINS, nonce)
    made = opened(changes)
    assert made.terms.requester_verified is verified
    assert made.request_text == "Share\n\nAnd more."
    assert made.phase_before is Phase.RECEIVED
    assert paces(changes) == paced
    assert [one.notice for one in acts if isinstance(one, MailAct)] == ["approval_request"] * 2


@pytest.mark.parametrize(
    ("one", "fact"),
    [
        (anna("hm", VERIFIED, auth=UNSIGNED), {"code": "unproven_words", "consent": "C12", "who": [ANNA]}),
        (anna("hm", QUOTE), {"code": "written_quote", "consent": "C12", "who": [ANNA]}),
        (anna("x" * 65_536), {"code": "too_long", "consent": "C12", "count": 65_536}),
    ],
    ids=["unproven", "offer", "too long"],
)
def test_what_agents_alone_are_told_is_an_entry_for_them_alone(one: Case, fact: dict[str, Any]) -> None:
    changes, _ = grown_request.grown(one, JOINS, nonce)
    (alert,) = [one.notice for one in changes if isinstance(one, SendNotice)]
    assert alert.data["events"][0]["facts"] == [fact]
    assert [entry.public for entry in changes if isinstance(entry, AddEntry)] == [False]


# ------------------------------------------------------------------------------------- the approvers' cap


def test_mails_beyond_the_approvers_cap_wait_and_the_team_hears_of_the_first_alone() -> None:
    most = SETTINGS.limits.approvals_per_approver_per_hour
    for sent, waits, hears in (
        (most - 1, "", False),
        (most, "cap-approver", True),
        (most + 1, "cap-approver", False),
    ):
        one = anna(auth=UNSIGNED, more={"paced_last_hour": {BOSS: sent}})
        changes, acts = grown_request.grown(one, JOINS, nonce)
        mails = [(act.to, act.because) for act in acts if isinstance(act, MailAct)]
        assert mails == [((BOSS,), waits), ((VICE,), "")]
        assert (told((changes, acts))[-1:] == AGENTS) == hears
    changes, _ = grown_request.grown(
        one := anna("And more.", VERIFIED, more={"paced_last_hour": {BOSS: most}}), JOINS, nonce
    )
    assert holding.told(one, of(one), changes) == []
    for most, verified, because in ((0, False, "cap-approver"), (0, True, ""), (1, False, "")):
        limits = replace(SETTINGS.limits, approvals_per_approver_per_hour=most)
        auth = None if verified else UNSIGNED
        one = anna(
            "More.", VERIFIED if verified else ASKED, auth=auth, settings=replace(SETTINGS, limits=limits)
        )
        _, acts = grown_request.grown(one, JOINS, nonce)
        assert [act.because for act in acts if isinstance(act, MailAct)] == [because] * 2
