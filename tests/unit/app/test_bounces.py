"""A delivery report marks an address as dead only where it returns what no mail but the one to it alone had."""

from __future__ import annotations

import pytest

from maild.app.handle_mail import decide
from maild.mail.own_ids import Signer
from maild.model import (
    AuthResult,
    DeliveryReport,
    MarkAddress,
    MarkOutbound,
    OutboundFacts,
    ReportedRecipient,
)
from maild.settings import Settings
from maild.ticket.phases import OutboundState
from tests.unit.factory import HELP, NOW, envelope, facts, mail, ticket

SIGNER = Signer(b"0123456789abcdef0123456789abcdef", "desk.example")
ANNA, BEA, OURS = "anna@acme.example", "bea@acme.example", "<maild.15789.abc@desk.example>"


def marked(mark: str, *named: str, to: tuple[str, ...] = (ANNA,), came_to: str = HELP) -> list[str]:
    """Whose address a report of our mail marks as dead; `mark`: of the header that it returns."""
    report = DeliveryReport("dsn", OURS, tuple(ReportedRecipient(n, "failed", "5.1.1") for n in named), mark)
    returned = mail(
        "MAILER-DAEMON@mx.acme.example", "Undelivered", "No such user.", report=report,
        content_type="multipart/report; report-type=delivery-status",
    )  # fmt: skip
    sent = OutboundFacts(7, "reply", 15789, to, OURS, OutboundState.SENT, NOW)
    plan = decide(
        returned, envelope("", rcpt_to=(came_to,)), facts(ticket(), outbound={OURS: sent}), AuthResult("none"), Settings(),
        SIGNER, NOW, nonce=lambda: "a" * 64,
    )  # fmt: skip
    assert {one.recipient for one in plan.changes if isinstance(one, MarkOutbound)} == {*to} & {*named}
    return [one.address for one in plan.changes if isinstance(one, MarkAddress)]


@pytest.mark.parametrize("mark", ["", "a" * 32, SIGNER.delivery_mark("<another@desk.example>")])
def test_whoever_saw_an_id_of_ours_mutes_nobody(mark: str) -> None:
    assert marked(mark, ANNA) == []


def test_report_that_returns_the_mails_own_header_marks_whom_it_went_to_and_nobody_else() -> None:
    assert marked(SIGNER.delivery_mark(OURS), ANNA, "bela@acme.example") == [ANNA]


@pytest.mark.parametrize(
    ("mark", "to"), [("", (ANNA,)), ("", (ANNA, BEA)), (SIGNER.delivery_mark(OURS), (ANNA, BEA))]
)
@pytest.mark.parametrize("came_to", [HELP, SIGNER.reply_address("bounce@desk.example", 15789)])
def test_who_takes_part_in_a_ticket_says_of_no_colleague_that_they_are_not_reached(
    mark: str, to: tuple[str, ...], came_to: str
) -> None:
    """They have seen the address that its mails leave from, ids of its mails, and the very mail that went to both."""
    assert marked(mark, ANNA, to=to, came_to=came_to) == []
