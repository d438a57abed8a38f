"""Tells the desk and the company when 80 and 100 % of prepaid hours are used."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from maild.model import NEW, CompanyFacts, Mailbox, PersonFacts, Plan, SendNotice
from maild.notice import notices
from maild.notice.report_mails import PrepaidHours
from maild.notice.values import About, HoursAccount
from maild.settings import Agent, Settings
from maild.ticket import prepaid, service
from maild.ticket.prepaid import Balance


def account(balance: Balance) -> HoursAccount:
    """The account as mails say it."""
    return HoursAccount(
        allowed=balance.allowed, used=balance.used, left=balance.left, over=balance.over, percent=balance.percent,
        until=prepaid.last_day(balance.span).isoformat(),
    )  # fmt: skip


def tell(
    company: CompanyFacts, people: Iterable[PersonFacts], balance: Balance, settings: Settings, now: datetime
) -> Plan:
    """One mail to the billing contacts of each language, and one to the lead of the default team."""
    readers: dict[str, list[Mailbox]] = {}
    for person in people:
        if any(one.company == company.key and "billing" in one.roles for one in person.memberships):
            language = notices.language_of(person, company, settings)
            readers.setdefault(language, []).append(Mailbox(person.address, person.name))
    zone = service.display_timezone(company, settings)
    about = About(company_name=company.name, timezone=zone, at=now)
    content = PrepaidHours(about=about, account=account(balance))
    sent = [notices.letter(content, NEW, tuple(boxes), language) for language, boxes in readers.items()]
    for agent in _leads(settings):
        ours = PrepaidHours(about=about, account=account(balance), customer=company.name)
        language = agent.language or settings.desk.language
        sent.append(notices.letter(ours, NEW, (Mailbox(agent.address, agent.shown),), language))
    return Plan(tuple(SendNotice(one) for one in sent))


def _leads(settings: Settings) -> list[Agent]:
    """The lead of the default team; where it has none, all of the team."""
    team = settings.tickets.default_team
    lead = settings.agents.get(settings.teams[team].lead) if team in settings.teams else None
    leaders = [lead] if lead is not None else [one for one in settings.agents.values() if team in one.teams]
    return [one for one in leaders if one.address]
