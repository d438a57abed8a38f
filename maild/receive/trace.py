"""The Received field that we add (RFC 5321, section 4.4)."""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import format_datetime

_NOT_A_NAME = re.compile(r"[^A-Za-z0-9.:_\[\]-]")


def received_field(
    *, helo: str, peer: str, hostname: str, protocol: str, queue_id: str, recipient: str, at: datetime
) -> str:
    """One folded field with its CRLF.

    `protocol`: a name of the registry of RFC 5321 4.4.1 and RFC 3848 (SMTP, ESMTP, ESMTPS, UTF8SMTP...).
    `recipient`: "" unless there is exactly one (the field must not disclose the others). What the client
    says of itself in HELO is reduced to the letters of a host name, so that it cannot forge the rest.
    """
    named = _NOT_A_NAME.sub("", helo)[:255] or "unknown"
    literal = f"IPv6:{peer}" if ":" in peer else peer
    to = f"\r\n\tfor <{recipient}>" if recipient and recipient.isascii() and recipient.isprintable() else ""
    return (
        f"Received: from {named} ([{literal or 'unknown'}])\r\n\tby {hostname} with {protocol} id {queue_id}"
        f"{to};\r\n\t{format_datetime(at)}\r\n"
    )
