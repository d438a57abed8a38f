"""Building bricks for mails in tests."""

from __future__ import annotations

import base64

HEAD = (
    b"From: Anna <anna@acme.example>\r\nTo: help@desk.example\r\nSubject: Printer\r\n"
    b"Date: Mon, 2 Nov 2026 09:30:00 +0100\r\nMessage-ID: <a@acme.example>\r\nMIME-Version: 1.0\r\n"
)


def part(content_type: str, body: bytes | str, *extra: str, encoding: str = "") -> bytes:
    """One MIME entity; `encoding` base64 encodes the body, others only name it."""
    data = body.encode() if isinstance(body, str) else body
    lines = [f"Content-Type: {content_type}", *extra]
    if encoding:
        lines.append(f"Content-Transfer-Encoding: {encoding}")
    if encoding == "base64":
        data = base64.encodebytes(data).replace(b"\n", b"\r\n")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + data


_count = iter(range(1, 1_000_000))


def multipart(kind: str, *parts: bytes, parameters: str = "") -> bytes:
    """A multipart entity with a boundary of its own."""
    boundary = f"=_b{next(_count)}"
    body = b"".join(b"--" + boundary.encode() + b"\r\n" + p + b"\r\n" for p in parts)
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"{parameters}\r\n\r\n'
    return head.encode() + body + b"--" + boundary.encode() + b"--\r\n"


def mail(entity: bytes) -> bytes:
    """A whole mail around an entity."""
    return HEAD + entity
