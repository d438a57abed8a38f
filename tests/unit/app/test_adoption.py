"""Who takes over a colleague's request: by which words, and what follows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from maild.app import adoption
from maild.app.case import Case
from maild.model import EntryFacts, MailAct, Mailbox, Reason, SendNotice, TicketFacts
from maild.ticket.entries import MailDetails
from maild.ticket.phases import Phase
from maild.ticket.vocabulary import EntryType
from tests.cases import cases
from tests.unit.app.act_world import nonce
from tests.unit.app.approval_words import AGENTS, ASKS, UNSIGNED
from tests.unit.app.approval_world import (
    ANNA,
    BOSS,
    COMPANY,
    PEOPLE,
    SETTINGS,
    VICE,
    case,
    held,
    opened,
    short_of,
    who,
)
from tests.unit.factory import NOW

REF = "ref@acme.example"
REFERENCE = who(REF, "Ref", "reference")


def adoptable(**fields: Any) -> TicketFacts:
    state = replace(held().state, adoptable=True)
    return held(**{"phase": Phase.WAITING_CUSTOMER, "kind": "incident", "state": state, **fields})


def ok(text: str = "ok", on: TicketFacts | None = None, **fields: Any) -> Case:
    people = {**PEOPLE, REF: REFERENCE}
    company = replace(COMPANY, people=(*COMPANY.people, REFERENCE))
    given = {"sender": REF, "people": people, "company": company, **fields}
    return case(text, on=on or adoptable(), **given)


@cases(
    ("one", "on", "adopts"),
    [
        (ok(), adoptable(), True),
        (ok("who is that?"), adoptable(), False),
        (ok(sender=BOSS), adoptable(), False),
        (ok(), adoptable(phase=Phase.RECEIVED), False),
        (ok(), adoptable(state=held().state), False),
        (ok(), adoptable(company=None), False),
        (replace(ok(), quiet=(Reason("x", "x"),)), adoptable(), False),
    ],
)
def test_a_reference_person_adopts_by_an_ok_what_waits_for_it(
    one: Case, on: TicketFacts, adopts: bool
) -> None:
    assert adoption.adopts(one, on) is adopts


def test_what_needs_no_consent_is_received_and_both_are_told() -> None:
    changes, acts, why = adoption.adopt(ok(), adoptable(), nonce)
    assert short_of(changes) == ["phase received", "mail adopted to anna@acme.example"]
    (told,) = [one.notice for one in changes if isinstance(one, SendNotice)]
    assert not told.data.get("no_approver")
    assert [(act.notice, act.to) for act in acts if isinstance(act, MailAct)] == [("adopted", (ANNA, REF))]
    assert why == Reason("adopted", "ref@acme.example may file requests of acme")


def test_each_is_told_once_whoever_takes_part() -> None:
    on = adoptable(participants=(Mailbox(ANNA), Mailbox(REF), Mailbox(VICE)))
    changes, _, _ = adoption.adopt(ok(), on, nonce)
    (told,) = [one.notice for one in changes if isinstance(one, SendNotice)]
    assert ([box.address for box in told.to], [box.address for box in told.cc]) == ([ANNA], [REF, VICE])


def test_what_needs_one_is_held_and_asked_for_and_told_once() -> None:
    mail = EntryFacts(5, NOW, EntryType.MAIL, ANNA, "email", "The share.", True, MailDetails(verified=True))
    on = adoptable(kind="permission", entries=(mail,))
    most = SETTINGS.limits.approvals_per_approver_per_hour
    doubted = replace(on, entries=(replace(mail, details=MailDetails()),))
    for asked, verified in ((on, True), (doubted, False)):
        one = ok(on=asked, auth=UNSIGNED, more={"paced_last_hour": {BOSS: most}})
        changes, acts, _ = adoption.adopt(one, asked, nonce)
        made = opened(changes)
        assert (made.request_text, made.requester, made.phase_before) == (
            "Printer\n\nThe share.",
            ANNA,
            Phase.RECEIVED,
        )
        assert made.terms.requester_verified is verified
        team = [] if verified else AGENTS
        assert short_of(changes) == [
            "phase awaiting_approval", *ASKS, *team, f"mail adopted to {ANNA}",
        ]  # fmt: skip
        waits = "" if verified else "cap-approver"
        assert [(act.notice, act.because) for act in acts if isinstance(act, MailAct)] == [
            ("approval_request", waits), ("approval_request", ""), ("adopted", ""),
        ]  # fmt: skip
        assert [str(act.act) for act in acts if not isinstance(act, MailAct)] == ["hold"]
        told = [one.notice for one in changes if isinstance(one, SendNotice)][-1]
        assert [person["address"] for person in told.data["approvers"]] == [BOSS, VICE]
        assert [box.address for box in told.cc] == [REF]


def test_where_nobody_may_approve_the_one_mail_says_so() -> None:
    one = ok(on=adoptable(kind="permission"), company=replace(COMPANY, people=(REFERENCE,)))
    changes, _, _ = adoption.adopt(one, adoptable(kind="permission"), nonce)
    mails = [one.notice for one in changes if isinstance(one, SendNotice)]
    assert [(mail.name, mail.to[0].address) for mail in mails] == [
        ("awaiting_approval", REF), ("agent_alert", "kata@desk.example"), ("adopted", ANNA),
    ]  # fmt: skip
    assert mails[-1].data["no_approver"] is True
