"""What a contract promises for a request, in one go."""

from __future__ import annotations

from datetime import datetime

from maild.model import CompanyFacts, Promise
from maild.settings import Settings
from maild.ticket.service import promise_of, terms
from maild.ticket.vocabulary import Severity


def promise(
    company: CompanyFacts | None, severity: Severity | None, topic: str, at: datetime, settings: Settings,
    *, site: str = "",
) -> Promise:  # fmt: skip
    """As a new ticket gets it."""
    return promise_of(terms(company, severity, topic, at, settings), company, at, settings, site=site)
