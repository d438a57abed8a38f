"""Every change that a plan can hold.

Over 300 lines: one session with a real server through all that may happen to it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import repeat

import pytest

from maild.errors import StoreBusy
from maild.receive.imap import BadMail, ImapWatcher
from maild.secret import Secret
from maild.settings import Imap
from tests.servers.dovecot import Dovecot
from tests.servers.imap_desk import ImapDesk
from tests.servers.tcp_proxy import TcpProxy
from tests.timing import PATIENCE

pytestmark = pytest.mark.wire

Watch = Callable[..., ImapWatcher]


def mail(subject: str, body: str = "text") -> bytes:
    return f"From: anna@acme.example\r\nSubject: {subject}\r\n\r\n{body}\r\n".encode()


@pytest.fixture
def desk() -> ImapDesk:
    return ImapDesk()


@pytest.fixture
def watch(dovecot: Dovecot, user: str, desk: ImapDesk) -> Iterator[Watch]:
    """Starts a watcher on the user's mailbox; all are stopped at the end, and must stop at once."""
    started: list[ImapWatcher] = []

    def begin(desk: ImapDesk = desk, *, max_bytes: int = 1_000_000, **settings: object) -> ImapWatcher:
        values: dict[str, object] = {
            "name": "support",
            "port": dovecot.port,
            "security": "none",
            "username": user,
            "password": Secret.known(dovecot.password),
            "timeout_seconds": 30.0,
            **settings,
        }
        watcher = ImapWatcher(
            Imap(**values),  # type: ignore[arg-type]
            desk.accept,
            desk,
            on_state=desk.on_state,
            on_bad=desk.bad.append,
            max_bytes=max_bytes,
            backoff=lambda: repeat(0.2),
            patient_seconds=0.5,
        )
        watcher.start()
        started.append(watcher)
        return watcher

    yield begin
    for watcher in started:
        assert watcher.stop()  # in time, and not by the end of the silence that a server is granted


def flags(dovecot: Dovecot, user: str, folder: str = "INBOX") -> list[set[bytes]]:
    with dovecot.client(user) as client:
        client.select_folder(folder, readonly=True)
        return [
            set(data[b"FLAGS"]) - {b"\\Recent"}
            for _, data in sorted(client.fetch(client.search(), ["FLAGS"]).items())
        ]


def test_mail_that_comes_is_taken_by_idle_within_two_seconds(
    dovecot: Dovecot, user: str, desk: ImapDesk, watch: Watch
) -> None:
    watch()
    desk.wait_state("watching")
    time.sleep(0.3)
    took = []
    for number in range(1, 4):
        dovecot.append(user, mail(f"number {number}"))
        took.append(desk.wait_for(number))
    assert min(took) < 2
    assert desk.bodies == [mail(f"number {number}") for number in range(1, 4)]
    envelope = next(iter(desk.mails.values()))[0]
    assert (envelope.source, envelope.mail_from) == ("imap:support", None)
    assert abs(envelope.received_at - datetime.now(UTC)) < timedelta(seconds=60)


def test_mail_is_flagged_only_after_it_is_stored(
    dovecot: Dovecot, user: str, desk: ImapDesk, watch: Watch
) -> None:
    seen: list[set[bytes]] = []
    desk.before = lambda raw: seen.extend(flags(dovecot, user))
    dovecot.append(user, mail("a"))
    watch()
    desk.wait_for(1)
    desk.wait(lambda: flags(dovecot, user) == [{b"\\Seen", b"$MaildDone"}])
    assert seen == [set()]


@pytest.mark.parametrize(("start", "expected"), [("unseen", ["b"]), ("all", ["a", "b"]), ("new", [])])
def test_start_decides_only_about_what_is_there_at_first(
    dovecot: Dovecot, user: str, desk: ImapDesk, watch: Watch, start: str, expected: list[str]
) -> None:
    dovecot.append(user, mail("a"), flags=("\\Seen",))
    dovecot.append(user, mail("b"))
    watch(start=start).settings  # noqa: B018
    desk.wait_state("watching")
    assert sorted(desk.bodies) == [mail(name) for name in expected]
    # later mail is taken whatever its flags: somebody may read it before we come
    dovecot.append(user, mail("c"), flags=("\\Seen",))
    desk.wait_for(len(expected) + 1)
    assert mail("c") in desk.bodies


def test_mail_read_by_a_person_while_we_were_away_is_taken(
    dovecot: Dovecot, user: str, desk: ImapDesk, watch: Watch
) -> None:
    watcher = watch()
    desk.wait_state("watching")
    watcher.stop()
    dovecot.append(user, mail("read meanwhile"), flags=("\\Seen",))
    watch()
    desk.wait_for(1)


def test_restart_of_the_server_in_the_middle_loses_and_doubles_nothing(
    dovecot: Dovecot, user: str, desk: ImapDesk, watch: Watch
) -> None:
    dovecot.fill(user, [mail(str(number)) for number in range(60)])
    once = threading.Event()

    def restart_once(raw: bytes) -> None:
        if len(desk.mails) == 25 and not once.is_set():
            once.set()
            dovecot.restart()

    desk.before = restart_once
    watch(batch=10)
    desk.wait_for(60)
    desk.wait_state("watching")
    dovecot.append(user, mail("later"))
    desk.wait_for(61)
    assert once.is_set()
    assert sorted(desk.bodies) == sorted([*(mail(str(number)) for number in range(60)), mail("later")])
    assert any(state == "lost" for state, _ in desk.states)
    desk.wait(lambda: all(b"\\Seen" in found for found in flags(dovecot, user)))


@pytest.mark.parametrize("start", ["unseen", "all"])
def test_change_of_uidvalidity_is_seen_and_start_decides_again(
    dovecot: Dovecot, user: str, desk: ImapDesk, watch: Watch, start: str
) -> None:
    dovecot.append(user, mail("old 1"), mail("old 2"))
    watcher = watch(start=start)
    desk.wait_for(2)
    desk.wait_state("watching")
    watcher.stop()
    dovecot.append(user, mail("while away"))
    dovecot.change_uidvalidity(user)
    watch(start=start)
    desk.wait(lambda: mail("while away") in desk.bodies)
    desk.wait_state("watching")
    # "all" hands the old ones on again, under other keys: sameness is known to the store, not here
    assert len(desk.mails) == (3 if start == "unseen" else 5)
    uidvalidity, watermark = desk.places["support", "INBOX"]
    assert watermark == 3
    assert len({key.split(":")[3] for key in desk.mails}) == 2
    dovecot.append(user, mail("after"))
    desk.wait(lambda: mail("after") in desk.bodies)
    assert all(f":{uidvalidity}:" in key for key in list(desk.mails)[2:])


def test_backlog_of_two_thousand_is_taken_in_batches(
    dovecot: Dovecot, user: str, desk: ImapDesk, watch: Watch
) -> None:
    mails = [mail(str(number), "x" * 500) for number in range(2_000)]
    dovecot.fill(user, mails)
    watch()
    desk.wait_for(2_000)
    desk.wait_state("watching")
    assert sorted(desk.bodies) == sorted(mails)
    assert desk.calls == 2_000
    assert all(found == {b"\\Seen", b"$MaildDone"} for found in flags(dovecot, user))


def test_done_move_makes_the_folder_and_moves(
    dovecot: Dovecot, user: str, desk: ImapDesk, watch: Watch
) -> None:
    dovecot.append(user, mail("a"), mail("b"))
    watch(done="move:Handled/2026")
    desk.wait_for(2)
    desk.wait(lambda: len(flags(dovecot, user, "Handled/2026")) == 2)
    assert flags(dovecot, user) == []
    assert flags(dovecot, user, "Handled/2026") == [{b"\\Seen", b"$MaildDone"}] * 2
    dovecot.append(user, mail("c"))
    desk.wait(lambda: len(flags(dovecot, user, "Handled/2026")) == 3)


@pytest.mark.parametrize(("done", "left"), [("move:Handled", 1), ("delete", 0)])
def test_without_move_only_our_own_mails_are_expunged(
    dovecot: Dovecot,
    user: str,
    desk: ImapDesk,
    watch: Watch,
    monkeypatch: pytest.MonkeyPatch,
    done: str,
    left: int,
) -> None:
    from imapclient import IMAPClient

    real = IMAPClient.has_capability
    monkeypatch.setattr(IMAPClient, "has_capability", lambda self, name: name != "MOVE" and real(self, name))
    dovecot.append(user, mail("somebody deleted this"), flags=("\\Seen", "\\Deleted"))
    dovecot.append(user, mail("new"))
    watch(done=done)
    desk.wait_for(1)
    desk.wait(lambda: len(flags(dovecot, user)) == 1)
    assert flags(dovecot, user) == [{b"\\Seen", b"\\Deleted"}]
    if left:
        assert len(flags(dovecot, user, "Handled")) == left


def test_mail_expunged_between_search_and_fetch_is_passed_over(
    dovecot: Dovecot, user: str, desk: ImapDesk, watch: Watch
) -> None:
    dovecot.append(user, *(mail(str(number)) for number in range(6)))

    def expunge_others(raw: bytes) -> None:
        if not desk.mails:
            with dovecot.client(user) as client:
                client.select_folder("INBOX")
                client.add_flags([3, 4], [b"\\Deleted"])
                client.uid_expunge([3, 4])

    desk.before = expunge_others
    watch(batch=2)
    desk.wait_for(4)
    desk.wait_state("watching")
    assert sorted(desk.bodies) == [mail(str(number)) for number in (0, 1, 4, 5)]
    assert desk.places["support", "INBOX"][1] == 6
    assert desk.bad == []


def test_one_bad_mail_does_not_stop_the_others_and_is_reported(
    dovecot: Dovecot, user: str, desk: ImapDesk, watch: Watch
) -> None:
    def refuse_one(raw: bytes) -> None:
        if b"bad one" in raw:
            raise ValueError("cannot be stored")

    desk.before = refuse_one
    dovecot.append(user, mail("a"), mail("bad one"), mail("c"))
    watch(poll_seconds=0.2)
    desk.wait(lambda: desk.bad)
    assert sorted(desk.bodies) == [mail("a"), mail("c")]
    bad: BadMail = desk.bad[0]
    assert bad.source_key.endswith(":2")
    assert b"Subject: bad one" in bad.header
    assert "cannot be stored" in bad.reason
    assert flags(dovecot, user)[1] == set()
    dovecot.append(user, mail("d"))
    desk.wait_for(3)
    desk.wait(lambda: desk.places["support", "INBOX"][1] == 4)
    assert len(desk.bad) == 1


def test_too_big_mail_is_reported_with_its_header_and_not_fetched(
    dovecot: Dovecot, user: str, desk: ImapDesk, watch: Watch
) -> None:
    dovecot.append(user, mail("a"), mail("big", "x" * 50_000), mail("c"))
    watch(max_bytes=20_000)
    desk.wait_for(2)
    desk.wait(lambda: desk.bad)
    assert sorted(desk.bodies) == [mail("a"), mail("c")]
    assert desk.bad[0].size > 50_000
    assert b"Subject: big" in desk.bad[0].header


def test_store_that_is_busy_leaves_mail_alone_until_it_is_not(
    dovecot: Dovecot, user: str, desk: ImapDesk, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    from maild.receive import imap

    monkeypatch.setattr(imap, "STORE_RETRY_SECONDS", 0.2)
    busy = threading.Event()

    def refuse(raw: bytes) -> None:
        if not busy.is_set():
            raise StoreBusy("the database is locked")

    desk.before = refuse
    dovecot.append(user, mail("a"), mail("b"))
    watch()
    assert "locked" in desk.wait_state("store")
    time.sleep(1)
    assert desk.bad == []
    assert flags(dovecot, user) == [set(), set()]
    busy.set()
    desk.wait_for(2)


def test_crash_between_store_and_flag_flags_later_without_storing_again(
    dovecot: Dovecot, user: str, desk: ImapDesk, watch: Watch
) -> None:
    dovecot.append(user, mail("a"))
    with dovecot.client(user) as client:
        uidvalidity = client.select_folder("INBOX", readonly=True)[b"UIDVALIDITY"]
    desk.places["support", "INBOX"] = (uidvalidity, 0)
    stored = ImapDesk()
    stored.accept(None, mail("a"), f"imap:support:INBOX:{uidvalidity}:1")  # type: ignore[arg-type]
    desk.mails = stored.mails
    watch()
    desk.wait(lambda: flags(dovecot, user) == [{b"\\Seen", b"$MaildDone"}])
    assert desk.calls == 0


def test_crash_during_the_first_look_forgets_nothing(
    dovecot: Dovecot, user: str, desk: ImapDesk, watch: Watch
) -> None:
    dovecot.append(user, *(mail(str(number)) for number in range(4)))

    def fail(raw: bytes) -> None:
        if len(desk.mails) == 2:
            raise StoreBusy("crash")

    desk.before = fail
    watcher = watch(batch=1)
    desk.wait_state("store")
    watcher.stop()
    assert desk.places["support", "INBOX"][1] == -5
    dovecot.append(user, mail("read by a person"), flags=("\\Seen",))
    desk.before = lambda raw: None
    watch()
    desk.wait_for(5)
    desk.wait(lambda: desk.places["support", "INBOX"][1] == 5)
    assert desk.calls == 5


def test_resync_looks_through_the_whole_folder_again(
    dovecot: Dovecot, user: str, desk: ImapDesk, watch: Watch
) -> None:
    dovecot.append(user, mail("skipped at first"), mail("too"), flags=("\\Seen",))
    watcher = watch(start="new")
    desk.wait_state("watching")
    uidvalidity, watermark = desk.places["support", "INBOX"]
    assert watermark == 2
    desk.set("support", "INBOX", uidvalidity, 0)
    watcher._bell.ring()
    desk.wait_for(2)


@pytest.mark.parametrize("security", ["none", "tls"])
def test_black_holed_link_is_noticed_and_replaced(
    dovecot: Dovecot, user: str, desk: ImapDesk, watch: Watch, security: str
) -> None:
    proxy = TcpProxy(dovecot.tls_port if security == "tls" else dovecot.port)
    try:
        watch(
            port=proxy.port,
            security=security,
            ca_file=str(dovecot.certificate),
            poll_seconds=0.5,
            timeout_seconds=1.0,
        )
        desk.wait_state("watching")
        began = time.monotonic()
        proxy.hole()
        dovecot.append(user, mail("a"))
        desk.wait_for(1)
        # where the server itself needs more than the second, it is asked again: once a second at most
        assert 2 <= proxy.connections <= 3 + time.monotonic() - began
    finally:
        proxy.close()


def test_trickling_server_is_cut_off_by_the_watchdog(
    dovecot: Dovecot, user: str, desk: ImapDesk, watch: Watch
) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listener:
        broken = threading.Event()

        def trickle() -> None:
            near, _ = listener.accept()
            try:
                near.sendall(b"* OK [CAPABILITY IMAP4rev1] slow\r\n* OK ")
                while True:
                    near.sendall(b"x")
                    time.sleep(0.1)
            except OSError:
                broken.set()
            finally:
                near.close()

        thread = threading.Thread(target=trickle, daemon=True)
        thread.start()
        watch(port=listener.getsockname()[1], timeout_seconds=0.5)
        assert broken.wait(PATIENCE)
        thread.join()


def test_connection_closed_by_the_server_is_no_busy_loop(
    dovecot: Dovecot, user: str, desk: ImapDesk, watch: Watch
) -> None:
    proxy = TcpProxy(dovecot.port)
    try:
        watch(port=proxy.port)
        desk.wait_state("watching")
        time.sleep(0.2)
        proxy.cut()
        desk.wait(lambda: proxy.connections == 2)
        desk.wait_state("watching")
        before = time.process_time()
        time.sleep(1)
        assert time.process_time() - before < 0.5
        dovecot.append(user, mail("a"))
        desk.wait_for(1)
    finally:
        proxy.close()


def test_tls_with_the_right_authority_works(
    dovecot: Dovecot, user: str, desk: ImapDesk, watch: Watch
) -> None:
    watch(port=dovecot.tls_port, security="tls", ca_file=str(dovecot.certificate))
    desk.wait_state("watching")
    time.sleep(0.3)
    dovecot.append(user, mail("over TLS"))
    desk.wait_for(1)


def test_starttls_works(dovecot: Dovecot, user: str, desk: ImapDesk, watch: Watch) -> None:
    watch(security="starttls", ca_file=str(dovecot.certificate))
    desk.wait_state("watching")
    dovecot.append(user, mail("over STARTTLS"))
    desk.wait_for(1)


def test_untrusted_certificate_is_named(dovecot: Dovecot, desk: ImapDesk, watch: Watch) -> None:
    watch(port=dovecot.tls_port, security="tls")
    assert "not trusted" in desk.wait_state("certificate")


def test_wrong_password_is_named_and_tried_rarely(dovecot: Dovecot, desk: ImapDesk, watch: Watch) -> None:
    watch(password=Secret.known("wrong"))
    text = desk.wait_state("password")
    assert "user name or password is refused" in text
    assert "wrong" not in text.replace("user name or password", "")
    assert [state for state, _ in desk.states].count("password") == 1


def test_unreachable_server_is_named_once_and_tried_again(
    dovecot: Dovecot, user: str, desk: ImapDesk, watch: Watch
) -> None:
    dovecot.stop()
    try:
        watch()
        assert f"127.0.0.1:{dovecot.port} cannot be reached" in desk.wait_state("unreachable")
        time.sleep(0.6)
        assert [state for state, _ in desk.states] == ["connecting", "unreachable"]
    finally:
        dovecot.start()
    dovecot.append(user, mail("a"))
    desk.wait_for(1)
    desk.wait_state("watching")


def test_missing_folder_is_named(dovecot: Dovecot, desk: ImapDesk, watch: Watch) -> None:
    watch(folder="Nowhere")
    assert "folder 'Nowhere'" in desk.wait_state("folder")
