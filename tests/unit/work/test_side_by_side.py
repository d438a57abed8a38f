"""Mails that share something are decided in their order, whichever lane each is in."""

from __future__ import annotations

import asyncio
import random

import pytest

from maild.model import LookupKeys
from maild.store import Lane
from maild.work.side_by_side import SideBySide, means_others
from tests.cases import cases


def new(sender: str, own: str = "") -> LookupKeys:
    return LookupKeys(sender=sender, own_message_id=own or f"<{sender}>", message_ids=(own or f"<{sender}>",))


async def lanes(*mails: LookupKeys) -> list[Lane | None]:
    """Where each goes while all before it are under way; None for one that waits."""
    beside, found = SideBySide(), list[Lane | None]()
    tasks = []
    for keys in mails:

        async def enter(keys: LookupKeys = keys, at: int = len(found)) -> None:
            async with beside.turn(keys) as lane:
                found[at] = lane
                await asyncio.Event().wait()

        found.append(None)
        tasks.append(asyncio.create_task(enter()))
        await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return found


@cases("keys", [
    LookupKeys("a", own_message_id="<a>", message_ids=("<other>",)),
    LookupKeys("a", keys=("thread:1",)),
    LookupKeys("a", numbers=(1042,)),
    LookupKeys("a", token_hashes=("ab",)),
    LookupKeys("a", reports=True),
    LookupKeys("a", acts=True),
])  # fmt: skip
def test_what_may_mean_any_ticket_is_decided_in_the_main_lane(keys: LookupKeys) -> None:
    assert means_others(keys)
    assert asyncio.run(lanes(new("x"), keys)) == [Lane.MAIN, Lane.MAIN]
    assert asyncio.run(lanes(new("x"), new("y"), keys)) == [Lane.MAIN, Lane.SECOND, Lane.MAIN]


async def test_new_requests_of_different_people_go_side_by_side() -> None:
    assert not means_others(new("a"))
    found = await lanes(*[new(name) for name in "abcd"])
    assert found == [Lane.MAIN, Lane.SECOND, Lane.MAIN, Lane.SECOND]


async def test_who_shares_something_follows_in_the_same_lane_or_waits() -> None:
    assert await lanes(new("a"), new("b"), new("b", "<2>"), new("b", "<3>"))\
        == [Lane.MAIN, Lane.SECOND, Lane.SECOND, Lane.SECOND]  # fmt: skip
    answer = LookupKeys("c", own_message_id="<c>", message_ids=("<B>",))
    assert await lanes(new("a"), new("b", "<b>"), answer, new("c", "<4>")) == [
        Lane.MAIN,
        Lane.SECOND,
        None,
        None,
    ]


async def test_a_mail_that_ends_before_an_earlier_one_hides_it_from_none() -> None:
    """Its client is gone, or it failed: whoever comes next still follows the first."""
    beside, over = SideBySide(), asyncio.Event()
    found: list[tuple[str, Lane]] = []

    async def enter(name: str, keys: LookupKeys) -> None:
        async with beside.turn(keys) as lane:
            found.append((name, lane))
            await over.wait()

    tasks = []
    for name, keys in (("busy", new("x")), ("first", new("a", "<1>")), ("later", new("a", "<2>"))):
        tasks.append(asyncio.create_task(enter(name, keys)))
        await asyncio.sleep(0)
    tasks[-1].cancel()
    await asyncio.sleep(0)
    # one that may be of any ticket, and shares its sender with the first, which is in the other lane
    tasks.append(asyncio.create_task(enter("next", LookupKeys("a", own_message_id="<3>", numbers=(1,)))))
    await asyncio.sleep(0)
    assert found == [("busy", Lane.MAIN), ("first", Lane.SECOND), ("later", Lane.SECOND)]
    over.set()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert found[-1] == ("next", Lane.MAIN)
    assert not beside._under_way


@pytest.mark.parametrize("seed", range(20))
async def test_in_any_mix_the_order_holds(seed: int) -> None:
    """Lanes that take any time for a job; each pair that shares a name, or may mean any ticket, ends in its order."""
    chance = random.Random(seed)
    mails = [
        LookupKeys(
            sender := chance.choice("abcdefgh"),
            own_message_id=f"<{number}>",
            message_ids=(f"<{number}>", *(() if chance.random() < 0.8 else (f"<{chance.randrange(60)}>",))),
            fingerprint=chance.choice(["", "", f"{sender}{chance.randrange(3)}"]),
        )
        for number in range(60)
    ]
    beside, ended, together = SideBySide(), list[int](), 0
    queues: dict[Lane, asyncio.Queue[asyncio.Event]] = {
        Lane.MAIN: asyncio.Queue(),
        Lane.SECOND: asyncio.Queue(),
    }

    async def work(lane: Lane) -> None:
        nonlocal together
        while True:
            job = await queues[lane].get()
            for _ in range(chance.randrange(8)):
                await asyncio.sleep(0)
            together += all(not queue.empty() for queue in queues.values())
            job.set()

    async def decide(number: int) -> None:
        async with beside.turn(mails[number]) as lane:
            done = asyncio.Event()
            queues[lane].put_nowait(done)
            await done.wait()
            ended.append(number)

    workers = [asyncio.create_task(work(lane)) for lane in queues]
    await asyncio.gather(*(decide(number) for number in range(len(mails))))
    for worker in workers:
        worker.cancel()
    place = {number: at for at, number in enumerate(ended)}
    for later, one in enumerate(mails):
        for earlier, other in enumerate(mails[:later]):
            shared = {one.sender, *one.message_ids, one.fingerprint} & {
                other.sender, *other.message_ids, other.fingerprint,
            }  # fmt: skip
            if shared - {""} or (means_others(one) and means_others(other)):
                assert place[earlier] < place[later], (earlier, later)
    assert together
    assert not beside._under_way
