"""An offer and a cost as they are sent: what the yes is bound to, who is asked, what is only told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import pytest

from maild.app import offers
from maild.app.offers import Quote
from maild.model import AddEntry, Change, SendNotice, SetDeadline, TicketFacts
from maild.ticket.entries import MailDetails, OfferDetails
from maild.ticket.phases import ConsentState, Phase
from maild.ticket.state import AnnouncedCost
from maild.ticket.terms import LineItem
from maild.ticket.vocabulary import ConsentKind, DeadlineType, EntryType
from tests.unit.app.act_world import (
    ACME,
    ANNA,
    BOSS,
    SETTINGS,
    act,
    at,
    entry,
    nonce,
    of,
    promised,
    refused,
    said,
)
from tests.unit.app.approval_world import consent, held, opened, short_of
from tests.unit.factory import NOW

ASKING = replace(ACME, cost_needs_consent=True)
ON = promised()
OFFER = Quote(
    "",
    "eur",
    "14d",
    " Three of them. ",
    (("Notebook", "1200.00"), ("Set-up", "0.50")),
    "plus VAT",
    (("a.pdf", "f" * 64),),
)
K, S = ConsentKind, ConsentState
END = datetime(2026, 11, 16, 23, 59, 59, tzinfo=UTC)


def quote(on: TicketFacts = ON, offer: Quote = OFFER, *consents: Any, **more: Any) -> tuple[Change, ...]:
    return offers.quote(act(*consents, **more), on, offer, nonce).changes


def cost(
    on: TicketFacts = ON, minutes: int = 40, reason: str = "", *consents: Any, **more: Any
) -> tuple[Change, ...]:
    return offers.cost(act(*consents, **{"company": ASKING, **more}), on, minutes, reason, nonce).changes


def logged(changes: tuple[Change, ...], type_: str) -> AddEntry:
    (one,) = [c for c in of(AddEntry, changes) if c.type == EntryType(type_)]
    assert isinstance(one, AddEntry)
    return one


# ------------------------------------------------------------------------------------- offers


def test_the_yes_is_bound_to_every_line_the_sum_the_day_and_each_file() -> None:
    one = opened(changes := quote())
    assert one.request_text == (
        "Printer\n\nThree of them. \n\nNotebook: 1200.00 EUR\nSet-up: 0.50 EUR\n1200.50 EUR, plus VAT\n2026-11-16\n"
        f"a.pdf (SHA-256 {'f' * 64})"
    )
    terms = one.terms
    assert (terms.amount, terms.currency, terms.vat, terms.words, terms.attach) == (
        "1200.50", "EUR", "plus VAT", "Three of them.", ("f" * 64,),
    )  # fmt: skip
    assert terms.valid_until == date(2026, 11, 16)
    assert terms.items == (
        LineItem(text="Notebook", amount="1200.00"),
        LineItem(text="Set-up", amount="0.50"),
    )
    assert (one.kind, one.approvers, one.requester, one.expires_at) == (K.QUOTE, (BOSS,), ANNA, END)
    (mail,) = [c.notice for c in of(SendNotice, changes) if c.notice.name == "quote_request"]
    assert mail.attach == ("f" * 64,)
    plain = opened(quote(offer=Quote("5", "EUR", "14d")))
    assert plain.request_text == "Printer\n\n5.00 EUR\n2026-11-16"


def test_an_offer_is_the_desks_answer_and_stands_in_the_log() -> None:
    changes = quote()
    assert ON.after_all(changes).responded_at == NOW
    note = logged(changes, "quote")
    assert (note.author, note.public) == ("kata", False)
    assert note.text == "quote sent: amount 1200.50, currency EUR, valid until 2026-11-16"
    assert note.details == OfferDetails(amount="1200.50", currency="EUR", valid_until="2026-11-16")
    assert ON.after_all(changes).state.out_of_scope is False
    before = replace(ON, responded_at=NOW.replace(hour=1))
    assert before.after_all(quote(before)).responded_at == before.responded_at


def test_whether_its_requester_was_proven_is_said() -> None:
    assert opened(quote()).terms.requester_verified is False
    proven = entry(1, details=MailDetails(verified=True))
    assert opened(quote(replace(ON, entries=(proven,)))).terms.requester_verified is True


@pytest.mark.parametrize("state", [S.WAITING, S.EXPIRED])
def test_a_newer_offer_takes_the_place_of_the_older_and_of_no_other_question(state: ConsentState) -> None:
    on = held(kind="incident")
    old = consent(kind=K.QUOTE, state=state, phase_before=Phase.IN_PROGRESS)
    later = consent(13, kind=K.PERMISSION, state=S.GRANTED)
    changes = quote(on, OFFER, old, later)
    assert opened(changes).phase_before is Phase.IN_PROGRESS
    assert ("C12 void kata" in short_of(changes)) is (state is S.WAITING)
    for other in (consent(kind=K.PERMISSION, state=state), consent(kind=K.COST, state=state)):
        refused(partial(quote, on, OFFER, other), "#15789 is held")
    newest = [old, consent(13, kind=K.QUOTE, state=S.WAITING, phase_before=Phase.ACCEPTED)]
    assert opened(quote(on, OFFER, *newest)).phase_before is Phase.ACCEPTED
    refused(lambda: quote(on), "#15789 is held")
    assert opened(quote(ON, OFFER, old)).phase_before is Phase.RECEIVED  # it is not held: it replaces nothing


def test_what_has_ended_and_who_could_not_accept() -> None:
    refused(lambda: quote(at(ON, Phase.MERGED, merged_into=7)), "#15789 was merged; the work goes on in #7")
    refused(lambda: quote(at(ON, Phase.CLOSED)), "#15789 is closed; `maild reopen 15789` comes first")
    refused(lambda: quote(company=None), "belongs to no company", "`maild move 15789 COMPANY`")
    nobody = replace(ACME, people=())
    refused(
        lambda: quote(company=nobody), "nobody at acme may accept a quote", "--role approver --approves quote"
    )
    assert opened(quote(at(ON, Phase.RESOLVED))).phase_before is Phase.RESOLVED


def test_an_offer_holds_to_the_end_of_its_last_day_where_the_customer_is() -> None:
    there = replace(ACME, timezone="Europe/Budapest")
    made = offers.quote(act(company=there), ON, OFFER, nonce).changes
    assert opened(made).expires_at == END.replace(hour=22)


# ------------------------------------------------------------------------------------- costs


def test_where_the_contract_says_so_the_cost_is_asked() -> None:
    changes = cost(ON, 40, " It is not ours. ")
    one = opened(changes)
    assert one.request_text == "Printer\n\nIt is not ours.\n\n3 x 15 min"
    assert (one.kind, one.terms.estimate_minutes, one.terms.quantum_minutes, one.terms.reason) == (
        K.COST, 40, 15, "It is not ours.",
    )  # fmt: skip
    assert opened(cost()).request_text == "Printer\n\n3 x 15 min"
    now = ON.after_all(changes)
    assert (now.state.out_of_scope, now.responded_at, now.phase) == (True, NOW, Phase.AWAITING_APPROVAL)
    note = logged(changes, "cost")
    assert note.details == OfferDetails(estimate_minutes=40, quantum_minutes=15, reason="It is not ours.")
    assert one.expires_at > NOW
    nobody = replace(ASKING, people=())
    refused(lambda: cost(company=nobody), "nobody at acme may accept a cost")
    old = consent(kind=K.COST)
    assert "C12 void kata" in short_of(cost(held(kind="incident"), 40, "", old))


def test_the_desks_own_words_stand_where_no_reason_is_given() -> None:
    worded = replace(
        SETTINGS, tickets=replace(SETTINGS.tickets, out_of_scope_text={"en": "Not in your contract."})
    )
    by = replace(act(company=ASKING), settings=worded)
    assert opened(offers.cost(by, ON, 40, " ", nonce).changes).terms.reason == "Not in your contract."
    assert opened(offers.cost(by, ON, 40, "Mine.", nonce).changes).terms.reason == "Mine."
    assert opened(offers.cost(by, replace(ON, language="hu"), 40, "", nonce).changes).terms.reason == ""


@pytest.mark.parametrize("company", [ACME, None])
def test_else_it_is_told_and_kept(company: Any) -> None:
    changes = cost(ON, 40, "Not ours.", company=company)
    now = ON.after_all(changes)
    assert (now.phase, now.state.out_of_scope, now.state.cost, now.responded_at) == (
        Phase.RECEIVED, True, AnnouncedCost(40, NOW), NOW,
    )  # fmt: skip
    (mail,) = of(SendNotice, changes)
    shown = mail.notice.data["consent"]
    assert (mail.notice.name, shown["estimate_minutes"], shown["reason"]) == ("cost_notice", 40, "Not ours.")
    note = logged(changes, "cost")
    assert (note.text, note.public) == ("told the customer: 3 x 15 min, Not ours.", False)
    assert note.details == OfferDetails(estimate_minutes=40, quantum_minutes=15)
    assert {c.type for c in of(SetDeadline, changes) if c.at is None} >= {DeadlineType.RESPOND_BREACH}
    assert said(cost(company=ACME)) == ["(told the customer: 3 x 15 min)"]


def test_what_was_answered_before_has_no_alarms_to_end() -> None:
    answered = replace(ON, responded_at=NOW)
    assert of(SetDeadline, cost(answered, company=ACME)) == []


def test_a_cost_is_told_on_an_open_ticket_that_nobody_holds_to_somebody() -> None:
    refused(lambda: cost(held(), 40, "", consent(), company=ACME), "C12")
    refused(lambda: cost(at(ON, Phase.CLOSED), company=ACME), "#15789 is closed")
    refused(lambda: cost(replace(ON, requester=""), company=ACME), "#15789 has no verified requester")
