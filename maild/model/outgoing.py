"""A mail that is to be sent, and one of an agent's act that still waits."""

from __future__ import annotations

from typing import Literal

from maild.model.basics import Json, Mailbox
from maild.values import dataclass


@dataclass(frozen=True, slots=True)
class WaitingMail:
    """A mail of an agent's act that has not left."""

    id: int
    notice: Notice


@dataclass(frozen=True, slots=True)
class Notice:
    """A mail to be sent: frozen data, rendered later by render/, once.

    `data` must be JSON (times as ISO strings, UTC); `store.apply` adds `number` and `root_message_id`.
    One outbound row is written per notice; the recipients see each other, so all belong to one company.
    """

    name: str
    ticket: int  # number or NEW
    to: tuple[Mailbox, ...]
    language: str
    data: Json
    cc: tuple[Mailbox, ...] = ()
    auto: Literal["auto-replied", "auto-generated", ""] = "auto-generated"
    null_sender: bool = False
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    token: str | None = None  # approval mails: travels in the bytes only, never stored in clear elsewhere
    counted: bool = False  # automatic answer to incoming mail: counts against the caps
    attach: tuple[str, ...] = ()  # sha256 of stored blobs to attach (quotes)
    secret: bool = False  # holds a way in: neither its bytes nor its data are shown
    pace: str = ""  # whose hourly share of approval mails for unverified requests it takes: beyond it, it waits in order
