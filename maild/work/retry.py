"""When a mail that could not be handed over is tried again, and when that ends. No SQL, no clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from maild.send.letter import RecipientResult, SendResult
from maild.settings import DeliverySettings
from maild.ticket.phases import OutboundState
from maild.values import dataclass

#: share by which a waiting time may be shorter or longer, so that held mails do not come back all at once
JITTER = 0.1

#: RFC 3463 status codes that mean "no such address", as opposed to "not this mail" or "not from you"
_NO_SUCH_ADDRESS = ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1")


@dataclass(frozen=True, slots=True)
class AttemptOutcome:
    """What follows from one attempt.

    `state`: of the whole mail. `recipients`: one result each, a temporary one turned permanent when the time
    is over. `next_attempt_at`: only for `queued`.
    """

    state: OutboundState
    recipients: tuple[RecipientResult, ...]
    next_attempt_at: datetime | None = None

    @property
    def failed(self) -> tuple[RecipientResult, ...]:
        """The recipients that are given up."""
        return tuple(row for row in self.recipients if row.outcome == "permanent")


def judge(
    result: SendResult,
    *,
    attempts: int,
    created_at: datetime,
    now: datetime,
    delivery: DeliverySettings,
    chance: float,
    sent_before: bool = False,
) -> AttemptOutcome:
    """The verdict on attempt number `attempts` (from 1). `chance` in 0..1 is the jitter's die.

    `sent_before`: some recipient got the mail at an earlier attempt.
    """
    rows = result.recipients
    waiting = any(row.outcome == "temporary" for row in rows)
    if waiting and now - created_at >= timedelta(days=delivery.give_up_days):
        rows = tuple(_given_up(row, delivery.give_up_days) for row in rows)
        waiting = False
    if waiting:
        return AttemptOutcome(OutboundState.QUEUED, rows, now + pause(attempts, delivery, chance))
    anybody = sent_before or any(row.outcome == "sent" for row in rows)
    return AttemptOutcome(OutboundState.SENT if anybody else OutboundState.FAILED, rows)


def pause(attempts: int, delivery: DeliverySettings, chance: float) -> timedelta:
    """Waiting time after attempt number `attempts` (from 1): the table of `[delivery] retry_minutes`."""
    table = delivery.retry_minutes or (60.0,)
    minutes = table[min(max(attempts, 1), len(table)) - 1]
    return timedelta(minutes=minutes * (1 + JITTER * (2 * chance - 1)))


def longest_pause(delivery: DeliverySettings) -> timedelta:
    """Nothing waits longer for its next attempt; mails that come in and hooks wait an hour at most."""
    return timedelta(minutes=max(60.0, *delivery.retry_minutes) * (1 + JITTER))


def no_such_address(answer: str) -> bool:
    """Whether the relay says that the address does not exist, by its enhanced status code."""
    return any(word in _NO_SUCH_ADDRESS for word in answer.split()[:3])


def _given_up(row: RecipientResult, days: float) -> RecipientResult:
    if row.outcome != "temporary":
        return row
    return RecipientResult(
        row.address, "permanent", f"given up after {days:g} days; last answer: {row.answer}"
    )
