from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from maild.app import offers
from maild.consent import costs
from maild.errors import Refused
from maild.model import CompanyFacts, ConsentFacts
from maild.settings import Time
from maild.ticket import timelog
from maild.ticket.phases import ConsentState, Phase
from maild.ticket.state import AnnouncedCost, TicketState
from maild.ticket.terms import ConsentTerms
from maild.ticket.vocabulary import ConsentKind
from tests.cases import cases
from tests.unit.factory import NOW, ticket

TIME = Time()


@pytest.mark.parametrize(
    ("text", "exact"), [("450", "450.00"), ("450.5", "450.50"), (" 1450,05 ", "1450.05"), ("0.01", "0.01")]
)
def test_amount_is_exact_to_the_cent(text: str, exact: str) -> None:
    assert offers.amount(text) == exact


@cases("text", ["", "0", "0.00", "-4", "+4", "1,450.00", "1 450", "4.505", "1e3", "NaN", "٤٥٠", "9" * 13])
def test_amount_that_could_mean_two_things_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        offers.amount(text)


def test_currency_is_one_of_iso_4217() -> None:
    assert offers.currency(" huf ") == "HUF"
    for wrong in ("", "EURO", "€", "EUT", "E R"):
        with pytest.raises(Refused, match="ISO 4217"):
            offers.currency(wrong)


def test_validity_ends_with_the_last_day_in_the_customers_zone() -> None:
    late = datetime(2026, 11, 2, 23, 30, tzinfo=UTC)  # already the 3rd in Budapest
    assert offers.valid_until("14d", late, "Europe/Budapest") == (
        date(2026, 11, 17), datetime(2026, 11, 17, 22, 59, 59, tzinfo=UTC),
    )  # fmt: skip
    assert offers.valid_until("2w", NOW, "UTC")[0] == date(2026, 11, 16)
    assert offers.valid_until("2026-12-31", NOW, "UTC")[0] == date(2026, 12, 31)
    assert offers.valid_until("1d", NOW, "UTC")[0] == date(2026, 11, 3)
    assert offers.valid_until("366d", NOW, "UTC")[0] == date(2027, 11, 3)


@cases("text", ["", "0d", "14", "-1d", "367d", "2026-11-01", "2026-02-30", "soon", "9999w"])
def test_validity_that_means_nothing_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="--valid"):
        offers.valid_until(text, NOW, "UTC")


def consent(state: ConsentState, minutes: int, key: int = 3) -> ConsentFacts:
    return ConsentFacts(
        id=key, ticket=15789, kind=ConsentKind.COST, state=state, requested_at=NOW, expires_at=NOW, approvers=(),
        requester="", request_sha256="", request_text="", require="dmarc", phase_before=Phase.RECEIVED,
        terms=ConsentTerms(estimate_minutes=minutes),
    )  # fmt: skip


OUTSIDE = ticket(state=TicketState(out_of_scope=True))
TOLD = ticket(state=TicketState(out_of_scope=True, cost=AnnouncedCost(80, NOW)))
ASKING = CompanyFacts("acme", "Acme", cost_needs_consent=True)
TELLING = CompanyFacts("acme", "Acme")


def test_work_within_the_contract_is_billed_without_a_word() -> None:
    assert costs.check(ticket(), ASKING, (), TIME, 600, 0) is None


def warned(said: costs.CostWarning | None) -> str:
    assert said is not None
    assert (said.fact.minutes, said.fact.of_minutes) in ((75, 90), (105, 90))
    return said.text


def test_work_outside_the_contract_is_not_billed_before_the_notice() -> None:
    with pytest.raises(Refused, match="cost send 15789"):
        costs.check(OUTSIDE, TELLING, (), TIME, 15, 0)
    assert costs.check(TOLD, TELLING, (), TIME, 15, 0) is None


def test_where_the_contract_says_so_the_notice_alone_is_not_enough() -> None:
    with pytest.raises(Refused, match="asks the customer first"):
        costs.check(TOLD, ASKING, (), TIME, 15, 0)
    for state in set(ConsentState) - {ConsentState.GRANTED, ConsentState.WAITING}:
        with pytest.raises(Refused, match="asks the customer first"):
            costs.check(TOLD, ASKING, (consent(state, 90),), TIME, 15, 0)
    with pytest.raises(Refused, match="C3 is not accepted yet"):
        costs.check(OUTSIDE, ASKING, (consent(ConsentState.WAITING, 90),), TIME, 15, 0)
    assert costs.check(OUTSIDE, ASKING, (consent(ConsentState.GRANTED, 90),), TIME, 15, 0) is None


def test_time_that_bills_nothing_may_always_be_logged() -> None:
    assert costs.check(OUTSIDE, ASKING, (), TIME, 0, 0) is None


def test_accepted_ceiling_warns_once_before_and_is_never_overrun() -> None:
    yes = (consent(ConsentState.GRANTED, 80),)  # charged as 6 x 15 = 90
    assert costs.check(OUTSIDE, ASKING, yes, TIME, 60, 0) is None
    assert "75 of the 90 min" in warned(costs.check(OUTSIDE, ASKING, yes, TIME, 15, 60))
    assert costs.check(OUTSIDE, ASKING, yes, TIME, 15, 75) is None
    with pytest.raises(Refused, match=r"C3 accepted 90 min, this would make it 105 min.*--estimate 1h45"):
        costs.check(OUTSIDE, ASKING, yes, TIME, 15, 90)


def test_newest_accepted_estimate_is_the_ceiling_of_the_whole_ticket() -> None:
    both = (consent(ConsentState.GRANTED, 180, 9), consent(ConsentState.GRANTED, 60, 3))
    assert costs.check(OUTSIDE, ASKING, both, TIME, 15, 60) is None


def test_estimate_that_was_only_told_warns_when_it_is_overrun() -> None:
    assert "now it is 105 min" in warned(costs.check(TOLD, TELLING, (), TIME, 15, 90))


def test_estimate_may_be_longer_than_a_day_and_is_shown_as_it_is_written() -> None:
    assert timelog.parse_duration("40h", offers.MOST_ESTIMATE) == 2400
    with pytest.raises(Refused, match="more than 400 hours"):
        timelog.parse_duration("401h", offers.MOST_ESTIMATE)
    for minutes in (5, 45, 60, 90, 125, 1440):
        assert timelog.parse_duration(timelog.shown(minutes)) == minutes
