"""One mail as mail/parse/ understands it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from maild.model.basics import Mailbox, Reason, filled_lines
from maild.values import dataclass


@dataclass(frozen=True, slots=True)
class Attachment:
    """A view on a part of the raw mail; `part` is the path of indices from the root of the MIME tree
    (for winmail.dat contents the path of the TNEF part and then the index inside it, `tnef` set)."""

    index: int  # 1-based, as `show N --attachment INDEX`
    name: str  # safe as a file name: no path, controls, bidi marks
    type: str
    size: int  # decoded bytes
    inline: bool
    part: tuple[int, ...]
    content_id: str = ""
    tnef: bool = False


@dataclass(frozen=True, slots=True)
class ReportedRecipient:
    """RFC 3464, section 2.3: one recipient of a delivery report."""

    address: str
    action: str  # failed, delayed, delivered, relayed, expanded; "" unknown
    status: str  # "5.1.1"
    diagnostic: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """A delivery status notification, an ARF feedback report or a read receipt found in a mail."""

    kind: Literal["dsn", "feedback", "disposition", "plain"]
    original_message_id: str | None
    recipients: tuple[ReportedRecipient, ...] = ()
    mark: str = ""  # X-Maild-Delivery of the header that it returns


@dataclass(frozen=True, slots=True)
class Calendar:
    """RFC 5545/5546: what an invitation or its answer says."""

    method: str  # REQUEST, REPLY, CANCEL ...
    summary: str
    start: str
    end: str
    reply_state: str = ""  # ACCEPTED, DECLINED, TENTATIVE
    location: str = ""
    uid: str = ""  # the same in an invitation, its updates, its cancellation and its answers
    repeats: str = ""  # "every week on Monday": how often, in words


@dataclass(frozen=True, slots=True)
class EnclosedMail:
    """The one mail that another holds whole (RFC 2046, section 5.2.1). What it says of itself nobody vouches for."""

    author: Mailbox | None  # its one strict From mailbox
    subject: str
    text: str  # the whole decoded text


@dataclass(frozen=True, slots=True)
class NewText:
    """What one mail adds. Where the scanner is unsure it keeps text (`confidence` < 1)."""

    text: str
    elided: str = ""
    confidence: float = 1.0
    boilerplate: str = ""  # the lines of `elided` that programs and lawyers add


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail as mail/parse/ understands it. Nothing in it is trusted; every string is plain data.

    Strings are free of NUL, C0/C1 controls (but newline and tab in texts), lone surrogates and CR.
    """

    sha256: str  # of the bytes as received, hex
    size: int
    headers: tuple[tuple[str, str], ...]  # (name as written, decoded unfolded value), in order
    raw_headers: bytes  # the header block as received
    message_id: str | None
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]  # oldest first, as in the header
    thread_index: str | None  # hex of the decoded Thread-Index, or None
    froms: tuple[Mailbox, ...]  # every mailbox that any reading of From yields
    sender: Mailbox | None  # the one strict From mailbox, or None
    sender_defect: Reason | None  # why there is none
    to: tuple[Mailbox, ...]
    cc: tuple[Mailbox, ...]
    reply_to: tuple[Mailbox, ...]
    subject: str
    date: datetime | None
    text: str  # the whole decoded text, HTML-only mail as readable text
    new_text: str
    elided: str
    new_text_confidence: float
    language: str | None  # one of LANGUAGES or None when unsure
    attachments: tuple[Attachment, ...]
    fingerprint: str  # sameness: From, Date, Subject, Message-ID and decoded parts
    content_type: str  # of the root, lower case, "text/plain" by default
    report: DeliveryReport | None = None
    calendar: Calendar | None = None
    boilerplate: str = ""  # of `elided`: disclaimers, apps' lines, footers
    visible_new_text: str = ""  # new text of the outermost message without hidden HTML: what consent reads
    # of an answer to an approval mail, what a decision needs to know besides:
    readings: tuple[str, ...] = ()  # new text as its HTML and the parts beside say it
    endings: tuple[str, ...] = ()  # signatures below the new text, in each of these readings
    below_quoted: str = ""  # the quoted line directly above the first new one
    between_quoted: bool = False  # some new line stands between quoted ones
    enclosed: EnclosedMail | None = None  # where exactly one mail is attached, and it is no report
    encrypted: str = ""  # "pgp", "smime" or ""
    defects: tuple[Reason, ...] = ()
    capped: bool = False  # a cap or time limit was hit; what is here comes from the headers

    @property
    def is_unreadable(self) -> bool:
        """Whether all that it says is encrypted: a person must be asked for a readable one."""
        return bool(self.encrypted) and (
            self.text.startswith("[encrypted: ") or "-----BEGIN PGP MESSAGE-----" in self.text[:2_000]
        )

    @property
    def left_out(self) -> int:
        """Lines with words that new text leaves out."""
        return filled_lines(self.elided)

    def header(self, name: str) -> str | None:
        """First value of the header field, by case-insensitive name."""
        low = name.lower()
        for key, value in self.headers:
            if key.lower() == low:
                return value
        return None

    def header_all(self, name: str) -> tuple[str, ...]:
        """All values of the field, topmost first."""
        low = name.lower()
        return tuple(v for k, v in self.headers if k.lower() == low)
