"""What every verb needs: settings, store, agent, message; opened only when asked for."""

from __future__ import annotations

import getpass
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from maild.commands.encoding import standard_input
from maild.errors import Refused
from maild.party import agents

if TYPE_CHECKING:
    from maild.app.acts import Act
    from maild.mail.own_ids import Signer
    from maild.model import Plan, TicketFacts
    from maild.settings import Settings
    from maild.store import Applied, Store, Tx


@dataclass
class Session:
    """One run of the command line."""

    config: str | None = None
    agent_option: str | None = None
    _settings: Settings | None = field(default=None, repr=False)

    @property
    def settings(self) -> Settings:
        if self._settings is None:
            from maild import config

            self._settings = config.load(self.config)
        return self._settings

    def agent(self, given: str | None = None) -> str:
        """`--as` after or before the verb, MAILD_AGENT, the login name; a configured agent where any are."""
        name, source = self._called(given)
        if not name.strip() or any(ord(c) < 32 for c in name):
            raise Refused("an agent's name is one line of text: --as NAME")
        try:
            return agents.named(name, self.settings)
        except Refused as error:
            raise Refused(f"{source}{error}; --as NAME or MAILD_AGENT says who you are") from None

    def viewer(self, given: str | None = None) -> str:
        """The agent who looks, "" where nobody known does: whoever is logged in may read. Refused for a wrong `--as`."""
        if given or self.agent_option:
            return self.agent(given)
        try:
            return self.agent()
        except Refused:
            return ""

    def _called(self, given: str | None) -> tuple[str, str]:
        """A name, and how it came where nobody typed it just now."""
        if name := given or self.agent_option:
            return name, ""
        if name := os.environ.get("MAILD_AGENT"):
            return name, "MAILD_AGENT: "
        return _login(), "you are logged in under another name: "

    @contextmanager
    def store(self, *, create: bool = False) -> Iterator[Store]:
        from maild.store import Store

        opened = Store.open(self.settings, create=create)
        try:
            yield opened
        finally:
            opened.close()

    @contextmanager
    def read(self) -> Iterator[Tx]:
        with self.store() as store, store.read() as tx:
            yield tx

    @contextmanager
    def write(self) -> Iterator[Tx]:
        with self.store() as store, store.write() as tx:
            yield tx

    def signer(self, tx: Tx) -> Signer:
        from maild.mail.own_ids import Signer

        return Signer(tx.secret(), self.settings.desk.domain)

    def apply(self, tx: Tx, plan: Plan) -> Applied:
        return tx.apply(plan, now=now(), signer=self.signer(tx), nonces=nonce)

    def act(self, tx: Tx, ticket: TicketFacts, given: str | None) -> Act:
        """The facts that an agent's act on `ticket` needs."""
        from maild.app.acts import Act

        company = tx.companies.find(ticket.company) if ticket.company else None
        person = tx.contacts.find(ticket.requester) if ticket.requester else None
        consents = tuple(tx.consents.of_ticket(ticket.number))
        return Act(self.settings, now(), self.agent(given), company, person, consents)


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise Refused("who are you? --as NAME or MAILD_AGENT says it") from None


def now() -> datetime:
    """The moment of this act. MAILD_NOW (ISO 8601) is for the scripted weeks of `make demo-week` and tests."""
    given = os.environ.get("MAILD_NOW")
    if given:
        try:
            return datetime.fromisoformat(given).astimezone(UTC)
        except ValueError:
            raise Refused(f"MAILD_NOW={given!r} is no ISO 8601 time") from None
    return datetime.now(UTC)


def nonce() -> str:
    """Unguessable text for Message-IDs: 100 bits, a-z and 2-7."""
    import base64

    return base64.b32encode(secrets.token_bytes(13)).decode("ascii").lower().rstrip("=")[:20]


def session(ctx: typer.Context) -> Session:
    found = ctx.find_object(Session)
    assert found is not None
    return found


def ticket_number(text: str) -> int:
    """`15789` or `#15789`."""
    digits = text.strip().removeprefix("#")
    if not digits.isascii() or not digits.isdigit() or not 0 < int(digits[:19]) < 2**63:
        raise typer.BadParameter(f"{text!r} is no ticket number")
    return int(digits)


NumberArg = Annotated[int, typer.Argument(parser=ticket_number, metavar="N", help="The ticket's number.")]
JsonOpt = Annotated[bool, typer.Option("--json", help="Print JSON.")]
AsOpt = Annotated[str | None, typer.Option("--as", metavar="NAME", help="The agent who acts.")]
MessageOpt = Annotated[
    str | None, typer.Option("--message", "-m", metavar="TEXT", help='The words; "-" reads standard input.')
]
FileOpt = Annotated[Path | None, typer.Option("--file", "-F", help="A UTF-8 text file with the words.")]


def message(text: str | None, file: Path | None, *, needed: bool, template: str = "") -> str:
    """The words of an act: -m, a file, standard input, or $EDITOR on a terminal when they are needed."""
    if text is not None and file is not None:
        raise typer.BadParameter("either -m or --file, not both")
    if file is not None:
        return _clean(text_of(file))
    if text == "-" or (text is None and needed and not sys.stdin.isatty()):
        return _clean(standard_input())
    if text is not None:
        return _clean(text)
    return _clean(_edited(template)) if needed else ""


def text_of(file: Path) -> str:
    """The UTF-8 text of a file that an agent or operator named."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise Refused(f"{file}: {(error.strerror or 'cannot be read').lower()}") from None
    except UnicodeDecodeError:
        raise Refused(f"{file}: is no UTF-8 text") from None


def _clean(text: str) -> str:
    """No carriage returns, NULs or lone surrogates: mail and database take none."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return text.encode("utf-8", "replace").decode("utf-8").strip("\n")


def _edited(template: str) -> str:
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    mark = "# ------ lines from here on are dropped"
    with tempfile.NamedTemporaryFile("w+", suffix=".txt", prefix="maild-", encoding="utf-8") as file:
        file.write(f"\n{mark}\n{template}")
        file.flush()
        import shlex

        try:
            done = subprocess.run([*shlex.split(editor), file.name], check=False)
        except OSError as error:
            raise Refused(f"cannot start {editor!r} ({error.strerror}); -m TEXT gives the words") from None
        if done.returncode:
            raise Refused(f"{editor} ended with {done.returncode}; nothing was done")
        return Path(file.name).read_text(encoding="utf-8").split(mark)[0]


def parse_time(text: str | None, zone: str) -> datetime | None:
    """`2026-11-22 14:00` in `zone`, or with an offset of its own; also `14:00` today."""
    if not text:
        return None
    from zoneinfo import ZoneInfo

    here = ZoneInfo(zone)
    try:
        if len(text) == 5 and text[2] == ":":
            clock = datetime.strptime(text, "%H:%M")
            return (
                now()
                .astimezone(here)
                .replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
                .astimezone(UTC)
            )
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(f"{text!r} is no time; write 2026-11-22T14:00 or 14:00") from None
    return (at.replace(tzinfo=here) if at.tzinfo is None else at).astimezone(UTC)


def done(ctx: typer.Context, tx: Tx, number: int, as_json: bool, text: str) -> None:
    """The end of an act: the ticket as `list` prints it, or one line."""
    from maild.commands import output

    if as_json:
        output.emit(tx.tickets.as_json(number))
    else:
        output.say(output.safe_line(text))
