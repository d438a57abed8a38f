"""The dry run behind `maild explain`: parsed in several processes, decided on one snapshot of the database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import cached_property, partial
from pathlib import Path
from types import TracebackType
from typing import Any
from zoneinfo import ZoneInfo

from maild.app.handle_mail import decide, unreadable
from maild.app.lookup import keys_of
from maild.commands.readers import Outcome, Readers, processes_here
from maild.commands.session import Session, nonce
from maild.consent.hiding import hide
from maild.errors import MaildError, NotYet, Unreadable
from maild.mail.own_ids import Signer
from maild.mail.parse import ParseLimits, needs_worker, parse_mail
from maild.model import (
    ActKind,
    AuthResult,
    Decision,
    Envelope,
    Facts,
    JsonObject,
    Mail,
    Reason,
    Sender,
    Threading,
    WaitAct,
)
from maild.settings import Settings
from maild.store.decisions import act_json, check_json, ticket_json

#: of a file that is larger than any mail may be, no more than this is read: it hits the cap on size
MOST = ParseLimits().size + 1_000
#: below so many mails the start of processes costs more than it saves
ALONE = 24


#: name, path, offset, length
Source = tuple[str, Path, int, int]


def bytes_of(source: Source) -> bytes:
    """The bytes of one mail, without an mbox's `From ` line."""
    _, path, start, length = source
    with path.open("rb") as file:
        file.seek(start)
        return without_from_line(file.read(min(length, MOST)))


def without_from_line(raw: bytes) -> bytes:
    """One leading mbox `From ` line is no header (RFC 4155)."""
    if raw.startswith(b"From ") and b"\n" in raw:
        return raw[raw.index(b"\n") + 1 :]
    return raw


def members(name: str, path: Path) -> Iterator[Source]:
    """The mails of a file: one, or each member of an mbox as FILE#1, FILE#2 ..."""
    try:
        size = path.stat().st_size
        starts = list(_from_lines(path))
    except OSError:
        yield name, path, 0, 0
        return
    if starts and (path.suffix == ".mbox" or len(starts) > 1):
        if starts[0] > 2:  # a file whose beginning is lost: what stands there is a mail's, too
            starts.insert(0, 0)
        ends = [*starts[1:], size]
        for number, (start, end) in enumerate(zip(starts, ends, strict=True), 1):
            yield f"{name}#{number}", path, start, end - start
    else:
        yield name, path, 0, size


def _from_lines(path: Path) -> Iterator[int]:
    """Offsets of the mbox separators: `From ` at the start, or after an empty line."""
    offset, blank = 0, True
    with path.open("rb") as file:
        for line in file:
            if blank and line.startswith(b"From "):
                yield offset
            blank = line in (b"\n", b"\r\n")
            offset += len(line)


def read_alone(source: Source, settings: Settings, readers: Callable[[], Readers]) -> Outcome:
    """Read here and now, but for what could be dragged out."""
    try:
        raw = bytes_of(source)
        if needs_worker(raw):
            return next(readers().map([lambda: raw]))
        return parse_mail(raw, desk_addresses=settings.desk.addresses), ""
    except Unreadable as error:
        return None, str(error)
    except OSError as error:
        return None, f"cannot be read: {error.strerror}"


class Explainer:
    """Decides mails without writing anything. Use as a context manager."""

    def __init__(self, here: Session, received: datetime, *, dns: bool = False) -> None:
        self.settings = here.settings
        self.received = received
        self.total: int | None = None
        self._stack = ExitStack()
        self._here = here
        self._dns = dns or bool(self.settings.authentication.resolver)
        self._tx: Any = None
        self._signer = Signer(b"no database: explains only", self.settings.desk.domain)
        self._authenticate: Any = None

    def __enter__(self) -> Explainer:
        try:
            self._tx = self._stack.enter_context(self._here.read())
            self._signer = self._here.signer(self._tx)
        except MaildError:
            if (file := self.settings.sqlite_file) is None or file.exists():
                raise
        from maild.work.authentication import offline_evaluator

        self._authenticate = self._stack.enter_context(offline_evaluator(self.settings, dns=self._dns))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def rows(self, sources: Iterable[tuple[str, Path]]) -> Iterator[JsonObject]:
        """One row a mail, in input order."""
        work = [m for name, path in sources for m in members(name, path)]
        self.total = len(work)
        loads = (partial(bytes_of, source) for source in work)
        outcomes = map(self._alone, work) if len(work) < ALONE else self._readers.map(loads)
        for source, (mail, error) in zip(work, outcomes, strict=True):
            try:
                row = self._row(source, mail, error)
            except Exception as fault:  # a fault of ours must not end the run of thousands: the row says so
                row = self._row(source, None, f"{type(fault).__name__} while deciding")
            yield row

    @cached_property
    def _readers(self) -> Readers:
        return self._stack.enter_context(Readers(self.settings, processes=processes_here()))

    def _alone(self, source: Source) -> Outcome:
        return read_alone(source, self.settings, lambda: self._readers)

    def _row(self, source: Source, mail: Mail | None, error: str) -> JsonObject:
        name = source[0]
        if mail is None:
            decision = unreadable(error).decision
            assert decision is not None
            return row_of(name, None, decision, self.settings.desk.timezone)
        envelope = Envelope("file", self.received)
        facts = self._tx.facts(keys_of(mail, envelope, self.settings), self.received) if self._tx else Facts()
        auth: AuthResult = self._authenticate(mail, envelope, bytes_of(source) if self._dns else b"")
        try:
            plan = decide(
                mail, envelope, facts, auth, self.settings, self._signer, self.received, nonce=nonce
            )
        except NotYet as why:
            return row_of(name, mail, _waiting(mail, auth, str(why)), self.settings.desk.timezone)
        assert plan.decision is not None
        zone = self.settings.desk.timezone
        company = plan.decision.sender.company
        if company and company in facts.companies and facts.companies[company].timezone:
            zone = facts.companies[company].timezone
        return row_of(name, mail, plan.decision, zone)


def _waiting(mail: Mail, auth: AuthResult, why: str) -> Decision:
    """What is known of an answer that would wait for DNS."""
    address = mail.sender.address if mail.sender else None
    sender = Sender(address, "", "unknown" if address else "none", authenticated=auth.result)
    waits = WaitAct(ActKind.HOLD, why)
    return Decision("reply", (Reason("waits", why),), sender, Threading(None, None, "none"), would=(waits,))


def _date(mail: Mail) -> str | None:
    """The Date as written, with its own offset, where it says the same moment."""
    if mail.date is None:
        return None
    try:
        written = parsedate_to_datetime(mail.header("Date") or "")
        if written.tzinfo is not None and written == mail.date:
            return written.isoformat(timespec="seconds")
    except (ValueError, TypeError, IndexError, OverflowError):
        pass
    return mail.date.isoformat(timespec="seconds")


def row_of(name: str, mail: Mail | None, decision: Decision, zone: str) -> JsonObject:
    """the contract's shape of `explain --json`: absent data is null or [], never a missing key."""
    sender = decision.sender
    first = mail.froms[0] if mail and mail.froms else None
    shown = mail.sender if mail and mail.sender else first
    return {
        "file": name,
        "message_id": mail.message_id if mail else None,
        "kind": decision.kind,
        "reasons": [{"code": r.code, "evidence": r.evidence} for r in decision.reasons],
        "from": shown.address if shown else None,
        "from_name": (shown.name or None) if shown else None,
        "subject": mail.subject if mail else None,
        "date": _date(mail) if mail else None,
        "language": mail.language if mail else None,
        "text": hide(mail.text) if mail else None,
        "new_text": hide(mail.new_text) if mail else None,
        "left_out": mail.left_out if mail else None,
        "attachments": [
            {"name": a.name, "type": a.type, "size": a.size, "inline": a.inline} for a in (mail.attachments if mail else ())
        ],
        "sender": {
            "contact": sender.contact, "company": sender.company, "how": sender.how, "authenticated": sender.authenticated,
        },
        "thread": {
            "ticket": decision.thread.ticket,
            "rule": decision.thread.rule,
            "candidates": [
                {"rule": m.rule, "ticket": m.ticket, "because": m.because} for m in decision.thread.candidates
            ],
            "conflicts": [{"code": r.code, "evidence": r.evidence} for r in decision.thread.conflicts],
        },
        "ticket": ticket_json(decision.ticket, ZoneInfo(zone)) if decision.ticket else None,
        "would": [*map(act_json, decision.would)],
        "defects": [{"code": d.code, "evidence": d.evidence} for d in (mail.defects if mail else ())],
        "confidence": mail.new_text_confidence if mail else None,
        "checks": [*map(check_json, decision.checks)],
    }  # fmt: skip
