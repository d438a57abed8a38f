"""trace: one mail through all its steps, in the order in which they happened."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO
from zoneinfo import ZoneInfo

import typer

from maild.commands import output
from maild.commands.act_lines import act_line
from maild.commands.app import app
from maild.commands.options import JsonOpt
from maild.commands.session import session
from maild.consent.hiding import hide
from maild.desk.numbers import whole_number
from maild.errors import NotFound, Refused
from maild.values import dataclass

if TYPE_CHECKING:
    from maild.model import JsonObject
    from maild.store import Tx
    from maild.store.rows import MailInWhole, MailOutWhole, StateChange

#: what the daemon answers a sender with: `250 2.0.0 queued as FPWVQK6NRZ2BCZ3L`
_QUEUE_ID = re.compile(r"[A-Z2-7]{16}")


@dataclass(frozen=True, slots=True)
class Step:
    """`object`: `mail`, `ticket`, `outgoing` or `log`, and which one."""

    at: datetime
    object: str
    id: int | None
    text: str


@app.command()
def trace(
    ctx: typer.Context,
    what: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="Of `mail list`; a Message-ID; what the SMTP answer was `queued as`."
        ),
    ],
    outgoing: Annotated[bool, typer.Option("--outgoing", help="The ID is one of `outbox list`.")] = False,
    logs: Annotated[
        list[Path] | None,
        typer.Option(
            "--log", metavar="FILE", help='The daemon\'s JSON lines as well, "-" for standard input.'
        ),
    ] = None,
    as_json: JsonOpt = False,
) -> None:
    """One mail through all its steps: taken in, decided, what it caused, sent, each server's answer."""
    here = session(ctx)
    with here.read() as tx:
        mails, letters = _outgoing(tx, what) if outgoing else _incoming(tx, what)
        steps = [step for mail in mails for step in _of_mail(tx, mail)]
        steps += [step for letter in letters for step in _of_letter(letter)]
    for path in logs or ():
        steps += _logged(path, {mail.mail.id for mail in mails}, {letter.mail.id for letter in letters})
    steps.sort(key=lambda step: step.at)
    if as_json:
        output.emit_lines(
            {"at": step.at.isoformat(), "object": step.object, "id": step.id, "text": step.text}
            for step in steps
        )
        return
    zone = ZoneInfo(here.settings.desk.timezone)
    for step in steps:
        name = f"{step.object} {step.id}" if step.id else step.object
        output.say(
            f"{step.at.astimezone(zone).strftime('%Y-%m-%d %H:%M:%S.%f')[:-3]}  {name:<14} {output.safe_line(step.text)}"
        )


def _incoming(tx: Tx, what: str) -> tuple[Sequence[MailInWhole], Sequence[MailOutWhole]]:
    """The mails that came in by this name, with what they caused; or an outgoing one of that Message-ID."""
    mails: Sequence[MailInWhole]
    if (mail_id := whole_number(what)) is not None:
        mails = (tx.inbound.get(mail_id),)
    elif _QUEUE_ID.fullmatch(what):
        mails = tuple(tx.inbound.get(key) for key in tx.inbound.queued_as(what))
    else:
        name = what if what.startswith("<") else f"<{what}>"
        mails = tx.inbound.by_message_id(hide(name))
        sent = None if mails else tx.outbound.by_message_id(name)
        if sent is not None:
            return _outgoing(tx, str(sent.id))
    if not mails:
        raise NotFound(
            f"no mail is known as {output.safe_line(what)}; `maild mail list` and `maild outbox list` show all"
        )
    keys = [key for mail in mails for key in tx.outbound.caused_by(mail.mail.id, mail.mail.ticket)]
    return mails, tuple(tx.outbound.get(key) for key in dict.fromkeys(keys))


def _outgoing(tx: Tx, what: str) -> tuple[Sequence[MailInWhole], Sequence[MailOutWhole]]:
    mail_id = whole_number(what)
    if mail_id is None:
        raise Refused(f"--outgoing takes an ID of `maild outbox list`, not {output.safe_line(what)}")
    letter = tx.outbound.get(mail_id)
    return (tx.inbound.by_message_id(hide(letter.in_reply_to)) if letter.in_reply_to else ()), (letter,)


def _of_mail(tx: Tx, mail: MailInWhole) -> Iterator[Step]:
    came, key = mail.mail, mail.mail.id
    by = f" from {mail.peer}" if mail.peer else ""
    queued = _QUEUE_ID.search(mail.trace)
    name = f", queued as {queued[0]}" if queued else ""
    yield Step(
        came.received_at, "mail", key,
        f"taken in by {came.source}{by}{name}: {mail.size} bytes, {came.message_id or 'no Message-ID'}, "
        f"SHA-256 {mail.sha256}",
    )  # fmt: skip
    yield from _changes(
        "mail", key, mail.events[1:] if mail.events and not mail.events[0].old else mail.events
    )
    if mail.duplicate_of:
        yield Step(came.received_at, "mail", key, f"the same as mail {mail.duplicate_of}")
    if decision := mail.decision:
        at = mail.events[-1].at if mail.events else came.received_at
        reasons = ", ".join(str(one.get("code")) for one in decision.get("reasons") or ())
        acts = "; ".join(act_line(one) for one in decision.get("would") or ())
        yield Step(at, "mail", key, f"judged {decision.get('kind')} ({reasons}): {acts or 'nothing to do'}")
    if came.ticket:
        for change in tx.events("ticket", came.ticket):
            if change.at == (mail.events[-1].at if mail.events else None):
                yield Step(change.at, "ticket", came.ticket, _change(change))
    for held in tx.outbound.held(key):
        yield Step(
            held.at, "mail", key, f"held back: {held.notice} to {held.to} ({held.code}: {held.evidence})"
        )


def _of_letter(letter: MailOutWhole) -> Iterator[Step]:
    goes = letter.mail
    to = ", ".join(one.address for one in goes.recipients)
    ticket = f" of #{goes.ticket}" if goes.ticket else ""
    yield Step(letter.created_at, "outgoing", goes.id, f"{goes.notice}{ticket} to {to}")
    yield from _changes("outgoing", goes.id, letter.events)
    for one in goes.recipients:
        if one.at is not None:
            yield Step(one.at, "outgoing", goes.id, f"{one.address}: {one.state} {one.answer}".rstrip())
    if goes.maybe_sent:
        yield Step(
            letter.sent_at or letter.created_at,
            "outgoing",
            goes.id,
            "an answer of the relay was lost: the same bytes may have gone out twice",
        )


def _changes(kind: str, key: int, changes: Iterable[StateChange]) -> Iterator[Step]:
    for change in changes:
        yield Step(change.at, kind, key, _change(change))


def _change(change: StateChange) -> str:
    moved = f"{change.old or 'new'} -> {change.new}" if change.old != change.new else change.new
    return f"{moved}: {change.note}" if change.note else moved


def _logged(path: Path, mails: set[int], letters: set[int]) -> Iterator[Step]:
    """Lines of the daemon's JSON log about these mails; all others, and what is no such line, are passed over."""
    try:
        with _opened(path) as lines:
            for line in lines:
                row = _row(line)
                if row.get("mail") in mails or row.get("outbound") in letters:
                    more = " ".join(
                        f"{k}={v}"
                        for k, v in row.items()
                        if k not in ("at", "level", "part", "message", "traceback")
                    )
                    yield Step(
                        datetime.fromisoformat(str(row["at"])), "log", None, f"{row.get('message')} {more}"
                    )
    except OSError as error:
        raise NotFound(f"{path}: {error.strerror}") from None


def _opened(path: Path) -> TextIO:
    return sys.stdin if str(path) == "-" else path.open(encoding="utf-8", errors="replace")


def _row(line: str) -> JsonObject:
    start = line.find("{")  # journald and others put a time before it
    try:
        row = json.loads(line[start:]) if start >= 0 else {}
        datetime.fromisoformat(str(row["at"]))
    except (ValueError, KeyError, TypeError):
        return {}
    return row if isinstance(row, dict) else {}
