"""import: old mail becomes tickets, and nobody is mailed."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from maild.commands import output
from maild.commands.app import app
from maild.commands.options import JsonOpt
from maild.commands.progress import counted
from maild.commands.session import Session, nonce, now, session
from maild.desk.numbers import how_many
from maild.errors import Refused
from maild.values import replace

if TYPE_CHECKING:
    from maild.commands.explainer import Source
    from maild.model import Mail
    from maild.store import Store

import_ = typer.Typer(help="Old mail as tickets; nobody is mailed.", no_args_is_help=True)
app.add_typer(import_, name="import")

#: bytes of a mail in which its date is looked for
_HEAD = 65_536


@import_.command()
def mbox(
    ctx: typer.Context,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Mailbox files (mbox), or single mails.")
    ],
    closed: Annotated[
        bool, typer.Option("--closed", help="Close the new tickets: they are history.")
    ] = False,
    as_json: JsonOpt = False,
) -> None:
    """Old mail becomes tickets: threads are kept, nothing is promised, nobody gets a mail. May be repeated."""
    from maild.commands.explainer import members
    from maild.store import Store

    here = session(ctx)
    for path in files:
        if not path.is_file():
            raise Refused(f"{path}: no such file; export the mailbox as mbox first")
    sources = [source for path in files for source in members(str(path), path)]
    dated = sorted(((_date(source), i, source) for i, source in enumerate(sources)), key=lambda one: one[:2])
    # other programs are not told of what is long past either
    quiet = replace(here.settings, webhooks=())
    store = Store.open(quiet, create=True)
    try:
        told = _Importer(here, store).run([(at, source) for at, _, source in dated])
        if closed:
            told.close()
    finally:
        store.close()
    if as_json:
        output.emit({**{name: told.counts[name] for name in _COUNTS}, "tickets": told.tickets})
        return
    n = told.counts
    mails, tickets = how_many(len(dated), "mail"), how_many(n["opened"], "new ticket")
    output.say(f"{mails}: {tickets}, {n['joined']} on one that there was,")
    output.say(f"{n['filed']} on none, {n['duplicates']} known already, {n['unreadable']} unreadable")


_COUNTS = ("mails", "opened", "joined", "filed", "duplicates", "unreadable")


class _Importer:
    """One run. `counts`: what became of the mails; `tickets`: those that were opened."""

    def __init__(self, here: Session, store: Store) -> None:
        self._here, self._store = here, store
        self.counts: Counter[str] = Counter()
        self.tickets: list[int] = []
        self._last: dict[int, datetime] = {}

    def run(self, dated: Sequence[tuple[datetime, Source]]) -> _Importer:
        """Every mail in the order of time, each in a transaction of its own: a run that ends early can be repeated."""
        from maild.commands.explainer import ALONE, bytes_of, read_alone
        from maild.commands.readers import Readers, processes_here

        with Readers(self._here.settings, processes=processes_here()) as readers:
            loads = [(lambda source=source: bytes_of(source)) for _, source in dated]
            many = len(dated) >= ALONE
            outcomes = (
                readers.map(loads)
                if many
                else (read_alone(source, self._here.settings, lambda: readers) for _, source in dated)
            )
            read = zip(dated, outcomes, strict=True)
            for (at, source), (mail, error) in counted(read, "importing", lambda: len(dated)):
                self._one(bytes_of(source), mail, error, at)
        return self

    def _one(self, raw: bytes, mail: Mail | None, error: str, at: datetime) -> None:
        from maild.app import importing
        from maild.app.handle_mail import decide, unreadable
        from maild.app.lookup import keys_of
        from maild.mail.own_ids import Signer
        from maild.mail.parse import needs_worker
        from maild.model import AuthResult, Envelope

        self.counts["mails"] += 1
        settings, sha256 = self._here.settings, hashlib.sha256(raw).hexdigest()
        envelope, file = Envelope("mbox", at), self._store.keep_large(raw, sha256)
        with self._store.write() as tx:
            key = f"mbox:{sha256}"
            if tx.inbound.knows(key):
                self.counts["duplicates"] += 1
                return
            inbound = tx.inbound.accept(envelope, raw, key, sha256, file=file, slow=needs_worker(raw))
            signer = Signer(tx.secret(), settings.desk.domain)
            if mail is None:
                plan = unreadable(error)
            else:
                facts = tx.facts(keys_of(mail, envelope, settings), at, inbound_id=inbound)
                made = decide(mail, envelope, facts, AuthResult(), settings, signer, at, nonce=nonce)
                plan = importing.quiet(made, mail, settings)
            applied = tx.apply(plan, now=at, signer=signer, nonces=nonce, inbound_id=inbound, mail=mail)
        self._count(plan.inbound_state, plan.inbound_ticket, applied.tickets, at)

    def _count(self, state: str, named: int | None, opened: Sequence[int], at: datetime) -> None:
        what = {"quarantined": "unreadable", "duplicate": "duplicates"}.get(state)
        self.counts[what or ("opened" if opened else "joined" if named is not None else "filed")] += 1
        self.tickets += opened
        for number in (*opened, *([named] if named is not None and named > 0 else [])):
            self._last[number] = at

    def close(self) -> None:
        """The new tickets end with their last mail."""
        from maild.app import importing
        from maild.mail.own_ids import Signer

        for number in self.tickets:
            at = self._last[number]
            with self._store.write() as tx:
                signer = Signer(tx.secret(), self._here.settings.desk.domain)
                tx.apply(
                    importing.closed(tx.ticket(number), at, self._here.settings),
                    now=at,
                    signer=signer,
                    nonces=nonce,
                )


def _date(source: Source) -> datetime:
    """When a mail came: its topmost Received, else its Date, else now; never in the future."""
    from maild.commands.explainer import bytes_of

    latest = now()
    name, path, start, length = source
    try:
        head = bytes_of((name, path, start, min(length, _HEAD))).replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    except OSError as error:
        raise Refused(f"{name}: cannot be read: {error.strerror}") from None
    fields = head.replace(b"\n ", b" ").replace(b"\n\t", b" ").split(b"\n")
    for field, part in ((b"received:", b";"), (b"date:", b":")):
        for line in fields:
            if line.lower().startswith(field):
                moment = _moment(line.rpartition(part)[2] if part == b";" else line.partition(part)[2])
                if moment is not None and moment <= latest:
                    return moment
                break
    return latest


def _moment(text: bytes) -> datetime | None:
    try:
        date = parsedate_to_datetime(text.decode("ascii", "replace").strip())
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
