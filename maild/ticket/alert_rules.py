"""Who of our own people hears of what: one rule a kind of event, and the people that it means for a ticket.

docs/agents.md shows the table. Nobody hears of what they did themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final

from maild.model import Mailbox, TicketFacts
from maild.party.persons import on_call
from maild.settings import Agent, Settings, Team
from maild.ticket.vocabulary import AlertKind, Severity, TicketKind
from maild.values import dataclass


class Audience(StrEnum):
    """Whom a rule means."""

    TEAM = "the team: its address, else each member"
    URGENT = "the team, its lead, and who is on call"
    OWNER = "the owner, else the team"
    BREACH = "the owner, else the team; when it is over, the team's lead too; on call, whose turn it is"
    GIVEN = "whom it was given to: the agent, else the team"
    WRITER = "who wrote what did not arrive, else the owner, else the team"
    REVIEWER = "the lead of the complaints team"
    REVIEW = "the review team, else the default team"
    AGENT = "the agent who wrote"
    OPERATOR = "`[alarms] to`, whoever that is"
    EACH = "each agent with `digest`, at `[agent_mail] digest` on working days"


@dataclass(frozen=True, slots=True)
class AlertRule:
    """`when` it happens; `chosen`: an agent's `notices` may leave it out."""

    when: str
    circle: Audience
    chosen: bool = False


RULES: Final[Mapping[AlertKind, AlertRule]] = {
    AlertKind.NEW: AlertRule("a ticket is opened", Audience.TEAM, chosen=True),
    AlertKind.URGENT: AlertRule(
        "a ticket of severity `infrastructure` or a complaint is opened, or one becomes that", Audience.URGENT, chosen=True
    ),
    AlertKind.REPLY: AlertRule("a customer writes on a ticket", Audience.OWNER, chosen=True),
    AlertKind.REOPENED: AlertRule("an ended ticket goes on", Audience.OWNER, chosen=True),
    AlertKind.ASSIGNED: AlertRule("a ticket is given to an agent or a team", Audience.GIVEN, chosen=True),
    AlertKind.COMPLAINT: AlertRule("a complaint was resolved and waits for its review", Audience.REVIEWER, chosen=True),
    AlertKind.DEADLINE: AlertRule("a promise is about to break, or broke", Audience.BREACH),
    AlertKind.CONSENT: AlertRule("something happened to a written consent or an announced cost", Audience.OWNER),
    AlertKind.BOUNCE: AlertRule("a mail of ours did not arrive", Audience.WRITER),
    AlertKind.QUARANTINE: AlertRule("a mail could not be read or decided", Audience.REVIEW),
    AlertKind.ALARM: AlertRule(
        "no mail comes in any more, mail waits, a mailbox is not connected, the disk fills, a password or token ends",
        Audience.OPERATOR,
    ),
    AlertKind.NOT_ACCEPTED: AlertRule("an agent's mail did nothing", Audience.AGENT),
    AlertKind.DIGEST: AlertRule(
        "the day begins: overdue, due today, customers who wait, unassigned, held, quarantined, failed", Audience.EACH
    ),
}  # fmt: skip


def heard(
    kinds: Sequence[AlertKind],
    ticket: TicketFacts,
    settings: Settings,
    now: datetime,
    *,
    by: str = "",
    given: str = "",
    writer: str = "",
    breach: bool = False,
    oncall: bool = False,
) -> tuple[Mailbox, ...]:
    """The mailboxes of who hears of an event of the first of these kinds; who chose one of them hears.

    `by`: who caused it, agent's name or address. `given`: the agent that it was given to. `writer`: of the mail that
    did not arrive.
    """
    rule = RULES[kinds[0]]
    chosen = kinds if rule.chosen else ()
    among = _Among(settings, by, tuple(chosen))
    team = settings.teams.get(ticket.team, Team(ticket.team))
    turn = on_call(team, now, settings.desk.timezone) or ""
    match rule.circle:
        case Audience.TEAM:
            return among.first((_team, ticket.team))
        case Audience.URGENT:
            default = settings.teams.get(settings.tickets.default_team, Team(""))
            lead = team.lead or default.lead
            turn = turn or on_call(default, now, settings.desk.timezone) or ""
            return _once(*among.first((_team, ticket.team)), *among.names((lead, turn)))
        case Audience.GIVEN if given:
            return among.names((given,))
        case Audience.GIVEN:
            return among.first((_team, ticket.team))
        case Audience.REVIEWER:
            return among.names((settings.teams.get(settings.tickets.complaint_team, Team("")).lead,))
        case Audience.BREACH:
            more = among.names((team.lead if breach else "", turn if oncall else ""))
            return _once(*among.first((_owner, ticket.owner), (_team, ticket.team)), *more)
        case Audience.WRITER:
            return among.first((_owner, writer), (_owner, ticket.owner), (_team, ticket.team))
        case _:
            return among.first((_owner, ticket.owner), (_team, ticket.team))


def of_team(name: str, settings: Settings) -> tuple[Mailbox, ...]:
    """A team's mailbox, else its members, else who stands in for them: its lead, the default team, everybody."""
    return _Among(settings, "", ()).first((_team, name))


def members(name: str, settings: Settings) -> list[str]:
    return [agent.name for agent in settings.agents.values() if name in agent.teams]


def urgent(kind: TicketKind, severity: Severity | None) -> bool:
    """Whether the lead and who is on call hear of such a ticket at once."""
    return kind is TicketKind.COMPLAINT or severity is Severity.INFRASTRUCTURE


# --------------------------------------------------------------------------------------------------- people

#: names and mailboxes of who is meant, and behind them of who stands in for them
_Groups = Callable[[str, Settings], list[list[str | Mailbox]]]


def _owner(name: str, settings: Settings) -> list[list[str | Mailbox]]:
    return [[name]] if name in settings.agents else []


def _team(name: str, settings: Settings) -> list[list[str | Mailbox]]:
    """In the order in which they stand in for each other: what arrives reaches somebody. Spam is for its own team."""
    team, tickets = settings.teams.get(name, Team(name)), settings.tickets
    groups: list[list[str | Mailbox]] = [[Mailbox(team.address, team.name)] if team.address else []]
    groups += [[*members(name, settings)], [team.lead] if team.lead else []]
    if name == tickets.spam_team:
        return groups
    if name != tickets.default_team:
        return [*groups, *_team(tickets.default_team, settings)]
    return [*groups, [*settings.agents]]


@dataclass(frozen=True, slots=True)
class _Among:
    """Who may hear of it at all."""

    settings: Settings
    by: str
    chosen: tuple[AlertKind, ...]

    def first(self, *groups: tuple[_Groups, str]) -> tuple[Mailbox, ...]:
        """The first group that is there; of those only who did not cause it and wants to hear."""
        for make, name in groups:
            for group in make(name, self.settings):
                if any(isinstance(one, Mailbox) or self._address(one) for one in group):
                    readers = self._wanting(group)
                    if readers or self._caused(group):
                        return readers
        return ()

    def names(self, names: Iterable[str]) -> tuple[Mailbox, ...]:
        return self._wanting([name for name in names if name])

    def _caused(self, group: Sequence[str | Mailbox]) -> bool:
        """Who is in the group, other than who caused it, did not want to hear: nobody else is bothered then."""
        return any(self._is_who(one) for one in group)

    def _wanting(self, group: Sequence[str | Mailbox]) -> tuple[Mailbox, ...]:
        return _once(
            *(
                one if isinstance(one, Mailbox) else Mailbox(self._address(one), one)
                for one in group
                if not self._is_who(one)
                and (isinstance(one, Mailbox) or (self._address(one) and self._wants(one)))
            )
        )

    def _is_who(self, one: str | Mailbox) -> bool:
        address = one.address if isinstance(one, Mailbox) else self._address(one)
        known = self.settings.agents.get(self.by, Agent(self.by)).address
        causes = {self.by.lower(), known.lower()} - {""}
        return one == self.by or address.lower() in causes if causes else False

    def _address(self, name: str) -> str:
        agent = self.settings.agents.get(name)
        return agent.address if agent is not None else ""

    def _wants(self, name: str) -> bool:
        if not self.chosen:
            return True
        agent = self.settings.agents.get(name)
        return agent is not None and any(kind.value in agent.notices for kind in self.chosen)


def _once(*boxes: Mailbox) -> tuple[Mailbox, ...]:
    return tuple({box.address.lower(): box for box in reversed(boxes)}.values())[::-1]
