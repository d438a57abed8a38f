"""A ticket of acme that goes to globex, and what is told of it."""

from __future__ import annotations

from typing import Any

from maild.app import change_company
from maild.model import Change, CompanyFacts, ConsentFacts, TicketFacts
from tests.unit.app.act_world import ANNA, GLOBEX, PEOPLE, act, nonce

WORDS = "Please give me access."
#: all that follows where nothing is asked anew: of the new promise
TOLD = [f"mail received to {ANNA}"]


def moved(
    on: TicketFacts, to: CompanyFacts | None = GLOBEX, *consents: ConsentFacts, **more: Any
) -> tuple[Change, ...]:
    return change_company.move(act(*consents, **more), on, to, PEOPLE, nonce).changes


def after(on: TicketFacts, changes: tuple[Change, ...]) -> TicketFacts:
    return on.after_all(changes)
