"""What a company's contract promises for one request: respond by, resolve by, call back by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from maild.model import CompanyFacts, Promise, Reason
from maild.settings import ServiceLevel, Settings
from maild.ticket.calendars import WorkingCalendar, build
from maild.ticket.vocabulary import Severity
from maild.values import dataclass


@dataclass(frozen=True, slots=True)
class Terms:
    """What a contract means for one request: the minutes allowed and whose hours they count in."""

    level: ServiceLevel
    calendar: WorkingCalendar
    respond_minutes: int | None
    resolve_minutes: int | None
    reply_minutes: int | None
    oncall: bool
    reasons: tuple[Reason, ...]


def promise_of(
    known: Terms | Reason,
    company: CompanyFacts | None,
    received_at: datetime,
    settings: Settings,
    *,
    site: str = "",
) -> Promise:
    """The promise that follows from the `terms` of such a request, counted from reception (never the Date header), in UTC.

    Without a company, a contract or with a suspended one the times are None and a reason says why. An
    expired or not yet valid contract counts as configured and is marked for the agent.
    """
    zone = display_timezone(company, settings, site)
    if isinstance(known, Reason):
        return Promise(None, None, timezone=zone, received_at=received_at, reasons=(known,))
    calendar, reasons = known.calendar, list(known.reasons)
    outside = not calendar.is_open(received_at)
    if outside:
        local = received_at.astimezone(ZoneInfo(zone))
        reasons.append(Reason("outside-hours", f"received {local:%A %H:%M}, outside {calendar.name}"))
    respond_by = _after(calendar, received_at, known.respond_minutes)
    resolve_by = _after(calendar, received_at, known.resolve_minutes)
    if respond_by is None and known.respond_minutes is not None:
        reasons.append(Reason("calendar-never-open", calendar.name))
    call_back_by = None
    if known.oncall and known.level.call_back_minutes:
        call_back_by = _after(calendar, received_at, known.level.call_back_minutes)
        reasons.append(Reason("call-back", f"within {known.level.call_back_minutes} min"))
    return Promise(
        respond_by,
        resolve_by,
        calendar=calendar.name,
        timezone=zone,
        service_level=known.level.name,
        outside_hours=outside,
        received_at=received_at,
        reasons=tuple(reasons),
        call_back_by=call_back_by,
    )


def terms(
    company: CompanyFacts | None,
    severity: Severity | None,
    topic: str,
    at: datetime,
    settings: Settings,
) -> Terms | Reason:
    """The terms for such a request, or the reason why there are none. No severity counts as `user`."""
    severity = severity or Severity.USER
    if company is None:
        return Reason("no-company", "the sender belongs to no declared company")
    if company.standing == "suspended":
        return Reason("suspended", company.key)
    if not company.service_level:
        return Reason("no-contract", company.key)
    level = settings.service_levels.get(company.service_level)
    if level is None:
        return Reason("unknown-service-level", company.service_level)
    reasons = [Reason("service-level", level.name), *_validity(company, at, settings)]
    name, oncall = _calendar_name(company, level, severity, topic, reasons)
    calendar = settings.calendars.get(name)
    if calendar is None:
        reasons.append(Reason("unknown-calendar", name))
        calendar = settings.calendars.get("office")
        if calendar is None:
            return reasons[-1]
    respond = _minutes(level.respond_hours, severity)
    resolve = _minutes(level.resolve_hours, severity)
    if respond is not None:
        reasons.append(Reason("respond-within", f"answer in {respond / 60:g} working hours ({severity})"))
    if resolve is not None:
        reasons.append(Reason("resolve-within", f"solution in {resolve / 60:g} working hours ({severity})"))
    if severity not in level.respond_hours and "user" in level.respond_hours:
        reasons.append(Reason("severity-not-in-contract", f"{severity}: counted as user"))
    # a severity that is not said is answered as its first mail is
    reply = round(level.reply_hours[severity] * 60) if severity in level.reply_hours else None
    return Terms(level, build(calendar), respond, resolve, reply, oncall, tuple(reasons))


def display_timezone(company: CompanyFacts | None, settings: Settings, site: str = "") -> str:
    """The zone in which a customer reads times: site, else company, else its calendar's, else the desk's."""
    if company is not None:
        place = company.sites[site].timezone if site in company.sites else ""
        if place or company.timezone:
            return str(place or company.timezone)
        calendar = settings.calendars.get(company.calendar)
        if calendar is not None and calendar.name != "always":
            return calendar.timezone
    return settings.desk.timezone


def _validity(company: CompanyFacts, at: datetime, settings: Settings) -> list[Reason]:
    """ISO dates compare as text; the contract's last day is its own."""
    if not (company.valid_until or company.valid_from):
        return []
    today = at.astimezone(ZoneInfo(display_timezone(company, settings))).date().isoformat()
    if company.valid_until and today > company.valid_until:
        return [
            Reason("contract-expired", f"the contract ended on {company.valid_until}; treated as configured")
        ]
    if company.valid_from and today < company.valid_from:
        return [
            Reason(
                "contract-not-yet-valid",
                f"the contract begins on {company.valid_from}; treated as configured",
            )
        ]
    return []


def _calendar_name(
    company: CompanyFacts, level: ServiceLevel, severity: str, topic: str, reasons: list[Reason]
) -> tuple[str, bool]:
    oncall = company.oncall_calendar or level.oncall_calendar
    if oncall and severity in level.oncall_severities:
        reasons.append(Reason("on-call", f"{oncall} for severity {severity}"))
        return oncall, True
    if topic and topic in company.calendars:
        reasons.append(Reason("calendar-by-topic", f"{company.calendars[topic]} for {topic}"))
        return company.calendars[topic], False
    reasons.append(Reason("calendar", company.calendar))
    return company.calendar, False


def _minutes(hours: Mapping[str, float], severity: str) -> int | None:
    """Working minutes allowed; a severity that the contract does not name counts as `user`."""
    value = hours.get(severity, hours.get("user"))
    return None if value is None else round(value * 60)


def _after(calendar: WorkingCalendar, at: datetime, minutes: int | None) -> datetime | None:
    return None if minutes is None else calendar.add(at, minutes)
