"""`python -m bench.daemons [DAEMONS] [MILLISECONDS] [RATE] [SECONDS]`: several daemons on one PostgreSQL, each slowed.

Four daemons whose decisions take 20 ms longer each, so that the processor of this machine does not decide; mails of
different customers come at 160 a second, whatever is answered. Printed: what came in and went out, from the first byte
of a mail to its acknowledgement in the Maildir (median, p99), what of the processor's time a mail took in the daemons,
the server and the load, and who waited for whose lock in the database.
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import psycopg

from bench.load import Session, mail
from bench.run import Process
from tests.crash.desk import Desk
from tests.store import postgres

_IN_REPLY_TO = re.compile(rb"^In-Reply-To:\s*<([^>]+)>", re.MULTILINE | re.IGNORECASE)
#: who waits for a lock of whom; looked at so many times a second
_WAITING = (
    "SELECT w.wait_event, left(w.query, 70), coalesce(b.state, '') || ': ' || left(coalesce(b.query, ''), 70) "
    "FROM pg_stat_activity w LEFT JOIN pg_stat_activity b ON b.pid = (pg_blocking_pids(w.pid))[1] "
    "WHERE w.datname = 'maild' AND w.wait_event_type = 'Lock' AND w.pid <> pg_backend_pid()"
)
_LOOKS = 50


class SlowedDesk(Desk):
    """A daemon of `bench.slowed_daemon`."""

    milliseconds = 20.0

    def command(self) -> list[str]:
        return [sys.executable, "-m", "bench.slowed_daemon", str(self.config), str(self.milliseconds)]


async def watch(url: str, waits: Counter[tuple[str, ...]], stop: asyncio.Event) -> int:
    """Counts, for each look, who waits; the number of looks."""
    looks = 0
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        while not stop.is_set():
            looks += 1
            for row in await (await connection.execute(_WAITING)).fetchall():
                waits[tuple(" ".join(one.split()) for one in row)] += 1
            await asyncio.sleep(1 / _LOOKS)
    return looks


async def send(
    ports: list[int], rate: float, seconds: float, began: dict[str, float], prefix: str
) -> tuple[int, float]:
    """An open loop: each mail at its time, over the next free session of its daemon. (Mails, seconds)."""
    free: list[asyncio.Queue[Session]] = []
    for port in ports:
        queue: asyncio.Queue[Session] = asyncio.Queue()
        for _ in range(16):
            queue.put_nowait(await Session.open(port))
        free.append(queue)
    count = int(rate * seconds)
    start = time.time()

    async def one(number: int) -> None:
        sender, raw = mail(
            prefix, number, 2000, people=count
        )  # a customer each: no two mails meet on a ticket
        began[f"{prefix}.{number}@acme.example"] = time.time()
        queue = free[number % len(free)]
        session = await queue.get()
        answer = await session.send(sender, raw)
        assert answer.startswith(b"250"), answer
        queue.put_nowait(session)

    tasks = []
    for number in range(count):
        await asyncio.sleep(max(0.0, start + number / rate - time.time()))
        tasks.append(asyncio.create_task(one(number)))
    await asyncio.gather(*tasks)
    return count, time.time() - start


def answered(desks: list[SlowedDesk]) -> dict[str, float]:
    """When each mail's acknowledgement was in the Maildir."""
    found: dict[str, float] = {}
    for desk in desks:
        folder = desk.folder / "out" / "new"
        for path in folder.iterdir() if folder.is_dir() else ():
            match = _IN_REPLY_TO.search(path.read_bytes())
            if match:
                found[match[1].decode()] = path.stat().st_mtime
    return found


def main(arguments: list[str]) -> None:
    given = [float(one) for one in arguments] + [4.0, 20.0, 160.0, 30.0][len(arguments) :]
    daemons, SlowedDesk.milliseconds, rate, seconds = int(given[0]), given[1], given[2], given[3]
    programs = postgres.binaries()
    assert programs is not None, "the package postgresql is not installed"
    server = postgres.Server(programs)
    desks: list[SlowedDesk] = []
    with tempfile.TemporaryDirectory(prefix="maild-daemons-") as made:
        try:
            server.start()
            database = postgres.new_database(server.url)
            for number in range(daemons):
                folder = Path(made) / str(number)
                folder.mkdir()
                desks.append(SlowedDesk(folder, url=database))
            for desk in desks:
                desk.start()
            asyncio.run(measure(server, desks, rate, seconds))
        finally:
            for desk in desks:
                desk.close()
            server.remove()


def used(server: postgres.Server, desks: list[SlowedDesk]) -> dict[str, float]:
    """The processor's seconds of each group of processes so far."""
    return {
        "daemons": sum(Process(desk.pid).cpu_seconds() for desk in desks),
        "server": Process(server.pid).cpu_seconds(),
        "load": time.process_time(),
    }


async def measure(server: postgres.Server, desks: list[SlowedDesk], rate: float, seconds: float) -> None:
    ports = [desk.port for desk in desks]
    await send(ports, rate / 4, 5, {}, "w")  # everybody has seen everything once
    await asyncio.sleep(3)
    began: dict[str, float] = {}
    waits: Counter[tuple[str, ...]] = Counter()
    stop = asyncio.Event()
    looking = asyncio.create_task(watch(f"{server.url}/maild", waits, stop))
    before = used(server, desks)
    count, took = await send(ports, rate, seconds, began, "d")
    end = time.monotonic() + 120
    while len(found := {k: v for k, v in answered(desks).items() if k in began}) < count:
        if time.monotonic() > end:
            break
        await asyncio.sleep(0.5)
    after = used(server, desks)
    stop.set()
    looks = await looking
    late = sorted(at - began[name] for name, at in found.items())
    span = max(found.values()) - min(began.values())
    print(f"{len(desks)} daemons, {SlowedDesk.milliseconds:g} ms more each: {count} mails sent in {took:.1f} s "
          f"({count / took:.0f}/s), {len(found)} acknowledged in {span:.1f} s ({len(found) / span:.0f}/s)")  # fmt: skip
    print(f"from the first byte to the acknowledgement: median {late[len(late) // 2]:.3f} s, "
          f"p99 {late[int(len(late) * 0.99)]:.3f} s, most {late[-1]:.3f} s")  # fmt: skip
    shares = {name: (after[name] - before[name]) / len(found) * 1e3 for name in after}
    print("processor's time a mail: " + ", ".join(f"{name} {ms:.2f} ms" for name, ms in shares.items())
          + f", together {sum(shares.values()):.2f} ms")  # fmt: skip
    print(f"waits on locks in {looks} looks: {sum(waits.values())}")
    for (event, query, other), times in waits.most_common(8):
        print(f"  {times:5} {event}: {query}\n        for one that is {other}")


if __name__ == "__main__":
    main(sys.argv[1:])
