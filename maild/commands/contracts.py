"""contract and calendar: what a customer was promised, and whose hours it counts in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from maild.commands import output
from maild.commands.app import app
from maild.commands.companies import clocks_said, company_json, save
from maild.commands.options import JsonOpt
from maild.commands.session import now, parse_day, session
from maild.errors import NotFound, Refused
from maild.values import replace

if TYPE_CHECKING:
    from maild.model import CompanyFacts, JsonObject
    from maild.settings import CalendarSettings, Settings

contract = typer.Typer(
    help="Service level, calendar and validity of a customer's contract.", no_args_is_help=True
)
calendar = typer.Typer(help="Working hours: what they are on given days.", no_args_is_help=True)
app.add_typer(contract, name="contract")
app.add_typer(calendar, name="calendar")

KeyArg = Annotated[str, typer.Argument(metavar="COMPANY")]
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _row(facts: CompanyFacts, settings: Settings) -> JsonObject:
    full = company_json(facts, settings)
    names = ("service_level", "calendar", "calendars", "valid_from", "valid_until", "covered", "excluded", "oncall_phone",
             "oncall_calendar", "cost_needs_consent", "hours_included", "hours_period", "carry",
             "hours_in_mail")  # fmt: skip
    level = settings.service_levels.get(facts.service_level)
    hours = (
        {"respond_hours": dict(level.respond_hours), "resolve_hours": dict(level.resolve_hours)}
        if level
        else {}
    )
    return {"company": facts.key, **{n: full[n] for n in names}, **hours}


def _respond_hours(facts: CompanyFacts, settings: Settings) -> Iterable[tuple[str, float]]:
    level = settings.service_levels.get(facts.service_level)
    return level.respond_hours.items() if level else ()


@contract.command("list")
def contract_list(ctx: typer.Context, as_json: JsonOpt = False) -> None:
    """All contracts."""
    here = session(ctx)
    with here.read() as tx:
        rows = [one for one in tx.companies.list() if one.service_level]
    if as_json:
        output.emit_lines(_row(one, here.settings) for one in rows)
        return
    output.table(
        ("COMPANY", "LEVEL", "CALENDAR", "FROM", "UNTIL", "RESPOND WITHIN (HOURS)"),
        (
            (
                one.key, one.service_level, one.calendar, one.valid_from, one.valid_until,
                " ".join(f"{k} {v:g}" for k, v in _respond_hours(one, here.settings)) or "level is not configured",
            )
            for one in rows
        ),
        wide="RESPOND WITHIN (HOURS)",
    )  # fmt: skip


@contract.command("show")
def contract_show(ctx: typer.Context, key: KeyArg, as_json: JsonOpt = False) -> None:
    """One company's contract."""
    here = session(ctx)
    with here.read() as tx:
        row = _row(tx.companies.get(key), here.settings)
    if not row["service_level"]:
        raise NotFound(f"{key} has no contract; `maild contract add {key} LEVEL` gives it one")
    if as_json:
        output.emit(row)
        return
    output.fields(((name, value) for name, value in row.items() if value), 18)


@contract.command("add")
def contract_add(
    ctx: typer.Context,
    key: KeyArg,
    level: Annotated[
        str, typer.Argument(metavar="LEVEL", help=r"A \[service_levels.NAME] of the configuration.")
    ],
    calendar_name: Annotated[str, typer.Option("--calendar")] = "office",
    since: Annotated[str, typer.Option("--from", metavar="DATE")] = "",
    until: Annotated[str, typer.Option("--until", metavar="DATE")] = "",
    as_json: JsonOpt = False,
) -> None:
    """Give a company without a contract one."""
    fields = {"service_level": level, "calendar": calendar_name, "valid_from": since, "valid_until": until}
    _change(ctx, key, fields, as_json, new=True)


@contract.command("edit")
def contract_edit(
    ctx: typer.Context,
    key: KeyArg,
    level: Annotated[str | None, typer.Option("--level")] = None,
    calendar_name: Annotated[str | None, typer.Option("--calendar")] = None,
    topic: Annotated[
        list[str] | None, typer.Option("--topic", metavar="TOPIC=CALENDAR", help="Another calendar by topic.")
    ] = None,
    since: Annotated[str | None, typer.Option("--from", metavar="DATE")] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="DATE")] = None,
    exclude: Annotated[
        list[str] | None, typer.Option("--exclude", help="A topic outside the contract; replaces all.")
    ] = None,
    oncall_phone: Annotated[str | None, typer.Option("--oncall-phone")] = None,
    oncall_code: Annotated[str | None, typer.Option("--oncall-code")] = None,
    cost_needs_consent: Annotated[bool | None, typer.Option("--cost-needs-consent/--no-cost-consent")] = None,
    hours_included: Annotated[
        str | None, typer.Option("--hours-included", metavar="HOURS", help="Prepaid; 0 for none.")
    ] = None,
    hours_period: Annotated[str | None, typer.Option("--hours-period", help="month, quarter, year")] = None,
    carry: Annotated[
        bool | None, typer.Option("--carry/--no-carry", help="Hours that are left go on to the next period.")
    ] = None,
    hours_in_mail: Annotated[
        bool | None,
        typer.Option("--hours-in-mail/--no-hours-in-mail", help="The closing mail says what is left."),
    ] = None,
    as_json: JsonOpt = False,
) -> None:
    """Change a contract; the open tickets' clocks follow, and each says so."""
    from maild.party.company_checks import whole_minutes

    topics = dict(_pair(t) for t in topic) if topic else None
    given = {
        "service_level": level, "calendar": calendar_name, "calendars": topics, "valid_from": since, "valid_until": until,
        "excluded": tuple(exclude) if exclude else None, "oncall_phone": oncall_phone, "oncall_code": oncall_code,
        "cost_needs_consent": cost_needs_consent, "hours_period": hours_period, "carry": carry,
        "hours_in_mail": hours_in_mail,
        "included_minutes": None if hours_included is None else whole_minutes("--hours-included", hours_included),
    }  # fmt: skip
    fields = {k: v for k, v in given.items() if v is not None}
    if not fields:
        raise typer.BadParameter("say what to change")
    _change(ctx, key, fields, as_json)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name or not value:
        raise typer.BadParameter(f"{text!r}: write TOPIC=CALENDAR")
    return name, value


@contract.command("remove")
def contract_remove(ctx: typer.Context, key: KeyArg, as_json: JsonOpt = False) -> None:
    """End a contract: requests go to the sales team from now on."""
    _change(ctx, key, {"service_level": "", "valid_from": "", "valid_until": ""}, as_json)


def _change(
    ctx: typer.Context, key: str, fields: dict[str, Any], as_json: bool, *, new: bool = False
) -> None:
    here = session(ctx)
    with here.write() as tx:
        known = tx.companies.get(key)
        if new and known.service_level:
            raise Refused(f"{key} has a contract; `maild contract edit {key}` changes it")
        facts = replace(known, **fields)
        moved = save(here, tx, known, facts)
        out = _row(facts, here.settings)
    if as_json:
        output.emit(out)
    else:
        output.say(output.safe_line(f"contract of {key} changed{clocks_said(moved)}"))


# ------------------------------------------------------------------------------------------- calendar


def _settings_of(settings: Settings, name: str) -> CalendarSettings:
    known = settings.calendars.get(name)
    if known is None:
        raise NotFound(f"no calendar {name!r}; there are: {', '.join(settings.calendars)}")
    return known


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _hours(windows: Sequence[tuple[int, int]]) -> list[str]:
    """As they are written in config.toml: 22:00-02:00 for what ends on the next day."""
    return [f"{_clock(a)}-{_clock(b if b <= 1440 else b - 1440)}" for a, b in windows]


def _week(cal: CalendarSettings) -> dict[str, list[str]]:
    return {d: _hours(cal.week[i]) for i, d in enumerate(DAYS)}


def _days_together(cal: CalendarSettings) -> list[str]:
    """ "mon-fri 08:00-17:00": days of the same hours that follow each other are one."""
    runs: list[list[int]] = []
    for day in range(7):
        if day and cal.week[day] == cal.week[day - 1]:
            runs[-1].append(day)
        else:
            runs.append([day])
    return [
        f"{'-'.join(DAYS[day][:3] for day in dict.fromkeys((run[0], run[-1])))} {', '.join(hours)}"
        for run in runs
        if (hours := _hours(cal.week[run[0]]))
    ]


@calendar.command("list")
def calendar_list(ctx: typer.Context, as_json: JsonOpt = False) -> None:
    """All calendars of the configuration."""
    calendars = session(ctx).settings.calendars.values()
    if as_json:
        output.emit_lines(
            {"name": c.name, "timezone": c.timezone, "holidays": c.holidays, **_week(c)} for c in calendars
        )
        return
    output.table(
        ("NAME", "TIMEZONE", "HOLIDAYS", "HOURS"),
        ((c.name, c.timezone, c.holidays, "  ".join(_days_together(c))) for c in calendars),
        wide="HOURS",
    )


@calendar.command("show")
def calendar_show(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME")],
    since: Annotated[str | None, typer.Option("--from", metavar="DATE")] = None,
    days: Annotated[int, typer.Option(min=1, max=400)] = 14,
    as_json: JsonOpt = False,
) -> None:
    """The real hours of the coming days: holidays, closings and exceptions applied."""
    from maild.ticket.calendars import build

    cal = _settings_of(session(ctx).settings, name)
    zone = ZoneInfo(cal.timezone)
    first = parse_day(since) if since else now().astimezone(zone).date()
    working = build(cal)
    shown = [
        (day, _hours(working.windows(day)))
        for day in (first + timedelta(days=offset) for offset in range(days))
    ]
    if as_json:
        output.emit_lines({"date": day.isoformat(), "hours": hours} for day, hours in shown)
        return
    output.heading(f"{cal.name} ({cal.timezone}{', holidays ' + cal.holidays if cal.holidays else ''})")
    for day, hours in shown:
        output.say(f"{day:%a %Y-%m-%d}  {' '.join(hours) or 'closed'}")


for _verb in ("add", "edit", "remove"):

    def _in_config(ctx: typer.Context, name: Annotated[str, typer.Argument(metavar="NAME")] = "") -> None:
        r"""Calendars stand in config.toml, \[calendars.NAME]: this says where."""
        from maild import config

        file = config.find(session(ctx).config, {})
        raise Refused(f"calendars stand in {file}: edit [calendars.{name or 'NAME'}], then `maild check`")

    calendar.command(_verb)(_in_config)
