"""Bad input and broken surroundings: a clear message each, nothing lost, the rest served.

Over 300 lines: a table of what no daemon should be given, and what it says to each.
"""

from __future__ import annotations

import contextlib
import re
import resource
import smtplib
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from maild.errors import ConfigError
from tests.harness.subprocess_daemon import ROOT
from tests.servers.certificate import make_certificate
from tests.timing import PATIENCE
from tests.wire.desk import WireDesk, mail

pytestmark = pytest.mark.wire


# ------------------------------------------------------------------------------------------- odd mails


def test_mails_that_are_hard_to_read_hold_up_nobody(tmp_path: Path) -> None:
    unknown_charset = mail("Charset", "k\u00e9rem").replace(b"charset=utf-8", b"charset=x-klingon")
    no_from = mail("No From").replace(b"From: anna@acme.example\r\n", b"")
    two_froms = b"From: boss@acme.example\r\n" + mail("Two Froms")
    with WireDesk(tmp_path) as desk:
        for raw in (
            b"\x00\x01\x02 nothing of a header\r\n",
            unknown_charset,
            no_from,
            two_froms,
            mail("Plain"),
        ):
            desk.send(raw)
        desk.wait(lambda: desk.count() == 5 and desk.settled())
        assert [row["state"] for row in desk.mails()] == ["quarantined", "done", "done", "done", "done"]
        teams = {row["subject"]: row["team"] for row in desk.tickets()}
        assert (teams["No From"], teams["Two Froms"]) == ("review", "review")
        assert teams["Charset"] != "review"
        assert {row["to"][0] for row in desk.outbox()} == {"anna@acme.example"}
        assert len(desk.outbox()) == 2  # for Charset and Plain
        number = next(row["number"] for row in desk.tickets() if row["subject"] == "Charset")
        assert "rem" in desk.json("show", str(number))["entries"][0]["text"]


def test_quarantine_shows_exports_and_retries(tmp_path: Path) -> None:
    raw = b"\x00\x01\x02 nothing of a header\r\n"
    with WireDesk(tmp_path) as desk:
        desk.send(raw)
        desk.wait(lambda: desk.mails(state="quarantined"))
        assert "no header field can be made out" in desk.maild("mail", "quarantine")
        shown = desk.json("mail", "show", "1")
        assert shown["state"] == "quarantined"
        assert shown["error"]
        out = tmp_path / "bad.eml"
        desk.maild("mail", "export", "1", "-o", str(out))
        assert out.read_bytes() == raw
        assert "exists" in desk.maild("mail", "export", "1", "-o", str(out), code=1)
        assert "1 mail will be processed again" in desk.maild("mail", "retry", "1")
        desk.wait(lambda: len(desk.json("mail", "show", "1")["events"]) == 4)
        moves = [event["new"] for event in desk.json("mail", "show", "1")["events"]]
        assert moves == ["received", "quarantined", "received", "quarantined"]
        assert "no mail 7" in desk.maild("mail", "show", "7", code=1)
        assert "no mail 7" in desk.maild("mail", "retry", "7", code=1)
        said = desk.maild("check")
        assert "1 mail could not be processed: maild mail quarantine" in said


# ------------------------------------------------------------------------------------------- large mails


def peak_mb(pid: int) -> float:
    """Most memory that a process has had resident."""
    found = re.search(r"VmHWM:\s+([0-9]+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found is not None
    return int(found[1]) / 1024


def large(megabytes: float) -> bytes:
    """A mail with one attachment, of so many MB (10^6 bytes) altogether."""
    head = mail("Large", "See the attachment.\r\n").decode()
    head = head.replace(
        "Content-Type: text/plain; charset=utf-8", 'Content-Type: multipart/mixed; boundary="b"'
    )
    top, _, text = head.partition("\r\n\r\n")
    start = f"{top}\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n{text}--b\r\n"
    start += 'Content-Type: application/zip; name="big.zip"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    line = b"QUJD" * 19 + b"\r\n"
    lines = int((megabytes * 1_000_000 - len(start) - 10) // len(line))
    return start.encode() + line * lines + b"--b--\r\n"


@pytest.mark.slow
def test_memory_does_not_grow_with_the_number_of_large_mails(tmp_path: Path) -> None:
    """A hundred of them: 98 MB at the start, 109 MB at most, and 130 MB for one of 30 MB behind them."""
    desk = WireDesk(tmp_path)
    pid = desk.serve()
    try:
        for number in range(25):
            desk.send(large(8).replace(b"Message-ID: <", b"Message-ID: <%d." % number, 1))
            if number == 4:
                desk.wait(desk.settled)
                early = peak_mb(pid)
        desk.wait(desk.settled)
        assert peak_mb(pid) <= early + 10, f"{early:.0f} MB after five, {peak_mb(pid):.0f} MB after all"
        desk.send(large(30))
        desk.wait(lambda: desk.count() == 26 and desk.settled())
        assert peak_mb(pid) <= 150
    finally:
        desk.stop()


@pytest.mark.slow
def test_thirty_megabytes_are_taken_in_150_mb_of_memory_and_more_is_refused(tmp_path: Path) -> None:
    desk = WireDesk(tmp_path)
    pid = desk.serve()
    try:
        desk.send(mail("Before"))
        desk.wait(lambda: desk.count() == 1 and desk.settled())
        before = peak_mb(pid)
        desk.send(large(30))
        desk.wait(lambda: desk.count() == 2 and desk.settled())
        assert peak_mb(pid) <= 150, f"{before:.0f} MB before, {peak_mb(pid):.0f} MB after"
        large_one = next(row for row in desk.tickets() if row["subject"] == "Large")
        attachment = desk.json("show", str(large_one["number"]))["entries"][0]["attachments"][0]
        assert (attachment["name"], attachment["type"]) == ("big.zip", "application/zip")
        with pytest.raises(smtplib.SMTPResponseException) as announced:  # SIZE says so before a byte is sent
            desk.send(large(31.6))
        assert announced.value.smtp_code == 552
        with smtplib.SMTP("127.0.0.1", desk.port("smtp"), timeout=PATIENCE) as client:
            client.ehlo()
            client.mail("anna@acme.example")
            client.rcpt("help@desk.example")
            code, said = client.data(large(31.6))
        assert code == 552
        assert b"31457280" in said
        assert peak_mb(pid) <= 150
        assert len(desk.mails()) == 2
    finally:
        desk.stop()


# ---------------------------------------------------------------------------- disk, database, processes


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A file system of that size."""
    place = folder / "disk"
    place.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(place)],
        capture_output=True,
        check=False,
    )
    if done.returncode:
        # containers often forbid it to their root too; the next test holds the same promise without a mount
        pytest.skip(f"no small file system can be mounted here: {done.stderr.decode().strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def temporary(desk: WireDesk, raw: bytes) -> bool:
    """Whether a mail is answered 451; False when it is taken."""
    try:
        desk.send(raw)
    except smtplib.SMTPDataError as answer:
        if answer.smtp_code == 451:
            return True
        raise
    return False


def test_full_disk_is_answered_451_until_there_is_room(tmp_path: Path) -> None:
    with small_disk(tmp_path, 48) as disk:
        desk = WireDesk(
            tmp_path, database={"url": f"sqlite:///{disk}/maild.db", "folder": str(disk / "mails")}
        )
        with desk:
            desk.send(mail("Before"))
            desk.wait(desk.settled)
            with contextlib.suppress(OSError), (disk / "ballast").open("wb") as ballast:
                while True:
                    ballast.write(bytes(65_536))
            refused = [n for n in range(40) if temporary(desk, mail(f"Full {n}", "x" * 20_000))]
            assert refused
            assert temporary(desk, large(1))  # one that would stand in a file of its own
            (disk / "ballast").unlink()
            for number in refused:
                desk.wait(lambda: not temporary(desk, mail(f"Full {number}", "x" * 20_000)))  # noqa: B023
            desk.wait(lambda: desk.settled())
            subjects = [row["subject"] for row in desk.tickets()]
            assert sorted(subjects) == sorted(["Before", *(f"Full {n}" for n in range(40))])
            assert desk.health()[0] == 200


def test_limit_on_the_size_of_files_is_answered_451_too(tmp_path: Path) -> None:
    desk = WireDesk(tmp_path)
    pid = desk.serve()
    try:
        desk.send(mail("Before"))
        desk.wait(lambda: desk.count() == 1 and desk.settled())
        usual = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        size = (tmp_path / "maild.db-wal").stat().st_size
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, usual[1]))
        refused = [n for n in range(30) if temporary(desk, mail(f"Limit {n}", "x" * 20_000))]
        assert refused
        resource.prlimit(pid, resource.RLIMIT_FSIZE, usual)
        for number in refused:
            desk.wait(lambda: not temporary(desk, mail(f"Limit {number}", "x" * 20_000)))  # noqa: B023
        desk.wait(lambda: desk.settled())
        assert len(desk.tickets()) == 31
        assert {row["state"] for row in desk.mails()} == {"done"}
    finally:
        desk.stop()


_HOLD = """
import sys, time
sys.path.insert(0, {root!r})
from maild.store.driver import sqlite_driver
connection = sqlite_driver().connect({database!r}, isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
time.sleep({seconds})
connection.execute("ROLLBACK")
"""


def test_database_locked_by_another_process_loses_nothing(tmp_path: Path) -> None:
    with WireDesk(tmp_path, database={"busy_timeout_seconds": 1}) as desk:
        desk.send(mail("Before"))
        desk.wait(desk.settled)
        program = _HOLD.format(root=str(ROOT), database=str(tmp_path / "maild.db"), seconds=4)
        holder = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "held\n"
            answers = [temporary(desk, mail("Locked"))]
            while holder.poll() is None:
                answers.append(temporary(desk, mail("Locked")))
            assert answers[0]
        finally:
            holder.wait(PATIENCE)
            assert holder.stdout is not None
            holder.stdout.close()
        desk.wait(lambda: not temporary(desk, mail("After")))
        desk.wait(desk.settled)
        assert {row["subject"] for row in desk.tickets()} >= {"Before", "After"}
        assert {row["state"] for row in desk.mails()} <= {"done", "duplicate"}
        assert desk.health()[0] == 200


# ----------------------------------------------------------------------------------------- configuration


def refusal(desk: WireDesk) -> str:
    """What `maild serve` says when it does not start, its exit code being 1."""
    command = [sys.executable, str(ROOT / "cli.py"), "--config", str(desk.config), "serve"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def test_daemon_that_cannot_start_says_why_and_what_to_do(tmp_path: Path) -> None:
    desk = WireDesk(tmp_path)
    text = desk.config.read_text()
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        desk.config.write_text(text.replace("127.0.0.1:0", f"127.0.0.1:{port}"))
        said = refusal(desk)
        assert f"port {port} is in use" in said
        assert "ss -ltnp" in said
    wrong = {
        text.replace(
            "[smtp]\n", '[smtp]\nlisten_on = "x"\n'
        ): r"\[smtp\] listen_on .*unknown key; did you mean",
        text.replace("sqlite:///maild.db", f"sqlite:///{desk.config}/maild.db"): "cannot be written",
        text + '[[imap]]\nname = "a"\npassword_env = "NO_SUCH"\n': "the environment has no NO_SUCH; set it",
        text.replace("sqlite:///maild.db", "sqlite:///broken.db"): "broken.db is not a SQLite database",
    }
    (tmp_path / "broken.db").write_bytes(b"this is no database at all" * 100)
    for wrong_text, message in wrong.items():
        desk.config.write_text(wrong_text)
        with pytest.raises(ConfigError, match=message):
            desk.start()


# ------------------------------------------------------------------------------------------- certificates


@pytest.fixture
def expired(tmp_path: Path) -> tuple[Path, Path]:
    folder = tmp_path / "expired"
    folder.mkdir()
    return make_certificate(folder, expired=True)


@contextlib.contextmanager
def tls_server(cert: Path, key: Path) -> Iterator[int]:
    """A port that makes TLS handshakes and nothing more."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = listener.accept()
                with contextlib.suppress(OSError), near, context.wrap_socket(near, server_side=True):
                    pass

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield int(listener.getsockname()[1])
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(PATIENCE)


def test_expired_certificates_are_named_for_mailbox_and_relay(
    tmp_path: Path, expired: tuple[Path, Path]
) -> None:
    with tls_server(*expired) as port:
        peer = {"port": port, "security": "tls", "ca_file": "expired/cert.pem", "username": "help"}
        desk = WireDesk(
            tmp_path, imap=[{"name": "support", "password_env": "PW", **peer}], delivery={"kind": "smtp", **peer},
            env={"PW": "x"},
        )  # fmt: skip
        with desk:
            desk.send(mail("Held"))
            desk.wait(lambda: desk.part("imap:support")[0] == desk.part("relay")[0] == "degraded")
            for part in ("imap:support", "relay"):
                assert "expired" in desk.part(part)[1], desk.part(part)
                assert "ca_file" in desk.part(part)[1]
            said = desk.maild("check", code=1)
            assert said.count("has expired") == 2
            assert desk.outbox()[0]["attempts"] == 0


def test_certificate_file_that_cannot_be_read_is_named_with_its_key(tmp_path: Path) -> None:
    desk = WireDesk(tmp_path, smtp={"tls_cert": "none.pem", "tls_key": "none.key"})
    with pytest.raises(ConfigError, match=r"\[smtp\] tls_cert"):
        desk.start()
    desk.configure([], {"delivery": {"kind": "smtp", "port": 9, "security": "tls", "ca_file": "none.pem"}})
    with desk:
        desk.send(mail("Held"))
        desk.wait(lambda: desk.part("relay")[0] == "degraded")
        assert "[delivery] ca_file" in desk.part("relay")[1]
        assert "[delivery] ca_file" in desk.maild("check", code=1)


def test_slow_client_and_silence_do_not_hold_up_others(tmp_path: Path) -> None:
    with WireDesk(tmp_path) as desk:
        idle = [socket.create_connection(("127.0.0.1", desk.port("smtp"))) for _ in range(10)]
        try:
            desk.send(mail("Quick"))  # the idle ones are granted five minutes
            desk.wait(lambda: len(desk.sent()) == 1)
        finally:
            for connection in idle:
                connection.close()
