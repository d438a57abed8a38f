"""config.toml and the environment -> `Settings`.

Every error is a `ConfigError` whose text names the key (with its line where the file has one), what is
wrong and what would be right. Sources, later ones win: shipped defaults, the file, `MAILD_<TABLE>__<KEY>`.

Over 300 lines: each key is read beside the message that says what is wrong with it.
"""

from __future__ import annotations

import dataclasses
import ipaddress
import os
import re
import tomllib
import typing
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from maild import settings as s
from maild.configagents import check_agents
from maild.configcalendars import ALWAYS, OFFICE, STANDARD, calendar_of
from maild.configforms import forms_of
from maild.configtold import ADDRESS, reports_of, webhooks_of
from maild.configvalues import OAUTH_KEYS, ConfigPlace, fill, refuse_unknown, value_of, with_secrets
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

#: rules that are known without a look: importing them all costs `list` more than its work
_RULES = frozenset(("reply_token", "in_reply_to", "references", "thread_index", "subject_tag", "bare_number"))


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
    refuse_unknown(ConfigPlace("top level", text), raw, [*TABLES, *OTHERS])
    try:
        return _typed(raw, text, base, env, words)
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


def _typed(raw: Mapping[str, Any], text: str, base: Path, env: Mapping[str, str], words: bool) -> s.Settings:
    made: dict[str, Any] = {"base": base}
    for table, cls in TABLES.items():
        where = ConfigPlace(table, text)
        given = _table(where, raw.get(table, {}))
        extra: dict[str, Any] = {}
        if cls is s.DeliverySettings:
            given, extra = _with_oauth(where, given, base, env)
        if cls is s.ThreadingSettings and words:
            given = {"rules": _known_rules(default=True), **given}
        made[table] = fill(where, cls, given, extra)
    made["imap"] = _imaps(raw, base, env, text)
    made["reports"] = reports_of(_list(ConfigPlace("report", text), raw.get("report", [])), text)
    made["webhooks"] = webhooks_of(
        _list(ConfigPlace("webhook", text), raw.get("webhook", [])), text, base, env
    )
    _named_tables(raw, text, made, words)
    views = _table(ConfigPlace("views", text), raw.get("views", {}))
    made["views"] = {k: value_of(ConfigPlace("views", text), k, str, v) for k, v in views.items()}
    templates = _table(ConfigPlace("templates", text), raw.get("templates", {}))
    refuse_unknown(ConfigPlace("templates", text), templates, ["folder"])
    made["templates"] = str(templates.get("folder", ""))
    settings = _with_whole_paths(s.Settings(**made))
    _checked_end(ConfigPlace("delivery", text), settings.delivery.credentials_end)
    for address in settings.alarms.to:
        if not ADDRESS.fullmatch(address):
            raise ConfigPlace("alarms", text).error(
                "to", f"{address!r} is not a mail address", 'write ["root@desk.example"]'
            )
    _cross_checks(settings, text)
    return settings


def _checked_end(where: ConfigPlace, day: str) -> None:
    try:
        if day:
            date.fromisoformat(day)
    except ValueError:
        raise where.error("credentials_end", f"{day!r} is no day", 'write "2027-01-31"') from None


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


def _table(where: ConfigPlace, given: Any) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise where.error("", f"{given!r} is not a table", f"write [{where.table}] and its keys below")
    return given


def _with_oauth(
    where: ConfigPlace, given: Mapping[str, Any], base: Path, env: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    table = with_secrets(where, given, base, env)
    inner = ConfigPlace(f"{where.table}.oauth", where.text)
    oauth = with_secrets(inner, _table(inner, table.pop("oauth", {})), base, env)
    refuse_unknown(inner, oauth, OAUTH_KEYS)
    if oauth and oauth.get("provider") not in ("microsoft", "google"):
        raise inner.error("provider", f"{oauth.get('provider')!r} is not known", "one of microsoft, google")
    extra: dict[str, Any] = {"oauth": {k: v if isinstance(v, Secret) else str(v) for k, v in oauth.items()}}
    for key in ("password", "dkim_key"):
        if key in table:
            extra[key] = table.pop(key)
    return table, extra


def _imaps(raw: Mapping[str, Any], base: Path, env: Mapping[str, str], text: str) -> tuple[s.Imap, ...]:
    where = ConfigPlace("imap", text)
    boxes: list[s.Imap] = []
    for given in _list(where, raw.get("imap", [])):
        table, extra = _with_oauth(where, given, base, env)
        box = fill(where, s.Imap, table, extra)
        if box.done not in ("flag", "delete") and not box.done.removeprefix("move:") != box.done:
            raise where.error("done", f"{box.done!r} is not known", 'one of "flag", "move:FOLDER", "delete"')
        if any(b.name == box.name for b in boxes):
            raise where.error("name", f"two mailboxes are named {box.name!r}", "give each its own")
        _checked_end(where, box.credentials_end)
        boxes.append(box)
    return tuple(boxes)


def _list(where: ConfigPlace, given: Any) -> list[dict[str, Any]]:
    if not isinstance(given, list) or not all(isinstance(g, dict) for g in given):
        raise where.error("", "this is a list of tables", f"write [[{where.table}]], once for each")
    return given


def _named_tables(raw: Mapping[str, Any], text: str, made: dict[str, Any], words: bool) -> None:
    """Calendars, service levels, agents, teams, keywords and hints, with what is built in."""
    calendars = {"office": OFFICE, "always": ALWAYS}
    for name, given in _table(ConfigPlace("calendars", text), raw.get("calendars", {})).items():
        where = ConfigPlace(f"calendars.{name}", text)
        calendars[name] = calendar_of(where, name, _table(where, given))
    levels = {"standard": STANDARD}
    for name, given in _table(ConfigPlace("service_levels", text), raw.get("service_levels", {})).items():
        where = ConfigPlace(f"service_levels.{name}", text)
        level = fill(where, s.ServiceLevel, _table(where, given), {"name": name})
        for key in ("respond_hours", "resolve_hours", "reply_hours"):
            refuse_unknown(where, getattr(level, key), tuple(Severity))
        levels[name] = level
    agents: dict[str, s.Agent] = {}
    for given in _list(ConfigPlace("agent", text), raw.get("agent", [])):
        agent = fill(ConfigPlace("agent", text), s.Agent, given)
        if agent.name in agents:
            raise ConfigPlace("agent", text).error(
                "name", f"two agents are named {agent.name!r}", "give each its own"
            )
        agents[agent.name] = agent
    teams = {
        name: fill(
            ConfigPlace(f"teams.{name}", text),
            s.Team,
            _table(ConfigPlace(f"teams.{name}", text), given),
            {"name": name},
        )
        for name, given in _table(ConfigPlace("teams", text), raw.get("teams", {})).items()
    }
    own_words = tuple(
        fill(ConfigPlace("keywords", text), s.Keywords, g)
        for g in _list(ConfigPlace("keywords", text), raw.get("keywords", []))
    )
    own_hints = tuple(
        fill(ConfigPlace("hints", text), s.Hint, g)
        for g in _list(ConfigPlace("hints", text), raw.get("hints", []))
    )
    keywords, hints = _default_words() if words else ((), ())
    asked = {h.kind for h in own_hints}
    made.update(
        calendars=calendars, service_levels=levels, agents=agents, teams=teams,
        keywords=own_words + keywords,
        hints=own_hints + tuple(h for h in hints if h.kind not in asked),
        forms=forms_of(_list(ConfigPlace("forms", text), raw.get("forms", [])), text),
    )  # fmt: skip


def _known_rules(*, default: bool = False) -> list[str]:
    import threading_rules

    return [rule.name for rule in threading_rules.ORDER if rule.on or not default]


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


# ----------------------------------------------------------------------------------------- cross checks


def _cross_checks(settings: s.Settings, text: str) -> None:
    """What one key alone cannot tell."""
    if not settings.desk.name.strip():
        raise ConfigPlace("desk", text).error("name", "it is empty", "it stands in the From of every mail")
    check: Callable[[str], ConfigPlace] = lambda table: ConfigPlace(table, text)  # noqa: E731
    for key, addresses in (("address", (settings.desk.address,)), ("aliases", settings.desk.aliases)):
        for address in addresses:
            if not re.fullmatch(r"[^@\s<>\",;:]+@[^@\s<>\",;:]+", address):
                raise check("desk").error(
                    key, f"{address!r} is not a mail address", 'write "help@desk.example"'
                )
    if "{number}" not in settings.threading.subject_tag or settings.threading.subject_tag == "{number}":
        raise check("threading").error(
            "subject_tag", "it must hold {number} and a mark", 'such as "[#{number}]"'
        )
    for name in settings.threading.rules or ():
        if name not in _RULES and name not in (known := _known_rules()):
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
