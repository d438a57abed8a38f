"""What is handed to a sender and what comes back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, Protocol

from maild.values import dataclass

Outcome = Literal["sent", "temporary", "permanent"]


@dataclass(frozen=True, slots=True)
class Letter:
    """One outgoing mail with its envelope.

    `key` is the outbound row's id: the same key and Message-ID always mean the same bytes. `mail_from`
    "" is the null sender; `fallback_from` takes its place where the relay refuses `MAIL FROM:<>`.
    `again` says that an earlier try may have got through.
    """

    key: int
    mail_from: str
    recipients: tuple[str, ...]
    raw: bytes
    message_id: str
    fallback_from: str = ""
    again: bool = False


@dataclass(frozen=True, slots=True)
class RecipientResult:
    """What became of one recipient, with the peer's own words."""

    address: str
    outcome: Outcome
    answer: str


@dataclass(frozen=True, slots=True)
class SendResult:
    """What became of one letter.

    `unreachable` is set when the relay itself could not be used (no connection, no TLS, wrong password): it
    says why, and nothing was tried for this letter. `ambiguous` is set when the whole mail was handed over
    and the connection ended before the answer: the recipients are then `temporary`.
    """

    recipients: tuple[RecipientResult, ...] = ()
    unreachable: str = ""
    ambiguous: bool = False

    @property
    def all_sent(self) -> bool:
        """Whether every recipient has it."""
        return not self.unreachable and all(row.outcome == "sent" for row in self.recipients)


Done = Callable[[Letter, SendResult], None]


class MailSender(Protocol):
    """A way out. `send_many` reports each letter as soon as its fate is known and never raises for one."""

    async def send_many(self, letters: Sequence[Letter], done: Done) -> None:
        """Send `letters`, calling `done` once for each, in any order."""

    async def probe(self) -> str:
        """Why the way out is closed at the moment, or "" when it is open."""

    async def close(self) -> None:
        """Let go of connections; the sender may be used again afterwards."""


def all_of(letter: Letter, outcome: Outcome, answer: str) -> SendResult:
    """The same outcome for every recipient of `letter`."""
    return SendResult(tuple(RecipientResult(address, outcome, answer) for address in letter.recipients))
