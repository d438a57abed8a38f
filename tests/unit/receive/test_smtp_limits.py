"""Nobody holds the whole port: connections and bytes have shares, and who is slow or idle gives way to who waits."""

from __future__ import annotations

import asyncio

import pytest

from maild.receive import smtp_limits, smtp_session
from maild.receive.smtp_limits import FAIR_SECONDS, IDLE_SECONDS, Budget, ConnectionLimits
from tests import timing
from tests.unit.receive.smtp_client import START, Inbox, Receiver, connect, receiver

MAIL = START + b"Subject: The printer\r\n\r\nburns\r\n.\r\n"


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes seconds takes less here."""
    monkeypatch.setattr(smtp_limits, "IDLE_SECONDS", 0.05)
    monkeypatch.setattr(smtp_limits, "FAIR_SECONDS", 0.05)


async def honest(made: Receiver, source: str) -> str:
    """A mail of somebody who comes while others hold the port; the answer to it."""
    client = await connect(made, source=source)
    client.send(MAIL)
    answers = await client.replies(5)
    await client.close()
    return answers[-1][:3]


async def test_idle_sessions_of_many_addresses_give_way_to_one_who_comes(inbox: Inbox, hurried: None) -> None:
    async with receiver(inbox, max_connections=6, max_connections_per_address=2) as made:
        idle = [await connect(made, source=f"127.0.1.{n // 2 + 1}") for n in range(6)]
        await asyncio.sleep(0.1)
        assert await honest(made, "127.0.2.1") == "250"
        assert (await idle[0].reply()).startswith("421 4.3.2")  # the oldest of the greediest
        assert await idle[0].closed()
        assert [await honest(made, f"127.0.2.{n}") for n in (2, 3)] == ["250", "250"]


async def test_a_session_that_is_at_work_does_not_give_way(inbox: Inbox, hurried: None) -> None:
    async with receiver(inbox, max_connections=2, max_connections_per_address=2) as made:
        busy, idle = await connect(made, source="127.0.1.1"), await connect(made, source="127.0.1.1")
        busy.send(START + b"Subject: x\r\n")
        await busy.replies(4)
        await asyncio.sleep(0.1)
        assert await honest(made, "127.0.2.1") == "250"
        assert (await idle.reply()).startswith("421")
        busy.send(b"\r\nhello\r\n.\r\n")
        assert (await busy.reply()).startswith("250")


async def test_slow_mails_of_many_addresses_give_way_to_one_who_comes(inbox: Inbox, hurried: None) -> None:
    """Each comes fast enough never to be cut off, and all connections are taken by them for an hour."""
    async with receiver(inbox, max_connections=4, max_connections_per_address=2) as made:
        slow = [await connect(made, source=f"127.0.1.{n}") for n in range(1, 5)]
        for client in slow:
            client.send(START + b"x" * 700 + b"\r\n")
            await client.replies(4)
        await asyncio.sleep(0.1)
        assert await honest(made, "127.0.2.1") == "250"
        assert (await slow[0].reply()).startswith("421 4.3.2")  # the oldest
        slow[1].send(b"\r\n.\r\n")
        assert (await slow[1].reply()).startswith("250")


async def test_who_knocks_again_and_again_gets_nobodys_place(inbox: Inbox, hurried: None) -> None:
    """The places of those who have as few are safe: an attacker cannot push the honest out."""
    async with receiver(inbox, max_connections=2, max_connections_per_address=2) as made:
        mine, other = await connect(made, source="127.0.1.1"), await connect(made, source="127.0.1.2")
        await asyncio.sleep(0.1)
        await connect(made, source="127.0.1.3")  # takes the place of the oldest of those who have one
        assert (await mine.reply()).startswith("421")
        over = await connect(made, greeting=False, source="127.0.1.3")
        assert (await over.reply()).startswith("421 4.3.2")
        other.send(MAIL)
        assert (await other.replies(5))[-1].startswith("250")


async def test_trusted_relays_always_get_in(inbox: Inbox) -> None:
    async with receiver(
        inbox, max_connections=2, max_connections_per_address=2, max_bytes_in_flight=3_000, max_bytes=2_000,
        trusted_relays={"127.0.3.0/24": "mx"},
    ) as made:  # fmt: skip
        held = [await connect(made, source=f"127.0.1.{n}") for n in (1, 2)]
        for client in held:
            client.send(START + b"x" * 1_400 + b"\r\n" * 60)
            await client.replies(4)
        await asyncio.sleep(0.1)
        relays = [asyncio.create_task(honest(made, "127.0.3.1")) for _ in range(8)]
        assert await asyncio.gather(*relays) == ["250"] * 8


async def test_one_address_does_not_hold_all_bytes_in_flight(inbox: Inbox) -> None:
    async with receiver(inbox, max_bytes=30_000, max_bytes_in_flight=90_000) as made:
        held = [await connect(made, source="127.0.1.1") for _ in range(4)]
        for client in held:
            client.send(START + b"x" * 25_000)
            await client.replies(4)
        await asyncio.sleep(0.1)
        client = await connect(made, source="127.0.2.1")
        client.send(START + b"y" * 28_000 + b"\r\n.\r\n")
        assert (await client.replies(5))[-1].startswith("250")
        ends = []
        for client in held:
            client.send(b"\r\n.\r\n")
            ends.append((await client.reply())[:9])
        # a large mail that is alone has room for itself; what goes beyond the share is tried again later
        assert ends.count("250 2.0.0") >= 1
        assert set(ends) <= {"250 2.0.0", "451 4.3.1"}


@pytest.mark.slow("waits as long as a mail may take")
async def test_the_slowest_mail_of_the_greediest_gives_way_when_all_bytes_are_taken(
    inbox: Inbox, hurried: None
) -> None:
    async with receiver(inbox, max_bytes=30_000, max_bytes_in_flight=60_000) as made:
        slow = [await connect(made, source=f"127.0.1.{n}") for n in (1, 2)]
        for client in slow:
            client.send(START + b"x" * 29_000)
            await client.replies(4)
        await asyncio.sleep(0.8)  # longer than a mail of that size may take at a fair speed
        client = await connect(made, source="127.0.2.1")
        client.send(START + b"y" * 20_000 + b"\r\n.\r\n")
        assert (await client.replies(5))[-1].startswith("250")
        ends = [asyncio.create_task(one.reply()) for one in slow]
        await timing.until(lambda: any(end.done() for end in ends))
        (cut,) = (end for end in ends if end.done())
        assert cut.result().startswith("421 4.3.1")
        for end in ends:
            end.cancel()


async def test_a_trickle_is_cut_off_and_an_honest_slow_line_is_not(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp_session, "LOWEST_AFTER", 0.2)
    monkeypatch.setattr(
        smtp_session, "LOWEST_SPEED", 100.0
    )  # the honest line is far above, also where we were held up
    async with receiver(inbox) as made:
        trickle, slow = await connect(made), await connect(made)
        for client in (trickle, slow):
            client.send(START)
            await client.replies(4)
        said = asyncio.create_task(trickle.reply())
        for _ in range(10):
            if not said.done():
                trickle.send(b"x")
            slow.send((b"y" * 900 + b"\r\n") * 2)
            await asyncio.sleep(0.05)
        slow.send(b".\r\n")
        assert (await slow.reply()).startswith("250")
        assert (await said).startswith("421 4.4.2")


# -------------------------------------------------------------------------------------------- the tables


class Guest:
    def __init__(self, peer: str, since: float = 0.0, busy: bool = False, slow: bool = False) -> None:
        self.peer, self.since, self.busy, self.slow = peer, since, busy, slow
        self.sent = ""

    def crawls(self, now: float) -> bool:
        return self.slow

    def cut_off(self, line: str) -> None:
        self.sent = line

    def send_away(self, line: str) -> None:
        self.sent = line


def test_the_oldest_idle_of_the_greediest_goes() -> None:
    now = [100.0]
    door = ConnectionLimits(4, 3, (), clock=lambda: now[0])
    guests = [
        Guest("10.0.0.1", 50),
        Guest("10.0.0.1", 40),
        Guest("10.0.0.1", 30, busy=True),
        Guest("10.0.0.2", 1),
    ]
    assert [door.admit(g) for g in guests] == [""] * 4
    assert door.admit(Guest("10.0.0.3", 100)) == ""
    assert [bool(g.sent) for g in guests] == [False, True, False, False]
    assert len(door) == 4


def test_nobody_goes_who_has_just_come() -> None:
    door = ConnectionLimits(2, 2, (), clock=lambda: IDLE_SECONDS - 0.1)
    assert [door.admit(Guest("10.0.0.1")) for _ in range(2)] == ["", ""]
    assert door.admit(Guest("10.0.0.2")).startswith("421 4.3.2")


def test_addresses_of_one_network_of_ipv6_are_one() -> None:
    door = ConnectionLimits(10, 1, ())
    assert door.admit(Guest("2001:db8::1")) == ""
    assert door.admit(Guest("2001:db8::2")).startswith("421 4.7.0")
    assert door.admit(Guest("2001:db8:0:1::2")) == ""


def test_bytes_are_given_back_whatever_happens() -> None:
    now = [0.0]
    budget = Budget(100, 50, clock=lambda: now[0])
    first, second = budget.account("a"), budget.account("b")
    assert first.take(50)
    assert second.take(40)
    assert not second.take(11)
    now[0] = FAIR_SECONDS + 1
    assert not second.take(11)  # it is the greedier one itself soon
    first.release()
    first.release()
    assert budget.used == 40
    second.release()
    assert budget.used == 0
    assert budget.room("c", 50)


def test_a_slow_mail_goes_where_nobody_is_idle_and_a_fast_one_never() -> None:
    door = ConnectionLimits(3, 3, (), clock=lambda: 100.0)
    guests = [
        Guest("10.0.0.1", 1, busy=True),
        Guest("10.0.0.2", 3, busy=True, slow=True),
        Guest("10.0.0.3", 2, busy=True, slow=True),
    ]
    assert [door.admit(g) for g in guests] == [""] * 3
    assert door.admit(Guest("10.0.0.3", 100)).startswith("421")  # it has as many as anybody
    assert door.admit(Guest("10.0.0.4", 100)) == ""
    assert [bool(g.sent) for g in guests].count(True) == 1
    assert guests[0].sent == ""
