"""A receiver on a free port and a raw client that sends exactly what a test says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from maild.model import Envelope
from maild.receive.addresses import desk_predicate
from maild.receive.smtp import SmtpReceiver
from maild.settings import DeskSettings, Smtp
from tests.timing import PATIENCE

START = b"EHLO c.example\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<help@desk.example>\r\nDATA\r\n"


class Inbox:
    """The simplest `accept`: a list. `before` runs in each call and may raise or wait."""

    def __init__(self) -> None:
        self.mails: list[tuple[Envelope, bytes, str | None]] = []
        self.before: Callable[[], object] = lambda: None

    async def accept(self, envelope: Envelope, raw: bytes, source_key: str | None) -> int:
        found = self.before()
        if asyncio.isfuture(found) or asyncio.iscoroutine(found):
            await found
        self.mails.append((envelope, raw, source_key))
        return len(self.mails)


class Client:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    def send(self, data: bytes) -> None:
        self.writer.write(data)

    async def reply(self) -> str:
        """One whole reply, its lines joined by "|"."""
        lines: list[str] = []
        while True:
            line = (await asyncio.wait_for(self.reader.readline(), PATIENCE)).decode()
            if not line:
                raise EOFError("|".join(lines))
            lines.append(line.rstrip("\r\n"))
            if line[3:4] != "-":
                return "|".join(lines)

    async def replies(self, count: int) -> list[str]:
        return [await self.reply() for _ in range(count)]

    async def ask(self, line: bytes) -> str:
        self.send(line + b"\r\n")
        return await self.reply()

    async def closed(self) -> bool:
        return await asyncio.wait_for(self.reader.read(), PATIENCE) == b""

    async def close(self) -> None:
        self.writer.close()


class Receiver(SmtpReceiver):
    """Knows its clients, so that each is closed."""

    clients: list[Client]


@asynccontextmanager
async def receiver(inbox: Inbox, **settings: object) -> AsyncIterator[Receiver]:
    made = Receiver(
        Smtp(**{"listen": "127.0.0.1:0", "hostname": "mail.desk.example", **settings}),  # type: ignore[arg-type]
        desk_predicate(DeskSettings()),
        inbox.accept,
    )
    made.clients = []
    await made.start()
    try:
        yield made
    finally:
        await made.stop(0.2)
        for client in made.clients:
            client.writer.close()
            await asyncio.gather(client.writer.wait_closed(), return_exceptions=True)


async def connect(receiver: Receiver, *, greeting: bool = True, source: str = "") -> Client:
    """`source`: an address of this machine that the client comes from."""
    local = (source, 0) if source else None
    client = Client(*await asyncio.open_connection("127.0.0.1", receiver.port, local_addr=local))
    receiver.clients.append(client)
    if greeting:
        assert (await client.reply()).startswith("220 ")
    return client
