"""What a ticket is, corrected by an agent: its kind, severity, topic, subject, language. Pure."""

from __future__ import annotations

from maild.app.acts import ActContext, reckoned
from maild.errors import Refused
from maild.model import LANGUAGES, Plan, TicketFacts, UpdateTicket
from maild.ticket import classify, clocks, routing
from maild.ticket.entries import ChangeDetails
from maild.ticket.phases import Phase
from maild.ticket.state import UNSET, TicketChange
from maild.ticket.vocabulary import EntryType, Severity, TicketKind, chosen
from maild.values import replace


def wanted(
    *,
    kind: str | None = None,
    severity: str | None = None,
    topic: str | None = None,
    subject: str | None = None,
    language: str | None = None,
    out_of_scope: bool | None = None,
) -> TicketChange:
    """What a person wants to be set, checked; None leaves it. Refused for what there is not."""
    if language is not None and language not in LANGUAGES:
        raise Refused(f"there is no language {language!r}; choose one of {', '.join(LANGUAGES)}")
    if subject is not None and not subject.strip():
        raise Refused("the subject is empty: --subject S")
    return TicketChange(
        kind=UNSET if kind is None else chosen(TicketKind, "kind", kind),
        severity=UNSET if severity is None else chosen(Severity, "severity", severity),
        topic=UNSET if topic is None else topic,
        subject=UNSET if subject is None else subject,
        language=UNSET if language is None else language,
        out_of_scope=UNSET if out_of_scope is None else out_of_scope,
    )


def correct(act: ActContext, ticket: TicketFacts, change: TicketChange) -> Plan:
    """`maild set N --kind --severity --topic --subject --language`: each change is an entry, clocks follow.

    What it does to a written consent is `approvals.change`.
    """
    if ticket.phase == Phase.MERGED:
        raise Refused(f"#{ticket.number} was merged into #{ticket.merged_into}")
    if change.topic is not UNSET and change.topic != ticket.topic and change.out_of_scope is UNSET:
        outside = classify.outside(change.topic, act.company, act.settings)
        change = replace(change, out_of_scope=outside)
    new = ticket.beyond(change)
    if not new:
        raise Refused(f"#{ticket.number} has these values already: nothing was changed")
    if (
        new.kind is not UNSET
        and (team := routing.after_change(ticket, new.kind, act.company, act.settings)) != ticket.team
    ):
        new = replace(new, team=team)
    said = [f"{k}: {getattr(ticket, k) or '-'} -> {v or '-'}" for k, v in new.columns().items()]
    if new.out_of_scope is not UNSET:
        said.append("outside the contract" if new.out_of_scope else "within the contract")
    clock = clocks.on_change(ticket.after(new), act.now, act.settings, act.company)
    return Plan(
        (
            UpdateTicket(ticket.number, new.over(clock.change)),
            act.noted(ticket.number, EntryType.CHANGE, "; ".join(said), ChangeDetails(**new.columns())),
            *reckoned(ticket.number, clock),
        )
    )
