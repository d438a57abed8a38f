"""What every other value is made of: a reason, a mailbox, an envelope, and the languages that we write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, Literal, TypeAlias

from maild.languages import LANGUAGES as LANGUAGES
from maild.values import dataclass

Json = dict[str, Any]
#: what JSON can say, and a table of it: a moment or bytes in one is an error of types
JsonValue: TypeAlias = "str | int | float | bool | Sequence[JsonValue] | Mapping[str, JsonValue] | None"
JsonObject: TypeAlias = "dict[str, JsonValue]"
#: what TOML can say, as tomllib reads it
TomlValue: TypeAlias = (
    "str | int | float | bool | datetime | date | time | list[TomlValue] | dict[str, TomlValue]"
)

#: In a plan: the ticket that this plan opens, whose number is known only inside the transaction.
NEW = 0

Kind = Literal["request", "reply", "auto_reply", "bounce", "list", "spam", "own", "loop", "hostile"]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something was decided: a stable code for machines and the evidence for people."""

    code: str
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """RFC 5322, section 3.4: one address and its display name (never identity)."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Envelope:
    """How a mail reached us.

    `source`: "smtp", "imap:<name of the mailbox in config>", "web", "mbox" (imported) or "file". `mail_from`: "" is the null
    sender, None is unknown (IMAP, files without Return-Path). `peer`: the SMTP client's IP.
    `received_at`: what promises count from (SMTP: acceptance; IMAP: INTERNALDATE). `trace`: our own
    Received field (RFC 5321, 4.4), folded and with its CRLF; kept apart so that the raw bytes stay as
    received.
    """

    source: str
    received_at: datetime
    mail_from: str | None = None
    rcpt_to: tuple[str, ...] = ()
    peer: str = ""
    trace: str = ""


def filled_lines(text: str) -> int:
    """Lines that are not blank."""
    return sum(1 for line in text.split("\n") if line.strip())
