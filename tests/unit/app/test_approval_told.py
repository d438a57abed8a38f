"""What is told of an answer, to whom, and what an answer asks for besides."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from maild.app import approval_answer
from maild.app.approval_candidate import candidate
from maild.app.approval_not_accepted import not_accepted
from maild.model import (
    ConditionResult,
    Notice,
    Plan,
    Sender,
    SendNotice,
)
from tests.unit.app.approval_words import (
    AGENTS,
    KEPT,
    PERMISSION,
    QUOTE,
    TELLS,
    UNSIGNED,
    VERIFIED,
    asks_of,
    consent_entry,
)
from tests.unit.app.approval_world import (
    ANNA,
    BOSS,
    COMPANY,
    GIVE,
    JOINS,
    KEYED,
    NUMBER,
    PEOPLE,
    case,
    consent,
    decided,
    held,
    short,
    token,
)


def test_words_of_acceptance_and_those_of_somebody_unproven_ask_for_nothing() -> None:
    text = "I accept, please give Ben access to the payroll folder."
    assert asks_of(decided(case(text, QUOTE, settings=KEYED, auth=UNSIGNED))) == []
    assert asks_of(decided(case(text, settings=KEYED, auth=UNSIGNED))) == ["permission"]
    named: dict[str, Any] = {
        "subject": f"[#{NUMBER}] {GIVE}",
        "sender": ANNA,
        "settings": KEYED,
        "auth": UNSIGNED,
    }
    assert asks_of(decided(case("Yes", VERIFIED, **named))) == []
    assert asks_of(decided(case("Yes", **named))) == ["permission"]


def notices(plan: Plan | None) -> dict[str, Notice]:
    assert plan is not None
    return {one.notice.name: one.notice for one in plan.changes if isinstance(one, SendNotice)}


def test_agents_and_the_approver_are_told_the_first_reason_and_who_wrote() -> None:
    one = case("hm", auth=UNSIGNED, company=replace(COMPANY, language="hu"))
    plan = decided(one)
    told = notices(plan)["approval_not_accepted"]
    assert (told.data["reason"], told.language) == ("authenticated", "hu")
    fact = {"code": "answer_refused", "consent": "C12", "who": [BOSS], "because": "authenticated"}
    assert notices(plan)["agent_alert"].data["events"][0]["facts"] == [fact]
    nobody = decided(replace(one, sender=Sender(None, "", "none")))
    (fact,) = notices(nobody)["agent_alert"].data["events"][0]["facts"]
    assert (fact["code"], fact.get("who", [])) == ("answer_refused_nobody", [])
    for made, sender in ((plan, BOSS), (nobody, "")):
        entry = consent_entry(made)
        assert (entry.public, entry.details.sender) == (False, sender)  # type: ignore[attr-defined]
        assert entry.text.startswith(
            "C12: an answer was not accepted: authenticated: none; decision_word: the first"
        )


def test_reasons_are_cut_where_they_are_long() -> None:
    one = case("hm")
    found = candidate(one, JOINS, None)
    assert found is not None
    looked_at, _ = approval_answer._looked_at(one, None, found)
    rows = (ConditionResult("unexpired", False, "x" * 5000),)
    plan = not_accepted(one, JOINS, None, found, looked_at, rows, ["unexpired"], lambda: "d" * 26)
    entry = consent_entry(plan)
    assert plan.decision is not None
    assert (len(entry.text), len(plan.decision.reasons[0].evidence)) == (2000, 1000)


def test_an_approver_is_known_by_each_of_their_addresses() -> None:
    second = "b2@acme.example"
    boss = replace(PEOPLE[BOSS], addresses=(BOSS, second))
    asked = consent(approvers=(second,))
    one = case(
        "Yes",
        asked,
        tokens=(token(approver=second),),
        auth=UNSIGNED,
        company=replace(COMPANY, people=(boss,)),
    )
    assert short(decided(one)) == [*KEPT, *TELLS, *AGENTS]


def test_who_has_no_name_is_shown_by_their_address() -> None:
    for name, shown in (("", BOSS), ("Boss Bela", "Boss Bela")):
        one = case("Yes", people={BOSS: replace(PEOPLE[BOSS], name=name)})
        assert consent_entry(decided(one)).author == shown


def test_an_accepted_offer_frees_no_ticket_whose_words_ask_for_more() -> None:
    asks = held(state=replace(held().state, asks=PERMISSION))
    assert short(decided(case("Yes", QUOTE, on=asks)))[:4] == [
        "grant", "entry internal", "C12 granted boss@acme.example by token", "log granted",
    ]  # fmt: skip
    assert not [
        line for line in short(decided(case("Yes", QUOTE, on=asks))) if line.startswith(("phase", "asks"))
    ]
