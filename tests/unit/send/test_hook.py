"""What one hook is told, and what its answers mean: a server of a few lines that says what a test wants."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from maild.send.hook import MOST_ANSWER, HookAnswer, post, signature

BODY = json.dumps({"event": "new", "subject": "kép"}).encode()


@dataclass
class HookServer:
    """Takes requests on a port of its own. `says`: the raw answer, None = nothing at all."""

    says: bytes | None = b"HTTP/1.1 204 No Content\r\n\r\n"
    port: int = 0
    requests: list[bytes] = field(default_factory=list)
    written: int = 0

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
        self.requests.append(head + await reader.readexactly(length))
        try:
            if self.says is None:
                await reader.read()
                return
            for start in range(0, len(self.says), 4096):
                writer.write(self.says[start : start + 4096])
                await writer.drain()
                self.written += 4096
        except ConnectionError:
            pass
        finally:
            writer.close()


@asynccontextmanager
async def hook(says: bytes | None = HookServer.says) -> AsyncIterator[HookServer]:
    found = HookServer(says)
    server = await asyncio.start_server(found.talk, "127.0.0.1", 0)
    found.port = server.sockets[0].getsockname()[1]
    try:
        yield found
    finally:
        server.close()


async def tell(
    server: HookServer, path: str = "/hook?a=1", secret: str = "s3cret", seconds: float = 5
) -> HookAnswer:
    url = f"http://127.0.0.1:{server.port}{path}"
    return await post(url, BODY, event="new", event_id="evt-1", secret=secret, seconds=seconds)


async def test_request_is_the_body_signed_with_the_secret() -> None:
    async with hook() as server:
        assert (await tell(server)).told
    (request,) = server.requests
    head, _, body = request.partition(b"\r\n\r\n")
    assert body == BODY
    lines = head.decode().split("\r\n")
    assert lines[0] == "POST /hook?a=1 HTTP/1.1"
    fields = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])}
    assert fields["host"] == f"127.0.0.1:{server.port}"
    assert fields["x-maild-event"] == "new"
    expected = "sha256=" + hmac.new(b"s3cret", BODY, "sha256").hexdigest()
    assert fields["x-maild-signature"] == expected == signature("s3cret", BODY)
    assert fields["content-type"].startswith("application/json")


async def test_without_a_secret_nothing_pretends_to_be_signed() -> None:
    async with hook() as server:
        await tell(server, secret="")
    assert b"signature" not in server.requests[0].lower()


@pytest.mark.parametrize(
    ("says", "told", "text"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", True, "200"),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n", True, "202"),
        (b"HTTP/1.1 500 Oops\r\nContent-Length: 5\r\n\r\nb\no m", False, "500 b o m"),
        (b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", False, "404"),
        (b"HTTP/1.1 302 F\r\nLocation: http://127.0.0.1:1/secret\r\n\r\n", False, "no redirect is followed"),
        (b"nonsense\r\n\r\n", False, "RemoteProtocolError"),
        (b"", False, "RemoteProtocolError"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000, False, "no answer within 65536 bytes"),
    ],
)
async def test_only_2xx_means_that_it_was_told(says: bytes, told: bool, text: str) -> None:
    async with hook(says) as server:
        answer = await tell(server)
    assert answer.told is told
    assert text in answer.text
    assert len(server.requests) == 1, "nothing is asked twice, and nobody else"


async def test_hook_that_hangs_is_left_after_its_time() -> None:
    async with hook(None) as server:
        answer = await tell(server, seconds=0.2)
    assert answer == HookAnswer(False, "no answer within 0.2 s")


async def test_no_more_than_64_kilobytes_of_an_answer_are_read() -> None:
    says = b"HTTP/1.1 500 x\r\nContent-Length: 50000000\r\n\r\n" + b"y" * 50_000_000
    async with hook(says) as server:
        answer = await tell(server)
    assert not answer.told
    # beside what is read some stands in the buffers of the two sockets
    assert server.written < 12_000_000
    assert len(answer.text) < 300
    assert MOST_ANSWER == 65_536


async def test_nobody_who_listens_is_an_answer_too() -> None:
    async with hook() as server:
        pass
    answer = await tell(server)
    assert not answer.told
    assert "ConnectionRefusedError" in answer.text


async def test_proxy_of_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    async with hook() as server:
        assert (await tell(server)).told
