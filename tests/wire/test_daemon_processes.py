"""`serve --processes`: one port, one health page, and what happens when one of them, or their parent, is killed."""

from __future__ import annotations

import os
import re
import signal
import time
import urllib.request
from pathlib import Path

import pytest

from maild.errors import Refused
from maild.model import Json
from tests.timing import PATIENCE
from tests.wire.desk import WireDesk, mail

pytestmark = [pytest.mark.wire, pytest.mark.slow]


def _processes(desk: WireDesk) -> list[Json]:
    rows: list[Json] = desk.health()[1]["processes"]
    return rows


def test_two_processes_share_a_sqlite_desk_and_one_that_is_killed_loses_nothing(tmp_path: Path) -> None:
    desk = WireDesk(tmp_path)
    parent = desk.serve("--processes", "2")
    try:
        status, page = desk.health()
        assert (status, page["state"]) == (200, "ok")
        assert page["holds"] == ["deadlines", "housekeeping"]
        holder = next(row for row in page["processes"] if row["holds"])
        taken = 0
        for number in range(30):
            desk.send(
                mail(f"Question {number}", f"What of {number}?\r\n", message_id=f"<q.{number}@acme.example>")
            )
            taken += 1
            if number == 15:
                os.kill(holder["pid"], signal.SIGKILL)
        # what it had is taken over, and a new process takes its place
        desk.wait(lambda: desk.settled() and len(desk.mails()) >= taken, what="the dead one's mails wait")
        desk.wait(lambda: [row["restarts"] for row in _processes(desk)].count(1) == 1)
        desk.wait(lambda: desk.health()[1]["state"] == "ok", what="the new process does not serve")
        assert desk.health()[1]["holds"] == ["deadlines", "housekeeping"]
        rows = [row for row in desk.mails() if row["state"] == "done"]
        assert len({row["ticket"] for row in rows}) == len(rows) == taken
        answers = [row for row in desk.outbox() if row["notice"] == "received"]
        assert len({row["message_id"] for row in answers}) == len(answers) == taken
        with urllib.request.urlopen(
            f"http://127.0.0.1:{desk.port('http')}/metrics", timeout=PATIENCE
        ) as found:
            text = found.read().decode()
        assert re.search(
            r'^maild_mails_ingested_total\{worker="[12]",kind="request"\} [1-9]', text, re.MULTILINE
        )
        assert text.count("# TYPE maild_recipients_sent_total counter") == 1
        # the configuration is read again: every process is a new one, and mail is taken all the time
        before = {row["pid"] for row in _processes(desk)}
        desk.configure([], {"desk": {"address": "help@desk.example", "first_number": 15789, "name": "Anew"}})
        os.kill(parent, signal.SIGHUP)
        number = 1000
        while before & {row["pid"] for row in _processes(desk)}:
            desk.send(mail(f"Later {number}", message_id=f"<later.{number}@acme.example>"))
            number += 1
            time.sleep(0.2)
        desk.wait(lambda: desk.health()[1]["state"] == "ok")
        desk.send(mail("Last", message_id="<last@acme.example>"))
        desk.wait(desk.settled)
        assert "Anew" in str(desk.sent()[-1]["From"])
        left = [row["pid"] for row in _processes(desk)]
        # their parent is killed: nobody serves on alone, and the desk is free at once
        os.kill(parent, signal.SIGKILL)
        desk.was_killed()
        desk.wait(lambda: not any(Path(f"/proc/{pid}").exists() for pid in left), what="orphans serve on")
    finally:
        desk.stop()
    with desk:
        desk.wait(desk.settled)
    assert "Traceback" not in (tmp_path / "log").read_text()


def test_what_is_wrong_with_the_configuration_is_said_once(tmp_path: Path) -> None:
    desk = WireDesk(tmp_path)
    desk.configure([], {"delivery": {"kind": "smtp", "password_file": "no-such-file", "username": "x"}})
    with pytest.raises(Refused):
        desk.serve("--processes", "3")
    assert (tmp_path / "log").read_text().count("no-such-file") == 1
