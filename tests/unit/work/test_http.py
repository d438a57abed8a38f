"""The page server: what it answers, and that odd clients do it no harm."""

from __future__ import annotations

import asyncio
import json

import pytest

from maild.errors import ConfigError
from maild.web.probes import probes
from maild.web.server import Listener
from maild.work.status import Page, json_page


async def _health() -> Page:
    return json_page(503, {"state": "failed"})


async def talk(request: bytes) -> bytes:
    server = Listener(probes({"/healthz": _health}), "127.0.0.1:0", "[server] http")
    await server.start()
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(request)
        writer.write_eof()
        answer = await reader.read()
        writer.close()
        return answer
    finally:
        await server.stop()


async def test_page_is_served_with_its_status() -> None:
    head, _, body = (await talk(b"GET /healthz?x=1 HTTP/1.1\r\nHost: x\r\n\r\n")).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
    assert json.loads(body) == {"state": "failed"}


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /other HTTP/1.1\r\nHost: x\r\n\r\n", b"404"),
        (b"POST /healthz HTTP/1.1\r\nHost: x\r\n\r\n", b"405"),
        (b"rubbish\r\n\r\n", b"400"),
    ],
)
async def test_other_requests_are_refused(request_: bytes, status: bytes) -> None:
    assert (await talk(request_)).split(b" ", 2)[1] == status


async def test_head_has_no_body() -> None:
    assert (await talk(b"HEAD /healthz HTTP/1.1\r\nHost: x\r\n\r\n")).endswith(b"\r\n\r\n")


@pytest.mark.parametrize("request_", [b"", b"GET /healthz", b"x" * 20_000])
async def test_unfinished_or_oversized_request_gets_no_page(request_: bytes) -> None:
    answer = await talk(request_)
    assert not answer or answer.split(b" ", 2)[1] == b"400"


@pytest.mark.parametrize("listen", ["127.0.0.1:http", "nowhere", "127.0.0.1:99999"])
async def test_address_that_cannot_be_listened_on_names_the_key(listen: str) -> None:
    with pytest.raises(ConfigError, match=r"\[server\] http"):
        await Listener(probes({}), listen, "[server] http").start()
