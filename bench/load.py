"""The load generator: sends mails over a few SMTP sessions as fast as they are answered.

`python -m bench.load PORT COUNT BYTES SESSIONS [PREFIX] [KEYFILE]` prints one JSON line: mails, seconds, rate,
and the time from DATA to the answer. With a key file (RSA, PEM) the mails are signed, before the clock starts.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path

WORDS = (
    "The printer on the second floor has stopped again and shows error 0x6100 since this morning. "
    "We have restarted it twice, changed the cartridge and looked at the cable. "
    "Could somebody please have a look, the whole office is waiting for the invoices. "
)


def mail(prefix: str, number: int, size: int, people: int = 400) -> tuple[str, bytes]:
    """Sender and bytes of one plain mail of about `size` bytes; a small one is text, a large one has a file."""
    sender = f"user{number % people}@acme.example"
    head = (
        f"Received: from mail.acme.example (mail.acme.example [192.0.2.25])\r\n"
        f"\tby mx.desk.example (Postfix) with ESMTPS id {number:08X}\r\n"
        f"\tfor <help@desk.example>; Mon, 02 Nov 2026 09:30:00 +0100 (CET)\r\n"
        f"From: User {number} <{sender}>\r\nTo: Help Desk <help@desk.example>\r\n"
        f"Subject: Printer {prefix}{number} does not print\r\nDate: Mon, 02 Nov 2026 09:30:00 +0100\r\n"
        f"Message-ID: <{prefix}.{number}@acme.example>\r\nUser-Agent: Mozilla Thunderbird\r\nMIME-Version: 1.0\r\n"
    )
    if size <= 16_384:
        head += 'Content-Type: text/plain; charset="utf-8"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n'
        line = WORDS + "\r\n"
        body = f"Hello, this is report {number}.\r\n\r\n" + line * max(1, (size - len(head)) // len(line))
        return sender, (head + body).encode()
    start = (
        'Content-Type: multipart/mixed; boundary="=_b1"\r\n\r\n--=_b1\r\nContent-Type: text/plain; charset="utf-8"'
        f"\r\n\r\nHello, this is report {number}.\r\n{WORDS}\r\n\r\n--=_b1\r\n"
        'Content-Type: image/png; name="screen.png"\r\nContent-Transfer-Encoding: base64\r\n'
        'Content-Disposition: attachment; filename="screen.png"\r\n\r\n'
    )
    rows = max(1, (size - len(head) - len(start)) // 78)
    return sender, (head + start).encode() + b"iVBORw0KGgoAAAANSUhEUgAA" + b"A" * 52 + b"\r\n" + (
        (b"A" * 76 + b"\r\n") * rows
    ) + b"--=_b1--\r\n"


class Session:
    """One SMTP client; answers are one line but for EHLO."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    @classmethod
    async def open(cls, port: int) -> Session:
        session = cls(*await asyncio.open_connection("127.0.0.1", port, limit=2**20))
        await session.answer()
        await session.say(b"EHLO load.example\r\n")
        return session

    async def answer(self) -> bytes:
        while (line := await self.reader.readline())[3:4] == b"-":
            pass
        return line

    async def say(self, line: bytes) -> bytes:
        self.writer.write(line)
        return await self.answer()

    async def send(self, sender: str, raw: bytes, recipient: str = "help@desk.example") -> bytes:
        """The answer to the mail; no lines of these mails begin with a dot."""
        await self.say(f"MAIL FROM:<{sender}>\r\n".encode())
        await self.say(f"RCPT TO:<{recipient}>\r\n".encode())
        await self.say(b"DATA\r\n")
        return await self.say(raw + b".\r\n")


def signed(raw: bytes, key: bytes) -> bytes:
    """With a DKIM signature of the sender's domain on top, relaxed, as the large services write it."""
    import dkim

    names = (b"from", b"to", b"subject", b"date", b"message-id", b"mime-version", b"content-type",
             b"content-transfer-encoding")  # fmt: skip
    field: bytes = dkim.sign(
        raw,
        b"bench",
        b"acme.example",
        key,
        canonicalize=(b"relaxed", b"relaxed"),
        include_headers=list(names),
    )
    return field + raw


async def load(
    port: int, count: int, size: int, sessions: int, prefix: str, key: bytes = b""
) -> dict[str, object]:
    """Send `count` mails; raises when one is not taken."""
    numbers = iter(range(count))
    times: list[float] = []
    made = [mail(prefix, number, size) for number in range(count)] if key else []
    made = [(sender, signed(raw, key)) for sender, raw in made]

    async def run() -> None:
        session = await Session.open(port)
        for number in numbers:
            sender, raw = made[number] if made else mail(prefix, number, size)
            began = time.perf_counter()
            answer = await session.send(sender, raw)
            times.append(time.perf_counter() - began)
            if not answer.startswith(b"250"):
                raise SystemExit(f"not taken: {answer!r}")
        await session.say(b"QUIT\r\n")

    began = time.perf_counter()
    await asyncio.gather(*(run() for _ in range(min(sessions, count))))
    seconds = time.perf_counter() - began
    times.sort()
    return {
        "mails": count, "seconds": seconds, "rate": count / seconds,
        "median_ms": times[len(times) // 2] * 1e3, "p99_ms": times[int(len(times) * 0.99)] * 1e3,
        "bytes": len(mail(prefix, 1, size)[1]),
    }  # fmt: skip


if __name__ == "__main__":
    given = sys.argv[1:]
    name = given[4] if len(given) > 4 else "b"
    key = Path(given[5]).read_bytes() if len(given) > 5 else b""
    port, count, size, sessions = map(int, given[:4])
    print(json.dumps(asyncio.run(load(port, count, size, sessions, name, key))))
