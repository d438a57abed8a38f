from __future__ import annotations

import email
from datetime import UTC, datetime

from maild.receive.trace import received_field

AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


def field(
    helo: str = "mx.acme.example", peer: str = "192.0.2.7", recipient: str = "help@desk.example"
) -> str:
    return received_field(
        helo=helo,
        peer=peer,
        hostname="mail.desk.example",
        protocol="ESMTPS",
        queue_id="ABC",
        recipient=recipient,
        at=AT,
    )


def test_field_has_the_shape_of_rfc_5321() -> None:
    assert field() == (
        "Received: from mx.acme.example ([192.0.2.7])\r\n\tby mail.desk.example with ESMTPS id ABC\r\n"
        "\tfor <help@desk.example>;\r\n\tMon, 02 Nov 2026 09:30:00 +0000\r\n"
    )


def test_ipv6_peer_is_an_address_literal() -> None:
    assert "([IPv6:2001:db8::1])" in field(peer="2001:db8::1")


def test_helo_cannot_forge_a_header() -> None:
    forged = field(helo="x)\r\nFrom: boss@acme.example\r\n\r\n(\0")
    assert email.message_from_string(forged).keys() == ["Received"]
    assert "boss@" not in forged


def test_empty_helo_is_called_unknown() -> None:
    assert "from unknown (" in field(helo="(%$!)")


def test_recipient_is_left_out_where_there_are_several() -> None:
    assert "for <" not in field(recipient="")
