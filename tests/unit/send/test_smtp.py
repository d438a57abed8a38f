"""What SmtpSender makes of each answer a relay can give."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from maild.secret import Secret
from maild.send import smtp
from maild.send.letter import Letter, SendResult
from maild.send.smtp import SmtpSender
from maild.settings import DeliverySettings
from tests.servers.scripted_smtp import CUT, HANG, ScriptedSmtp
from tests.unit.send.one import send_one

RAW = b"From: <help@desk.example>\r\nTo: <anna@acme.example>\r\nSubject: x\r\n\r\nHello\r\n.dot\r\n"
LETTER = Letter(1, "help@desk.example", ("anna@acme.example", "bea@acme.example"), RAW, "<1@desk.example>")
NULL = replace(LETTER, mail_from="", fallback_from="bounce+1.x@desk.example")


def sender_for(server: ScriptedSmtp, **more: object) -> SmtpSender:
    base = DeliverySettings(kind="smtp", port=server.port, timeout_seconds=10.0, connections=1)
    return SmtpSender(replace(base, **more), hostname="desk.example")  # type: ignore[arg-type]


async def send(server: ScriptedSmtp, letter: Letter = LETTER, **more: object) -> SendResult:
    sender = sender_for(server, **more)
    try:
        return await send_one(sender, letter)
    finally:
        await sender.close()


class Tokens:
    forgotten = 0

    def token(self) -> str:
        return f"tok{self.forgotten}"

    def forget(self) -> None:
        self.forgotten += 1


def outcomes(result: SendResult) -> list[str]:
    return [row.outcome for row in result.recipients]


async def test_mail_is_handed_over_unchanged_with_the_answer_for_each_recipient() -> None:
    async with ScriptedSmtp() as server:
        result = await send(server)
    assert outcomes(result) == ["sent", "sent"]
    assert [row.answer for row in result.recipients] == ["250 2.0.0 queued"] * 2
    assert server.mails[0].raw == RAW
    assert server.mails[0].rcpt_to == LETTER.recipients
    assert server.mails[0].mail_from == "help@desk.example"


async def test_a_local_part_that_is_no_dot_atom_is_named_in_quotes_and_told_of_as_ours() -> None:
    async with ScriptedSmtp() as server:
        result = await send(
            server, replace(LETTER, recipients=("anna..kiss@acme.example", "bea@acme.example"))
        )
    assert [row.address for row in result.recipients] == ["anna..kiss@acme.example", "bea@acme.example"]
    assert server.mails[0].rcpt_to == ('"anna..kiss"@acme.example', "bea@acme.example")


async def test_one_recipient_refused_for_good_does_not_stop_the_other() -> None:
    async with ScriptedSmtp({"rcpt:bea@acme.example": ["550 5.1.1 no such user"]}) as server:
        result = await send(server)
    assert outcomes(result) == ["sent", "permanent"]
    assert result.recipients[1].answer == "550 5.1.1 no such user"
    assert server.mails[0].rcpt_to == ("anna@acme.example",)


async def test_one_recipient_deferred_is_temporary_alone() -> None:
    async with ScriptedSmtp({"rcpt:anna@acme.example": ["450 4.2.1 greylisted"]}) as server:
        assert outcomes(await send(server)) == ["temporary", "sent"]


async def test_all_recipients_refused_sends_no_data() -> None:
    async with ScriptedSmtp(always={"rcpt": "550 5.7.1 no"}) as server:
        assert outcomes(await send(server)) == ["permanent", "permanent"]
    assert "DATA" not in server.commands


@pytest.mark.parametrize(
    ("step", "answer", "outcome"),
    [
        ("mail", "451 4.3.0 later", "temporary"),
        ("mail", "552 5.3.4 too big", "permanent"),
        ("data", "451 4.3.0 later", "temporary"),
        ("data", "554 5.5.1 no", "permanent"),
        ("final", "452 4.3.1 disk full", "temporary"),
        ("final", "554 5.7.1 spam", "permanent"),
    ],
)
async def test_first_digit_of_an_answer_decides(step: str, answer: str, outcome: str) -> None:
    async with ScriptedSmtp({step: [answer]}) as server:
        result = await send(server)
    assert outcomes(result) == [outcome] * 2
    assert result.recipients[0].answer == answer
    assert not result.ambiguous


@pytest.mark.parametrize("fault", [CUT, HANG])
async def test_lost_answer_after_the_text_is_ambiguous(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "QUIT_SECONDS", 0.05)
    async with ScriptedSmtp({"final": [fault]}) as server:
        result = await send(server, timeout_seconds=10.0 if fault == CUT else 0.2)
    assert result.ambiguous
    assert outcomes(result) == ["temporary", "temporary"]
    assert len(server.mails) == 1


@pytest.mark.parametrize("step", ["mail", "rcpt", "data"])
async def test_connection_cut_before_the_text_is_temporary_and_not_ambiguous(step: str) -> None:
    async with ScriptedSmtp({step: [CUT]}) as server:
        result = await send(server)
    assert outcomes(result) == ["temporary", "temporary"]
    assert not result.ambiguous
    assert server.mails == []


async def test_reused_connection_found_dead_is_replaced_without_a_failed_attempt() -> None:
    async with ScriptedSmtp() as server:
        sender = sender_for(server)
        assert outcomes(await send_one(sender, LETTER)) == ["sent", "sent"]
        server.say("mail", "421 4.3.2 too many mails on this connection")
        assert outcomes(await send_one(sender, replace(LETTER, key=2))) == ["sent", "sent"]
        await sender.close()
    assert server.connections == 2
    assert len(server.mails) == 2


async def test_one_connection_is_used_for_many_mails() -> None:
    async with ScriptedSmtp() as server:
        sender = sender_for(server)
        results: list[SendResult] = []
        letters = [replace(LETTER, key=key) for key in range(20)]
        await sender.send_many(letters, lambda _, result: results.append(result))
        await sender.close()
    assert server.connections == 1
    assert len(server.mails) == len(results) == 20


async def test_no_more_connections_than_configured() -> None:
    async with ScriptedSmtp() as server:
        sender = sender_for(server, connections=3)
        batches = [[replace(LETTER, key=10 * b + k) for k in range(10)] for b in range(3)]
        await asyncio.gather(*(sender.send_many(batch, lambda *_: None) for batch in batches))
        await sender.close()
    assert server.connections <= 3
    assert len(server.mails) == 30


async def test_null_sender_is_used_where_the_relay_takes_it() -> None:
    async with ScriptedSmtp() as server:
        await send(server, NULL)
    assert server.mails[0].mail_from == ""


async def test_null_sender_refused_falls_back_and_is_remembered() -> None:
    async with ScriptedSmtp(always={"mail:": "550 5.7.1 no null sender here"}) as server:
        sender = sender_for(server)
        for key in (1, 2):
            assert outcomes(await send_one(sender, replace(NULL, key=key))) == ["sent", "sent"]
        await sender.close()
    assert [mail.mail_from for mail in server.mails] == ["bounce+1.x@desk.example"] * 2
    assert sum(command.startswith("MAIL FROM:<>") for command in server.commands) == 1


async def test_null_sender_always_does_not_fall_back() -> None:
    async with ScriptedSmtp(always={"mail:": "550 5.7.1 no null sender here"}) as server:
        assert outcomes(await send(server, NULL, null_sender="always")) == ["permanent", "permanent"]


async def test_null_sender_never_uses_the_fallback_at_once() -> None:
    async with ScriptedSmtp() as server:
        await send(server, NULL, null_sender="never")
    assert server.mails[0].mail_from == "bounce+1.x@desk.example"


async def test_closed_port_is_unreachable_and_names_the_key() -> None:
    async with ScriptedSmtp() as server:
        port = server.port
    result = await send_one(SmtpSender(DeliverySettings(port=port, timeout_seconds=10.0)), LETTER)
    assert result.recipients == ()
    assert "refuses the connection" in result.unreachable
    assert "[delivery] port" in result.unreachable


async def test_relay_that_is_down_is_not_tried_for_each_mail() -> None:
    async with ScriptedSmtp(always={"greeting": "554 5.3.2 not today"}) as server:
        sender = sender_for(server)
        results: list[SendResult] = []
        await sender.send_many(
            [replace(LETTER, key=k) for k in range(10)], lambda _, result: results.append(result)
        )
    assert server.connections == 1
    assert len(results) == 10
    assert all("554 5.3.2 not today" in result.unreachable for result in results)


async def test_wrong_password_holds_the_mail_and_says_which_key() -> None:
    server = ScriptedSmtp(always={"auth": "535 5.7.8 no"}, extensions=("AUTH PLAIN",))
    async with server:
        result = await send(server, username="help", password=Secret.known("wrong"))
    assert "[delivery] username" in result.unreachable
    assert "535" in result.unreachable
    assert "wrong" not in result.unreachable


async def test_relay_that_wants_a_login_holds_the_mail() -> None:
    async with ScriptedSmtp(always={"mail": "530 5.7.0 authentication required"}) as server:
        result = await send(server)
    assert "wants a login" in result.unreachable


async def test_xoauth2_uses_the_token_of_the_provider() -> None:
    async with ScriptedSmtp(extensions=("AUTH XOAUTH2",)) as server:
        delivery = DeliverySettings(port=server.port, username="help@desk.example", timeout_seconds=10.0)
        sender = SmtpSender(delivery, hostname="desk.example", tokens=Tokens())
        assert outcomes(await send_one(sender, LETTER)) == ["sent", "sent"]
        await sender.close()
    assert any(command.startswith("AUTH XOAUTH2 ") for command in server.commands)


async def test_token_that_was_withdrawn_is_replaced_once() -> None:
    script = {"auth": ["535 5.7.3 token expired"]}
    async with ScriptedSmtp(script, extensions=("AUTH XOAUTH2",)) as server:
        delivery = DeliverySettings(port=server.port, username="help@desk.example", timeout_seconds=10.0)
        tokens = Tokens()
        sender = SmtpSender(delivery, hostname="desk.example", tokens=tokens)
        assert outcomes(await send_one(sender, LETTER)) == ["sent", "sent"]
        await sender.close()
    assert tokens.forgotten == 1


async def test_non_ascii_address_asks_for_smtputf8() -> None:
    letter = replace(LETTER, recipients=("józsi@acme.example",))
    async with ScriptedSmtp() as server:
        assert outcomes(await send(server, letter)) == ["sent"]
    assert "SMTPUTF8" in server.mails[0].options


async def test_non_ascii_address_fails_for_good_where_smtputf8_is_not_offered() -> None:
    letter = replace(LETTER, recipients=("józsi@acme.example",))
    async with ScriptedSmtp(extensions=("SIZE",)) as server:
        result = await send(server, letter)
    assert outcomes(result) == ["permanent"]
    assert "SMTPUTF8" in result.recipients[0].answer


async def test_address_that_would_inject_a_command_is_refused_alone() -> None:
    letter = replace(LETTER, recipients=("anna@acme.example", "x@y.example>\r\nDATA"))
    async with ScriptedSmtp() as server:
        result = await send(server, letter)
    assert outcomes(result) == ["sent", "permanent"]
    assert server.mails[0].rcpt_to == ("anna@acme.example",)


async def test_only_who_needs_smtputf8_misses_the_mail_where_the_relay_does_not_offer_it() -> None:
    """The address that is not ASCII fails; the others get the same bytes."""
    letter = replace(LETTER, recipients=("anna@acme.example", "józsi@acme.example", "béla@acme.example"))
    async with ScriptedSmtp(extensions=("SIZE",)) as server:
        result = await send(server, letter)
    assert outcomes(result) == ["sent", "permanent", "permanent"]
    assert "SMTPUTF8" in result.recipients[1].answer
    assert server.mails[0].rcpt_to == ("anna@acme.example",)
    assert "SMTPUTF8" not in server.mails[0].options
