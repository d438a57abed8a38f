"""The distribution's Postfix as the MTA that delivers to maild."""

from __future__ import annotations

import asyncio
import smtplib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from maild.errors import StoreBusy
from maild.model import Envelope
from maild.receive.addresses import desk_predicate
from maild.receive.smtp import SmtpReceiver
from maild.settings import DeskSettings, Smtp
from tests.servers.certificate import make_certificate
from tests.servers.postfix import Postfix

pytestmark = pytest.mark.wire


class Inbox:
    def __init__(self) -> None:
        self.mails: list[tuple[Envelope, bytes]] = []
        self.failures: list[Exception] = []

    async def accept(self, envelope: Envelope, raw: bytes, source_key: str | None) -> int:
        if self.failures:
            raise self.failures.pop()
        self.mails.append((envelope, raw))
        return len(self.mails)

    async def wait_for(self, count: int, postfix: Postfix) -> None:
        for _ in range(1500):
            if len(self.mails) >= count:
                return
            await asyncio.sleep(0.01)
        raise AssertionError(f"{len(self.mails)} of {count} mails\n{postfix.log}")


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
async def receiver(inbox: Inbox, postfix: Postfix, tmp_path: Path) -> AsyncIterator[SmtpReceiver]:
    cert, key = make_certificate(tmp_path)
    settings = Smtp(
        listen="127.0.0.1:0",
        hostname="mail.desk.example",
        tls_cert=str(cert),
        tls_key=str(key),
        max_bytes=5_000_000,
    )
    made = SmtpReceiver(settings, desk_predicate(DeskSettings()), inbox.accept)
    await made.start()
    await asyncio.to_thread(postfix.route, {"desk.example": made.port})
    yield made
    await made.stop(1)


async def send(postfix: Postfix, raw: bytes, *to: str, sender: str = "anna@acme.example") -> None:
    def deliver() -> None:
        with smtplib.SMTP("127.0.0.1", postfix.port) as client:
            client.sendmail(sender, to or ("help@desk.example",), raw, ["BODY=8BITMIME"])

    await asyncio.to_thread(deliver)


HEADER = b"From: anna@acme.example\r\nSubject: x\r\nMessage-ID: <1@acme.example>\r\nDate: Mon, 2 Nov 2026 09:30:00 +0100\r\n"


async def test_long_lines_eight_bits_and_dots_come_through_as_they_are(
    postfix: Postfix, inbox: Inbox, receiver: SmtpReceiver
) -> None:
    body = b".\r\n..dots\r\n" + "árvíztűrő tükörfúrógép ".encode() * 2_000 + b"\r\n.\r\nend\r\n"
    await send(postfix, HEADER + b"\r\n" + body)
    await inbox.wait_for(1, postfix)
    envelope, raw = inbox.mails[0]
    assert raw.partition(b"\r\n\r\n")[2] == body
    assert raw.startswith(b"Received: from ")
    assert envelope.mail_from == "anna@acme.example"
    assert envelope.rcpt_to == ("help@desk.example",)
    assert "with ESMTPS id" in envelope.trace  # Postfix took the STARTTLS that was offered


async def test_bounce_sender_plus_address_and_several_recipients_come_in_one_mail(
    postfix: Postfix, inbox: Inbox, receiver: SmtpReceiver
) -> None:
    await send(postfix, HEADER + b"\r\nx\r\n", "help+abc@desk.example", "postmaster@desk.example", sender="")
    await inbox.wait_for(1, postfix)
    envelope, _ = inbox.mails[0]
    assert envelope.mail_from == ""
    assert sorted(envelope.rcpt_to) == ["help+abc@desk.example", "postmaster@desk.example"]
    assert "for <" not in envelope.trace


async def test_our_fault_makes_the_mta_keep_the_mail_and_try_again(
    postfix: Postfix, inbox: Inbox, receiver: SmtpReceiver
) -> None:
    inbox.failures = [StoreBusy("locked"), RuntimeError("disk full")]
    await send(postfix, HEADER + b"\r\nx\r\n")
    await inbox.wait_for(1, postfix)
    assert inbox.failures == []
    assert "451 4.3.0" in postfix.log


async def test_receiver_that_is_down_for_a_while_gets_the_mail_later(
    postfix: Postfix, inbox: Inbox, receiver: SmtpReceiver
) -> None:
    port = receiver.port
    await receiver.stop(1)
    await send(postfix, HEADER + b"\r\nx\r\n")
    await asyncio.sleep(0.5)
    again = SmtpReceiver(Smtp(listen=f"127.0.0.1:{port}"), desk_predicate(DeskSettings()), inbox.accept)
    await again.start()
    try:
        await inbox.wait_for(1, postfix)
    finally:
        await again.stop(1)


async def test_unknown_recipient_and_too_big_mail_are_returned_to_the_sender(
    postfix: Postfix, inbox: Inbox, receiver: SmtpReceiver
) -> None:
    await send(postfix, HEADER + b"\r\nx\r\n", "nobody@desk.example", sender="bounced.one@acme.example")
    returned = await asyncio.to_thread(postfix.wait_for, "bounced.one@acme.example")
    assert b"550 5.1.1" in returned[0]
    big = HEADER + b"\r\n" + (b"x" * 998 + b"\r\n") * 6_000
    await send(postfix, big, sender="bounced.two@acme.example")
    returned = await asyncio.to_thread(postfix.wait_for, "bounced.two@acme.example")
    assert b"Status: 5.3.4" in returned[0]
    assert inbox.mails == []


async def test_hundred_mails_at_once_arrive_each_once(
    postfix: Postfix, inbox: Inbox, receiver: SmtpReceiver
) -> None:
    def deliver() -> None:
        with smtplib.SMTP("127.0.0.1", postfix.port) as client:
            for number in range(100):
                client.sendmail("anna@acme.example", ["help@desk.example"], HEADER + b"\r\n%d\r\n" % number)

    await asyncio.to_thread(deliver)
    await inbox.wait_for(100, postfix)
    assert sorted(int(raw.partition(b"\r\n\r\n")[2]) for _, raw in inbox.mails) == list(range(100))
