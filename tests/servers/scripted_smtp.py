"""An SMTP server that answers what a test says: for faults that no real server produces on cue."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

#: instead of an answer: close the connection, or say nothing any more
CUT, HANG = "CUT", "HANG"

_DEFAULT = {
    "greeting": "220 scripted ready",
    "helo": "250 scripted",
    "mail": "250 2.1.0 ok",
    "rcpt": "250 2.1.5 ok",
    "data": "354 go ahead",
    "final": "250 2.0.0 queued",
    "rset": "250 2.0.0 ok",
    "quit": "221 2.0.0 bye",
    "noop": "250 ok",
    "auth": "235 2.7.0 welcome",
    "starttls": "220 go ahead",
}


@dataclass
class Taken:
    """One mail that was taken with a 250, or lost its answer (`answered` False)."""

    mail_from: str
    rcpt_to: tuple[str, ...]
    raw: bytes
    options: str = ""
    answered: bool = True


@dataclass
class ScriptedSmtp:
    """`script`: step -> answers, used up in order, then the usual one.

    Steps: greeting ehlo helo mail rcpt data final rset quit noop auth starttls; `rcpt:ADDRESS` is for one
    recipient, `mail:ADDRESS` for one sender. An entry of `always` never ends. `extensions`: what EHLO offers.
    """

    script: Mapping[str, Sequence[str]] = field(default_factory=dict)
    always: dict[str, str] = field(default_factory=dict)
    extensions: tuple[str, ...] = ("SIZE 31457280", "8BITMIME", "SMTPUTF8")
    tls: ssl.SSLContext | None = None
    implicit_tls: bool = False
    mails: list[Taken] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        self._left = {step: list(answers) for step, answers in self.script.items()}
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._server = await asyncio.start_server(
            self._serve, "127.0.0.1", self.port, ssl=self.tls if self.implicit_tls else None, limit=2**26
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Close the port and every connection: a relay that is down."""
        self._server.close()
        for writer in tuple(self._writers):
            writer.close()
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def say(self, step: str, *answers: str) -> None:
        """Answers for the next times."""
        self._left.setdefault(step, []).extend(answers)

    def _answer(self, step: str, which: str = "") -> str:
        for key in (f"{step}:{which}", step):
            if self._left.get(key):
                return self._left[key].pop(0)
            if key in self.always:
                return self.always[key]
        return _DEFAULT[step]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._writers.add(writer)
        self.connections += 1
        try:
            await self._talk(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self._writers.discard(writer)
            self._tasks.discard(task)
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not await self._say(writer, self._answer("greeting")):
            return
        mail_from, options = "", ""
        rcpt_to: list[str] = []
        while line := await reader.readline():
            text = line.decode("utf-8").rstrip("\r\n")
            self.commands.append(text)
            verb, _, rest = text.partition(" ")
            step = verb.lower()
            address, _, tail = rest.partition(":")[2].removeprefix("<").partition(">")
            answer = (
                self._ehlo() if step == "ehlo" and "ehlo" not in self.always else self._answer(step, address)
            )
            if not await self._say(writer, answer):
                return
            if step == "mail":
                mail_from, options, rcpt_to = address, tail.strip(), []
            elif step == "rcpt" and answer.startswith("25"):
                rcpt_to.append(address)
            elif step == "data" and answer.startswith("354"):
                raw = await _text(reader)
                answer = self._answer("final")
                if answer.startswith("250") or answer in (CUT, HANG):
                    self.mails.append(
                        Taken(mail_from, tuple(rcpt_to), raw, options, answer.startswith("250"))
                    )
                if not await self._say(writer, answer):
                    return
            elif step == "starttls" and answer.startswith("220"):
                assert self.tls is not None
                await writer.start_tls(self.tls)
            elif step == "quit":
                return

    def _ehlo(self) -> str:
        lines = ["scripted", *self.extensions]
        return "\r\n".join(f"250{'-' if i + 1 < len(lines) else ' '}{line}" for i, line in enumerate(lines))

    async def _say(self, writer: asyncio.StreamWriter, answer: str) -> bool:
        if answer == HANG:
            await asyncio.sleep(3600)
        if answer == CUT:
            return False
        writer.write(answer.encode("utf-8") + b"\r\n")
        await writer.drain()
        return not answer.startswith("421")


async def _text(reader: asyncio.StreamReader) -> bytes:
    """The mail between 354 and the final dot, dots undoubled. What breaks off before is no mail."""
    lines = []
    while (line := await reader.readuntil(b"\r\n")) != b".\r\n":
        lines.append(line[1:] if line.startswith(b".") else line)
    return b"".join(lines)
