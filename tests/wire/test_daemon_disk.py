"""A database that cannot be written for a while: what comes is told to come again, and then everything goes on by itself."""

from __future__ import annotations

import os
import signal
import smtplib
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from maild.demo.process import serve
from tests.wire.desk import WireDesk, mail

pytestmark = [pytest.mark.wire, pytest.mark.slow("a daemon in a process of its own")]

#: root may write everything, unless that right is taken from it
AS_OTHERS = ["setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override"]


@contextmanager
def closed(desk: WireDesk) -> Iterator[None]:
    """Nobody may write the database, as after a restore by another user or on a disk that was mounted for reading."""
    give(desk, 0o500, 0o400)
    try:
        yield
    finally:
        give(desk, 0o700, 0o600)


def give(desk: WireDesk, folder: int, file: int) -> None:
    desk.folder.chmod(folder)
    for path in desk.folder.glob("maild.db*"):
        if path.is_file():
            with suppress(FileNotFoundError):  # the daemon takes some away
                path.chmod(file)


def at_once(desk: WireDesk, count: int, name: str) -> list[int]:
    """So many mails, each on a line of its own; what each was answered."""
    answers: list[int] = []

    def send(number: int) -> None:
        try:
            desk.send(mail(f"{name} {number}"))
            answers.append(250)
        except smtplib.SMTPResponseException as refused:
            answers.append(refused.smtp_code)

    threads = [threading.Thread(target=send, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WireDesk:
    if os.geteuid() == 0:
        monkeypatch.setattr(
            "tests.wire.desk.serve", lambda config, *options: [*AS_OTHERS, *serve(config, *options)]
        )
    return WireDesk(tmp_path)


def test_a_database_that_could_not_be_written_is_written_as_soon_as_it_can_be(desk: WireDesk) -> None:
    """A connection of the pool that was opened meanwhile reads only, and stayed there for ever."""
    desk.serve()
    try:
        desk.send(mail("Before"))
        desk.wait(desk.settled)
        with closed(desk):
            looks = [threading.Thread(target=looked, args=(desk,)) for _ in range(40)]
            for look in looks:
                look.start()
            meanwhile = at_once(desk, 6, "Meanwhile")
            for look in looks:
                look.join()
        assert set(meanwhile) <= {250, 451}
        assert [at_once(desk, 4, f"After {turn}") for turn in range(5)] == [[250] * 4] * 5
        desk.wait(desk.settled)
        assert len(desk.tickets()) == len(desk.sent()) == 21 + meanwhile.count(250)
    finally:
        desk.stop()


def looked(desk: WireDesk) -> None:
    """Somebody who only reads: for many at once the daemon opens connections."""
    with suppress(OSError):
        desk.metrics()


def test_a_configuration_that_is_read_again_meanwhile_ends_no_daemon(desk: WireDesk) -> None:
    """Neither the new settings nor the old ones start then: they do when it is over."""
    pid = desk.serve()
    try:
        desk.send(mail("Before"))
        desk.wait(desk.settled)
        with closed(desk):
            os.kill(pid, signal.SIGHUP)
            desk.wait(lambda: "no configuration starts now" in desk.log())
        log = desk.folder / "log"
        desk.wait(lambda: log.read_text().count('"message": "ready"') == 2)
        assert at_once(desk, 4, "After") == [250] * 4
        desk.wait(desk.settled)
        assert len(desk.tickets()) == len(desk.sent()) == 5
    finally:
        desk.stop()


def test_who_asks_for_the_end_meanwhile_gets_it(desk: WireDesk) -> None:
    pid = desk.serve()
    with closed(desk):
        os.kill(pid, signal.SIGHUP)
        desk.wait(lambda: "no configuration starts now" in desk.log())
        os.kill(pid, signal.SIGTERM)
        assert desk.exit_code() in (1, -signal.SIGTERM)
