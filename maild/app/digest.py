"""The morning's mail to each agent: what of theirs is overdue, due today, waited for; what of their team nobody has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from maild.model import NEW, Mailbox, Notice
from maild.notice import alerts
from maild.notice.agent_mails import DigestGroup, DigestRow
from maild.settings import Agent, Settings
from maild.ticket import alert_rules, days
from maild.ticket.calendars import build
from maild.ticket.phases import Phase
from maild.ticket.queue import QueueRow
from maild.ticket.vocabulary import AlertKind
from maild.values import dataclass

#: a daemon that starts late sends it until then
NOON = time(12)
#: rows of a group that are listed
MOST = 20


@dataclass(frozen=True, slots=True)
class DigestFacts:
    """What there is. `rows`: the queue, in its order; `quarantined`, `failed`: mails that somebody has to look at."""

    rows: Sequence[QueueRow]
    quarantined: Sequence[DigestRow]
    failed: Sequence[DigestRow]


def is_time(settings: Settings, now: datetime) -> bool:
    """Whether the digest of this day is due: on a working day, from its hour on, until noon."""
    if not settings.agent_mail.digest:
        return False
    local = now.astimezone(ZoneInfo(settings.desk.timezone))
    hour, minute = map(int, settings.agent_mail.digest.split(":"))
    if local.time() < time(hour, minute) or local.time() >= max(NOON, time(hour, minute, 59)):
        return False
    office = settings.calendars.get("office")
    # hours that began the evening before make no working day
    return office is None or bool(build(office).windows(local.date()))


def day(settings: Settings, now: datetime) -> str:
    return days.local_day(now, settings.desk.timezone).isoformat()


def mails(digest_facts: DigestFacts, settings: Settings, now: datetime) -> list[Notice]:
    """One for each agent who wants it and for whom there is something to say."""
    made = []
    for agent in settings.agents.values():
        if not (agent.digest and agent.address):
            continue
        groups = _groups(agent, digest_facts, settings, now)
        if groups:
            box = Mailbox(agent.address, agent.name)
            made.append(
                alerts.beside_tickets(box, AlertKind.DIGEST, NEW, "", (), settings, groups=groups, now=now)
            )
    return made


def _groups(agent: Agent, digest_facts: DigestFacts, settings: Settings, now: datetime) -> list[DigestGroup]:
    zone = ZoneInfo(settings.desk.timezone)
    tomorrow = (now.astimezone(zone) + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    led = {team.name for team in settings.teams.values() if team.lead == agent.name}
    looks_after = led | {team for team in agent.teams if not _lead(team, settings)}
    default = settings.tickets.default_team
    keeper = agent.name in ([_lead(default, settings)] if _lead(default, settings) else _keepers(settings))

    def mine(row: QueueRow) -> bool:
        return row.owner == agent.name

    def ours(row: QueueRow) -> bool:
        return row.team in looks_after or (keeper and not _has_people(row.team, settings))

    wanted: list[tuple[str, Callable[[QueueRow], bool]]] = [
        ("overdue", lambda row: row.overdue(now) and (mine(row) or ours(row))),
        ("today", lambda row: mine(row) and row.due is not None and row.due < tomorrow and not row.theirs),
        ("waiting", lambda row: mine(row) and row.waiting_since is not None and row.phase != Phase.AWAITING_APPROVAL),
        ("held", lambda row: row.phase == Phase.AWAITING_APPROVAL and (mine(row) or (not row.owner and ours(row)))),
        # what is resolved closes by itself
        ("unassigned", lambda row: not row.owner and ours(row) and row.phase != Phase.RESOLVED),
    ]  # fmt: skip
    by_code: dict[str, list[DigestRow]] = {}
    for row in digest_facts.rows:
        code = next((code for code, fits in wanted if fits(row)), "")
        if code:
            by_code.setdefault(code, []).append(_row(row))
    if keeper:
        by_code |= {"quarantined": [*digest_facts.quarantined], "failed": [*digest_facts.failed]}
    order = ("overdue", "today", "waiting", "unassigned", "held", "quarantined", "failed")
    return [_group(code, by_code[code]) for code in order if by_code.get(code)]


def _group(code: str, rows: list[DigestRow]) -> DigestGroup:
    return DigestGroup(code=code, rows=tuple(rows[:MOST]), more=max(0, len(rows) - MOST))


def _row(row: QueueRow) -> DigestRow:
    who = row.company or row.requester
    return DigestRow(
        command=f"maild show {row.number}", what=f"#{row.number} {row.subject} ({who})", due=row.due
    )


def _lead(team: str, settings: Settings) -> str:
    known = settings.teams.get(team)
    return known.lead if known is not None and known.lead in settings.agents else ""


def _keepers(settings: Settings) -> Iterable[str]:
    """Who looks after what is nobody's, where the default team has no lead."""
    return alert_rules.members(settings.tickets.default_team, settings) or [*settings.agents]


def _has_people(team: str, settings: Settings) -> bool:
    """Spam is for its own team; others without people are for those of the default one."""
    if team == settings.tickets.spam_team:
        return True
    return bool(_lead(team, settings)) or bool(alert_rules.members(team, settings))
