"""`python -m bench.page [TICKETS]`: what one of the customers' pages costs on a large desk (100,000 tickets), and what
people who read and write there cost the mail path.

200 people open a page every 15 seconds and 20 write once a minute, all at once, while mails come as fast as they are
taken. Each run with them has one without beside it on the same daemon, in turns; what is printed are medians.
"""

from __future__ import annotations

import asyncio
import secrets
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from bench.many_tickets import fill
from bench.run import Process, configured, load, served
from maild.model import ContactInput
from maild.settings import Database, Settings
from maild.store import Store
from maild.web.guard import form_token
from maild.web.visitor import hashed
from tests.harness.configuration import Tables

READERS, WRITERS, READ_SECONDS, WRITE_SECONDS = 200, 20, 15.0, 60.0
#: to be reached: milliseconds of the server for a page, the share of the mail rate that may be lost
PAGE_MS, LOST = 50, 0.10
MAILS, PAIRS, ROUNDS = 2_000, 5, 4

TABLES: Tables = {
    "web": {"listen": "127.0.0.1:0", "trusted_proxies": ["127.0.0.1"]},
    "authentication": {"verify_dkim": False},
}


def prepare(folder: Path, count: int) -> list[tuple[str, str, int]]:
    """The desk, and sessions of contacts: (cookie, form token, a ticket of theirs)."""
    settings = replace(Settings(), base=folder, database=Database(url=f"sqlite:///{folder}/maild.db"))
    made = []
    with Store.open(settings, create=True) as store:
        fill(store, count)
        with store.write() as tx:
            now, key = datetime.now(UTC), tx.secret()
            for n in range(READERS + WRITERS):
                address = f"user{n}@company{n % 100}.example"
                roles = ("reference",) if n % 4 == 0 else ()
                tx.contacts.save(
                    f"company{n % 100}", ContactInput(addresses=(address,), name=f"User {n}", roles=roles)
                )
                person = tx.contacts.find(address)
                assert person is not None
                cookie = secrets.token_hex(16)
                tx.web.sign_in(hashed(cookie), person.contact_id, address, now - timedelta(minutes=1))
                made.append((cookie, form_token(key, cookie), count - 5000 + n if n else count - 5000))
    return made


def pages(
    port: int, people: list[tuple[str, str, int]], process: Process, rounds: int = ROUNDS
) -> dict[str, float]:
    """Milliseconds for each kind of page, one after the other, and of the processor for all of them."""
    times: dict[str, list[float]] = {}
    before, asked = process.cpu_seconds(), 0
    client = HTTPConnection("127.0.0.1", port, timeout=60)
    for turn in range(rounds):
        for n, (cookie, _, number) in enumerate(people[:50]):
            for name, path in (("tickets", "/tickets"), ("closed", "/tickets?closed=1"), ("ticket", f"/tickets/{number}"),
                               ("new", "/new"), ("company", "/company")):  # fmt: skip
                began = time.perf_counter()
                client.request("GET", path, headers=_headers(cookie, n + 1000 * turn))
                client.getresponse().read()
                times.setdefault(name, []).append((time.perf_counter() - began) * 1e3)
                asked += 1
    client.close()
    cpu = (process.cpu_seconds() - before) / asked * 1e3
    found = {f"{name} median": statistics.median(one) for name, one in times.items()}
    found |= {f"{name} p99": sorted(one)[int(len(one) * 0.99)] for name, one in times.items()}
    return found | {"cpu of a page": cpu}


def _headers(cookie: str, n: int) -> dict[str, str]:
    address = f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}"
    return {"Cookie": f"maild_session={cookie}", "X-Forwarded-For": address}


async def people_at_work(port: int, people: list[tuple[str, str, int]], stop: asyncio.Event) -> int:
    """All of them at once until `stop`; how many pages."""
    done = 0

    async def ask(raw: bytes) -> None:
        nonlocal done
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(raw)
        await reader.read()
        writer.close()
        done += 1

    async def one(n: int, cookie: str, token: str, number: int) -> None:
        reads = n < READERS
        every = READ_SECONDS if reads else WRITE_SECONDS
        # spread over their time: all who write would otherwise do so in the first six seconds of each run
        await asyncio.sleep(every * (n / READERS if reads else (n - READERS) / WRITERS))
        while not stop.is_set():
            head = "".join(f"{k}: {v}\r\n" for k, v in _headers(cookie, n).items())
            if reads:
                path = "/tickets" if n % 2 else f"/tickets/{number}"
                await ask(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{head}\r\n".encode())
            else:
                body = f"csrf={token}&text=More+of+it&kind=incident&subject=Printer"
                await ask(
                    f"POST /new HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{head}Content-Length: {len(body)}\r\n"
                    f"Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}".encode()
                )
            await asyncio.sleep(every)

    tasks = [asyncio.create_task(one(n, *person)) for n, person in enumerate(people)]
    await stop.wait()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return done


async def with_people(
    ports: dict[str, int], people: list[tuple[str, str, int]], prefix: str
) -> tuple[float, int]:
    """Mails a second while they are there, and pages meanwhile."""
    stop = asyncio.Event()
    crowd = asyncio.create_task(people_at_work(ports["web"], people, stop))
    await asyncio.sleep(2)
    result: dict[str, Any] = await asyncio.to_thread(load, ports["smtp"], MAILS, 2048, prefix=prefix)
    stop.set()
    return float(result["rate"]), await crowd


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory(prefix="maild-page-") as made:
        folder = Path(made)
        people = prepare(folder, count)
        with served(configured(folder, TABLES)) as (process, ports):
            found = pages(ports["web"], people, process)
            for name, value in sorted(found.items()):
                print(f"{name:20} {value:7.1f} ms")
            for which in ("median", "p99"):
                worst = max(value for name, value in found.items() if name.endswith(which))
                under = "yes" if worst < PAGE_MS else "NO"
                print(f"each page under {PAGE_MS} ms at {count} tickets, {which}: {under} ({worst:.1f} ms)")
            load(ports["smtp"], 100, 2048, prefix="warm")
            ratios, seen = [], 0
            for turn in range(PAIRS):
                alone = float(load(ports["smtp"], MAILS, 2048, prefix=f"a{turn}")["rate"])
                beside, asked = asyncio.run(with_people(ports, people, f"b{turn}"))
                ratios.append(beside / alone)
                seen += asked
                print(
                    f"alone {alone:6.0f} mails/s, with {READERS} readers and {WRITERS} writers {beside:6.0f} ({asked} pages)"
                )
            lost = 1 - statistics.median(ratios)
            print(f"lost {lost:.1%}, at most {LOST:.0%}: {'yes' if lost <= LOST else 'NO'} ({seen} pages)")


if __name__ == "__main__":
    main()
