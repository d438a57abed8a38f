"""config.toml and the environment -> `Settings`.

Every error is a `ConfigError` whose text names the key (with its line where the file has one), what is
wrong and what would be right. Sources, later ones win: shipped defaults, the file, `MAILD_<TABLE>__<KEY>`.
"""

from __future__ import annotations

import dataclasses
import difflib
import itertools
import os
import re
import tomllib
import types
import typing
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from maild import settings as s
from maild.errors import ConfigError
from maild.model import LANGUAGES, SEVERITIES, TICKET_KINDS

#: table in the file -> (field of Settings, its dataclass)
TABLES: dict[str, type[Any]] = {
    "desk": s.Desk,
    "database": s.Database,
    "smtp": s.Smtp,
    "delivery": s.Delivery,
    "threading": s.ThreadingSettings,
    "time": s.Time,
    "authentication": s.Authentication,
    "approval": s.Approval,
    "guards": s.Guards,
    "limits": s.Limits,
    "tickets": s.Tickets,
    "server": s.Server,
}
#: the remaining top-level names
OTHERS = ("imap", "calendars", "service_levels", "agent", "teams", "keywords", "hints", "templates")

#: keys whose values come from a list
CHOICES: dict[tuple[str, str], tuple[str, ...]] = {
    ("desk", "language"): LANGUAGES,
    ("imap", "security"): ("tls", "starttls", "none"),
    ("imap", "start"): ("unseen", "all", "new"),
    ("delivery", "kind"): ("maildir", "smtp"),
    ("delivery", "security"): ("none", "starttls", "tls"),
    ("delivery", "null_sender"): ("auto", "always", "never"),
    ("threading", "changed_subject"): ("join", "new"),
    ("time", "rounding"): ("up", "nearest", "down"),
    ("approval", "require"): ("dmarc", "token"),
    ("server", "log"): ("auto", "human", "json"),
    ("server", "log_level"): ("debug", "info", "warning", "error"),
    ("keywords", "kind"): ("", *TICKET_KINDS),
    ("keywords", "severity"): ("", *SEVERITIES),
    ("keywords", "language"): ("", *LANGUAGES),
    ("hints", "kind"): TICKET_KINDS,
    ("agent", "language"): ("", *LANGUAGES),
}
#: numbers that must be above zero (others only not negative)
POSITIVE = {
    ("time", "quantum_minutes"), ("smtp", "max_bytes"), ("smtp", "max_recipients"), ("smtp", "max_connections"),
    ("imap", "batch"), ("imap", "batch_bytes"), ("imap", "poll_seconds"), ("imap", "idle_renew_seconds"),
    ("imap", "timeout_seconds"), ("delivery", "connections"), ("delivery", "timeout_seconds"),
    ("desk", "first_number"), ("approval", "expires_days"), ("limits", "workers"), ("limits", "parse_seconds"),
    ("limits", "parse_memory_mb"),
}  # fmt: skip
SECRETS = {"password", "client_secret", "dkim_key", "refresh_token", "service_account"}
OAUTH_KEYS = ("provider", "tenant", "client_id", "client_secret", "refresh_token", "service_account", "user",
              "scope", "token_url", "authority")  # fmt: skip
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_HOURS = re.compile(r"([0-9]{1,2}):([0-9]{2})-([0-9]{1,2}):([0-9]{2})", re.ASCII)
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)

always = s.CalendarSettings("always", "UTC", (((0, 1440),),) * 7)
_office_week = (((480, 1020),),) * 5 + ((), ())
OFFICE = s.CalendarSettings("office", "Europe/Budapest", _office_week)
STANDARD = s.ServiceLevel("standard", {"user": 8.0, "system": 4.0, "infrastructure": 2.0})


@dataclasses.dataclass(frozen=True, slots=True)
class _Where:
    """A place in the configuration, for messages."""

    table: str
    text: str = ""

    def error(self, key: str, wrong: str, right: str) -> ConfigError:
        name = f"[{self.table}] {key}" if key else f"[{self.table}]"
        return ConfigError(f"{name}{_line(self.text, self.table, key)}: {wrong}; {right}")


def _line(text: str, table: str, key: str) -> str:
    """` (line N)` of the first such key below such a table head, or nothing."""
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if stripped.startswith("["):
            inside = stripped.strip("[] ").split("]")[0] == table
            if inside and not key:
                return f" (line {number})"
        elif inside and re.match(rf"{re.escape(key)}\s*=", stripped):
            return f" (line {number})"
    return ""


# --------------------------------------------------------------------------------------------- values


def _value(where: _Where, key: str, hint: Any, value: Any) -> Any:
    """`value` as the type of the dataclass field."""
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin is types.UnionType:
        hint = next(a for a in args if a is not type(None))
    if hint is bool:
        if isinstance(value, bool):
            return value
        raise where.error(key, f"{value!r} is no truth value", "write true or false")
    if hint in (int, float):
        return _number(where, key, hint, value)
    if hint is str:
        if not isinstance(value, str):
            raise where.error(key, f"{value!r} is no text", 'put it in quotes, "..."')
        return _text(where, key, value)
    if hint is Path:
        return Path(str(value))
    if origin is tuple:
        if isinstance(value, str) or not isinstance(value, (list, tuple)):
            raise where.error(key, f"{value!r} is no list", "write [..., ...]")
        return tuple(_value(where, key, args[0], v) for v in value)
    if not isinstance(value, Mapping):
        raise where.error(key, f"{value!r} is no table", "write { name = value }")
    inner = args[1] if args else Any
    return {str(k): v if inner is Any else _value(where, key, inner, v) for k, v in value.items()}


def _number(where: _Where, key: str, hint: type, value: Any) -> int | float:
    right = "write a whole number" if hint is int else "write a number"
    if (
        isinstance(value, bool)
        or not isinstance(value, (int, float))
        or (hint is int and value != int(value))
    ):
        raise where.error(key, f"{value!r} is no number", right)
    if value < 0 or ((where.table, key) in POSITIVE and value <= 0):
        raise where.error(key, f"{value!r} is too small", "it must be above zero")
    return hint(value)  # type: ignore[no-any-return]


def _text(where: _Where, key: str, value: str) -> str:
    if any(ord(c) < 32 and c not in "\n\t" for c in value):
        raise where.error(key, "it holds a control character", "remove it")
    choices = CHOICES.get((where.table, key))
    if choices is not None and value not in choices:
        raise where.error(key, f"{value!r} is not known", "one of " + ", ".join(c or '""' for c in choices))
    if key == "timezone":
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise where.error(
                key, f"{value!r} is no time zone", 'an IANA name such as "Europe/Budapest"'
            ) from None
    return value


def _unknown(where: _Where, given: Mapping[str, Any], known: typing.Iterable[str]) -> None:
    names = list(known)
    for key in given:
        if key not in names:
            near = difflib.get_close_matches(key, names, 1)
            right = f"did you mean {near[0]}?" if near else "known here: " + ", ".join(sorted(names))
            raise where.error(key, "unknown key", right)


def _fill(
    where: _Where, cls: type[Any], given: Mapping[str, Any], fixed: Mapping[str, Any] | None = None
) -> Any:
    """An instance of `cls` from a table of the file; `fixed` are fields set by us."""
    fixed = fixed or {}
    fields = {f.name: f for f in dataclasses.fields(cls) if f.name not in fixed}
    hints = typing.get_type_hints(cls)
    _unknown(where, given, fields)
    made = {key: _value(where, key, hints[key], value) for key, value in given.items()}
    for f in fields.values():
        if (
            f.name not in made
            and f.default is dataclasses.MISSING
            and f.default_factory is dataclasses.MISSING
        ):
            raise where.error(f.name, "missing", f"every [{where.table}] needs it")
    return cls(**made, **fixed)


def _secrets(where: _Where, table: Mapping[str, Any], base: Path, env: Mapping[str, str]) -> dict[str, Any]:
    """Replace `NAME_file` and `NAME_env` by the secret; a secret in clear is refused."""
    out: dict[str, Any] = {}
    for key, value in table.items():
        name, _, how = key.rpartition("_")
        if key in SECRETS:
            raise where.error(
                key, "a secret does not stand in the configuration", f"use {key}_file or {key}_env"
            )
        if how == "env" and name in SECRETS:
            if value and str(value) not in env:
                raise where.error(key, f"the environment has no {value}", f"set it, or use {name}_file")
            out[name] = env[str(value)] if value else ""
        elif how == "file" and name in SECRETS:
            try:
                out[name] = (base / str(value)).read_text().strip() if value else ""
            except OSError as error:
                raise where.error(
                    key, f"cannot read {value}: {error.strerror}", "check path and rights"
                ) from None
        else:
            out[key] = value
    return out


# -------------------------------------------------------------------------------------------- calendars


def hours(where: _Where, key: str, given: Any) -> tuple[tuple[int, int], ...]:
    """["08:00-12:00", "13:00-17:00"] -> minutes after midnight, in order, not overlapping."""
    if not isinstance(given, list):
        raise where.error(key, f"{given!r} is no list of hours", 'write ["08:00-17:00"]')
    made: list[tuple[int, int]] = []
    for text in given:
        match = _HOURS.fullmatch(text.strip()) if isinstance(text, str) else None
        if match is None:
            raise where.error(key, f"{text!r} are no hours", 'write "08:00-17:00"')
        a, b, c, d = (int(g) for g in match.groups())
        start, end = a * 60 + b, c * 60 + d
        if b > 59 or d > 59 or end > 1440 or start >= end:
            raise where.error(
                key, f"{text!r} are no hours of one day", "from 00:00 to 24:00, the end after the start"
            )
        made.append((start, end))
    made.sort()
    for (_, one), (two, _) in itertools.pairwise(made):
        if two < one:
            raise where.error(key, "the hours overlap", "separate them")
    return tuple(made)


def _calendar(where: _Where, name: str, given: Mapping[str, Any]) -> s.CalendarSettings:
    table = dict(given)
    start = OFFICE.week if name == "office" and not any(d in table for d in WEEKDAYS) else ((),) * 7
    week = tuple(hours(where, d, table.pop(d)) if d in table else start[i] for i, d in enumerate(WEEKDAYS))
    extra: dict[str, Any] = {"name": name, "week": week}
    for key in ("open", "holidays_hours"):
        raw = table.pop(key, {})
        if not isinstance(raw, Mapping):
            raise where.error(key, f"{raw!r} is no table", 'write { "2026-12-12" = ["08:00-12:00"] }')
        extra[key] = {str(k): hours(where, key, v) for k, v in raw.items()}
    closed = table.get("closed", [])
    for key, dates in (("open", extra["open"]), ("closed", closed if isinstance(closed, list) else [])):
        for date in dates:
            if not _is_date(str(date)):
                raise where.error(key, f"{date!r} is no date", 'write "2026-12-24"')
    holidays = str(table.get("holidays", ""))
    if holidays:
        _check_holidays(where, holidays)
    known = [f.name for f in dataclasses.fields(s.CalendarSettings) if f.name not in ("name", "week")]
    _unknown(where, dict.fromkeys(given), [*known, *WEEKDAYS])
    return typing.cast(s.CalendarSettings, _fill(where, s.CalendarSettings, table, extra))


def _is_date(text: str) -> bool:
    import datetime as dt

    try:
        return bool(_ISO_DATE.fullmatch(text)) and bool(dt.date.fromisoformat(text))
    except ValueError:
        return False


def _check_holidays(where: _Where, code: str) -> None:
    import holidays as package  # slow to import: only when a calendar names a country

    country, _, part = code.partition("-")
    supported = package.list_supported_countries(include_aliases=True)
    if country not in supported:
        near = ", ".join(difflib.get_close_matches(country, supported, 3)) or '"HU", "NL", "DE-BY" ...'
        raise where.error(
            "holidays", f"no holidays are known for {code!r}", f"write an ISO country code: {near}"
        )
    if part and part not in supported[country]:
        parts = ", ".join(supported[country]) or "none"
        raise where.error("holidays", f"{country} has no part {part!r}", f"known: {parts}")


# ------------------------------------------------------------------------------------------- whole file


def shipped_path() -> Path:
    """The default configuration: inside the installed package, or at the top of a checkout."""
    here = Path(__file__).resolve().parent
    packaged = here / "_share" / "config.toml"
    return packaged if packaged.is_file() else here.parent / "config.toml"


def find(path: str | Path | None, env: Mapping[str, str]) -> Path:
    """The configuration file: the option, MAILD_CONFIG, ./config.toml."""
    chosen = path or env.get("MAILD_CONFIG") or "config.toml"
    return Path(chosen).expanduser()


def load(path: str | Path | None = None, env: Mapping[str, str] | None = None) -> s.Settings:
    """Read the configuration file and the environment. Raises `ConfigError`."""
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
    return parse(text, base=file.resolve().parent, env=env, name=str(file))


def parse(text: str, *, base: Path, env: Mapping[str, str], name: str = "config.toml") -> s.Settings:
    """`Settings` from the text of a configuration file."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{name}: {error}; mend the TOML there") from None
    _overrides(raw, env)
    _unknown(_Where("top level", text), raw, [*TABLES, *OTHERS])
    made: dict[str, Any] = {"base": base}
    for table, cls in TABLES.items():
        where = _Where(table, text)
        given = _table(where, raw.get(table, {}))
        extra: dict[str, Any] = {}
        if cls is s.Delivery:
            given, extra = _with_oauth(where, given, base, env)
        made[table] = _fill(where, cls, given, extra)
    made["imap"] = _imaps(raw, base, env, text)
    _named_tables(raw, text, made)
    templates = _table(_Where("templates", text), raw.get("templates", {}))
    _unknown(_Where("templates", text), templates, ["folder"])
    made["templates"] = str(templates.get("folder", ""))
    found = _with_whole_paths(s.Settings(**made))
    _cross_checks(found, text)
    return found


def _with_whole_paths(found: s.Settings) -> s.Settings:
    """Certificates are opened by rooms that do not know where the configuration stands."""

    def whole(text: str) -> str:
        return str(found.path(text)) if text else ""

    replace = dataclasses.replace
    return replace(
        found,
        smtp=replace(found.smtp, tls_cert=whole(found.smtp.tls_cert), tls_key=whole(found.smtp.tls_key)),
        imap=tuple(replace(box, ca_file=whole(box.ca_file)) for box in found.imap),
        delivery=replace(found.delivery, ca_file=whole(found.delivery.ca_file)),
    )


def _table(where: _Where, given: Any) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise where.error("", f"{given!r} is no table", f"write [{where.table}] and its keys below")
    return given


def _with_oauth(
    where: _Where, given: Mapping[str, Any], base: Path, env: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    table = _secrets(where, given, base, env)
    inner = _Where(f"{where.table}.oauth", where.text)
    oauth = _secrets(inner, _table(inner, table.pop("oauth", {})), base, env)
    _unknown(inner, oauth, OAUTH_KEYS)
    if oauth and oauth.get("provider") not in ("microsoft", "google"):
        raise inner.error("provider", f"{oauth.get('provider')!r} is not known", "one of microsoft, google")
    extra: dict[str, Any] = {"oauth": {k: str(v) for k, v in oauth.items()}}
    for key in ("password", "dkim_key"):
        if key in table:
            extra[key] = table.pop(key)
    return table, extra


def _imaps(raw: Mapping[str, Any], base: Path, env: Mapping[str, str], text: str) -> tuple[s.Imap, ...]:
    where = _Where("imap", text)
    boxes: list[s.Imap] = []
    for given in _list(where, raw.get("imap", [])):
        table, extra = _with_oauth(where, given, base, env)
        box = _fill(where, s.Imap, table, extra)
        if box.done not in ("flag", "delete") and not box.done.removeprefix("move:") != box.done:
            raise where.error("done", f"{box.done!r} is not known", 'one of "flag", "move:FOLDER", "delete"')
        if any(b.name == box.name for b in boxes):
            raise where.error("name", f"two mailboxes are named {box.name!r}", "give each its own")
        boxes.append(box)
    return tuple(boxes)


def _list(where: _Where, given: Any) -> list[dict[str, Any]]:
    if not isinstance(given, list) or not all(isinstance(g, dict) for g in given):
        raise where.error("", "this is a list of tables", f"write [[{where.table}]], one a time")
    return given


def _named_tables(raw: Mapping[str, Any], text: str, made: dict[str, Any]) -> None:
    """Calendars, service levels, agents, teams, keywords and hints, with what is built in."""
    calendars = {"office": OFFICE, "always": always}
    for name, given in _table(_Where("calendars", text), raw.get("calendars", {})).items():
        where = _Where(f"calendars.{name}", text)
        calendars[name] = _calendar(where, name, _table(where, given))
    levels = {"standard": STANDARD}
    for name, given in _table(_Where("service_levels", text), raw.get("service_levels", {})).items():
        where = _Where(f"service_levels.{name}", text)
        level = _fill(where, s.ServiceLevel, _table(where, given), {"name": name})
        for key in ("respond_hours", "resolve_hours"):
            _unknown(where, getattr(level, key), SEVERITIES)
        levels[name] = level
    agents: dict[str, s.Agent] = {}
    for given in _list(_Where("agent", text), raw.get("agent", [])):
        agent = _fill(_Where("agent", text), s.Agent, given)
        if agent.name in agents:
            raise _Where("agent", text).error(
                "name", f"two agents are named {agent.name!r}", "give each its own"
            )
        agents[agent.name] = agent
    teams = {
        name: _fill(
            _Where(f"teams.{name}", text),
            s.Team,
            _table(_Where(f"teams.{name}", text), given),
            {"name": name},
        )
        for name, given in _table(_Where("teams", text), raw.get("teams", {})).items()
    }
    own_words = tuple(
        _fill(_Where("keywords", text), s.Keywords, g)
        for g in _list(_Where("keywords", text), raw.get("keywords", []))
    )
    own_hints = tuple(
        _fill(_Where("hints", text), s.Hint, g) for g in _list(_Where("hints", text), raw.get("hints", []))
    )
    keywords, hints = _default_words()
    asked = {h.kind for h in own_hints}
    made.update(
        calendars=calendars, service_levels=levels, agents=agents, teams=teams,
        keywords=own_words + keywords,
        hints=own_hints + tuple(h for h in hints if h.kind not in asked),
    )  # fmt: skip


def _default_words() -> tuple[tuple[s.Keywords, ...], tuple[s.Hint, ...]]:
    from maild.desk.keywords import default_hints, default_keywords  # data files: read once, when needed

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


def _cross_checks(found: s.Settings, text: str) -> None:
    """What one key alone cannot tell."""
    check: Callable[[str], _Where] = lambda table: _Where(table, text)  # noqa: E731
    for key, addresses in (("address", (found.desk.address,)), ("aliases", found.desk.aliases)):
        for address in addresses:
            if not re.fullmatch(r"[^@\s<>\",;:]+@[^@\s<>\",;:]+", address):
                raise check("desk").error(key, f"{address!r} is no mail address", 'write "help@desk.example"')
    if "{number}" not in found.threading.subject_tag or found.threading.subject_tag == "{number}":
        raise check("threading").error(
            "subject_tag", "it must hold {number} and a mark", 'such as "[#{number}]"'
        )
    known_rules = s.ThreadingSettings().rules
    for rule in found.threading.rules:
        if rule not in known_rules:
            raise check("threading").error("rules", f"no rule {rule!r}", "known: " + ", ".join(known_rules))
    if not re.match(r"(sqlite|postgresql(\+psycopg)?)://", found.database.url):
        raise check("database").error(
            "url", f"{found.database.url!r} is not understood", "sqlite:///FILE or postgresql://user@host/db"
        )
    if found.smtp.listen and not re.fullmatch(r".*:[0-9]{1,5}", found.smtp.listen):
        raise check("smtp").error(
            "listen", f"{found.smtp.listen!r} is not understood", 'write "127.0.0.1:2525", or "" for none'
        )
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", found.desk.colour):
        raise check("desk").error("colour", f"{found.desk.colour!r} is no colour", 'write "#1f5fa8"')
    for level in found.service_levels.values():
        if level.oncall_calendar and level.oncall_calendar not in found.calendars:
            raise check(f"service_levels.{level.name}").error(
                "oncall_calendar",
                f"no calendar {level.oncall_calendar!r}",
                "known: " + ", ".join(found.calendars),
            )
    for team in found.teams.values():
        if team.lead and team.lead not in found.agents:
            raise check(f"teams.{team.name}").error(
                "lead", f"no agent {team.lead!r}", "add an [[agent]] of this name"
            )
