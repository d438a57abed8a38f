"""One stranger against a whole daemon, by its ports and files: what stopped or blinded all others, and honest neighbours.

The worst mails are in tests/bounds/test_beside.py, the forged words in tests/consent.
"""

from __future__ import annotations

import csv
import io
import smtplib
import socket
import stat
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.consent.keys import sign, strangers
from tests.consent.world import World, records
from tests.servers.scripted_imap import ScriptedImap
from tests.timing import PATIENCE
from tests.unit.work.test_dns import Zones
from tests.wire.desk import WireDesk, mail

pytestmark = [pytest.mark.wire, pytest.mark.slow]

ATTACKER, OTHER = "127.0.5.1", "127.0.6.1"
START = b"EHLO x\r\nMAIL FROM:<a@evil.example>\r\nRCPT TO:<help@desk.example>\r\nDATA\r\n"


def dial(desk: WireDesk, source: str) -> socket.socket:
    made = socket.create_connection(
        ("127.0.0.1", desk.port("smtp")), timeout=PATIENCE, source_address=(source, 0)
    )
    assert made.recv(200).startswith(b"220")
    return made


def read_until(line: socket.socket, code: bytes) -> None:
    got = b""
    while code not in got:
        got += line.recv(4096)
        assert got


def honest(desk: WireDesk, number: int, size: int = 1_000) -> None:
    """An ordinary mail of somebody else is taken."""
    raw = mail(f"Printer {number}", "It does not print.\r\n" + ("x" * 70 + "\r\n") * (size // 72))
    with smtplib.SMTP("127.0.0.1", desk.port("smtp"), timeout=PATIENCE, source_address=(OTHER, 0)) as client:
        client.sendmail("anna@acme.example", ["help@desk.example"], raw)


def is_taken(desk: WireDesk, number: int) -> bool:
    """Whether an honest mail gets in now; a client that is told 4xx comes again."""
    try:
        honest(desk, number)
    except smtplib.SMTPResponseException as refused:
        if not 400 <= refused.smtp_code < 500:
            raise
        return False
    return True


def test_four_slow_mails_and_eleven_idle_connections_of_one_address_keep_nobody_out(tmp_path: Path) -> None:
    smtp = {
        "max_connections": 15,
        "max_connections_per_address": 20,
        "max_bytes_in_flight": 90_000,
        "max_bytes": 30_000,
    }
    with WireDesk(tmp_path, smtp=smtp) as desk, ExitStack() as held:
        for _ in range(4):
            slow = held.enter_context(dial(desk, ATTACKER))
            slow.sendall(START)
            read_until(slow, b"354")
            slow.sendall(b"x" * 22_000)
        for _ in range(3):  # each greeting comes after a look at all lines: what was sent is read by then
            dial(desk, ATTACKER).close()
        honest(desk, 1, 28_000)
        for _ in range(11):
            held.enter_context(dial(desk, ATTACKER))
        # a session is idle after some seconds; then the greediest's oldest gives way to each who comes
        desk.wait(lambda: is_taken(desk, 2), what="an honest mail while all connections are held")
        honest(desk, 3)
        desk.wait(lambda: len(desk.tickets()) == 3)


def test_a_long_decision_is_stopped_is_shown_in_the_quarantine_and_made_when_it_may_take_longer(
    tmp_path: Path,
) -> None:
    tight = {"decide_seconds": 0.001}
    long = mail("Report", "It does not work.\r\n" + "“‘ \r\n" * 50_000)
    with WireDesk(tmp_path, limits=tight) as desk:
        desk.send(long)
        desk.wait(lambda: desk.mails(state="quarantined"))
        desk.send(mail("Honest"))
        desk.wait(lambda: [t for t in desk.tickets() if t["subject"] == "Honest"])
        shown = desk.maild("mail", "quarantine")
        assert "the decision was stopped" in shown
        desk.stop()
        desk.configure([], {"limits": {"decide_seconds": 30.0}})
        desk.start()
        desk.maild("mail", "retry", str(desk.mails(state="quarantined")[0]["id"]))
        desk.wait(lambda: [t for t in desk.tickets() if t["subject"] == "Report"])


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with Zones(records()) as dns, World(tmp_path, dns) as made:
        yield made


def test_strangers_with_dead_zones_keep_no_rightful_answer_waiting(world: World) -> None:
    """Each signed by a zone that fails: the resolver goes on being asked about all others."""
    asked = world.ask()
    for number in range(12):
        zone = f"z{number}.failing.example"
        raw = (
            f"From: eve@{zone}\r\nTo: help@desk.example\r\nSubject: Hi {number}\r\nDate: Mon, 02 Nov 2026 09:30:00 +0100\r\n"
            f"Message-ID: <{number}@{zone}>\r\n\r\nHello\r\n"
        ).encode()
        world.deliver(sign(raw, zone, key=strangers()), f"eve@{zone}")
    row = world.send(sign(asked.reply()))
    assert row["decision"]["would"][0]["act"] == "grant"
    assert world.phase(asked.number) == "received"
    lookup = world.authenticator._lookup
    assert not lookup.silent
    assert lookup._zone("_dmarc.acme.example").rests_until == 0.0, "it was decided after a rest alone"


def test_a_mailbox_that_lies_about_lengths_costs_its_mail_alone_and_the_port_stays_open(
    tmp_path: Path,
) -> None:
    mails = {uid: mail(f"Box {uid}") for uid in (1, 2, 3)}
    mails[2] += b"x" * 20_000_000
    server = ScriptedImap(mails)
    server.said_size, server.ignores_partial = 100, True
    box = {
        "name": "box", "host": "127.0.0.1", "port": server.port, "security": "none", "username": "help",
        "password_env": "BOX", "start": "all", "timeout_seconds": 2.0, "poll_seconds": 0.2,
    }  # fmt: skip
    try:
        with WireDesk(tmp_path, imap=[box], smtp={"max_bytes": 500_000}, env={"BOX": "secret"}) as desk:
            desk.wait(lambda: {t["subject"] for t in desk.tickets()} >= {"Box 1", "Box 3"})
            desk.send(mail("By the port"))
            desk.wait(lambda: "By the port" in {t["subject"] for t in desk.tickets()})
        assert server.sent < 1_000_000, "the daemon read all that came"
    finally:
        server.close()


def test_what_others_of_the_machine_could_read_is_named_by_check_and_closed_by_init(tmp_path: Path) -> None:
    with WireDesk(tmp_path) as desk:
        desk.send(mail())
        desk.wait(lambda: desk.settled() and desk.tickets())
        database = tmp_path / "maild.db"
        held = ("maild.db", "maild.db-wal", "maild.db-shm")  # the files beside them hold numbers of processes
        opened = [desk.config, *(tmp_path / name for name in held if (tmp_path / name).exists())]
        assert [p for p in opened if p != desk.config and stat.S_IMODE(p.stat().st_mode) & 0o077] == []
        for path in opened:
            path.chmod(0o644)
        assert "maild.db" in desk.maild("check", code=1)
        desk.maild("init")
        modes = {p.name: oct(stat.S_IMODE(p.stat().st_mode)) for p in opened if p.exists()}
        assert set(modes.values()) == {"0o600"}, modes
        assert database.name in modes


def test_a_formula_that_came_by_mail_is_none_in_any_report(tmp_path: Path) -> None:
    evil = ("=cmd|' /C calc'!A0", "+1+1", "@SUM(1)", "-2", "Printer;=1+1", 'x",=1+1')
    with WireDesk(tmp_path) as desk:
        for number, subject in enumerate((*evil, "Printer (2nd floor)")):
            desk.send(mail(subject, message_id=f"<{number}@acme.example>"))
        desk.wait(lambda: len(desk.tickets()) == len(evil) + 1)
        for ticket in desk.tickets():
            desk.maild("log", str(ticket["number"]), "20m", "--as", "root")
        said = desk.maild("report", "time", "--csv")
        for separator in (",", ";", "\t"):
            for row in csv.reader(io.StringIO(said), delimiter=separator):
                assert not [cell for cell in row if cell.lstrip(' "').startswith(tuple("=+@"))], row
        assert "Printer (2nd floor)" in said
