"""[[report]] and [[webhook]]: whom the desk tells by itself of its figures and events."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from maild import settings as s
from maild.configtable import ConfigTable
from maild.configvalues import ADDRESS
from maild.ticket.vocabulary import HookEvent

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


def reports_of(tables: list[ConfigTable]) -> dict[str, s.ScheduledReport]:
    """The reports by name. Raises `ConfigError`."""
    if not tables:
        return {}
    from maild.report.summary import ReportKind  # only who sends reports pays for them

    reports: dict[str, s.ScheduledReport] = {}
    for where in tables:
        made: s.ScheduledReport = where.fill(s.ScheduledReport)
        if not _NAME.fullmatch(made.name):
            raise where.error("name", f"{made.name!r} is not a name to type", 'one word such as "month"')
        if made.name in reports:
            raise where.error("name", f"two reports are named {made.name!r}", "give each its own")
        for kind in made.kinds:
            if kind not in tuple(ReportKind):
                raise where.error("kinds", f"{kind!r} is not known", "some of " + ", ".join(ReportKind))
        if not made.kinds:
            raise where.error("kinds", "it is empty", "some of " + ", ".join(ReportKind))
        for address in made.to:
            if not ADDRESS.fullmatch(address):
                raise where.error("to", f"{address!r} is not a mail address", 'write ["boss@desk.example"]')
        if not made.to and not made.company:
            raise where.error("to", "nobody gets it", 'write to = ["boss@desk.example"], or company = "acme"')
        reports[made.name] = made
    return reports


def webhooks_of(tables: list[ConfigTable], base: Path, env: Mapping[str, str]) -> tuple[s.Webhook, ...]:
    """The hooks in the order of the file. Raises `ConfigError`."""
    hooks: list[s.Webhook] = []
    for where in tables:
        made: s.Webhook = where.with_secrets(base, env).fill(s.Webhook)
        parts = urlsplit(made.url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.fragment:
            raise where.error(
                "url", f"{made.url!r} is not the address of a hook", 'write "https://chat.example/hook"'
            )
        if any(one.url == made.url for one in hooks):
            raise where.error("url", f"two hooks have {made.url}", "put their events into one")
        for event in made.events:
            if event not in tuple(HookEvent):
                raise where.error("events", f"{event!r} is not known", "some of " + ", ".join(HookEvent))
        if not made.events:
            raise where.error("events", "it is empty", "some of " + ", ".join(HookEvent))
        hooks.append(made)
    return tuple(hooks)
