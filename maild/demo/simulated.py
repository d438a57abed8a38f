"""A whole desk in this process on a clock that is moved by hand: `maild demo --week` and the scenario tests.

Everything is what the daemon uses: the SMTP port, the loops of work/, a database, a Maildir, the verbs of the
command line. Only the time is ours, so that a week passes in seconds and twice in the same way.
"""

from __future__ import annotations

import asyncio
import contextlib
import smtplib
from collections.abc import Coroutine, Sequence
from dataclasses import field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from maild import config
from maild.demo.verbs import DeskVerbs
from maild.errors import MaildError
from maild.model import Envelope, Json
from maild.send.letter import Done, Letter, SendResult
from maild.send.maildir import MaildirSender
from maild.store import Tx
from maild.values import dataclass, replace
from maild.work import wiring

T = TypeVar("T")


class HandClock:
    """Stands still until it is set."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        """Aware, in UTC."""
        return self.at

    async def sleep(self, _seconds: float) -> None:
        """Nobody waits here for a later moment: the loops are drained instead."""
        await asyncio.sleep(0)


@dataclass(frozen=True)
class Posted:
    """One mail that left the desk: when on the desk's clock, which row it was, and its bytes."""

    at: datetime
    notice: str
    ticket: int | None
    language: str
    to: tuple[str, ...]
    mail_from: str
    raw: bytes = field(repr=False)
    data: Json = field(repr=False)

    @property
    def mail(self) -> EmailMessage:
        """The bytes, parsed."""
        made = message_from_bytes(self.raw, policy=policy.default)
        assert isinstance(made, EmailMessage)
        return made

    @property
    def text(self) -> str:
        """The plain text."""
        part = self.mail.get_body(("plain",))
        return str(part.get_content()) if part is not None else ""


class _Postman:
    """The Maildir sender, and a note of each letter that it took."""

    def __init__(self, sender: MaildirSender) -> None:
        self._sender = sender
        self.taken: list[Letter] = []

    async def send_many(self, letters: Sequence[Letter], done: Done) -> None:
        """Write the letters and remember them."""

        def noted(letter: Letter, result: SendResult) -> None:
            if not result.unreachable:
                self.taken.append(letter)
            done(letter, result)

        await self._sender.send_many(letters, noted)

    async def probe(self) -> str:
        """As the Maildir says."""
        return await self._sender.probe()

    async def close(self) -> None:
        """Let go."""
        await self._sender.close()


class SimulatedDesk(DeskVerbs):
    """`with SimulatedDesk(folder, config, companies, start) as desk:`; the folder is the caller's.

    A folder that holds a database already is taken as it is, with this configuration. Mails of agents' acts leave at
    once unless `hold_seconds` says otherwise: `advance` moves the clock.
    """

    def __init__(
        self, folder: Path, config_text: str, companies: str, start: datetime, *, hold_seconds: float = 0.0
    ) -> None:
        self.folder, self.config = folder, folder / "config.toml"
        self.clock = HandClock(start.astimezone(UTC))
        self.posted: list[Posted] = []
        self._held = {"MAILD_DELIVERY__HOLD_SECONDS": str(hold_seconds)}
        self._texts = config_text, companies
        self._closers = contextlib.AsyncExitStack()
        self._runner = asyncio.Runner()

    def environment(self) -> dict[str, str]:
        """Verbs run at this moment."""
        return super().environment() | self._held | {"MAILD_NOW": self.clock.at.isoformat()}

    def __enter__(self) -> SimulatedDesk:
        try:
            self.begin(*self._texts)
            self._run(self._start())
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._run(self._closers.aclose())
        finally:
            self._runner.close()

    # --------------------------------------------------------------------------------------- its parts

    async def _start(self) -> None:
        settings = self.settings = config.load(self.config, env=self._held)
        closers = self._closers
        base = await wiring.open_database(settings, closers, create=False)
        self.store = base.store
        self._postman = _Postman(MaildirSender(settings.path(settings.delivery.maildir)))
        self.works = works = await wiring.build(
            settings, self.clock, self._postman, base, closers, notes=self.folder / "var" / "now"
        )
        self.signer, self.ingest, self.outbox = works.signer, works.ingest, works.outbox
        closers.push_async_callback(works.outbox.stop)
        closers.push_async_callback(works.ingest.stop)
        self.receiver = works.receiver(self._accept)
        await self.receiver.start()
        closers.push_async_callback(self.receiver.stop)

    async def _accept(self, envelope: Envelope, raw: bytes, source_key: str | None) -> int:
        """Reception by the desk's clock, not by the machine's."""
        return await self.works.intake.accept(
            replace(envelope, received_at=self.clock.now()), raw, source_key
        )

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(work)

    # ------------------------------------------------------------------------------------------ time

    def now(self) -> datetime:
        """What the desk's clock shows, in UTC."""
        return self.clock.now()

    def advance(self, to: datetime) -> None:
        """Let time pass until `to`; everything that is due on the way happens at its own moment."""
        to = to.astimezone(UTC)
        self.settle()
        while (due := self._next_due()) is not None and due <= to:
            self.clock.at = max(due, self.clock.at)
            self.settle()
        self.clock.at = max(to, self.clock.at)

    def _next_due(self) -> datetime | None:
        """The next deadline or try to send that lies ahead; what is due now was done by `settle`."""
        with self.store.read() as tx:
            moments = (tx.deadlines.next_at(), tx.outbound.next_due())
        return min((at for at in moments if at is not None and at > self.clock.at), default=None)

    def settle(self) -> None:
        """Do all that is due at this moment: mails taken in, deadlines, mails sent."""
        self._run(self._settle())

    async def _settle(self) -> None:
        await self.works.drain()
        # of one moment, in the desk's order: mails to different hosts leave side by side
        taken, self._postman.taken = sorted(self._postman.taken, key=lambda letter: letter.key), []
        if taken:
            with self.store.read() as tx:
                self.posted += [_posted(tx, letter, self.clock.at) for letter in taken]

    # ------------------------------------------------------------------------------- mails and verbs

    def send(
        self, mail: EmailMessage | bytes, *, mail_from: str | None = None, to: Sequence[str] = ()
    ) -> None:
        """Hand a mail to the SMTP port and let the desk do what follows. smtplib's errors on a refusal."""
        raw = mail if isinstance(mail, bytes) else mail.as_bytes(policy=policy.SMTP)
        if mail_from is None:
            head = message_from_bytes(raw, policy=policy.compat32)
            mail_from = str(head.get("From") or "").rpartition("<")[2].strip("<> ")
        self._run(asyncio.to_thread(self._deliver, raw, mail_from, list(to) or [self.settings.desk.address]))
        self.settle()

    def _deliver(self, raw: bytes, mail_from: str, to: list[str]) -> None:
        with smtplib.SMTP("127.0.0.1", self.receiver.port, timeout=60) as relay:
            relay.sendmail(mail_from, to, raw)

    def screen(self, *words: str) -> str:
        """What a person at a terminal of 100 columns sees of a verb, without colours."""
        return self.ran(*words, terminal=True).out

    def act(self, agent: str, *words: str) -> str:
        """A verb of an agent, and what follows from it."""
        try:
            return self.maild("--as", agent, *words)
        finally:
            self.settle()

    def refused(self, agent: str, *words: str) -> str:
        """The text of an act's refusal; raises where it was not refused."""
        try:
            self.act(agent, *words)
        except MaildError as refusal:
            return str(refusal)
        raise AssertionError(f"not refused: {' '.join(words)}")


def _posted(tx: Tx, letter: Letter, at: datetime) -> Posted:
    row = tx.outbound.get(letter.key)
    return Posted(
        at, row.mail.notice, row.mail.ticket, row.language, letter.recipients, letter.mail_from, letter.raw, row.data,
    )  # fmt: skip
