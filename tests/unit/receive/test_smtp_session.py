"""Every change that a plan can hold.

Over 300 lines: every command of the dialogue, in the order of RFC 5321.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import sys
from pathlib import Path

import pytest

from maild.errors import ConfigError, StoreBusy
from maild.receive import smtp_session, smtp_wire
from tests.servers.certificate import make_certificate
from tests.timing import PATIENCE, until
from tests.unit.receive.smtp_client import START, Client, Inbox, connect, receiver


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


async def begin(client: Client, mail_from: bytes = b"<a@b.example>") -> None:
    client.send(b"EHLO c.example\r\nMAIL FROM:" + mail_from + b"\r\nRCPT TO:<help@desk.example>\r\n")
    assert [line[:3] for line in await client.replies(3)] == ["250"] * 3


async def test_mail_arrives_as_sent_with_envelope_and_trace(inbox: Inbox) -> None:
    async with receiver(inbox) as made:
        client = await connect(made)
        await begin(client)
        await client.ask(b"DATA")
        answer = await client.ask(b"Subject: x\r\n\r\n..dot\r\n\r\n.")
    envelope, raw, key = inbox.mails[0]
    queue_id = answer.removeprefix("250 2.0.0 Ok: queued as ")
    assert raw == b"Subject: x\r\n\r\n.dot\r\n\r\n"
    assert (envelope.source, envelope.mail_from, envelope.rcpt_to) == (
        "smtp",
        "a@b.example",
        ("help@desk.example",),
    )
    assert envelope.peer == "127.0.0.1"
    assert key == f"smtp:{queue_id}"
    assert envelope.trace.startswith(
        "Received: from c.example ([127.0.0.1])\r\n\tby mail.desk.example with ESMTP id "
    )
    assert queue_id in envelope.trace
    assert envelope.received_at.utcoffset() is not None


async def test_whole_session_in_one_packet_is_answered_in_order(inbox: Inbox) -> None:
    async with receiver(inbox) as made:
        client = await connect(made)
        client.send(
            START + b"Subject: 1\r\n\r\n.\r\nMAIL FROM:<>\r\nRCPT TO:<postmaster>\r\nDATA\r\n.\r\nQUIT\r\n"
        )
        codes = [line[:3] for line in await client.replies(10)]
        assert await client.closed()
    assert codes == ["250", "250", "250", "354", "250", "250", "250", "354", "250", "221"]
    assert [m[0].mail_from for m in inbox.mails] == ["a@b.example", ""]
    assert inbox.mails[1][1] == b""


async def test_client_that_closes_its_side_after_quit_is_still_served(inbox: Inbox) -> None:
    async with receiver(inbox) as made:
        client = await connect(made)
        client.send(START + b"Subject: 1\r\n\r\n.\r\nQUIT\r\n")
        client.writer.write_eof()
        assert (await client.replies(6))[-1].startswith("221")
    assert len(inbox.mails) == 1


@pytest.mark.parametrize("failure", [RuntimeError("disk /secret full"), StoreBusy("locked")])
async def test_our_fault_is_a_451_without_internals(inbox: Inbox, failure: Exception) -> None:
    def fail() -> None:
        raise failure

    inbox.before = fail
    async with receiver(inbox) as made:
        client = await connect(made)
        client.send(START + b"Subject: x\r\n\r\n.\r\n")
        answer = (await client.replies(5))[-1]
        assert answer == smtp_wire.OUR_FAULT
        inbox.before = lambda: None
        client.send(START + b"Subject: x\r\n\r\n.\r\n")
        assert (await client.replies(5))[-1].startswith("250")


async def test_250_comes_only_after_accept_has_returned(inbox: Inbox) -> None:
    gate: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    inbox.before = lambda: gate
    async with receiver(inbox) as made:
        client = await connect(made)
        client.send(START + b"Subject: x\r\n\r\n.\r\n")
        await client.replies(4)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.shield(client.reader.readline()), 0.1)
        gate.set_result(None)
    assert len(inbox.mails) == 1


async def test_client_that_leaves_does_not_interrupt_the_commit(inbox: Inbox) -> None:
    gate: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    inbox.before = lambda: gate
    async with receiver(inbox) as made:
        client = await connect(made)
        client.send(START + b"Subject: x\r\n\r\n.\r\n")
        await client.replies(4)
        client.writer.transport.abort()
        await asyncio.sleep(0.05)
        gate.set_result(None)
        await until(lambda: made.connections == 0)
        assert len(inbox.mails) == 1
        assert made._budget.used == 0


async def test_mail_cut_off_in_the_middle_is_not_taken(inbox: Inbox) -> None:
    async with receiver(inbox) as made:
        client = await connect(made)
        client.send(START + b"Subject: half\r\n\r\nhalf of")
        await client.replies(4)
        await client.close()
        await until(lambda: made._budget.used == 0)
    assert inbox.mails == []


async def test_smuggled_second_mail_stays_text_of_the_first(inbox: Inbox) -> None:
    second = b"\n.\nMAIL FROM:<boss@acme.example>\r\nRCPT TO:<help@desk.example>\r\nDATA\r\nFrom: boss\r\n"
    async with receiver(inbox) as made:
        client = await connect(made)
        client.send(START + b"Subject: x\r\n\r\ntext" + second + b"\r\n.\r\n")
        assert (await client.replies(5))[-1].startswith("250")
    assert len(inbox.mails) == 1
    assert second in inbox.mails[0][1]


async def test_line_of_any_length_and_eight_bits_come_through(inbox: Inbox) -> None:
    body = b"Subject: x\r\n\r\n" + b"\xc3\xa1\0" * 100_000 + b"\r\n"
    async with receiver(inbox) as made:
        client = await connect(made)
        client.send(START + body + b".\r\n")
        assert (await client.replies(5))[-1].startswith("250")
    assert inbox.mails[0][1] == body


@pytest.mark.parametrize(
    ("recipient", "code"),
    [
        (b"<help@desk.example>", "250"),
        (b"<HELP@Desk.Example>", "250"),
        (b"<help+abc@desk.example>", "250"),
        (b"<bounce+x@desk.example>", "250"),
        (b"<PostMaster>", "250"),
        (b"<postmaster@desk.example>", "250"),
        (b"<nobody@desk.example>", "550"),
        (b"<anna@acme.example>", "550"),
        (b"<help@desk.example\0>", "501"),
        (b"<>", "550"),
    ],
)
async def test_only_the_desks_own_addresses_are_taken(inbox: Inbox, recipient: bytes, code: str) -> None:
    async with receiver(inbox) as made:
        client = await connect(made)
        await client.ask(b"EHLO c")
        await client.ask(b"MAIL FROM:<a@b.example>")
        assert (await client.ask(b"RCPT TO:" + recipient))[:3] == code


async def test_commands_out_of_order_and_foreign_ones_are_refused(inbox: Inbox) -> None:
    said = [
        (b"MAIL FROM:<a@b.example>", "503"),
        (b"EHLO", "501"),
        (b"EHLO c", "250"),
        (b"RCPT TO:<help@desk.example>", "503"),
        (b"DATA", "503"),
        (b"MAIL FROM:<a@b\x01.example>", "501"),
        (b"MAIL FROM:<a@b.example> FOO=1", "555"),
        (b"MAIL FROM:<a@b.example> SIZE=x", "501"),
        (b"MAIL FROM:<a@b.example>", "250"),
        (b"MAIL FROM:<a@b.example>", "503"),
        (b"DATA", "554"),
        (b"VRFY help", "252"),
        (b"EXPN list", "502"),
        (b"AUTH PLAIN AGEAYg==", "502"),
        (b"NOOP", "250"),
        (b"RSET", "250"),
        (b"DATA", "503"),
        (b"XYZZY", "500"),
        (b"STARTTLS", "503"),
        (b"\xff\xfe", "500"),
        (b"x" * 9_000, "500"),
    ]
    async with receiver(inbox) as made:
        client = await connect(made)
        assert [(line, (await client.ask(line))[:3]) for line, _ in said] == said


async def test_ehlo_offers_what_is_done_and_not_chunking_or_auth(inbox: Inbox) -> None:
    async with receiver(inbox, max_bytes=1234) as made:
        client = await connect(made)
        offers = (await client.ask(b"EHLO c")).split("|")
    assert [line[4:] for line in offers] == [
        "mail.desk.example", "PIPELINING", "SIZE 1234", "8BITMIME", "ENHANCEDSTATUSCODES", "SMTPUTF8",
    ]  # fmt: skip


async def test_chunking_and_http_end_the_session(inbox: Inbox) -> None:
    async with receiver(inbox) as made:
        for line in (b"BDAT 10 LAST", b"GET / HTTP/1.1"):
            client = await connect(made)
            assert (await client.ask(line))[:3] in ("502", "421")
            assert await client.closed()


async def test_announced_and_real_size_over_the_limit_are_552(inbox: Inbox) -> None:
    async with receiver(inbox, max_bytes=1_000) as made:
        client = await connect(made)
        await client.ask(b"EHLO c")
        assert (await client.ask(b"MAIL FROM:<a@b.example> SIZE=1001")).startswith("552 5.3.4")
        client.send(START + b"x" * 3_000 + b"\r\n.\r\n")
        assert (await client.replies(5))[-1].startswith("552 5.3.4")
        client.send(START + b"Subject: small\r\n.\r\n")
        assert (await client.replies(5))[-1].startswith("250")


async def test_mail_without_end_is_cut_off(inbox: Inbox) -> None:
    async with receiver(inbox, max_bytes=1_000) as made:
        client = await connect(made)
        client.send(START + b"x" * 4_000_000)
        with pytest.raises((ConnectionError, EOFError)):
            await client.replies(6)
        assert made.connections == 0
    assert inbox.mails == []


async def test_bytes_in_flight_over_all_sessions_are_limited(inbox: Inbox) -> None:
    async with receiver(inbox, max_bytes=100_000, max_bytes_in_flight=100_000) as made:
        slow, quick = await connect(made), await connect(made)
        slow.send(START + b"x" * 80_000)
        await slow.replies(4)
        await until(lambda: made._budget.used >= 80_000 - 2**16)
        quick.send(b"EHLO c\r\nMAIL FROM:<a@b.example> SIZE=50000\r\n")
        assert (await quick.replies(2))[-1].startswith("451 4.3.1")
        quick.send(START + b"y" * 50_000 + b"\r\n.\r\n")
        assert (await quick.replies(5))[-1].startswith("451 4.3.1")
        slow.send(b"\r\n.\r\n")
        assert (await slow.reply()).startswith("250")
        quick.send(START + b"y" * 50_000 + b"\r\n.\r\n")
        assert (await quick.replies(5))[-1].startswith("250")


async def test_connections_are_limited_in_all_and_by_address(inbox: Inbox) -> None:
    async with receiver(inbox, max_connections=3, max_connections_per_address=2) as made:
        clients = [await connect(made) for _ in range(2)]
        refused = await connect(made, greeting=False)
        assert (await refused.reply()).startswith("421 4.7.0")
        assert await refused.closed()
        clients[0].send(b"QUIT\r\n")
        await clients[0].reply()
        assert await clients[0].closed()
        await until(lambda: made.connections == 1)
        await connect(made)
    async with receiver(inbox, max_connections=1) as made:
        await connect(made)
        over = await connect(made, greeting=False, source="127.0.0.2")
        assert (await over.reply()).startswith("421 4.3.2")


async def test_trusted_relay_is_not_limited_by_address(inbox: Inbox) -> None:
    async with receiver(inbox, max_connections_per_address=1, trusted_relays={"127.0.0.1": "mx"}) as made:
        for _ in range(3):
            await connect(made)


async def test_recipients_over_the_limit_wait_for_another_mail(inbox: Inbox) -> None:
    async with receiver(inbox, max_recipients=2) as made:
        client = await connect(made)
        await begin(client)
        assert (await client.ask(b"RCPT TO:<help+a@desk.example>"))[:3] == "250"
        assert (await client.ask(b"RCPT TO:<help+b@desk.example>")).startswith("452 4.5.3")


async def test_however_many_recipients_are_over_the_limit_the_mail_may_still_come(inbox: Inbox) -> None:
    async with receiver(inbox) as made:
        client = await connect(made)
        await begin(client)
        client.send(b"RCPT TO:<help@desk.example>\r\n" * 2_000)
        codes = [line[:3] for line in await client.replies(2_000)]
        assert codes == ["250"] * 99 + ["452"] * 1_901
        assert (await client.ask(b"DATA"))[:3] == "354"
        assert (await client.ask(b"Subject: x\r\n\r\n."))[:3] == "250"
    assert len(inbox.mails) == 1


async def test_recipients_without_end_are_ended(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp_session, "RECIPIENT_COMMANDS", 50)
    monkeypatch.setattr(smtp_session, "JUNK_LIMIT", 30)
    async with receiver(inbox) as made:
        client = await connect(made)
        await begin(client)
        client.send(b"RCPT TO:<help@desk.example>\r\n" * 200)
        codes = [line[:3] for line in await client.replies(78)]
        assert codes[-1] == "421"


async def test_recipients_of_mails_that_never_come_are_ended(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp_session, "RECIPIENT_COMMANDS", 50)
    monkeypatch.setattr(smtp_session, "JUNK_LIMIT", 30)
    async with receiver(inbox) as made:
        client = await connect(made)
        await client.ask(b"EHLO x")
        client.send(
            (b"MAIL FROM:<a@b.example>\r\n" + b"RCPT TO:<help@desk.example>\r\n" * 20 + b"RSET\r\n") * 10
        )
        while not (said := await client.reply()).startswith("421"):
            assert said.startswith("250")


async def test_others_have_their_turn_among_the_commands_of_a_flood(inbox: Inbox) -> None:
    """A chunk of them was obeyed at once, and three such sessions made each mail of others wait for seconds."""
    named = most = 0
    async with receiver(inbox) as made:
        is_ours = made.is_ours

        def counted(address: str) -> bool:
            nonlocal named
            named += 1
            return is_ours(address)

        async def others() -> None:
            nonlocal most
            while True:
                before = named
                await asyncio.sleep(0)
                most = max(most, named - before)

        made.is_ours = counted
        client, beside = await connect(made), asyncio.create_task(others())
        await begin(client)
        client.send(b"RCPT TO:<help@desk.example>\r\n" * 2_000)
        await client.replies(2_000)
        beside.cancel()
    assert named > 2_000
    assert most <= 2 * smtp_wire.COMMANDS_A_TURN


async def test_session_of_errors_or_of_nothing_is_ended(inbox: Inbox) -> None:
    async with receiver(inbox) as made:
        client = await connect(made)
        client.send(b"FOO\r\n" * smtp_wire.ERROR_LIMIT)
        await client.replies(smtp_wire.ERROR_LIMIT)
        assert (await client.reply()).startswith("421 4.7.0")
        client = await connect(made)
        client.send(b"NOOP\r\n" * (smtp_session.JUNK_LIMIT + 1))
        await client.replies(smtp_session.JUNK_LIMIT)
        assert (await client.reply()).startswith("421 4.7.0")


@pytest.mark.parametrize("line", [b"\n", b"\r\n"])
async def test_empty_lines_are_passed_over_and_end_a_session_of_nothing_else(
    inbox: Inbox, line: bytes
) -> None:
    """64 KB of them held everybody up for half a second, and could come again and again."""
    async with receiver(inbox) as made:
        client = await connect(made)
        client.send(line * 10)
        assert (await client.ask(b"NOOP"))[:3] == "250"
        client.send(line * smtp_session.JUNK_LIMIT)
        assert (await client.reply()).startswith("421 4.7.0 Too many commands")
        await until(lambda: not made.connections)


async def test_silent_client_is_told_and_sent_away(inbox: Inbox) -> None:
    async with receiver(inbox, timeout_seconds=0.5) as made:
        idle, in_data = await connect(made), await connect(made)
        in_data.send(START + b"Subject: never")
        assert (await idle.reply()).startswith("421 4.4.2")
        assert (await in_data.replies(5))[-1].startswith("421 4.4.2")
        await until(lambda: made.connections == 0)


async def test_client_that_never_reads_is_not_waited_for(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp_wire, "LINGER_SECONDS", 0.1)
    monkeypatch.setattr(smtp_session, "JUNK_LIMIT", 10_000_000)
    async with receiver(inbox, timeout_seconds=0.3) as made:
        client = await connect(made)
        client.writer.transport.pause_reading()  # type: ignore[attr-defined]
        client.send(b"NOOP\r\n" * 700_000)
        await until(lambda: not made.connections)


async def test_slow_commit_is_not_a_timeout(inbox: Inbox) -> None:
    inbox.before = lambda: asyncio.sleep(0.8)
    async with receiver(inbox, timeout_seconds=0.5) as made:
        client = await connect(made)
        client.send(START + b"Subject: x\r\n\r\n.\r\n")
        assert (await client.replies(5))[-1].startswith("250")


async def test_smtputf8_sender_is_taken_and_named_in_the_trace(inbox: Inbox) -> None:
    async with receiver(inbox) as made:
        client = await connect(made)
        await client.ask(b"EHLO c")
        assert (await client.ask("MAIL FROM:<jós@posta.example>".encode())).startswith("553 5.6.7")
        assert (await client.ask("MAIL FROM:<jós@posta.example> SMTPUTF8".encode()))[:3] == "250"
        await client.ask(b"RCPT TO:<help@desk.example>")
        await client.ask(b"DATA")
        await client.ask(b".")
    assert inbox.mails[0][0].mail_from == "jós@posta.example"
    assert "with UTF8SMTP id" in inbox.mails[0][0].trace


async def test_stop_lets_mail_under_way_end_and_sends_others_away(inbox: Inbox) -> None:
    async with receiver(inbox) as made:
        idle, busy, late = await connect(made), await connect(made), await connect(made)
        for client in (busy, late):
            client.send(START + b"Subject: x\r\n")
            await client.replies(4)
        port = made.port
        stopping = asyncio.create_task(made.stop(0.5))
        assert (await idle.reply()).startswith("421 4.3.2")
        busy.send(b".\r\n")
        assert (await busy.reply()).startswith("250")
        assert (await busy.reply()).startswith("421 4.3.2")
        await stopping
        assert await late.reader.read() is not None
        with pytest.raises(OSError):
            await asyncio.open_connection("127.0.0.1", port)
    assert len(inbox.mails) == 1


async def test_port_in_use_names_the_port_and_a_remedy(inbox: Inbox) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError, match=rf"port {port} is in use .* choose another port"):
            async with receiver(inbox, listen=f"127.0.0.1:{port}"):
                pass


@pytest.mark.parametrize("listen", ["2525", "127.0.0.1", ":25", "127.0.0.1:99999", "127.0.0.1:²"])
async def test_listen_that_is_no_address_is_a_config_error(inbox: Inbox, listen: str) -> None:
    with pytest.raises(ConfigError, match="listen"):
        async with receiver(inbox, listen=listen):
            pass


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tls")
    make_certificate(folder, "mail.desk.example")
    return folder


async def secured_session(inbox: Inbox, certificate: Path) -> None:
    files = {"tls_cert": str(certificate / "cert.pem"), "tls_key": str(certificate / "key.pem")}
    context = ssl.create_default_context(cafile=files["tls_cert"])
    async with receiver(inbox, **files, require_tls=True) as made:
        client = await connect(made)
        assert "STARTTLS" in await client.ask(b"EHLO c")
        assert (await client.ask(b"MAIL FROM:<a@b.example>")).startswith("530")
        # what is smuggled in behind STARTTLS in the clear must not be obeyed inside
        client.send(b"STARTTLS\r\nMAIL FROM:<evil@b.example>\r\n")
        assert (await client.reply()).startswith("220")
        await client.writer.start_tls(context, server_hostname="mail.desk.example")
        assert (await client.ask(b"MAIL FROM:<a@b.example>")).startswith("503 5.5.1 Send EHLO")
        assert "STARTTLS" not in await client.ask(b"EHLO c")
        client.send(START + b"Subject: x\r\n\r\n" + b"z" * 300_000 + b"\r\n.\r\n")
        assert (await client.replies(5))[-1].startswith("250")
        await client.close()
    assert inbox.mails[0][0].mail_from == "a@b.example"
    assert "with ESMTPS id" in inbox.mails[0][0].trace
    assert len(inbox.mails[0][1]) == 300_016


async def test_starttls_secures_the_session_and_forgets_what_was_said_before(
    inbox: Inbox, certificate: Path
) -> None:
    await secured_session(inbox, certificate)


@pytest.mark.skipif(sys.platform == "win32", reason="uvloop does not run on Windows")
def test_the_same_on_uvloop(inbox: Inbox, certificate: Path) -> None:
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(secured_session(inbox, certificate))


async def test_failed_handshake_ends_only_that_session(inbox: Inbox, certificate: Path) -> None:
    files = {"tls_cert": str(certificate / "cert.pem"), "tls_key": str(certificate / "key.pem")}
    async with receiver(inbox, **files) as made:
        client = await connect(made)
        await client.ask(b"EHLO c")
        await client.ask(b"STARTTLS")
        client.send(b"this is no handshake\r\n")
        await asyncio.wait_for(client.reader.read(), PATIENCE)
        other = await connect(made)
        assert (await other.ask(b"NOOP"))[:3] == "250"


async def test_unreadable_certificate_is_a_config_error(inbox: Inbox, tmp_path: Path) -> None:
    (tmp_path / "cert.pem").write_text("no certificate")
    with pytest.raises(ConfigError, match=r"cert\.pem"):
        async with receiver(inbox, tls_cert=str(tmp_path / "cert.pem")):
            pass
