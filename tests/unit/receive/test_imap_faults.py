"""What an IMAP server does that Dovecot will not do on cue.

Over 300 lines: a table of what an IMAP server can do wrong, on one scripted server.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import repeat

import pytest

from maild.model import Envelope
from maild.receive import imap_fetch
from maild.receive.imap import BadMail, ImapWatcher
from maild.receive.oauth import TokenCache
from maild.settings import Imap
from tests.servers.imap_desk import ImapDesk
from tests.servers.scripted_imap import ScriptedImap
from tests.timing import PATIENCE

#: real timeouts, seconds each
pytestmark = pytest.mark.slow

Begin = Callable[..., tuple[ScriptedImap, ImapWatcher]]


def mail(subject: str) -> bytes:
    return f"From: anna@acme.example\r\nSubject: {subject}\r\n\r\ntext\r\n".encode()


MAILS = {uid: mail(str(uid)) for uid in (1, 2, 3, 4)}


@pytest.fixture
def desk() -> ImapDesk:
    return ImapDesk()


@pytest.fixture
def begin(desk: ImapDesk) -> Iterator[Begin]:
    made: list[tuple[ScriptedImap, ImapWatcher]] = []

    def start(
        server: ScriptedImap,
        *,
        tokens: TokenCache | None = None,
        accept: object = None,
        on_bad: object = None,
        max_bytes: int = 31_457_280,
        **settings: object,
    ) -> tuple[ScriptedImap, ImapWatcher]:
        values: dict[str, object] = {
            "name": "box",
            "port": server.port,
            "security": "none",
            "username": "help",
        }
        values |= {"timeout_seconds": 2.0, "poll_seconds": 0.1, **settings}
        watcher = ImapWatcher(
            Imap(**values),  # type: ignore[arg-type]
            accept or desk.accept,  # type: ignore[arg-type]
            desk,
            on_state=desk.on_state,
            on_bad=on_bad or desk.bad.append,  # type: ignore[arg-type]
            tokens=tokens,
            max_bytes=max_bytes,
            backoff=lambda: repeat(0.05),
            patient_seconds=0.3,
        )
        watcher.start()
        made.append((server, watcher))
        return server, watcher

    yield start
    for server, watcher in made:
        assert watcher.stop()
        server.close()


def test_mail_that_makes_the_server_drop_the_connection_is_given_up_and_others_go_on(
    desk: ImapDesk, begin: Begin
) -> None:
    server = ScriptedImap(MAILS)
    server.drop_on = {2}
    begin(server)
    desk.wait_for(3)
    desk.wait(lambda: desk.bad)
    assert sorted(desk.bodies) == [MAILS[1], MAILS[3], MAILS[4]]
    assert b"Subject: 2" in desk.bad[0].header
    desk.wait_state("watching")
    connections = server.connections
    server.mails[9] = mail("9")
    desk.wait_for(4)
    assert server.connections == connections


def test_mail_that_cannot_be_fetched_is_given_up_and_others_go_on(desk: ImapDesk, begin: Begin) -> None:
    server = ScriptedImap(MAILS)
    server.refuse = {3}
    begin(server)
    desk.wait_for(3)
    desk.wait(lambda: desk.bad)
    assert desk.bad[0].source_key == "left:imap:box:INBOX:7:3"
    assert desk.bad[0].header == b""
    desk.wait(lambda: desk.places["box", "INBOX"] == (7, 4))


def test_mail_that_was_left_is_never_deleted_as_if_it_were_stored(desk: ImapDesk, begin: Begin) -> None:
    server = ScriptedImap({1: mail("1"), 2: mail("2")})
    server.refuse = {2}

    def keep(bad: BadMail) -> None:  # as the quarantine does
        desk.accept(Envelope("imap:box", bad.received_at), bad.header, bad.source_key)

    _, watcher = begin(server, done="delete", on_bad=keep)
    desk.wait_for(2)
    desk.wait(lambda: desk.places["box", "INBOX"] == (7, 2))
    watcher.stop()
    desk.set("box", "INBOX", 7, 0)  # resync
    server.said.clear()
    begin(server, done="delete")
    desk.wait(lambda: desk.bad)
    assert server.flags == {1: {"\\Deleted"}, 2: set()}


def test_new_mail_told_together_with_the_start_of_idle_is_not_overheard(desk: ImapDesk, begin: Begin) -> None:
    server = ScriptedImap({1: mail("1")})

    def with_new_mail(send: Callable[[str], None]) -> None:
        if 2 not in server.mails:
            server.mails[2] = mail("2")
            send("+ idling\r\n* 2 EXISTS")
        else:
            send("+ idling")

    server.before_idle = with_new_mail
    begin(server, poll_seconds=600.0)
    desk.wait_for(2)  # overheard it would come with the next look


def test_refused_idle_falls_back_to_polling(desk: ImapDesk, begin: Begin) -> None:
    server = ScriptedImap({})
    server.capabilities = "IMAP4rev1"
    begin(server)
    desk.wait_state("watching")
    server.mails[1] = mail("1")
    desk.wait_for(1)
    assert not any("IDLE" in line for line in server.said)


def test_server_that_says_exists_each_time_is_no_busy_loop(desk: ImapDesk, begin: Begin) -> None:
    server = ScriptedImap({1: mail("1")})
    server.exists_with_every_noop = True
    begin(server, poll_seconds=30.0)
    desk.wait(lambda: any("IDLE" in line for line in server.said))
    assert sum("SEARCH" in line for line in server.said) < 8


def test_without_keywords_only_seen_is_set(desk: ImapDesk, begin: Begin) -> None:
    server = ScriptedImap({5: mail("5")})
    begin(server)
    desk.wait(lambda: server.flags[5])
    assert server.flags[5] == {"\\Seen"}


def test_reception_is_the_internal_date(desk: ImapDesk, begin: Begin) -> None:
    begin(ScriptedImap({1: mail("1")}))
    desk.wait_for(1)
    expected = min(datetime(2026, 11, 2, 9, 30, tzinfo=UTC), datetime.now(UTC))
    assert abs((next(iter(desk.mails.values()))[0].received_at - expected).total_seconds()) < 60


@pytest.mark.parametrize("date", ["99-Foo-2026 10:30:00 +0100", "02-Nov-2199 10:30:00 +0100"])
def test_impossible_internal_date_is_replaced_by_now(desk: ImapDesk, begin: Begin, date: str) -> None:
    server = ScriptedImap({1: mail("1"), 2: mail("2")})
    server.internal_date = date
    begin(server)
    desk.wait_for(2)
    for envelope, _ in desk.mails.values():
        assert abs((envelope.received_at - datetime.now(UTC)).total_seconds()) < 60
    assert desk.bad == []


def test_folder_without_uidnext_is_understood(desk: ImapDesk, begin: Begin) -> None:
    server = ScriptedImap(MAILS)
    server.say_uidnext = False
    begin(server, start="new")
    desk.wait_state("watching")
    assert desk.places["box", "INBOX"] == (7, 4)
    server.mails[5] = mail("5")
    desk.wait_for(1)


def test_batch_is_accepted_together_so_that_commits_can_be_grouped(desk: ImapDesk, begin: Begin) -> None:
    all_there = threading.Barrier(4, timeout=PATIENCE)
    pool = ThreadPoolExecutor(4)

    def accept(envelope: Envelope, raw: bytes, key: str) -> Future[int]:
        return pool.submit(lambda: (all_there.wait(), desk.accept(envelope, raw, key))[1])

    begin(ScriptedImap(MAILS), accept=accept)
    desk.wait_for(4)
    pool.shutdown()


def test_expired_token_is_replaced_once_and_then_kept(desk: ImapDesk, begin: Begin) -> None:
    server = ScriptedImap({1: mail("1")}, tokens={"first"})
    given = iter(["first", "second", "third"])
    fetched: list[str] = []

    def fetch() -> tuple[str, float]:
        fetched.append(next(given))
        return fetched[-1], 3600.0

    begin(server, tokens=TokenCache(fetch))
    desk.wait_for(1)
    for _ in range(5):  # polls do not ask for a token
        server.said.clear()
        desk.wait(lambda: any("SEARCH" in line for line in server.said))
    assert fetched == ["first"]
    server.tokens = {"second"}
    server.cut()
    server.mails[2] = mail("2")
    desk.wait_for(2)
    assert fetched == ["first", "second"]


def test_account_that_refuses_every_token_is_named_and_not_hammered(desk: ImapDesk, begin: Begin) -> None:
    server = ScriptedImap({}, tokens=set())
    begin(server, tokens=TokenCache(lambda: ("x", 3600.0)))
    assert "access token is refused" in desk.wait_state("password")
    assert server.connections == 2


# ------------------------------------------------------------------------------------ a server that lies

BIG = 2_000_000


def flood(server: ScriptedImap) -> list[int]:
    """Counts what the server could get rid of."""
    sent = [0]

    def send_more(send: Callable[[str], None]) -> None:
        for number in range(100_000):
            line = f"* {number} FETCH (FLAGS (\\Seen x{'y' * 100}))"
            send(line)
            sent[0] += len(line)

    server.with_noop = send_more
    return sent


@pytest.mark.parametrize("ignores_partial", [False, True])
def test_a_mail_that_is_longer_than_announced_is_not_taken_and_others_are(
    desk: ImapDesk, begin: Begin, ignores_partial: bool
) -> None:
    server = ScriptedImap({1: mail("1"), 2: mail("2") + b"x" * BIG, 3: mail("3")})
    server.said_size, server.ignores_partial = 100, ignores_partial
    begin(server, max_bytes=500_000)
    desk.wait(lambda: len(desk.mails) == 2)
    desk.wait(lambda: len(desk.bad) == 1)
    assert desk.bad[0].header.startswith(b"From: anna@acme.example")
    assert all("BODY.PEEK[]<0.500001>" in line for line in server.said if "BODY.PEEK[]" in line)


def test_a_size_that_is_estimated_too_low_costs_nothing(desk: ImapDesk, begin: Begin) -> None:
    """Exchange says sizes that are off."""
    server = ScriptedImap({n: mail(str(n)) + b"x" * 400_000 for n in range(1, 7)})
    server.said_size = 40_000
    begin(server, max_bytes=500_000)
    desk.wait(lambda: len(desk.mails) == 6)
    assert desk.bad == []


def test_a_literal_is_refused_before_it_is_read(desk: ImapDesk, begin: Begin) -> None:
    server = ScriptedImap(MAILS)
    told = []

    def lie(send: Callable[[str], None]) -> None:
        send("* 1 FETCH (UID 1 BODY[] {943718400}")
        told.append(1)

    server.with_noop = lie
    begin(server)
    desk.wait(lambda: any(state == "lost" and "943718400" in text for state, text in desk.states))
    assert told


def test_lines_that_nobody_asked_for_end_the_connection_instead_of_filling_the_memory(
    desk: ImapDesk, begin: Begin
) -> None:
    server = ScriptedImap(MAILS)
    sent = flood(server)
    begin(server)
    desk.wait(lambda: any(state == "lost" and "bytes that may come" in text for state, text in desk.states))
    assert sent[0] < 40_000_000


def test_a_folder_of_many_mails_is_searched_in_parts(
    desk: ImapDesk, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap_fetch, "WINDOW", 5)
    server = ScriptedImap({n: mail(str(n)) for n in range(1, 24)})
    begin(server, start="all")
    desk.wait(lambda: len(desk.mails) == 23)
    assert any("SEARCH 6:10 ALL" in line for line in server.said)


def test_a_folder_that_is_said_to_hold_millions_is_not_believed(desk: ImapDesk, begin: Begin) -> None:
    server = ScriptedImap(MAILS)
    server.with_noop = lambda send: send("* 4000000000 EXISTS")
    begin(server)
    desk.wait(lambda: any("4000000000" in text for _, text in desk.states))
    assert sum("SEARCH" in line for line in server.said) < 100


def _beyond(
    server: ScriptedImap,
    *,
    uidnext: int = 0,
    uids: tuple[int, ...] = (),
    gone: bool = False,
    nothing: bool = False,
) -> None:
    """`gone`: who asks for those UIDs alone hears that they are gone."""
    server.said_uidnext = uidnext
    server.also_found = lambda found: [] if nothing or (gone and not found) else [*found, *uids]


#: what a server said for a while, or somebody in its place
LIES: dict[str, dict[str, object]] = {
    "that the next mail is far away": {"uidnext": 2**31},
    "that the next mail is the last that can be": {"uidnext": 2**32 - 1},
    "that the next mail is beyond all": {"uidnext": 2**70},
    "that it holds the last mail that can be": {"uids": (2**32 - 1,)},
    "that it held the last mail that can be": {"uids": (2**32 - 1,), "gone": True},
    "that it holds a mail beyond all": {"uids": (2**70,)},
    "that it holds a mail before all": {"uids": (0,)},
    "that it finds none of its mails": {"nothing": True},
}


@pytest.mark.parametrize("start", ["all", "unseen", "new"])
@pytest.mark.parametrize("lie", LIES)
def test_what_a_server_once_said_of_uids_hides_no_later_mail(
    desk: ImapDesk, begin: Begin, lie: str, start: str
) -> None:
    server = ScriptedImap({1: mail("1"), 2: mail("2")})
    _beyond(server, **LIES[lie])  # type: ignore[arg-type]
    begin(server, start=start, poll_seconds=0.05)
    desk.wait(lambda: sum("UID SEARCH" in line for line in server.said) >= 4)
    _beyond(server)
    server.cut()
    if start == "new":  # what lies there at the first connection that records something is not new
        said = len(server.said)
        desk.wait(lambda: sum("UID SEARCH" in line for line in server.said[said:]) >= 2)
    server.mails[3], server.flags[3] = mail("3"), set()
    old = () if start == "new" else (mail("1"), mail("2"))
    desk.wait(lambda: {*old, mail("3")} <= set(desk.bodies))


def test_a_folder_that_only_lost_its_newest_mails_is_taken_in_once(desk: ImapDesk, begin: Begin) -> None:
    """UIDNEXT stays where it is; a server that forgets it costs a look and no mail."""
    server = ScriptedImap({1: mail("1"), 2: mail("2"), 3: mail("3")})
    begin(server, start="all", poll_seconds=0.05)
    desk.wait_for(3)
    desk.wait(lambda: desk.places.get(("box", "INBOX")) == (7, 3))
    del server.mails[2], server.mails[3]
    server.cut()
    desk.wait(lambda: server.connections >= 2 and desk.places.get(("box", "INBOX")) == (7, 1))
    server.mails[4], server.flags[4] = mail("4"), set()
    desk.wait(lambda: mail("4") in desk.bodies)
    assert desk.calls == 4


def test_a_first_look_that_was_not_over_is_none_that_ended_where_the_last_mail_is_stored(
    desk: ImapDesk, begin: Begin
) -> None:
    """What made trouble is looked for again, and what was read before stays where it is."""
    server = ScriptedImap(MAILS)
    server.flags[3] = {"\\Seen"}
    desk.accept(Envelope("imap:box", datetime.now(UTC)), mail("2"), "imap:box:INBOX:7:2")
    desk.places["box", "INBOX"] = (7, -101)  # it was said to reach to 100
    begin(server, start="unseen", poll_seconds=0.05)
    desk.wait(lambda: desk.places["box", "INBOX"] == (7, 4))
    assert sorted(desk.bodies) == [mail("1"), mail("2"), mail("4")]


@pytest.mark.parametrize(("start", "taken"), [("unseen", {4, 5}), ("all", {3, 4, 5}), ("new", {3, 4, 5})])
def test_what_lies_in_a_mailbox_that_is_an_older_copy_of_itself_is_taken_as_start_says(
    desk: ImapDesk, begin: Begin, start: str, taken: set[int]
) -> None:
    """Above the last that is stored: below it all was dealt with. What comes later is taken, read or not."""
    server = ScriptedImap(MAILS)
    server.flags[3] = {"\\Seen"}
    desk.accept(Envelope("imap:box", datetime.now(UTC)), mail("2"), "imap:box:INBOX:7:2")
    desk.places["box", "INBOX"] = (7, 100)
    begin(server, start=start, poll_seconds=0.05)
    desk.wait(lambda: desk.places["box", "INBOX"] == (7, 4))
    server.mails[5], server.flags[5] = mail("5"), {"\\Seen"}
    desk.wait(lambda: desk.places["box", "INBOX"] == (7, 5))
    assert sorted(desk.bodies) == [mail("2"), *(mail(str(uid)) for uid in sorted(taken))]


def test_uids_that_an_older_copy_gives_anew_are_those_of_other_mails(desk: ImapDesk, begin: Begin) -> None:
    """It was restored, with the UIDVALIDITY that it had: mails that come now get UIDs that others had. What comes back with
    its bytes is no second mail."""
    server = ScriptedImap({1: mail("1"), 2: mail("2"), 3: mail("3")})
    begin(server, start="all", poll_seconds=0.05)
    desk.wait(lambda: desk.places.get(("box", "INBOX")) == (7, 3))
    server.said_uidnext = 2
    for uid in (2, 3):
        del server.mails[uid], server.flags[uid]
    server.cut()
    desk.wait(lambda: desk.places.get(("box", "INBOX")) == (7, 1))
    server.mails |= {2: mail("another"), 3: mail("3")}
    server.flags |= {2: set(), 3: set()}
    server.said_uidnext = 0
    desk.wait(lambda: mail("another") in desk.bodies and desk.places["box", "INBOX"] == (7, 3))
    assert sorted(desk.bodies) == sorted([mail("1"), mail("2"), mail("3"), mail("another")])


def test_a_uidvalidity_that_can_be_none_is_not_recorded(desk: ImapDesk, begin: Begin) -> None:
    server = ScriptedImap({1: mail("1")})
    server.uidvalidity = 2**70
    begin(server, start="all")
    assert "UIDVALIDITY" in desk.wait_state("lost")
    server.uidvalidity = 7
    desk.wait_for(1)
    assert list(desk.places) == [("box", "INBOX")]
    assert desk.places["box", "INBOX"][0] == 7
