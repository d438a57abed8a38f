"""Whose silence it is: a zone's that is dead, or the resolver's own."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import dns.flags
import dns.message
import dns.rcode
import pytest
from tenacity import wait_fixed

from maild.work import dns as module
from maild.work.dns import PATIENCE, TxtLookup, zone_of
from tests import timing
from tests.servers.dns import DnsServer

RECORDS: dict[str, tuple[bytes, ...]] = {
    f"_dmarc.good{n}.example": (b"v=DMARC1; p=reject",) for n in range(50)
}


class Zones(DnsServer):
    """Names below `failing` get SERVFAIL, below `mute` nothing, all others what `records` say."""

    failing: tuple[str, ...] = ("failing.example",)
    mute: tuple[str, ...] = ("mute.example",)

    def _answer(self, query: dns.message.Message, name: str) -> dns.message.Message:
        if name.endswith(self.mute):
            raise OSError("says nothing")
        if name.endswith(self.failing):
            made = dns.message.make_response(query)
            made.set_rcode(dns.rcode.SERVFAIL)
            return made
        return super()._answer(query, name)


@pytest.fixture
async def server() -> AsyncIterator[Zones]:
    with Zones(RECORDS) as made:
        yield made


@pytest.fixture
async def lookup(server: Zones) -> AsyncIterator[TxtLookup]:
    made = TxtLookup(server.address, 0.2)
    yield made
    await made.close()


async def ask(lookup: TxtLookup, *names: str) -> tuple[bytes, ...] | None:
    return (await lookup.many(names))[names[0]]


async def test_what_needs_nobody_to_be_asked_is_said_at_once(lookup: TxtLookup, server: Zones) -> None:
    known, unknown = "_dmarc.good1.example", "_dmarc.good2.example"
    assert lookup.at_once((known,)) is None
    answers = await lookup.many((known,))
    assert answers[known]
    assert lookup.at_once((known, known)) == answers
    assert lookup.at_once((known, unknown)) is None
    assert [name for name in server.asked if name] == [known]


@pytest.mark.parametrize(
    "dead",
    [
        "failing.example",
        pytest.param("mute.example", marks=pytest.mark.slow("waits until look-ups time out")),
    ],
)
async def test_a_strangers_dead_zone_rests_alone(lookup: TxtLookup, server: Zones, dead: str) -> None:
    for number in range(4 * PATIENCE):
        assert await ask(lookup, f"s{number}._domainkey.{dead}", f"_dmarc.{dead}") is None
        assert await ask(lookup, f"_dmarc.good{number}.example") is not None
    asked = sum(name.endswith(dead) for name in server.asked)
    assert asked <= 4 * PATIENCE  # then it rests, and costs nobody's time: it is not even asked
    assert await ask(lookup, f"_dmarc.{dead}") is None
    assert sum(name.endswith(dead) for name in server.asked) == asked
    assert not lookup.silent


@pytest.mark.slow("waits until look-ups time out")
async def test_many_dead_zones_do_not_make_the_resolver_rest(lookup: TxtLookup, server: Zones) -> None:
    for number in range(3 * PATIENCE):  # nothing else is asked meanwhile
        assert await ask(lookup, f"_dmarc.z{number}.mute.example") is None
    await timing.until(lambda: "" in server.asked)  # it was looked at, and answered
    assert not lookup.silent
    assert await ask(lookup, "_dmarc.good1.example") is not None


async def test_a_zone_that_comes_back_is_asked_again(server: Zones) -> None:
    now = [0.0]
    lookup = TxtLookup(server.address, 0.2, monotonic=lambda: now[0])
    for number in range(PATIENCE):
        assert await ask(lookup, f"s{number}._domainkey.failing.example") is None
    server.failing = ("nobody",)
    assert await ask(lookup, "_dmarc.failing.example") is None  # it rests
    now[0] += module.REST + 1
    assert await ask(lookup, "_dmarc.failing.example") == ()
    await lookup.close()


@pytest.mark.slow("waits until look-ups time out")
async def test_a_resolver_that_says_nothing_rests_for_all_names_until_it_answers(
    lookup: TxtLookup, server: Zones, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SILENT", wait_fixed(0.1))
    server.silent = True
    for number in range(PATIENCE):
        assert await ask(lookup, f"_dmarc.good{number}.example") is None
    await timing.until(lambda: lookup.silent is True)
    before = len(server.asked)
    assert await ask(lookup, "_dmarc.good9.example") is None
    assert "_dmarc.good9.example" not in server.asked[before:]
    server.silent = False
    await timing.until(lambda: lookup.silent is False)
    assert await ask(lookup, "_dmarc.good9.example") is not None


async def test_a_resolver_that_refuses_everything_is_no_silent_one(lookup: TxtLookup, server: Zones) -> None:
    server.failing = ("",)
    for number in range(2 * PATIENCE):
        assert await ask(lookup, f"_dmarc.good{number}.example") is None
    await asyncio.sleep(0.1)
    assert not lookup.silent
    server.failing = ("nobody",)
    assert await ask(lookup, "_dmarc.good9.example") is not None


async def test_strangers_zones_take_a_number_of_look_ups_and_no_more(
    server: Zones, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STRANGERS", 4)
    lookup = TxtLookup(server.address, 0.3)
    assert await ask(lookup, "_dmarc.good1.example") is not None
    flood = asyncio.create_task(lookup.many(f"_dmarc.z{n}.mute.example" for n in range(40)))
    await asyncio.sleep(0.05)
    assert await ask(lookup, "k._domainkey.good1.example") == ()  # it has answered before
    await flood
    assert len({name for name in server.asked if name.endswith("mute.example")}) <= 4
    await lookup.close()


@pytest.mark.slow("waits until look-ups time out")
async def test_no_server_at_all_is_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    lookup = TxtLookup(address, 0.2)
    for number in range(PATIENCE):
        assert await ask(lookup, f"_dmarc.good{number}.example") is None
    await timing.until(lambda: lookup.silent is True)
    await lookup.close()


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("_dmarc.acme.example", "acme.example"),
        ("a.b._domainkey.acme.example", "acme.example"),
        ("x._domainkey.y._domainkey.acme.example", "acme.example"),
        ("acme.example", "acme.example"),
    ],
)
def test_a_zone_is_the_domain_that_a_name_is_about(name: str, zone: str) -> None:
    assert zone_of(name) == zone
