"""What may be charged on a ticket: nothing outside the contract before the customer was told, and where their
contract says so, before they accepted; a warning before what they accepted is overrun."""

from __future__ import annotations

from collections.abc import Sequence

from maild.errors import Refused
from maild.model import CompanyFacts, ConsentFacts, TicketFacts
from maild.notice.agent_mails import ToldFact
from maild.settings import Time
from maild.ticket import timelog
from maild.ticket.phases import ConsentState
from maild.ticket.vocabulary import ConsentKind
from maild.values import dataclass

#: of what the customer was told or accepted, when the agent and the owner are warned
WARN_PERCENT = 80


@dataclass(frozen=True, slots=True)
class CostWarning:
    """The ceiling is near or passed: `text` for the log, `fact` for a mail, `command` to ask again."""

    text: str
    fact: ToldFact
    command: str


def accepted(consents: Sequence[ConsentFacts], time: Time) -> tuple[ConsentFacts, int] | None:
    """The newest cost that the customer accepted, and its ceiling in billed minutes, for the whole ticket."""
    granted = [c for c in consents if c.kind == ConsentKind.COST and c.state == ConsentState.GRANTED]
    if not granted:
        return None
    newest = max(granted, key=lambda c: c.id)
    return newest, units(newest.terms.estimate_minutes or 0, time) * time.quantum_minutes


def announced(ticket: TicketFacts, time: Time) -> int | None:
    """The ceiling of the notice that the customer got, in billed minutes; None when there was none."""
    cost = ticket.state.cost
    return units(cost.estimate_minutes, time) * time.quantum_minutes if cost is not None else None


def units(minutes: int, time: Time) -> int:
    """How many quanta an estimate is charged as: `6 x 15 minutes`."""
    return -(-minutes // max(time.quantum_minutes, 1))


def check(
    ticket: TicketFacts,
    company: CompanyFacts | None,
    consents: Sequence[ConsentFacts],
    time: Time,
    billed: int,
    already: int,
) -> CostWarning | None:
    """Refuse to bill what nobody was told of; else None, or a warning that the ceiling is near.

    `billed`: minutes of the new entry after rounding; `already`: those that the ticket bills without it.
    """
    if billed <= 0:
        return None
    yes, told = accepted(consents, time), announced(ticket, time)
    needs = company is not None and company.cost_needs_consent
    number = ticket.number
    free = "--courtesy or --own-fault with -m WHY records it unbilled"
    if ticket.state.out_of_scope and yes is None and (needs or told is None):
        waiting = next(
            (c for c in consents if c.kind == ConsentKind.COST and c.state == ConsentState.WAITING), None
        )
        if waiting is not None:
            raise Refused(f"#{number} is outside the contract and C{waiting.id} is not accepted yet; {free}")
        raise Refused(
            f"#{number} is outside the contract: `maild cost send {number} --estimate 1h` "
            + ("asks the customer first" if needs else "tells the customer first")
            + f"; {free}"
        )
    if yes is None and not told:
        return None
    total, ceiling = already + billed, yes[1] if yes is not None else told or 0
    what = f"C{yes[0].id} accepted" if yes is not None else "the customer was told"
    command = f"maild cost send {number} --estimate {timelog.shown(total)}"
    again = f"`{command}` asks again"
    if total > ceiling:
        over = f"{what} {ceiling} min, "
        if yes is not None and needs:
            raise Refused(f"{over}this would make it {total} min; {again}; {free}")
        text, how = f"#{number}: {over}now it is {total} min; {again}", "over"
    elif total * 100 >= ceiling * WARN_PERCENT > already * 100:
        text, how = f"#{number}: {total} of the {ceiling} min that {what}; {again} before it is more", "near"
    else:
        return None
    fact = ToldFact(
        code=f"cost_{how}_{'accepted' if yes is not None else 'told'}", minutes=total, of_minutes=ceiling,
        consent=f"C{yes[0].id}" if yes is not None else "",
    )  # fmt: skip
    return CostWarning(text, fact, command)
