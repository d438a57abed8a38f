"""What the desk tells its operator of itself: mail that stays away or waits, a mailbox that is gone, a disk that fills,
a password that ends. Pure: how things stand goes in, sentences come out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from maild.model import NEW, JsonObject, Mailbox, Notice
from maild.notice import alerts
from maild.notice.agent_mails import ToldFact
from maild.settings import Settings
from maild.ticket.calendars import build
from maild.ticket.vocabulary import AlertKind, HookEvent
from maild.values import dataclass

_MINUTE = timedelta(minutes=1)
#: what comes and goes is told no more often than so
FLAPPING = timedelta(hours=1)
#: what to type, by the code of an alarm
_COMMANDS = {
    "no_mail": "maild check", "mail_waits": "maild mail list", "outbox_waits": "maild outbox list",
    "mailbox_gone": "maild check", "credentials_end": "maild check", "credentials_ended": "maild check",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DeskCondition:
    """How one daemon finds the desk. `newest`: when the last mail came in; `oldest`: when the oldest came that is not
    decided; `due`: since when a mail should have gone out; `reads`: the mailboxes that this daemon reads, `gone`: those of
    them that are not connected, since when; `free`: bytes on the disk of `place`. `leads`: whether it looks after what is
    the whole desk's."""

    leads: bool = False
    newest: datetime | None = None
    oldest: datetime | None = None
    due: datetime | None = None
    reads: Collection[str] = ()
    gone: Mapping[str, datetime] = field(default_factory=dict)
    free: int | None = None
    place: str = ""

    def looks_after(self, key: str) -> bool:
        """Whether this daemon would see the end of what has this key."""
        code, _, who = key.partition(":")
        if code == "mailbox_gone":
            return who in self.reads
        return who == self.place if code == "disk_fills" else self.leads


@dataclass(frozen=True, slots=True)
class OperatorAlarm:
    """One thing to be told. `key`: the same thing again has the same."""

    key: str
    fact: ToldFact


def alarms(standing: DeskCondition, settings: Settings, now: datetime) -> list[OperatorAlarm]:
    """Everything that is wrong now."""
    return [
        OperatorAlarm(f"{fact.code}:{''.join(fact.who)}", fact) for fact in _facts(standing, settings, now)
    ]


def _facts(standing: DeskCondition, settings: Settings, now: datetime) -> Iterator[ToldFact]:
    wanted = settings.alarms
    if standing.newest is not None and wanted.no_mail_hours:
        silent = _office_minutes(standing.newest, now, settings)
        if silent >= wanted.no_mail_hours * 60:
            yield ToldFact(code="no_mail", minutes=silent)
    for code, since, who in (
        ("mail_waits", standing.oldest, ()), ("outbox_waits", standing.due, ()),
        *(("mailbox_gone", at, (name,)) for name, at in sorted(standing.gone.items())),
    ):  # fmt: skip
        waited = (now - since) // _MINUTE if since is not None else 0
        if wanted.waits_minutes and waited >= wanted.waits_minutes:
            yield ToldFact(code=code, minutes=waited, who=who)
    if standing.free is not None and standing.free < wanted.disk_free_mb * 1_000_000:
        yield ToldFact(code="disk_fills", count=standing.free // 1_000_000, who=(standing.place,))
    if standing.leads and wanted.credentials_days:
        yield from _ends(settings, now)


def _ends(settings: Settings, now: datetime) -> Iterator[ToldFact]:
    """Passwords and tokens whose last day is near, or over."""
    zone = ZoneInfo(settings.desk.timezone)
    today = now.astimezone(zone).date()
    for where, last in (
        *((f"[[imap]] {box.name}", box.credentials_end) for box in settings.imap),
        ("[delivery]", settings.delivery.credentials_end),
    ):
        if not last:
            continue
        day = date.fromisoformat(last)
        if today + timedelta(days=settings.alarms.credentials_days) >= day:
            # to its reader the end of the day is still that day
            at = datetime.combine(day, time(23, 59), zone)
            yield ToldFact(
                code="credentials_ended" if today > day else "credentials_end", who=(where,), at=at
            )


def _office_minutes(since: datetime, now: datetime, settings: Settings) -> int:
    office = settings.calendars.get("office")
    return build(office).minutes_between(since, now) if office is not None else (now - since) // _MINUTE


def to_tell(
    found: Sequence[OperatorAlarm], told: Mapping[str, datetime], settings: Settings, now: datetime
) -> list[OperatorAlarm]:
    """Those that are new, or were told long ago. `told`: when each was told last, by its key."""
    again = timedelta(hours=settings.alarms.repeat_hours)
    return [one for one in found if one.key not in told or now - told[one.key] >= again]


def still_told(
    found: Sequence[OperatorAlarm], told: Mapping[str, datetime], standing: DeskCondition, settings: Settings, now: datetime
) -> dict[str, datetime]:  # fmt: skip
    """What stays told: what is still so, and for a while what was, so that what comes and goes is not told each time.
    Of what other daemons look after nobody here knows; of one that never comes back it is forgotten in the end."""
    wrong = {one.key for one in found}
    long_ago = 2 * timedelta(hours=settings.alarms.repeat_hours)
    return {
        key: at for key, at in told.items()
        if now - at < FLAPPING or (key in wrong if standing.looks_after(key) else now - at < long_ago)
    }  # fmt: skip


def hook_body(alarm: OperatorAlarm, event_id: str, now: datetime) -> JsonObject:
    """What other programs are told of an alarm: it goes past the relay, which may be what is wrong."""
    fact = alarm.fact
    return {
        "event": HookEvent.ALARM, "at": now.isoformat(), "id": event_id, "ticket": None, "entry": None,
        "alarm": {
            "code": fact.code, "who": list(fact.who), "minutes": fact.minutes, "count": fact.count,
            "ends": fact.at.isoformat() if fact.at is not None else None,
        },
    }  # fmt: skip


def mails(wanted: Sequence[OperatorAlarm], settings: Settings, now: datetime) -> list[Notice]:
    """One to each of `[alarms] to`, with everything that is to be told."""
    facts = [one.fact for one in wanted]
    commands = dict.fromkeys(_COMMANDS[fact.code] for fact in facts if fact.code in _COMMANDS)
    return [
        alerts.beside_tickets(
            Mailbox(address, ""), AlertKind.ALARM, NEW, "", (), settings, facts=facts, commands=tuple(commands), now=now
        )
        for address in settings.alarms.to
    ]  # fmt: skip
