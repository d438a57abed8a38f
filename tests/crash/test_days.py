"""A day of two desks that write to each other among robots of absence, and a desk whose clock jumps: by simulated time.

Nothing goes round for ever: what a desk answers by itself to one address within an hour is capped, a robot that says what
it is gets no answer at all, and where nobody writes any more the desks fall silent.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from contextlib import ExitStack
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import pytest

from maild.demo.simulated import Posted, SimulatedDesk
from tests.harness.configuration import toml
from tests.harness.people import company
from tests.scenarios.desk import START

HOUR, STEP = timedelta(hours=1), timedelta(minutes=10)
CAP = 10


def config_of(address: str, cap: int) -> str:
    return toml({
        "desk": {"address": address},
        "smtp": {"listen": "127.0.0.1:0"},
        "authentication": {"verify_dkim": False},
        "approval": {"require": "token"},
        "limits": {"automatic_mails_per_address_per_hour": cap},
    })  # fmt: skip


#: who is away, and how their robots write: as RFC 3834 says, by a mark of their own, and like a person
ROBOTS = {
    "proper@acme.example": {"Auto-Submitted": "auto-replied"},
    "marked@acme.example": {"X-Autoreply": "yes", "Precedence": "bulk"},
    "rude@acme.example": {},
}
ADDRESSES = ("help@one.example", "help@two.example")
SENDERS = (*ROBOTS, "anna@acme.example", *ADDRESSES)


def letter(sender: str, to: str, subject: str, number: int, at: str, **more: str) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, to, subject
    made["Date"], made["Message-ID"] = at, f"<{number}.{sender}>"
    for name, value in more.items():
        made[name.replace("_", "-")] = value
    made.set_content(f"Hello,\nthe printer {number} does not print.\n")
    return made


class Post:
    """Carries what the desks send: to the other desk, to a robot, which answers, or to a person, who does not."""

    def __init__(self, desks: dict[str, SimulatedDesk]) -> None:
        self._desks = desks
        self._seen = dict.fromkeys(desks, 0)
        self.number = 0
        self.robots = 0

    def round(self) -> int:
        """Deliver everything that was sent since; how many mails."""
        fresh: list[tuple[str, Posted]] = []
        for address, desk in self._desks.items():
            fresh += [(address, one) for one in desk.posted[self._seen[address] :]]
            self._seen[address] = len(desk.posted)
        for sender, mail in fresh:
            for to in mail.to:
                if to in self._desks:
                    self._desks[to].send(mail.raw, mail_from=mail.mail_from, to=[to])
                elif to in ROBOTS:
                    self._absent(to, sender, mail)
        return len(fresh)

    def _absent(self, robot: str, desk: str, mail: Posted) -> None:
        """A robot answers whoever stands in From: the rude one even what was sent by nobody."""
        if not mail.mail_from and robot != "rude@acme.example":
            return
        self.number += 1
        self.robots += 1
        said = mail.mail
        made = letter(robot, desk, f"Out of office: {said['Subject']}", self.number,
                      format_datetime(self._desks[desk].now()), **ROBOTS[robot])  # fmt: skip
        made["In-Reply-To"] = said["Message-ID"]
        self._desks[desk].send(made, mail_from="" if robot == "proper@acme.example" else robot)


def two_desks(folder: Path, stack: ExitStack) -> dict[str, SimulatedDesk]:
    desks = {}
    for address, customer in zip(ADDRESSES, ("two", "one"), strict=True):
        place = folder / address
        place.mkdir()
        companies = company("acme", "acme", "") + company(customer, customer, "")
        text = config_of(address, CAP)
        desks[address] = stack.enter_context(SimulatedDesk(place, text, companies, START))
    return desks


def day(folder: Path, hours: int) -> tuple[int, int]:
    """The desks and their post for so many hours, the last three without a new request: (mails, of robots)."""
    chance = random.Random(hours)
    with ExitStack() as stack:
        desks = two_desks(folder, stack)
        post = Post(desks)
        last = 0
        for step in range(hours * 6):
            if step < (hours - 3) * 6 and chance.random() < 0.8:
                post.number += 1
                sender = SENDERS[post.number % len(SENDERS)]
                first, other = chance.sample(ADDRESSES, 2)
                if sender == first:
                    first, other = other, first
                made = letter(
                    sender, first, f"Printer {post.number}", post.number, format_datetime(desks[first].now())
                )
                if chance.random() < 0.3 and sender != other:
                    made["Cc"] = other
                    desks[other].send(made, to=[other])
                desks[first].send(made, to=[first])
            moved = post.round()
            last = step if moved else last
            for desk in desks.values():
                desk.advance(desk.now() + STEP)
        total = 0
        for address, desk in desks.items():
            total += len(desk.posted)
            automatic = [one for one in desk.posted if b"\nAuto-Submitted: auto-replied" in one.raw]
            hourly = Counter(
                (to, one.at.replace(minute=0, second=0, microsecond=0)) for one in automatic for to in one.to
            )
            assert max(hourly.values(), default=0) <= CAP, (address, hourly.most_common(3))
            with desk.store.read() as tx:
                assert tx.inbound.counts() == {"received": 0, "quarantined": 0}
        assert last <= hours * 6 - 6, "the desks still write to each other though nobody else does"
        return total, post.robots


def test_two_desks_among_robots_of_absence_fall_silent(tmp_path: Path) -> None:
    total, robots = day(tmp_path, 5)
    assert total > 5
    assert robots > 0


@pytest.mark.torture
def test_a_day_of_two_desks_among_robots_of_absence(tmp_path: Path) -> None:
    hours = int(os.environ.get("MAILD_HOURS", "24"))
    total, robots = day(tmp_path, hours)
    print(f"\n{hours} simulated hours: {total} mails of the desks, {robots} of robots")
    assert robots > hours // 2


def jumps(folder: Path, count: int) -> Counter[str]:
    """A clock that is set forward by up to nine days and back by up to three while mails come and are answered."""
    chance = random.Random(count)
    did: Counter[str] = Counter()
    text, companies = config_of(ADDRESSES[0], 1000), company("acme", "acme", "")
    with SimulatedDesk(folder, text, companies, START) as desk:
        numbers: list[int] = []
        for number in range(count):
            back = chance.random() < 0.4
            desk.clock.at += (
                -chance.random() * timedelta(days=3) if back else chance.random() ** 3 * timedelta(days=9)
            )
            did["back" if back else "forward"] += 1
            desk.settle()
            at = format_datetime(desk.now())
            if numbers and chance.random() < 0.5:
                ticket = desk.show(chance.choice(numbers))
                answer = letter("anna@acme.example", ADDRESSES[0], f"Re: {ticket['subject']}", number, at)
                answer["In-Reply-To"] = ticket["entries"][0]["message_id"]
                desk.send(answer)
                did["answers"] += 1
            else:
                desk.send(letter("anna@acme.example", ADDRESSES[0], f"Printer {number}", number, at))
                numbers = [row["number"] for row in desk.rows("list", "--all")]
                did["requests"] += 1
            if chance.random() < 0.3:
                still = [row["number"] for row in desk.rows("list")]
                if still:
                    desk.act("kata", "reply", str(chance.choice(still)), "-m", f"We look into it ({number}).")
                    did["replies"] += 1
        desk.advance(desk.now() + timedelta(days=20))
        with desk.store.read() as tx:
            assert tx.inbound.counts() == {"received": 0, "quarantined": 0}
            out = tx.outbound.counts()
            assert not sum(out.get(state, 0) for state in ("queued", "sending", "failed")), out
            mails = tx.inbound.list(limit=None)
        assert {one.state for one in mails} == {"done"}
        assert len(mails) == count
        assert None not in [one.ticket for one in mails]
        ids = [one.mail["Message-ID"] for one in desk.posted]
        assert len(set(ids)) == len(ids)
        received = Counter(str(one.mail["In-Reply-To"]) for one in desk.posted if one.notice == "received")
        assert set(received.values()) == {1}
        assert len(received) >= did["requests"]
    return did


def test_a_clock_that_jumps_loses_and_doubles_nothing(tmp_path: Path) -> None:
    did = jumps(tmp_path, 12)
    assert min(did["back"], did["forward"], did["requests"], did["answers"]) > 0


@pytest.mark.torture
def test_a_clock_that_jumps_three_hundred_times_loses_and_doubles_nothing(tmp_path: Path) -> None:
    did = jumps(tmp_path, int(os.environ.get("MAILD_JUMPS", "300")))
    print(f"\n{dict(did)}")
