"""What each kind of answer to a consent leads to: decided, asked once more, told, or left to an ordinary mail."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from maild.app.approval_answer import taken_though_a_copy_came
from maild.app.approval_candidate import candidate
from maild.app.case import Case
from maild.consent.wanted import wanted_of
from maild.errors import NotYet
from maild.model import (
    EntryFacts,
    MailAct,
    OpenTicket,
    Plan,
    Sender,
    SendNotice,
    Threading,
    Verdict,
)
from maild.ticket.entries import MailDetails
from maild.ticket.phases import ConsentState, Phase
from maild.ticket.terms import ConsentTerms
from maild.ticket.vocabulary import EntryType
from tests.cases import cases
from tests.unit.app.approval_words import (
    AGENTS,
    ASKS,
    AWAY,
    CONFIRM,
    DEVICE,
    KEPT,
    NEW,
    NO_DNS,
    PERMISSION,
    QUOTE,
    TELLS,
    UNSIGNED,
    VOID,
    asks_for,
    asks_of,
    consent_entry,
)
from tests.unit.app.approval_world import (
    ANNA,
    BOSS,
    COMPANY,
    GIVE,
    HOUR,
    JOINS,
    KEYED,
    NUMBER,
    PEOPLE,
    VICE,
    case,
    consent,
    decided,
    held,
    opened,
    short,
    token,
)
from tests.unit.factory import NOW, ticket

OWN = (token(approver=ANNA),)
ASKED_AGAIN = held(state=replace(held().state, asked_plainly=(f"C12 {BOSS}",)))
WINDOW = timedelta(minutes=case().settings.limits.same_notice_minutes)


def alerted(ago: timedelta) -> Case:
    return case("hm", on=held(state=replace(held().state, consent_alert=NOW - ago)))


def noticed(name: str, address: str = BOSS) -> dict[str, Any]:
    return {"recent_notices": frozenset({(NUMBER, name, address)})}


ONCE_MORE = ["token of C12 for boss@acme.example", "mail approval_unclear to boss@acme.example"]
PRESENT = ["token of C13 for boss@acme.example", "mail approval_changed to boss@acme.example"]
CONFIRMED = ["hold", "entry internal", "C12 granted anna@acme.example by token", "log granted"]


def asks_now(kind: str) -> list[str]:
    return [*CONFIRMED, *asks_for(kind)]


def yes(more: str = "by token", *mails: str) -> list[str]:
    by = f"C12 granted boss@acme.example {more}".rstrip()
    return ["grant", "entry internal", by, "log granted", "phase received", *(mails or RESULT), *AGENTS]


def no(by: str) -> list[str]:
    said = f"C12 refused {by} by token"
    return ["refuse", "entry internal", said, "log refused", "phase rejected", *RESULT, *AGENTS]


RESULT = ("mail approval_result to anna@acme.example",)


@cases(
    ("one", "told"),
    [
        (case("Yes"), yes()),
        (case("No"), no(BOSS)),
        (case("Yes", QUOTE), yes("by token", *RESULT, "mail approval_result to boss@acme.example")),
        (case("Yes", DEVICE, sender=ANNA, tokens=OWN), asks_now("device")),
        (case("Yes", consent(**CONFIRM), sender=ANNA, tokens=OWN), asks_now("permission")),
        (case("No", DEVICE, sender=ANNA, tokens=OWN), no(ANNA)),
        # who asks has no say in it, and what else they write is more of the request
        (case("Yes", sender=ANNA), [*KEPT, *TELLS, *AGENTS]),
        (case("No", sender=ANNA), [*KEPT, *TELLS, *AGENTS]),
        (case("I also need the payroll", sender=ANNA), []),
        # a question about an offer goes to an agent, and no word of the desk besides
        (case("Which one?", QUOTE), []),
        (case("Which one?", QUOTE, auth=UNSIGNED), [*KEPT, *TELLS, *AGENTS]),
        (case("Yes, but which one?", QUOTE), [*KEPT, *ONCE_MORE, *AGENTS]),
        (case("Which one?"), [*KEPT, *ONCE_MORE, *AGENTS]),
        # not clear: once more with a token, but once
        (case("hm"), [*KEPT, *ONCE_MORE, *AGENTS]),
        (case("hm", on=ASKED_AGAIN), [*KEPT, *TELLS, *AGENTS]),
        (case("hm", consent(state=ConsentState.EXPIRED)), [*KEPT, *TELLS]),
        # the approver learns of it, but not at each mail
        (case(auth=UNSIGNED), [*KEPT, *TELLS, *AGENTS]),
        (case("hm", auth=UNSIGNED), [*KEPT, *TELLS, *AGENTS]),
        (case(auth=UNSIGNED, more=noticed("approval_not_accepted")), [*KEPT, *AGENTS]),
        (case(auth=UNSIGNED, more=noticed("approval_not_accepted", VICE)), [*KEPT, *TELLS, *AGENTS]),
        (case(sender=VICE), [*KEPT, *TELLS, *AGENTS]),
        (case(tokens=(), in_reply_to=()), [*KEPT, *TELLS, *AGENTS]),
        (case(tokens=(), in_reply_to=(), company=replace(COMPANY, people=(PEOPLE[VICE],))),
         [*KEPT, *AGENTS]),
        (case("Yes", consent(expires_at=NOW - HOUR)), [*KEPT, *TELLS, *AGENTS]),
        (case("Yes", consent(state=ConsentState.GRANTED)), [*KEPT, *TELLS]),
        # agents hear of it once in a window
        (alerted(WINDOW - HOUR / 3600), [*KEPT, *ONCE_MORE]),
        (alerted(WINDOW), [*KEPT, *ONCE_MORE, *AGENTS]),
        # an answer to an earlier version gets the present one, where it is theirs to answer
        (case("Yes", VOID, consent(13)), [*KEPT, *PRESENT]),
        (case("hm", VOID, consent(13, expires_at=NOW)), [*KEPT, *PRESENT]),
        (case("hm", replace(VOID, expires_at=NOW - HOUR), consent(13)), [*KEPT, *PRESENT]),
        (case("Yes", VOID, consent(13), more=noticed("approval_changed")), KEPT),
        (case("Yes", VOID, consent(13), auth=UNSIGNED), [*KEPT, *TELLS]),
        (case("Yes", VOID, consent(13, approvers=(VICE,))), [*KEPT, *TELLS]),
        (case("Yes", VOID, consent(13, ticket=7)), [*KEPT, *TELLS]),
        (case("Yes", VOID, consent(13, state=ConsentState.VOID)), [*KEPT, *TELLS]),
        (case("Yes", VOID), [*KEPT, *TELLS]),
        (case("Yes", consent(expires_at=NOW - HOUR), consent(13)), [*KEPT, *TELLS, *AGENTS]),
    ],
)  # fmt: skip
def test_each_answer_leads_to_this(one: Case, told: list[str]) -> None:
    plan = decided(one)
    assert short(plan) == told
    if plan is not None and plan.decision is not None:  # no mail goes that the decision does not name
        mails = [act.notice for act in plan.decision.would if isinstance(act, MailAct)]
        assert sorted(mails) == sorted(c.notice.name for c in plan.changes if isinstance(c, SendNotice))


@cases(
    ("one", "verdict", "threading", "told"),
    [
        (case("I also need it", sender=ANNA), AWAY, JOINS, ["file", "hold", "log not_accepted", *TELLS, *AGENTS]),
        (case("hm"), AWAY, JOINS, ["file", "hold", "log not_accepted", *TELLS, *AGENTS]),
        # nothing of the ticket goes to whoever wrote it, wherever their mail goes
        (case("hm"), None, NEW,
         ["open", "hold", "entry public", "mail received to boss@acme.example", *KEPT[3:], *ONCE_MORE, *AGENTS]),
        (case("hm", more={"tickets": {NUMBER: held(), 7: ticket(7)}}), None, Threading(7, "x", "join"),
         ["append", "hold", "entry public", "mail received to boss@acme.example", *KEPT[3:], *ONCE_MORE, *AGENTS]),
    ],
)  # fmt: skip
def test_where_an_answer_goes_that_does_not_count(
    one: Case, verdict: Verdict | None, threading: Threading, told: list[str]
) -> None:
    assert short(decided(one, verdict, threading)) == told


def test_without_a_sender_an_answer_waits_for_an_agent() -> None:
    nobody = replace(case("hm", auth=UNSIGNED), sender=Sender(None, "", "none"))
    plan = decided(nobody)
    assert short(plan) == ["open", *KEPT[1:], *TELLS, *AGENTS]
    assert plan is not None
    assert [one.ticket.team for one in plan.changes if isinstance(one, OpenTicket)] == ["review"]


def test_an_answer_without_a_token_is_about_the_consent_that_waits() -> None:
    """It decides nothing by itself, so its token is asked for; what it spends is none."""
    bare = case("Yes", tokens=(), in_reply_to=())
    found = candidate(bare, JOINS, None)
    assert found is not None
    assert (found.consent.id, found.token, found.places) == (12, None, ())


def test_the_request_that_is_confirmed_is_the_same_and_now_verified() -> None:
    plan = decided(case("Yes", replace(DEVICE, phase_before=Phase.IN_PROGRESS), sender=ANNA, tokens=OWN))
    assert plan is not None
    made = opened(plan.changes)
    was = wanted_of(DEVICE, held())
    assert (made.request_text, made.requester) == (was.request, was.requester)
    assert made.terms == ConsentTerms(requester_verified=True)
    assert made.phase_before is Phase.IN_PROGRESS
    told = consent_entry(plan)
    assert not told.public
    assert told.text == "Anna confirmed the request; asked now: Boss Bela, Vice Vera"


MORE = EntryFacts(
    5, NOW, EntryType.MAIL, ANNA, "email", "And the payroll, please.", True,
    details=MailDetails(asks=PERMISSION, verified=True),
)  # fmt: skip


def test_words_that_ask_for_more_hold_the_ticket_on_after_a_yes_but_not_after_a_no() -> None:
    on = held(entries=(MORE,))
    assert short(decided(case("Yes", on=on))) == [
        "grant", "entry internal", "C12 granted boss@acme.example by token", "log granted", *RESULT, *AGENTS,
        *ASKS,
    ]  # fmt: skip
    assert short(decided(case("No", on=on))) == no(BOSS)


# ------------------------------------------------------------------------------------- DNS, and copies


@pytest.mark.parametrize("text", ["Yes", "No"])
def test_where_only_dns_is_missing_the_answer_waits_three_days_and_no_longer(text: str) -> None:
    one = case(text, auth=NO_DNS)
    late = replace(one, now=NOW + timedelta(days=3))
    for now in (NOW, late.now - timedelta(seconds=1)):
        with pytest.raises(NotYet, match="an answer to C12: DNS does not answer"):
            decided(replace(one, now=now))
    assert short(decided(late)) == [*KEPT, *TELLS, *AGENTS]
    assert short(decided(case("hm", auth=NO_DNS))) == [*KEPT, *TELLS, *AGENTS]


def copied(one: Case) -> Plan | None:
    found = candidate(one, JOINS, None)
    assert found is not None
    return taken_though_a_copy_came(one, JOINS, None, found, lambda: "d" * 26)


def test_after_a_copy_only_what_decides_is_more_than_a_duplicate() -> None:
    assert short(copied(case("Yes"))) == yes()
    assert short(copied(case("No"))) == no(BOSS)
    assert copied(case("Yes", auth=UNSIGNED)) is None
    with pytest.raises(NotYet):
        copied(case("Yes", auth=NO_DNS))


def test_what_an_answer_that_does_not_count_asks_for_besides_is_held() -> None:
    more = f"Yes. {GIVE}"
    done = consent(state=ConsentState.GRANTED)
    works = held(phase=Phase.IN_PROGRESS, kind="incident")
    plan = decided(case(more, done, on=works, settings=KEYED, auth=UNSIGNED))
    assert short(plan)[:5] == ["append", "hold", "hold", "entry internal", "phase awaiting_approval"]
    assert plan is not None
    assert opened(plan.changes).request_text == f"Printer\n\n{more}"
    # on a ticket that is held it is noted, unless it is noted already, or nothing is asked for
    assert asks_of(decided(case(more, settings=KEYED, auth=UNSIGNED))) == ["permission"]
    noted = held(state=replace(held().state, asks=PERMISSION))
    assert asks_of(decided(case(more, on=noted, settings=KEYED, auth=UNSIGNED))) == []
    assert asks_of(decided(case("Yes", settings=KEYED, auth=UNSIGNED))) == []
    # what the decision itself says is no further request; an offer is accepted by words of its own
    assert asks_of(decided(case(f"I accept. {GIVE}", QUOTE, settings=KEYED, auth=UNSIGNED))) == ["permission"]
    assert asks_of(decided(case("Yes, give him access to the folder.", settings=KEYED, auth=UNSIGNED))) == []
