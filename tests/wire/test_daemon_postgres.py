"""The whole daemon on the distribution's PostgreSQL: one customer, one story."""

from __future__ import annotations

import asyncio
import os
import signal
from email.utils import formatdate
from pathlib import Path

import pytest

from maild.daemon import Daemon
from tests.harness.configuration import mailbox
from tests.servers.dovecot import Dovecot
from tests.wire.desk import WireDesk, mail

pytestmark = pytest.mark.wire


@pytest.mark.slow
def test_a_customers_story_on_postgresql(tmp_path: Path, database: str) -> None:
    with WireDesk(tmp_path, database={"url": database}, approval={"require": "token"}) as desk:
        # a report, its acknowledgement, the customer's answer
        desk.send(mail("Nyomtató", "A nyomtató füstöl.\r\n"))
        desk.wait(lambda: len(desk.sent()) == 1)
        answer = desk.sent()[0]
        desk.send(
            mail("Re: Nyomtató", "Most már ég is.\r\n", headers=f"In-Reply-To: {answer['Message-ID']}\r\n")
        )
        desk.wait(lambda: len(desk.mails()) == 2 and desk.settled())
        assert {row["ticket"] for row in desk.mails()} == {15789}
        # the agent works on it
        assert desk.json("take", "15789", "--as", "kata")["phase"] == "accepted"
        desk.maild("reply", "15789", "-m", "We bring a new one.", "--as", "kata")
        desk.maild("log", "15789", "20m", "-m", "new printer", "--as", "kata")
        assert desk.json("close", "15789", "-m", "Done.", "--as", "kata")["phase"] == "closed"
        desk.wait(desk.settled)
        shown = desk.json("show", "15789")
        assert shown["time"]["billed_minutes"] == 30
        assert all(row["state"] == "sent" for row in shown["outbound"])
        # a permission is held until the approver says yes
        desk.send(mail("Folder", "Please give me access to the folder Finance.\r\n"))
        desk.wait(lambda: [row for row in desk.tickets() if row["phase"] == "awaiting_approval"])
        desk.wait(desk.settled)
        held = next(row for row in desk.tickets() if row["phase"] == "awaiting_approval")
        asked = [sent for sent in desk.sent() if "boss@acme.example" in str(sent["To"])]
        assert len(asked) == 1
        raw = mail(
            "Re: " + str(asked[0]["Subject"]),
            "Yes, approved.\r\n",
            sender="boss@acme.example",
            headers=f"In-Reply-To: {asked[0]['Message-ID']}\r\n",
            message_id="<yes@acme.example>",
            date=formatdate(),
        )
        desk.send(raw, sender="boss@acme.example")
        desk.wait(lambda: desk.json("show", str(held["number"]))["consents"][0]["state"] == "granted")
        # search, report, duplicate, health
        found = desk.json("search", "füstöl")
        assert (found if isinstance(found, dict) else found[0])["number"] == 15789
        report = desk.json("report", "time")
        rows = report if isinstance(report, list) else [report]
        assert [row["billed_minutes"] for row in rows if row.get("ticket") == 15789] == [30]
        desk.send(mail("Nyomtató", "A nyomtató füstöl.\r\n"))
        desk.wait(lambda: desk.mails(state="duplicate"))
        said = desk.maild("check")
        assert "PostgreSQL" in said
        assert "the chain of" in said
        assert desk.health()[1]["state"] == "ok"
    with desk:  # a second start on the same database, and a second daemon beside it
        second = Daemon(desk.settings)
        asyncio.run(_start_and_stop(second))
        desk.wait(desk.settled)
        assert len(desk.mails()) == 5
        assert desk.health()[1]["state"] == "ok"


async def _start_and_stop(daemon: Daemon) -> None:
    await daemon.start()
    await daemon.stop()


@pytest.mark.slow
def test_of_two_daemons_one_is_killed_and_the_other_goes_on_with_its_mails_and_its_mailbox(
    tmp_path: Path, database: str, dovecot: Dovecot, user: str
) -> None:
    desks = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        box = mailbox(tmp_path / name, dovecot.port, dovecot.password, user, batch=5)
        desks.append(WireDesk(tmp_path / name, database={"url": database}, imap=[box]))
    one, two = desks
    duties = ["deadlines", "housekeeping", "mailbox:support"]
    pid = two.serve()
    two.wait(lambda: two.health()[1]["holds"] == duties)
    with one:
        assert one.health()[1]["holds"] == []
        assert one.health()[1]["process"] != two.health()[1]["process"]
        boxed = [mail(f"Box {n}", message_id=f"<box.{n}@acme.example>") for n in range(120)]
        dovecot.fill(user, boxed)
        taken = len(boxed)
        for number in range(20):
            for desk in (one, two):
                desk.send(mail(f"Question {desk.folder.name} {number}", f"What of {desk.folder.name} {number}?\r\n",
                               message_id=f"<{desk.folder.name}.{number}@acme.example>"))  # fmt: skip
                taken += 1
        assert len(one.mails()) < taken, "the mailbox was empty before anybody was killed"
        os.kill(pid, signal.SIGKILL)
        one.wait(lambda: one.health()[1]["holds"] == duties, what="the mailbox is not taken over")
        two.was_killed()
        one.wait(lambda: len(one.mails(state="done")) == taken and one.settled(), what="mails wait")
        rows = one.mails()
        assert {row["state"] for row in rows} == {"done"}
        assert (
            len({row["ticket"] for row in rows})
            == len({row["message_id"] for row in rows})
            == len(rows)
            == taken
        )
        answers = [row for row in one.outbox() if row["notice"] == "received"]
        assert len({row["message_id"] for row in answers}) == len(answers) == taken
