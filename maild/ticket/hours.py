"""Hours added up: of a ticket, a company, an agent or a topic. Whole minutes, so that every sum is exact."""

from __future__ import annotations

from enum import StrEnum

from maild.model.figures import Cell
from maild.values import dataclass


class Group(StrEnum):
    """What the sums of `report time` are of."""

    TICKET = "ticket"
    COMPANY = "company"
    AGENT = "agent"
    TOPIC = "topic"


@dataclass(frozen=True, slots=True)
class Minutes:
    """Minutes added up. `over`: of the billed ones, those beyond prepaid hours."""

    raw: int = 0
    billed: int = 0
    courtesy: int = 0
    own_fault: int = 0
    outside: int = 0
    over: int = 0

    def columns(self) -> dict[str, Cell]:
        return {
            "raw_minutes": self.raw, "billed_minutes": self.billed, "courtesy_minutes": self.courtesy,
            "own_fault_minutes": self.own_fault, "outside_minutes": self.outside,
            "over": self.over,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class TicketHours:
    """What was worked on one ticket."""

    company: str | None
    ticket: int
    subject: str
    minutes: Minutes

    def columns(self) -> dict[str, Cell]:
        return {
            "company": self.company, "ticket": self.ticket, "subject": self.subject, **self.minutes.columns(),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class GroupHours:
    """What was worked for one company, by one agent or on one topic. `name`: None for what has none."""

    group: Group
    name: str | None
    tickets: int
    minutes: Minutes

    def columns(self) -> dict[str, Cell]:
        return {str(self.group): self.name, "tickets": self.tickets, **self.minutes.columns()}
