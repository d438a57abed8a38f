"""What every verb needs: settings, store, agent; opened only when asked for."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from maild.errors import Refused
from maild.party import agents
from maild.values import dataclass

if TYPE_CHECKING:
    import typer

    from maild.app.acts import ActContext
    from maild.mail.own_ids import Signer
    from maild.model import Plan, TicketFacts
    from maild.settings import Settings
    from maild.store import Applied, Store, Tx
    from maild.store.listed import QueueSource, TicketSource


class _TakeBack(Exception):
    """Ends a dry run's transaction without a trace."""


@dataclass()
class Session:
    """One run of the command line."""

    config: str | None = None
    agent_option: str | None = None
    words: bool = True  # whether the shipped tables of words are needed, which mail is read with
    _settings: Settings | None = field(default=None, repr=False)

    @property
    def settings(self) -> Settings:
        if self._settings is None:
            from maild import config

            self._settings = config.load(self.config, words=self.words)
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

    def assignee(self, whom: str, given: str | None = None) -> str:
        """The agent or team that was typed; `me` is who acts. Refused for a name that nobody has."""
        return (
            self.agent(given)
            if whom == "me"
            else agents.agent_or_team(whom, self.settings, agents.teams(self.settings))
        )

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
    def queue(self) -> Iterator[QueueSource]:
        """What `list` reads: a SQLite file on its driver alone, any other database by a transaction."""
        from maild.store import sqlite_queue

        with sqlite_queue.looking(self.settings) as source:
            if source is not None:
                yield source
                return
        with self.read() as tx:
            yield tx.queue

    @contextmanager
    def tickets(self) -> Iterator[TicketSource]:
        """What verbs read that show a ticket; as `queue`."""
        from maild.store import sqlite_tickets

        with sqlite_tickets.looking(self.settings) as source:
            if source is not None:
                yield source
                return
        with self.read() as tx:
            yield tx.queue

    @contextmanager
    def write(self, *, dry_run: bool = False) -> Iterator[Tx]:
        """A transaction; a dry run's is taken back before anybody else could see it."""
        try:
            with self.store() as store, store.write() as tx:
                yield tx
                if dry_run:
                    raise _TakeBack
        except _TakeBack:
            pass

    def signer(self, tx: Tx) -> Signer:
        from maild.mail.own_ids import Signer

        return Signer(tx.secret(), self.settings.desk.domain)

    def apply(self, tx: Tx, plan: Plan) -> Applied:
        return tx.apply(plan, now=now(), signer=self.signer(tx), nonces=nonce)

    def act(self, tx: Tx, ticket: TicketFacts, given: str | None) -> ActContext:
        """The facts that an agent's act on `ticket` needs."""
        from maild.app.acts import ActContext

        company = tx.companies.find(ticket.company)
        person = tx.contacts.find(ticket.requester) if ticket.requester else None
        consents = tuple(tx.consents.of_ticket(ticket.number))
        agent, moment = self.agent(given), now()
        waiting = tx.acts.waiting(agent, ticket.number, moment)
        return ActContext(self.settings, moment, agent, company, person, consents, waiting=waiting)


def _login() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise Refused("cannot tell which agent you are: use --as NAME or set MAILD_AGENT") from None


def now() -> datetime:
    """The moment of this act. MAILD_NOW (ISO 8601) is for the scripted weeks of `make demo-week` and tests."""
    given = os.environ.get("MAILD_NOW")
    if given:
        try:
            return datetime.fromisoformat(given).astimezone(UTC)
        except ValueError:
            raise Refused(f"MAILD_NOW={given!r} is not an ISO 8601 time") from None
    return datetime.now(UTC)


def nonce() -> str:
    """Unguessable text for Message-IDs: 100 bits, a-z and 2-7."""
    import base64

    return base64.b32encode(secrets.token_bytes(13)).decode("ascii").lower().rstrip("=")[:20]


def session(ctx: typer.Context) -> Session:
    here = ctx.find_object(Session)
    assert here is not None
    return here


def parse_time(text: str | None, zone: str) -> datetime | None:
    """A time to come, as people say it (`ticket/dates`), in `zone`; None for none. Raises `Refused`."""
    if not text:
        return None
    from maild.ticket import dates

    return dates.parse(text, now(), zone)


def parse_day(text: str) -> date:
    """A day as ISO 8601 writes it. Refused for anything else."""
    from maild.ticket.days import YEARS

    with suppress(ValueError):
        if (day := date.fromisoformat(text)).year in YEARS:
            return day
    raise Refused(f"{text!r} is not a date; write 2026-11-02")
