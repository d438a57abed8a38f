"""A database that cannot be written for a while: what comes is told to come again, and then everything goes on by itself."""

from __future__ import annotations

import os
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
    files = [path for path in desk.folder.glob("maild.db*") if path.is_file()]
    for path in files:
        path.chmod(0o400)
    desk.folder.chmod(0o500)
    try:
        yield
    finally:
        desk.folder.chmod(0o700)
        for path in files:
            path.chmod(0o600)


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


def test_a_database_that_could_not_be_written_is_written_as_soon_as_it_can_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection of the pool that was opened meanwhile reads only, and stayed there for ever."""
    if os.geteuid() == 0:
        monkeypatch.setattr(
            "tests.wire.desk.serve", lambda config, *options: [*AS_OTHERS, *serve(config, *options)]
        )
    desk = WireDesk(tmp_path)
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
