"""Who holds connections of the page for nothing keeps nobody out of it."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from maild.web import connection
from maild.web.server import CONNECTIONS, OF_ONE
from tests.timing import PATIENCE, came
from tests.web.conftest import WebDesk

pytestmark = pytest.mark.slow("a daemon, and hundreds of connections")

ATTACKER, OTHER, PROXY = "127.0.5.1", "127.0.6.1", "127.0.0.1"
SILENT = b""
HALF_A_HEAD = b"GET / HTTP/1.1\r\nHost: x\r\nX: "
HALF_A_BODY = b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\naddress="
SECOND = b"GET /status HTTP/1.1\r\nHost: x\r\n\r\nGET /sta"
#: answers to these fill all buffers between here and the page
UNREAD = b"GET /style.css HTTP/1.1\r\nHost: x\r\n\r\n" * 5_000


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebDesk]:
    made = WebDesk(tmp_path_factory.mktemp("held"))
    with made:
        yield made


def dial(desk: WebDesk, source: str, said: bytes = SILENT) -> socket.socket:
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    made.bind((source, 0))
    made.settimeout(PATIENCE)
    made.connect(("127.0.0.1", desk.port("web")))
    made.sendall(said)
    return made


def status(desk: WebDesk, source: str) -> int:
    asks = http.client.HTTPConnection(
        "127.0.0.1", desk.port("web"), timeout=PATIENCE, source_address=(source, 0)
    )
    try:
        asks.request("GET", "/status")
        return asks.getresponse().status
    finally:
        asks.close()


def ends(line: socket.socket) -> bool:
    """Whether the page ends it."""
    try:
        while line.recv(65_536):
            pass
    except TimeoutError:
        return False
    except ConnectionResetError:
        pass
    return True


@pytest.mark.parametrize("said", [SILENT, HALF_A_HEAD, HALF_A_BODY])
def test_three_hundred_connections_of_one_address_keep_nobody_else_out(page: WebDesk, said: bytes) -> None:
    with ExitStack() as held:
        lines = [held.enter_context(dial(page, ATTACKER, said)) for _ in range(CONNECTIONS + 100)]
        assert ends(lines[-1])  # all are there: this one was told that it is one too many
        assert [status(page, OTHER) for _ in range(3)] == [200] * 3
        assert status(page, ATTACKER) == 503


def test_those_of_many_addresses_give_way_to_one_who_comes(
    page: WebDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("maild.receive.smtp_limits.IDLE_SECONDS", 0.0)
    with ExitStack() as held:
        for number in range(CONNECTIONS):
            held.enter_context(dial(page, f"127.0.5.{number % 200 + 1}", HALF_A_HEAD))
        assert [status(page, f"127.0.6.{n + 1}") for n in range(3)] == [200] * 3


def test_a_trusted_proxy_brings_everybodys_requests(page: WebDesk) -> None:
    with ExitStack() as held:
        for _ in range(OF_ONE + 20):
            held.enter_context(dial(page, PROXY))
        assert status(page, PROXY) == 200


@pytest.mark.parametrize("said", [SILENT, HALF_A_HEAD, HALF_A_BODY, SECOND, UNREAD])
def test_who_sends_or_reads_too_slowly_is_cut_off(
    page: WebDesk, monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    monkeypatch.setattr(connection, "LOWEST_AFTER", 0.3)
    monkeypatch.setattr(connection, "LOOK_SECONDS", 0.05)
    with dial(page, PROXY, said) as line:
        if said is UNREAD:
            port = line.getsockname()[1]
            came(lambda: not connected(page, port), lambda: "it is there and never reads")
        assert ends(line)
        assert status(page, OTHER) == 200


def connected(desk: WebDesk, port: int) -> bool:
    """Whether the page has a connection from that port of ours."""
    here, there = f":{desk.port('web'):04X} ", f":{port:04X} "
    rows = [row for row in Path("/proc/net/tcp").read_text().splitlines() if here in row and there in row]
    return any(row.split()[1].endswith(here.strip()) and row.split()[3] == "01" for row in rows)
