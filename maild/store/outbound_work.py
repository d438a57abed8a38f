"""A claimed mail that goes out, of its rows or of what these are made of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from maild.model import Json, Mailbox, Notice
from maild.store import facts_of
from maild.store.statements import Params
from maild.ticket.phases import RecipientState
from maild.values import dataclass


@dataclass(frozen=True, slots=True)
class OutboundWork:
    """A claimed outgoing mail: everything to render it, or its bytes when it was rendered before."""

    id: int
    notice: str
    ticket: int | None
    language: str
    data: Json
    to: tuple[Mailbox, ...]
    cc: tuple[Mailbox, ...]
    message_id: str
    in_reply_to: str | None
    references: tuple[str, ...]
    auto: str
    null_sender: bool
    token: str | None
    attach: tuple[str, ...]
    attempts: int
    maybe_sent: bool
    created_at: datetime
    raw: bytes | None
    mail_from: str | None
    pending: tuple[str, ...]


def of_row(row: Any, people: Sequence[Any]) -> OutboundWork:
    return OutboundWork(
        id=row.id, notice=row.notice, ticket=row.ticket, language=row.language, data=row.data or {},
        to=facts_of.boxes(people, "to"), cc=facts_of.boxes(people, "cc"),
        message_id=row.message_id, in_reply_to=row.in_reply_to, references=tuple(row.refs), auto=row.auto,
        null_sender=row.null_sender, token=row.token, attach=tuple(row.attach),
        attempts=row.attempts, maybe_sent=row.maybe_sent, created_at=row.created_at, raw=row.content,
        mail_from=row.mail_from, pending=tuple(one.address for one in people if one.state is RecipientState.WAITING),
    )  # fmt: skip


def work_of(key: int, values: Params, notice: Notice) -> OutboundWork:
    """A mail that was claimed where it was made, of what `insert` was given."""
    return OutboundWork(
        id=key, notice=values["notice"], ticket=values["ticket"], language=values["language"], data=notice.data,
        to=notice.to, cc=notice.cc,
        message_id=values["message_id"], in_reply_to=values["in_reply_to"], references=tuple(values["refs"]),
        auto=values["auto"], null_sender=values["null_sender"], token=values["token"], attach=tuple(values["attach"]),
        attempts=0, maybe_sent=False, created_at=values["created_at"], raw=None, mail_from=None,
        pending=tuple(box.address for box in (*notice.to, *notice.cc)),
    )  # fmt: skip
