"""What a customer wrote on the page, as the mail that they would have sent: one way in for every word."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from maild.model import Mailbox
from maild.render.compose import Enclosure, enclosure_part, multipart, rfc_date, text_part
from maild.render.header import address_header, header, id_header


def web_mail(
    person: Mailbox,
    desk: str,
    subject: str,
    text: str,
    *,
    message_id: str,
    date: datetime,
    answers: str = "",
    files: Sequence[Enclosure] = (),
) -> bytes:
    """The bytes of the mail with CRLF line ends. `answers`: the Message-ID that it answers, "" for a new request.

    ValueError for an address or Message-ID that cannot stand in a header.
    """
    head = [
        address_header("From", [(person.address, person.name)]),
        address_header("To", [(desk, "")]),
        header("Subject", subject),
        f"Date: {rfc_date(date)}\r\n".encode(),
        id_header("Message-ID", [message_id]),
    ]
    if answers:
        head += [id_header("In-Reply-To", [answers]), id_header("References", [answers])]
    body = text_part("plain", text)
    if files:
        boundary = "=_" + hashlib.sha256(message_id.encode()).hexdigest()[:24]
        body = multipart("mixed", boundary, [body, *map(enclosure_part, files)])
    return b"".join((*head, b"MIME-Version: 1.0\r\n", body))
