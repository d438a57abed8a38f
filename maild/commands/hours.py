"""Prepaid hours as verbs show them, and the time entries that reports are made of."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from maild.ticket import prepaid

if TYPE_CHECKING:
    from maild.model import CompanyFacts
    from maild.store import Tx
    from maild.ticket.prepaid import Balance


def balance_of(tx: Tx, company: CompanyFacts, zone: str, at: datetime) -> Balance:
    """The account of the period that `at` is in."""
    day = prepaid.local_day(at, zone)
    end = prepaid.span_of(day, company.hours_period).moments(zone)[1]
    lines = tx.timelog.lines(prepaid.counted_from(company, day, zone), end, company.key)
    return prepaid.balance(company, lines, zone, day)
