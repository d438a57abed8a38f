"""What one key of config.toml alone cannot tell: values that must fit each other, or what there is."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from maild import settings as s
from maild.configagents import check_agents
from maild.configvalues import ADDRESS, ConfigPlace


def has_file(rule: str, folder: Path | None = None) -> bool:
    """Whether a threading rule stands in a file of its name: importing them all costs `list` more than its work."""
    if folder is None:
        found = find_spec("threading_rules")
        folder = Path(found.origin).parent if found is not None and found.origin else Path()
    return (
        rule != "view"
        and re.fullmatch("[a-z][a-z0-9_]*", rule) is not None
        and (folder / f"{rule}.py").is_file()
    )


def known_rules(*, default: bool = False) -> list[str]:
    """The names of the rules of threading; `default`: of those that are on."""
    import threading_rules

    return [rule.name for rule in threading_rules.ORDER if rule.on or not default]


def cross_checks(settings: s.Settings, text: str, *, words: bool) -> None:
    """What one key alone cannot tell. `words=False`: for what reads no mail, and looks at no rule."""
    if not settings.desk.name.strip():
        raise ConfigPlace("desk", text).error("name", "it is empty", "it stands in the From of every mail")
    check: Callable[[str], ConfigPlace] = lambda table: ConfigPlace(table, text)  # noqa: E731
    for key, addresses in (("address", (settings.desk.address,)), ("aliases", settings.desk.aliases)):
        for address in addresses:
            if not ADDRESS.fullmatch(address):
                raise check("desk").error(
                    key, f"{address!r} is not a mail address", 'write "help@desk.example"'
                )
    if "{number}" not in settings.threading.subject_tag or settings.threading.subject_tag == "{number}":
        raise check("threading").error(
            "subject_tag", "it must hold {number} and a mark", 'such as "[#{number}]"'
        )
    for name in settings.threading.rules or ():
        if (words or not has_file(name)) and name not in (known := known_rules()):
            raise check("threading").error("rules", f"no rule {name!r}", "known: " + ", ".join(known))
    if not re.match(r"(sqlite|postgresql(\+psycopg)?)://", settings.database.url):
        raise check("database").error(
            "url",
            f"{settings.database.url!r} is not understood",
            "sqlite:///FILE or postgresql://user@host/db",
        )
    if settings.smtp.listen and not re.fullmatch(r".*:[0-9]{1,5}", settings.smtp.listen):
        raise check("smtp").error(
            "listen", f"{settings.smtp.listen!r} is not understood", 'write "127.0.0.1:2525", or "" for none'
        )
    if settings.web.listen and not re.fullmatch(r".*:[0-9]{1,5}", settings.web.listen):
        raise check("web").error(
            "listen", f"{settings.web.listen!r} is not understood", 'write "127.0.0.1:8026", or "" for none'
        )
    if settings.web.url and not re.fullmatch(r"https?://[^\s?#\"<>]+", settings.web.url):
        raise check("web").error(
            "url", f"{settings.web.url!r} is not an address", 'write "https://help.example"'
        )
    for proxy in settings.web.trusted_proxies:
        try:
            ipaddress.ip_network(proxy, strict=False)
        except ValueError:
            raise check("web").error(
                "trusted_proxies", f"{proxy!r} is neither an IP address nor a network", 'write "127.0.0.1"'
            ) from None
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", settings.desk.colour):
        raise check("desk").error("colour", f"{settings.desk.colour!r} is not a colour", 'write "#1f5fa8"')
    for level in settings.service_levels.values():
        if level.oncall_calendar and level.oncall_calendar not in settings.calendars:
            raise check(f"service_levels.{level.name}").error(
                "oncall_calendar",
                f"no calendar {level.oncall_calendar!r}",
                "known: " + ", ".join(settings.calendars),
            )
    check_agents(settings, text)
