"""When a mail is tried again and when that ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.send.letter import RecipientResult, SendResult
from maild.settings import DeliverySettings
from maild.work.retry import judge, no_such_address, pause

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
SENT = RecipientResult("a@x.example", "sent", "250 ok")
LATER = RecipientResult("b@x.example", "temporary", "450 4.2.0 later")
NEVER = RecipientResult("c@x.example", "permanent", "550 5.1.1 no such user")


def verdict(*rows: RecipientResult, attempts: int = 1, age_days: float = 0.0, sent_before: bool = False):  # type: ignore[no-untyped-def]
    return judge(
        SendResult(rows), attempts=attempts, created_at=NOW - timedelta(days=age_days), now=NOW,
        delivery=DeliverySettings(), chance=0.5, sent_before=sent_before,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(1, 1), (2, 5), (3, 15), (4, 30), (5, 60), (6, 60), (90, 60)]
)
def test_waiting_times_are_1_5_15_30_minutes_and_then_hourly(attempts: int, minutes: int) -> None:
    assert pause(attempts, DeliverySettings(), 0.5) == timedelta(minutes=minutes)


@given(st.integers(1, 200), st.floats(0, 1))
def test_jitter_stays_within_ten_percent(attempts: int, chance: float) -> None:
    middle = pause(attempts, DeliverySettings(), 0.5)
    assert abs(pause(attempts, DeliverySettings(), chance) - middle) <= middle * 0.1001


def test_all_sent_is_sent() -> None:
    assert verdict(SENT).state == "sent"


def test_one_deferred_recipient_keeps_the_mail_queued() -> None:
    found = verdict(SENT, LATER)
    assert found.state == "queued"
    assert found.next_attempt_at == NOW + timedelta(minutes=1)
    assert found.failed == ()


def test_one_refused_of_two_leaves_the_mail_sent_and_names_the_refused() -> None:
    found = verdict(SENT, NEVER)
    assert found.state == "sent"
    assert found.failed == (NEVER,)


def test_nobody_reached_is_failed() -> None:
    assert verdict(NEVER).state == "failed"


def test_last_recipient_refused_after_another_got_it_earlier_is_sent() -> None:
    assert verdict(NEVER, sent_before=True).state == "sent"


def test_deferred_is_given_up_after_four_days_with_the_last_answer() -> None:
    found = verdict(LATER, attempts=99, age_days=4)
    assert found.state == "failed"
    assert found.failed[0].answer == "given up after 4 days; last answer: 450 4.2.0 later"


def test_deferred_is_still_tried_just_before_four_days() -> None:
    assert verdict(LATER, attempts=99, age_days=3.99).state == "queued"


@pytest.mark.parametrize(
    ("answer", "gone"),
    [
        ("550 5.1.1 <c@x.example>: no such user", True),
        ("550 5.1.10 RecipientNotFound", True),
        ("550 5.7.1 policy says 5.1.1", False),
        ("554 5.7.1 spam", False),
        ("550 no such user", False),
    ],
)
def test_only_the_enhanced_code_says_that_an_address_does_not_exist(answer: str, gone: bool) -> None:
    assert no_such_address(answer) is gone
