"""config.toml and the environment -> `Settings`.

Every error is a `ConfigError` whose text names the key (with its line where the file has one), what is
wrong and what would be right. Sources, later ones win: shipped defaults, the file, `MAILD_<TABLE>__<KEY>`.
"""

from __future__ import annotations

import dataclasses
import os
import re
import tomllib
import typing
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from maild import settings as s
from maild.configcalendars import ALWAYS, OFFICE, STANDARD, calendar_of
from maild.configchecks import cross_checks, known_rules
from maild.configforms import forms_of
from maild.configtable import TOP, ConfigTable, refuse_unknown
from maild.configtold import reports_of, webhooks_of
from maild.configvalues import ADDRESS, value_of
from maild.errors import ConfigError
from maild.secret import Secret
from maild.ticket.vocabulary import Severity

#: table in the file -> (field of Settings, its dataclass)
TABLES: dict[str, type[Any]] = {
    "desk": s.DeskSettings,
    "database": s.Database,
    "smtp": s.Smtp,
    "delivery": s.DeliverySettings,
    "threading": s.ThreadingSettings,
    "time": s.Time,
    "authentication": s.Authentication,
    "approval": s.Approval,
    "retention": s.Retention,
    "alarms": s.Alarms,
    "agent_mail": s.AgentMail,
    "guards": s.Guards,
    "limits": s.LimitSettings,
    "tickets": s.TicketSettings,
    "server": s.Server,
    "web": s.Web,
    "survey": s.Survey,
}
#: the remaining top-level names
OTHERS = (
    "imap", "calendars", "service_levels", "agent", "teams", "keywords", "hints", "forms", "report", "webhook",
    "views", "templates",
)  # fmt: skip

OAUTH_KEYS = ("provider", "tenant", "client_id", "client_secret", "refresh_token", "service_account", "user",
              "scope", "token_url", "authority")  # fmt: skip


def shipped_path() -> Path:
    """The default configuration: inside the installed package, or at the top of a checkout."""
    here = Path(__file__).resolve().parent
    packaged = here / "_share" / "config.toml"
    return packaged if packaged.is_file() else here.parent / "config.toml"


def find(path: str | Path | None, env: Mapping[str, str]) -> Path:
    """The configuration file: the option, MAILD_CONFIG, ./config.toml."""
    chosen = path or env.get("MAILD_CONFIG") or "config.toml"
    return Path(chosen).expanduser()


def load(
    path: str | Path | None = None, env: Mapping[str, str] | None = None, *, words: bool = True
) -> s.Settings:
    """Read the configuration file and the environment. Raises `ConfigError`.

    `words=False`: without the shipped tables of words and rules, for what reads no mail: they cost more than `list`.
    """
    env = os.environ if env is None else env
    file = find(path, env)
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigError(
            f"{file}: no such configuration; `maild init` writes one, --config names another"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: cannot be read ({error}); it must be a UTF-8 text file") from None
    return parse(text, base=file.resolve().parent, env=env, name=str(file), words=words)


def parse(
    text: str, *, base: Path, env: Mapping[str, str], name: str = "config.toml", words: bool = True
) -> s.Settings:
    """`Settings` from the text of a configuration file."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{name}: {error}; fix the TOML there") from None
    _overrides(raw, env)
    top = ConfigTable(TOP, text, raw)
    top.refuse_unknown([*TABLES, *OTHERS])
    try:
        return _typed(top, base, env, words)
    except ConfigError as error:
        raise _blamed(error, env) from None


def _blamed(error: ConfigError, env: Mapping[str, str]) -> ConfigError:
    """An error of a value that came from the environment names the variable, not a line of the file."""
    for name in env:
        table, _, key = name.removeprefix("MAILD_").lower().partition("__")
        named = (
            re.match(rf"\[{re.escape(table)}\] {re.escape(key)}(?: \(line [0-9]+\))?: ", str(error))
            if key
            else None
        )
        if named:
            return ConfigError(f"{name} in the environment: {str(error)[named.end() :]}")
    return error


def _typed(top: ConfigTable, base: Path, env: Mapping[str, str], words: bool) -> s.Settings:
    tables = {name: _one_table(top.inner(name), cls, base, env, words) for name, cls in TABLES.items()}
    views, templates = top.inner("views"), top.inner("templates")
    templates.refuse_unknown(["folder"])
    own_hints = tuple(one.fill(s.Hint) for one in top.many("hints"))
    keywords, hints = _default_words() if words else ((), ())
    asked = {h.kind for h in own_hints}
    settings = s.Settings(
        base=base,
        **tables,
        imap=_imaps(top, base, env),
        reports=reports_of(top.many("report")),
        webhooks=webhooks_of(top.many("webhook"), base, env),
        calendars=_calendars(top),
        service_levels=_service_levels(top),
        agents=_agents(top),
        teams={
            name: one.with_ready(name=name).fill(s.Team) for name, one in top.inner("teams").inners().items()
        },
        keywords=tuple(one.fill(s.Keywords) for one in top.many("keywords")) + keywords,
        hints=own_hints + tuple(h for h in hints if h.kind not in asked),
        forms=forms_of(top.many("forms")),
        views={name: value_of(views, name, str, view) for name, view in views.values.items()},
        templates=str(templates.values.get("folder", "")),
    )
    settings = _with_whole_paths(settings)
    _checked_end(top.inner("delivery"), settings.delivery.credentials_end)
    for address in settings.alarms.to:
        if not ADDRESS.fullmatch(address):
            raise top.inner("alarms").error(
                "to", f"{address!r} is not a mail address", 'write ["root@desk.example"]'
            )
    cross_checks(settings, top.text, words=words)
    return settings


def _one_table(table: ConfigTable, cls: type[Any], base: Path, env: Mapping[str, str], words: bool) -> Any:
    if cls is s.DeliverySettings:
        table = _with_oauth(table, base, env)
    if cls is s.ThreadingSettings and words and "rules" not in table.values:
        table = table.with_ready(rules=tuple(known_rules(default=True)))
    return table.fill(cls)


def _checked_end(where: ConfigTable, day: str) -> None:
    try:
        if day:
            date.fromisoformat(day)
    except ValueError:
        raise where.error("credentials_end", f"{day!r} is not a date", 'write "2027-01-31"') from None


def _with_whole_paths(settings: s.Settings) -> s.Settings:
    """Certificates are opened by rooms that do not know where the configuration stands."""

    def whole(text: str) -> str:
        return str(settings.path(text)) if text else ""

    replace = dataclasses.replace
    return replace(
        settings,
        smtp=replace(
            settings.smtp, tls_cert=whole(settings.smtp.tls_cert), tls_key=whole(settings.smtp.tls_key)
        ),
        imap=tuple(replace(box, ca_file=whole(box.ca_file)) for box in settings.imap),
        delivery=replace(settings.delivery, ca_file=whole(settings.delivery.ca_file)),
    )


def _with_oauth(table: ConfigTable, base: Path, env: Mapping[str, str]) -> ConfigTable:
    oauth = table.inner("oauth").with_secrets(base, env)
    given = {**oauth.values, **oauth.ready}
    refuse_unknown(oauth, given, OAUTH_KEYS)
    if given and given.get("provider") not in ("microsoft", "google"):
        raise oauth.error("provider", f"{given.get('provider')!r} is not known", "one of microsoft, google")
    tokens = {key: value if isinstance(value, Secret) else str(value) for key, value in given.items()}
    return table.without("oauth").with_secrets(base, env).with_ready(oauth=tokens)


def _imaps(top: ConfigTable, base: Path, env: Mapping[str, str]) -> tuple[s.Imap, ...]:
    boxes: list[s.Imap] = []
    for table in top.many("imap"):
        box = _with_oauth(table, base, env).fill(s.Imap)
        if box.done not in ("flag", "delete") and not box.done.removeprefix("move:") != box.done:
            raise table.error("done", f"{box.done!r} is not known", 'one of "flag", "move:FOLDER", "delete"')
        if any(b.name == box.name for b in boxes):
            raise table.error("name", f"two mailboxes are named {box.name!r}", "give each its own")
        _checked_end(table, box.credentials_end)
        boxes.append(box)
    return tuple(boxes)


def _calendars(top: ConfigTable) -> dict[str, s.CalendarSettings]:
    """Those of the file, with what is built in."""
    own = {name: calendar_of(table, name) for name, table in top.inner("calendars").inners().items()}
    return {"office": OFFICE, "always": ALWAYS, **own}


def _service_levels(top: ConfigTable) -> dict[str, s.ServiceLevel]:
    levels = {"standard": STANDARD}
    for name, table in top.inner("service_levels").inners().items():
        levels[name] = table.with_ready(name=name).fill(s.ServiceLevel)
        for key in ("respond_hours", "resolve_hours", "reply_hours"):
            refuse_unknown(table, getattr(levels[name], key), tuple(Severity))
    return levels


def _agents(top: ConfigTable) -> dict[str, s.Agent]:
    agents: dict[str, s.Agent] = {}
    for table in top.many("agent"):
        agent = table.fill(s.Agent)
        if agent.name in agents:
            raise table.error("name", f"two agents are named {agent.name!r}", "give each its own")
        agents[agent.name] = agent
    return agents


def _default_words() -> tuple[tuple[s.Keywords, ...], tuple[s.Hint, ...]]:
    from maild.mail.keywords import default_hints, default_keywords

    return default_keywords(), default_hints()


def _overrides(raw: dict[str, Any], env: Mapping[str, str]) -> None:
    """MAILD_<TABLE>__<KEY>=value; the value is TOML where it parses as such, else a string."""
    for name, value in sorted(env.items()):
        head, _, key = name.partition("__")
        if not key or not head.startswith("MAILD_"):
            continue
        table = head.removeprefix("MAILD_").lower()
        if table not in TABLES and table not in OTHERS:
            raise ConfigError(
                f"{name} in the environment: no table [{table}]; known: {', '.join([*TABLES, *OTHERS])}"
            )
        hints = typing.get_type_hints(TABLES[table]) if table in TABLES else {}
        raw.setdefault(table, {})[key.lower()] = _from_environment(value, hints.get(key.lower()))


def _from_environment(value: str, hint: Any) -> Any:
    if hint is str:
        return value
    try:
        return tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        return value
