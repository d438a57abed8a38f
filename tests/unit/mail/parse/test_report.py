"""Delivery reports, with and without a standard."""

from __future__ import annotations

import pytest

from maild.mail.parse import parse_mail
from maild.model import DeliveryReport
from tests.unit.mail.parse.mails import mail, multipart, part

DAEMON = (
    b"Return-Path: <>\r\nFrom: Mail Delivery System <MAILER-DAEMON@mx.example>\r\nTo: help@desk.example\r\n"
)
STATUS = (
    "Reporting-MTA: dns; mx.example\r\nArrival-Date: Mon, 2 Nov 2026 09:30:00 +0100\r\n\r\n"
    "Final-Recipient: rfc822; anna@acme.example\r\nOriginal-Recipient: rfc822;anna@acme.example\r\nAction: failed\r\n"
    "Status: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 <anna@acme.example>:\r\n no such user\r\n\r\n"
    "Final-Recipient: rfc822;<Bela@acme.example>\r\nAction: delayed (no answer)\r\nStatus: 4.4.1 (timeout)\r\n"
)
RETURNED = (
    "Message-ID: <maild.1.x@desk.example>\r\nSubject: [#1] x\r\nFrom: help@desk.example\r\n\r\nhello\r\n"
)


def report_of(raw: bytes) -> DeliveryReport:
    found = parse_mail(raw).report
    assert found is not None
    return found


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers", "message/global-headers"])
def test_dsn_names_recipients_and_the_mail(returned: str) -> None:
    entity = multipart(
        "report",
        part("text/plain", "sorry"),
        part("message/delivery-status", STATUS),
        part(returned, RETURNED),
        parameters="; report-type=delivery-status",
    )
    found = report_of(DAEMON + b"Subject: Undelivered Mail\r\n" + entity)
    assert found.kind == "dsn"
    assert found.original_message_id == "<maild.1.x@desk.example>"
    assert [(r.address, r.action, r.status) for r in found.recipients] == [
        ("anna@acme.example", "failed", "5.1.1"),
        ("bela@acme.example", "delayed", "4.4.1"),
    ]
    assert found.recipients[0].diagnostic == "550 5.1.1 <anna@acme.example>: no such user"


def test_text_of_a_dsn_is_its_human_part() -> None:
    entity = multipart("report", part("text/plain", "sorry"), part("message/delivery-status", STATUS))
    assert parse_mail(DAEMON + entity).text.strip() == "sorry"


def test_feedback_report() -> None:
    fields = "Feedback-Type: abuse\r\nVersion: 1\r\nOriginal-Rcpt-To: <anna@acme.example>\r\n"
    entity = multipart(
        "report",
        part("text/plain", "spam"),
        part("message/feedback-report", fields),
        part("message/rfc822", RETURNED),
    )
    found = report_of(mail(entity))
    assert (found.kind, found.original_message_id) == ("feedback", "<maild.1.x@desk.example>")
    assert found.recipients[0].address == "anna@acme.example"


def test_read_receipt() -> None:
    fields = (
        "Final-Recipient: rfc822;anna@acme.example\r\nOriginal-Message-ID: <maild.2.x@desk.example>\r\n"
        "Disposition: manual-action/MDN-sent-manually; displayed\r\n"
    )
    entity = multipart("report", part("text/plain", "read"), part("message/disposition-notification", fields))
    found = report_of(mail(entity))
    assert (found.kind, found.original_message_id) == ("disposition", "<maild.2.x@desk.example>")
    assert found.recipients[0].action == "displayed"


QMAIL = (
    "Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't "
    "able to deliver your message to the following addresses.\n"
    "This is a permanent error; I've given up. Sorry it didn't work out.\n\n<anna@acme.example>:\n"
    "Sorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\n"
    "Return-Path: <help@desk.example>\nMessage-ID: <maild.1.x@desk.example>\nFrom: "
    "help@desk.example\nTo: other@x.example\n\nhello <x@y.example>:\n"
)
EXIM = (
    "This message was created automatically by mail delivery software.\n\nA message "
    "that you sent could not be delivered to one or more of its\n"
    "recipients. This is a permanent error. The following address(es) failed:\n\n "
    " anna@acme.example\n    host mx.acme.example [192.0.2.1]\n"
    "    SMTP error from remote mail server after RCPT TO:<anna@acme.example>:\n    550 5.1.1 no such user\n\n"
    "------ This is a copy of the message, including all the headers. "
    "------\n\nMessage-Id: <maild.1.x@desk.example>\nSubject: x\n\nhello\n"
)
POSTFIX = (
    "This is the mail system at host mx.example.\n\nI'm sorry to have to "
    "inform you that your message could not\nbe delivered.\n\n"
    "<anna@acme.example>: host mx.acme.example[192.0.2.1] said: 550 5.1.1\n    "
    "no such user\n\nMessage-ID: <maild.1.x@desk.example>\n"
)
EXCHANGE = (
    "Your message\n\n  To:      anna@acme.example\n  Subject: x\n  Sent:    Mon, 2 Nov "
    "2026 09:30:00 +0100\n\ndid not reach the following recipient(s):\n\n"
    "anna@acme.example on Mon, 2 Nov 2026 09:31:00 +0100\n    The recipient name is not recognized\n"
    "\tThe MTS-ID of the original message is: c=us;a= ;p=acme;l=X\n    Message-ID: <maild.1.x@desk.example>\n    550 5.1.1\n"
)


@pytest.mark.parametrize(
    "text", [QMAIL, EXIM, POSTFIX, EXCHANGE], ids=["qmail", "exim", "postfix", "exchange"]
)
def test_bounce_without_a_standard(text: str) -> None:
    found = report_of(DAEMON + b"Subject: failure notice\r\n\r\n" + text.encode())
    assert found.kind == "plain"
    assert found.original_message_id == "<maild.1.x@desk.example>"
    assert found.recipients[0].address == "anna@acme.example"
    assert found.recipients[0].action == "failed"
    assert len(found.recipients) == 1


def test_delay_warning_is_no_failure() -> None:
    text = (
        "Your message has not yet been delivered to\n\n  anna@acme.example\n    "
        "Delay reason: 451 4.7.1 greylisted\n\nwill be retried.\n"
    )
    found = report_of(DAEMON + b"Subject: Warning: message delayed 24 hours\r\n\r\n" + text.encode())
    assert found.recipients[0].action == "delayed"


def test_failed_recipients_field_makes_a_report() -> None:
    raw = (
        b"From: x@mx.example\r\nX-Failed-Recipients: anna@acme.example\r\nSubject: Mail failure\r\n\r\n"
        + EXIM.encode()
    )
    assert report_of(raw).recipients[0].address == "anna@acme.example"


@pytest.mark.parametrize(
    "subject",
    [b"Re: Undelivered Mail Returned to Sender", b"failure notice on the printer", b"out of office"],
)
def test_person_who_writes_about_bounces_has_no_report(subject: bytes) -> None:
    assert (
        parse_mail(
            b"From: Anna <anna@acme.example>\r\nSubject: "
            + subject
            + b"\r\n\r\n<b@c.example>: 550 what is this?"
        ).report
        is None
    )


def test_forwarded_bounce_is_an_attachment_and_no_report() -> None:
    inner = (
        DAEMON
        + b"Subject: x\r\n"
        + multipart("report", part("text/plain", "s"), part("message/delivery-status", STATUS))
    )
    assert (
        parse_mail(
            mail(multipart("mixed", part("text/plain", "what is this?"), part("message/rfc822", inner)))
        ).report
        is None
    )
