"""What `serve` says once on a terminal: where everything is, and what to type next. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from maild.settings import Settings
from maild.values import dataclass


@dataclass(frozen=True, slots=True)
class AtStart:
    """How the desk stands as the daemon begins. `ports`: where it really listens, by name."""

    ports: Mapping[str, int | None]
    companies: int
    tickets: int
    mailed: bool  # whether a mail ever came
    pid: int


def lines(settings: Settings, standing: AtStart, command: str, here: Path) -> Iterator[str]:
    """The lines. `command`: how one types `maild` there; paths are shown from `here`."""
    desk, ports = settings.desk, standing.ports
    yield f"maild is ready; Ctrl-C stops it, `kill -HUP {standing.pid}` reads the configuration again"
    yield ""
    yield _row("desk", f"{desk.name} <{desk.address}>; times are those of {desk.timezone}")
    if settings.smtp.listen:
        yield _row("mail in", f"SMTP on {_address(settings.smtp.listen, ports.get('smtp'))}")
    for box in settings.imap:
        yield _row("mail in", f"{box.folder} of {box.username} at {box.host}, as `{box.name}`")
    if not settings.smtp.listen and not settings.imap:
        yield _row("mail in", "none: [smtp] listen or [[imap]] in the configuration brings it")
    delivery = settings.delivery
    if delivery.kind == "maildir":
        where = _shown(settings.path(delivery.maildir) / "new", here)
        yield _row(
            "mail out", f'files in {where}: nothing leaves this machine before [delivery] kind = "smtp"'
        )
    else:
        yield _row("mail out", f"{delivery.host}:{delivery.port}")
    yield _row("database", _database(settings, here))
    if settings.web.listen:
        yield _row("page", settings.web.url or f"http://{_address(settings.web.listen, ports.get('web'))}")
    if settings.server.http:
        yield _row(
            "probes", f"http://{_address(settings.server.http, ports.get('http'))}/healthz and /metrics"
        )
    knows = (
        _count(standing.companies, "company", "companies"),
        _count(len(settings.agents), "agent", "agents"),
        _count(standing.tickets, "open ticket", "open tickets"),
    )
    yield _row("knows", ", ".join(knows))
    yield ""
    yield "In another terminal:"
    if not standing.companies:
        yield _row(
            "", f"{command} company import companies.toml   whose mail it is; until then all are strangers", 2
        )
    if not settings.agents:
        yield _row("", "[[agent]] in the configuration   who works here; until then --as takes any name", 2)
    if not standing.mailed:
        yield _row("", f"{command} check   is everything right? The README sends a first mail", 2)
    yield _row("", f"{command} list   what waits; `{command} next` opens what is due first", 2)
    yield ""
    yield "From here on one line a mail:"


def _row(name: str, text: str, indent: int = 2) -> str:
    return " " * indent + (f"{name:<10}" if name else "") + text


def _address(listen: str, port: int | None) -> str:
    return f"{listen.rpartition(':')[0]}:{port}" if port else listen


def _database(settings: Settings, here: Path) -> str:
    if settings.sqlite_file is not None:
        return _shown(settings.sqlite_file, here)
    url = settings.database.url
    head, at, rest = url.partition("@")
    return f"{head.partition('://')[0]}://{rest}" if at else url  # a password in it is nobody's to read


def _shown(path: Path, here: Path) -> str:
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def _count(number: int, one: str, many: str) -> str:
    return f"{number or 'no'} {one if number == 1 else many}"
