"""What `maild check` looks at: each check gives rows of ok, warn or error, and never stops the others."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from maild.commands.database_checks import database
from maild.commands.session import Session
from maild.errors import MaildError

if TYPE_CHECKING:
    from maild.settings import Settings


CheckState = Literal["ok", "warn", "error"]


class CheckResult(NamedTuple):
    state: CheckState
    what: str
    text: str


#: a `CheckResult` as a check yields it
CheckRow = tuple[CheckState, str, str]


def run(here: Session) -> list[CheckResult]:
    """Every check's rows. A wrong configuration raises, since nothing else can be checked then."""
    from maild import config

    settings = here.settings
    rows: list[CheckRow] = [("ok", "config", f"{settings.desk.name} <{settings.desk.address}>")]

    def files(settings: Settings) -> Iterator[CheckRow]:
        return _files(settings, config.find(here.config, os.environ))

    checks: tuple[Callable[[Settings], Iterator[CheckRow]], ...] = (
        database, _smtp, _imap, _delivery, _dkim, _exposed, files, _templates, _people, _views, _dns,
    )  # fmt: skip
    for check in checks:
        try:
            rows += check(settings)
        except MaildError as error:
            rows.append(("error", check.__name__.strip("_"), str(error)))
    return [CheckResult(*row) for row in rows]


def _smtp(settings: Settings) -> Iterator[CheckRow]:
    if not settings.smtp.listen:
        yield "ok", "smtp in", "turned off"
        return
    host, _, port = settings.smtp.listen.rpartition(":")
    host = host.strip("[]") or "127.0.0.1"
    try:
        with socket.create_connection((host, int(port)), timeout=3) as peer:
            peer.settimeout(3)
            greeting = peer.recv(200).decode("ascii", "replace").strip()
        ours = greeting.startswith("220") and "maild" in greeting.lower()
        text = "the daemon answers" if ours else f"something else listens there: {greeting}"
        state: CheckState = "ok" if ours else "error"
    except OSError:
        state, text = _bindable(host, int(port))
    yield state, "smtp in", f"{settings.smtp.listen}: {text}"
    for name in (settings.smtp.tls_cert, settings.smtp.tls_key):
        if name and not os.access(settings.path(name), os.R_OK):
            yield "error", "smtp in", f"{name} cannot be read"


def _bindable(host: str, port: int) -> tuple[CheckState, str]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return "error", f"cannot be opened ({error.strerror}); name another in [smtp] listen"
    return "ok", "free; the daemon is not running"


def _exposed(settings: Settings) -> Iterator[CheckRow]:
    """Ports that machines elsewhere reach."""
    smtp, page = settings.smtp, settings.web
    plain = "" if smtp.tls_cert else ", and it can be read on the way: [smtp] tls_cert, tls_key"
    for what, listen, why in (
        (
            "smtp in", smtp.listen,
            "anybody may hand mail in" + plain,
        ),
        ("probes", settings.server.http, "/metrics tells everybody how the desk does: [server] http on 127.0.0.1"),
        (
            "page", page.listen,
            "without https what customers read and write can be read on the way: a proxy with https before 127.0.0.1",
        ),
    ):  # fmt: skip
        if listen and _open_to_all(listen.rpartition(":")[0].strip("[]")):
            yield "warn", what, f"{listen}: open to all; {why}; or let a firewall say who gets there"


def _open_to_all(host: str) -> bool:
    import ipaddress

    if not host or host == "*":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host != "localhost"
    return address.is_unspecified or not (address.is_loopback or address.is_private)


def _files(settings: Settings, config: Path | None = None) -> Iterator[CheckRow]:
    """What only the daemon's user, and a group that one chose, should read."""
    from maild.commands.private_files import is_open, kept

    problems = 0
    for what, path in kept(settings, config):
        try:
            wide = is_open(path)
        except OSError:
            continue  # nothing there yet, or a secret that another row tells of
        if wide:
            problems += 1
            remedy = f"chmod {'o-rwx' if path.stat().st_mode & 0o070 else 'go-rwx'} {path}, or `maild init`"
            state: CheckState = "warn" if path == config else "error"
            yield state, "files", f"{path}: every user of this machine can get at {what}: {remedy}"
    if not problems:
        yield "ok", "files", "configuration, database, mails and secrets are closed to other users"


def _imap(settings: Settings) -> Iterator[CheckRow]:
    from maild.receive.imap_connect import try_login
    from maild.receive.oauth import mailbox_tokens

    for box in settings.imap:
        try:
            text = try_login(box, mailbox_tokens(box, settings.base))
            yield "ok", f"imap {box.name}", text
        except (MaildError, OSError) as error:
            yield "error", f"imap {box.name}", str(error)


def _delivery(settings: Settings) -> Iterator[CheckRow]:
    d = settings.delivery
    if d.kind == "maildir":
        folder = settings.path(d.maildir)
        writable = (
            os.access(folder if folder.exists() else folder.parent, os.W_OK) or not folder.parent.exists()
        )
        text = f'mails are written to {folder}; kind = "smtp" sends them'
        yield "ok" if writable else "error", "mail out", text if writable else f"{folder} is not writable"
        return
    try:
        yield "ok", "mail out", asyncio.run(_relay(settings))
    except MaildError as error:
        yield "error", "mail out", str(error)


def _dkim(settings: Settings) -> Iterator[CheckRow]:
    d = settings.delivery
    if d.dkim_selector and d.dkim_key:
        yield (
            "ok",
            "dkim",
            f"maild signs as {d.dkim_selector}._domainkey.{d.dkim_domain or settings.desk.domain}",
        )
    elif d.dkim_selector or d.dkim_domain or d.dkim_key:
        missing = "dkim_key_file" if not d.dkim_key else "dkim_selector"
        yield "error", "dkim", f"half a setting: [delivery] {missing} is missing, so nothing is signed"
    elif d.kind == "smtp":
        yield "ok", "dkim", "the relay must sign: [delivery] dkim_* is not set"


async def _relay(settings: Settings) -> str:
    """Connects as the daemon does, with the same explanations when that fails."""
    import aiosmtplib

    from maild.receive.oauth import relay_tokens
    from maild.send.relay import Relay, answer_of

    d = settings.delivery
    relay = await Relay(d, hostname=settings.smtp.hostname, tokens=relay_tokens(d, settings.base)).connect()
    try:
        await relay.mail("")
        null = "takes the null sender"
    except aiosmtplib.SMTPException as refusal:
        null = f"refuses the null sender ({answer_of(refusal)})"
    finally:
        relay.close()
    return f"{d.host}:{d.port} answers and {null}"


def _templates(settings: Settings) -> Iterator[CheckRow]:
    from maild.render import templates_for
    from maild.render.preview import check

    problems = check(templates_for(settings), settings)
    for problem in problems:
        yield "error", "templates", str(problem)
    if not problems:
        yield "ok", "templates", "all five languages"


def _people(settings: Settings) -> Iterator[CheckRow]:
    if not settings.agents:
        yield "warn", "agents", "no [[agent]] is configured: nobody is warned before a promise breaks"
    for agent in settings.agents.values():
        if not agent.address:
            yield "warn", "agents", f"{agent.name} has no address: gets no alerts"


def _views(settings: Settings) -> Iterator[CheckRow]:
    from maild.desk import filters

    for name in settings.views:
        try:
            filters.of_view(name, settings)
        except MaildError as error:
            yield "error", "views", str(error)


def _dns(settings: Settings) -> Iterator[CheckRow]:
    if not settings.authentication.verify_dkim:
        yield "warn", "dns", "signatures are not checked: [authentication] verify_dkim = false"
        return
    from maild.work.authentication import resolver_state

    ok, text = resolver_state(settings)
    yield "ok" if ok else "warn", "dns", text
