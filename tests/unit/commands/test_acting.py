"""One act costs one short line: several tickets, short names, dates as people say them, words kept, dry runs.

Over 300 lines: every act of the command line in the same few ways: several, dry, refused, in short.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from maild.commands import acting, words
from maild.commands.session import Session
from maild.errors import Refused, StoreBusy
from maild.store import Store
from tests.unit.commands.conftest import START, TestDesk, made_once

ANNA, BOSS, CARL = "anna@acme.example", "boss@acme.example", "carl@globex.example"


@pytest.fixture(scope="module")
def with_two(desk_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a desk where Anna wrote twice."""
    with made_once(desk_template, tmp_path_factory) as made:
        made.mail(f"Kovács Anna <{ANNA}>", "Printer", "It prints blank pages.")
        made.mail(ANNA, "Scanner", "It is silent.")
        return made.database


@pytest.fixture
def two(desk: TestDesk, with_two: Path) -> tuple[str, str]:
    """Two tickets of Anna's."""
    desk.begin_with(with_two)
    return "1001", "1002"


def state(desk: TestDesk, number: str) -> tuple[str, str | None]:
    shown = desk.show(int(number))
    return shown["phase"], shown["owner"]


# ------------------------------------------------------------------------------------------ several at once


def test_several_tickets_in_one_line(desk: TestDesk, two: tuple[str, str]) -> None:
    done = desk.run("take", *two)
    assert done.out == "#1001 is yours (accepted)\n#1002 is yours (accepted)\n"
    desk.run("phase", *two, "waiting", "-m", "Which one?")
    assert [state(desk, n) for n in two] == [("waiting_customer", "kata")] * 2
    desk.run("note", *two, "-m", "both are near the door")
    desk.run("log", *two, "20m", "-m", "looked")
    desk.run("assign", *two, "lead")
    desk.run("assign", *two, "me")
    assert [row["number"] for row in desk.run("close", *two, "-m", "Done.", "--json").rows] == [1001, 1002]
    assert [state(desk, n) for n in two] == [("closed", "kata")] * 2
    assert desk.show(1002)["time"]["raw_minutes"] == 20


def test_one_that_refuses_does_not_stop_the_others(desk: TestDesk, two: tuple[str, str]) -> None:
    desk.run("close", two[0])
    ran = desk.run("take", *two, "4711", "#1002", ok=False)
    assert ran.code == 1
    assert ran.out == "#1002 is yours (accepted)\n"
    assert [line.split(" ")[1] for line in ran.err.splitlines()] == ["#1001", "there"]
    assert "no ticket 4711" in ran.err


def test_short_names_and_beginnings_of_phases(desk: TestDesk, two: tuple[str, str]) -> None:
    for typed, phase in (("acc", "accepted"), ("progress", "in_progress"), ("waiting", "waiting_customer")):
        desk.run("phase", two[0], typed)
        assert state(desk, two[0])[0] == phase
    assert "did you mean waiting?" in desk.refused("phase", two[0], "wating")
    assert "did you mean lead?" in desk.refused("assign", two[0], "laed")
    assert "no ticket 10001" in desk.refused("take", "10001")


# ---------------------------------------------------------------------------------------------------- done


def test_plain_ticket_costs_two_lines(desk: TestDesk, two: tuple[str, str]) -> None:
    done = desk.run("done", two[0], "20m", "-m", "A new cartridge.\nIt lasts a year.")
    assert done.out == "#1001 is closed, 20m logged\n"
    shown = desk.show(1001)
    assert (shown["phase"], shown["owner"]) == ("closed", "kata")
    (entry,) = shown["time"]["entries"]
    assert (entry["raw_minutes"], entry["billed_minutes"], entry["text"]) == (20, 30, "A new cartridge.")
    assert desk.sent(1001) == [("received", ANNA), ("closed", ANNA)]
    assert desk.said("closed")["data"]["message"] == "A new cartridge.\nIt lasts a year."


def test_done_without_time_and_on_several(desk: TestDesk, two: tuple[str, str]) -> None:
    desk.run("done", *two, "1h20", "-m", "Both.")
    assert [desk.show(int(n))["time"]["raw_minutes"] for n in two] == [80, 80]
    third = str(desk.mail(ANNA, "Mouse", "It is dead."))
    desk.run("done", third)
    assert desk.show(int(third))["time"]["raw_minutes"] == 0
    assert desk.run("done", "20m", ok=False).code == 2
    assert "is closed already" in desk.refused("done", third)


def test_complaint_that_is_done_waits_for_its_lead(desk: TestDesk) -> None:
    desk.config.write_text(desk.config.read_text() + '[teams.complaints]\nlead = "lead"\n')
    number = str(desk.mail(ANNA, "Complaint", "This is unacceptable, I must complain."))
    assert (
        desk.run("done", number, "30m", "-m", "We called her.").out == f"#{number} is resolved, 30m logged\n"
    )
    assert desk.show(int(number))["phase"] == "resolved"


# --------------------------------------------------------------------------------------------------- reply


def test_reply_moves_the_ticket_logs_time_and_sends_one_mail(desk: TestDesk, two: tuple[str, str]) -> None:
    desk.run("reply", two[0], "-m", "Which one?", "--phase", "waiting", "--log", "10m")
    shown = desk.show(1001)
    assert (shown["phase"], shown["time"]["raw_minutes"]) == ("waiting_customer", 10)
    assert desk.sent(1001) == [("received", ANNA), ("reply", ANNA)]
    assert shown["responded_at"] is not None
    said = desk.said("reply")["data"]
    assert (said["message"], said["about"]["phase"]) == ("Which one?", "waiting_customer")


def test_reply_makes_it_yours_where_you_say_so(desk: TestDesk, two: tuple[str, str]) -> None:
    done = desk.run("reply", *two, "-t", "-p", "waiting", "-m", "Which one?")
    assert done.out == "#1001: answered, yours, waiting\n#1002: answered, yours, waiting\n"
    for number in (1001, 1002):
        shown = desk.show(number)
        assert (shown["phase"], shown["owner"]) == ("waiting_customer", "kata")
        assert [name for name, _ in desk.sent(number)] == ["received", "reply"]
    desk.run("reply", two[0], "-t", "-m", "And since when?")  # it is yours already: nothing to do
    assert "belongs to kata" in desk.run("reply", two[0], "-t", "-m", "Mine.", ok=False, agent="lead").err


def test_a_phase_is_said_in_words(desk: TestDesk, two: tuple[str, str]) -> None:
    assert desk.run("phase", two[0], "progress").out == "#1001 is in progress\n"
    assert desk.run("phase", two[0], "waiting").out == "#1001 is waiting for the customer\n"


def test_reply_that_cannot_do_all_does_nothing(desk: TestDesk, two: tuple[str, str], tmp_path: Path) -> None:
    before = desk.show(1001)
    gone, empty, large = tmp_path / "gone.pdf", tmp_path / "empty.pdf", tmp_path / "large.bin"
    empty.touch()
    with large.open("wb") as out:
        out.truncate(40_000_000)
    for words_, says in (
        (["--phase", "wating"], "did you mean waiting?"), (["--phase", "approval"], "maild approval request"),
        (["--log", "never"], "duration"), (["--log", "25h"], "more than 24 hours"),
        (["--attach", str(gone)], "gone.pdf: no such file or directory; nothing was sent"),
        (["--attach", str(empty)], "is empty"), (["--attach", str(tmp_path)], "is a folder"),
        (["--attach", str(large)], "large.bin has 40.0 MB; mails take 18.0 MB: send a link"),
        (["--cc", "x@y@z"], "is not a mail address"), (["--cc", "zoe"], "no contact is called 'zoe'"),
        (["--canned", "helo"], "kept text"), (["--at", "fri"], "--phase scheduled"),
        (["--phase", "scheduled", "--at", "soon"], "is not a time"),
    ):  # fmt: skip
        assert says in desk.refused("reply", two[0], "-m", "Words.", *words_), words_
        assert desk.show(1001) == before, words_
    assert "needs words" in desk.refused("reply", two[0], "-m", " ")


def test_reply_carries_files_and_copies(desk: TestDesk, two: tuple[str, str], tmp_path: Path) -> None:
    file = tmp_path / "how to.txt"
    file.write_text("Press the green button.")
    desk.run(
        "reply",
        two[0],
        "-m",
        "See the file.",
        "--attach",
        str(file),
        "--cc",
        "béla",
        "--cc",
        "it@vendor.example",
    )
    row = desk.said("reply")
    assert [r["address"] for r in row["recipients"]] == [ANNA, BOSS, "it@vendor.example"]
    entry = next(e for e in desk.show(1001)["entries"] if e["type"] == "reply")
    assert [(a["name"], a["size"]) for a in entry["attachments"]] == [("how to.txt", 23)]
    desk.run("show", two[0], "--attachment", "1", "-o", str(tmp_path / "back.txt"))
    assert (tmp_path / "back.txt").read_text() == "Press the green button."
    # a colleague stays on the ticket, somebody of another company does not
    assert {r["address"] for r in desk.show(1001)["recipients"]} == {ANNA, BOSS}


def test_kept_text_is_filled_in_and_stands_in_the_tickets_language(
    desk: TestDesk, two: tuple[str, str]
) -> None:
    desk.run("canned", "add", "remote", "-m", "Dear {name},\n\nplease start {tool} for #{number}.\n{agent}")
    desk.run("canned", "edit", "remote", "--language", "hu", "-m", "Kedves {name}!")
    desk.run("reply", two[0], "-m", "Hello.", "--canned", "remote")
    assert desk.said("reply")["data"]["message"] == (
        "Hello.\n\nDear Kovács Anna,\n\nplease start {tool} for #1001.\nkata"
    )
    desk.run("set", two[0], "--language", "hu")
    desk.run("reply", two[0], "--canned", "remote")
    assert desk.said("reply")["data"]["message"] == "Kedves Kovács Anna!"


def test_kept_texts(desk: TestDesk) -> None:
    desk.run("canned", "add", "hello", "-m", "Hi {name}")
    assert "is kept in en already" in desk.refused("canned", "add", "hello", "-m", "x")
    assert "did you mean hello?" in desk.refused("canned", "edit", "helo", "-m", "x")
    desk.run("canned", "edit", "hello", "-m", "Good day {name}")
    (row,) = desk.run("canned", "list", "--json").rows
    assert (row["name"], row["language"], row["text"], row["agent"]) == (
        "hello",
        "en",
        "Good day {name}",
        "kata",
    )
    assert desk.run("canned", "show", "hello").out.splitlines()[1] == "Good day {name}"
    assert "one word" in desk.refused("canned", "add", "a b", "-m", "x")
    assert "no language" in desk.refused("canned", "add", "x", "-l", "xx", "-m", "x")
    desk.run("canned", "remove", "hello")
    assert desk.run("canned", "list", "--json").rows == []
    assert "no kept text 'hello'" in desk.refused("canned", "remove", "hello")


# ------------------------------------------------------------------------------------------ dry run, no mail


@pytest.mark.parametrize(
    "act",
    [
        ("take",), ("assign", "lead"), ("phase", "waiting", "-m", "Which?"), ("reply", "-m", "Hello Anna"),
        ("note", "-m", "x"),         ("close", "-m", "Done."), ("done", "20m"), ("log", "20m"), ("set", "--kind", "change"),
    ],
    ids=lambda a: a[0],
)  # fmt: skip
def test_dry_run_shows_and_does_nothing(desk: TestDesk, two: tuple[str, str], act: tuple[str, ...]) -> None:
    before = desk.show(1001)
    verb, *rest = act
    out = desk.run(verb, two[0], *rest, "--dry-run").out
    assert out.startswith("nothing was done; this would be done on #1001:\n")
    assert desk.show(1001) == before


def test_dry_run_shows_the_mail_as_it_would_go(desk: TestDesk, two: tuple[str, str]) -> None:
    out = desk.run("close", two[0], "-m", "A new cartridge.", "-n").out
    assert f"closed to {ANNA}" in out
    assert "Subject: [#1001] Printer" in out
    assert "A new cartridge." in out
    assert "no mail would go" in desk.run("close", two[0], "--no-mail", "-n").out
    opened = desk.run("new", "--from", ANNA, "-s", "Mouse", "-m", "It is dead.", "-n").out
    assert f"received to {ANNA}" in opened
    assert [r["number"] for r in desk.run("list", "--json").rows] == [1001, 1002]


@pytest.mark.parametrize(
    "act", [("take",), ("phase", "progress"), ("close",), ("done", "20m")], ids=lambda a: a[0]
)
def test_no_mail_sends_none(desk: TestDesk, two: tuple[str, str], act: tuple[str, ...]) -> None:
    verb, *rest = act
    desk.run(verb, two[0], *rest, "--no-mail")
    assert state(desk, two[0])[0] != "received"
    assert desk.sent(1001) == [("received", ANNA)]


# ---------------------------------------------------------------------------------------------------- time


def test_time_of_yesterday(desk: TestDesk, two: tuple[str, str]) -> None:
    desk.run("log", two[0], "20m", "--on", "yesterday", "-m", "looked")
    desk.run("log", two[0], "1h", "--on", "31.10.")
    desk.run("log", two[0], "10m", "--on", "today")
    rows = desk.show(1001)["time"]["entries"]
    assert [r["at"][:10] for r in rows] == ["2026-11-01", "2026-10-31", "2026-11-02"]
    october = desk.run("report", "time", "--month", "2026-10", "--json").rows
    assert [(r["ticket"], r["raw_minutes"]) for r in october] == [(1001, 60)]
    for on, says in (
        ("tomorrow", "is in the future"),
        ("0001-01-01", "the year must be from 1000"),
        ("soon", "is not a day"),
        ("31.11.", "no such day"),
    ):
        assert says in desk.refused("log", two[0], "20m", "--on", on)


@pytest.mark.parametrize(
    "report",
    ["time", "time --items", "time --by agent", "sla", "sla --missed", "volume", "backlog", "satisfaction"],
)
def test_a_report_is_csv_or_json(desk: TestDesk, report: str) -> None:
    both = desk.run("report", *report.split(), "--csv", "--json", ok=False)
    assert (both.code, both.out) == (2, "")
    assert "either --csv or --json" in both.err + str(both.refusal)
    desk.run("report", *report.split(), "--json")
    desk.run("report", *report.split(), "--csv")


def test_forgotten_duration_logs_no_seventeen_hours(desk: TestDesk, two: tuple[str, str]) -> None:
    assert "1002 is a ticket, too: for time write 1002m" in desk.refused("log", *two)
    assert desk.show(1001)["time"]["raw_minutes"] == 0
    desk.run("log", two[0], "90")
    assert desk.show(1001)["time"]["raw_minutes"] == 90


# ----------------------------------------------------------------------------------------------------- new


def test_new_finds_a_contact_by_name(desk: TestDesk) -> None:
    made = desk.run("new", "--from", "kovács", "-s", "Mouse", "-m", "It is dead.", "--take", "--json").json
    assert (made["requester"], made["owner"], made["phase"]) == (ANNA, "kata", "accepted")
    assert desk.sent(made["number"]) == [("received", ANNA)]
    assert "no contact is called 'zoe'" in desk.refused("new", "--from", "zoe", "-s", "x", "-m", "x")


def test_new_came_by_mail_unless_it_is_said_otherwise(desk: TestDesk) -> None:
    made = desk.run("new", "--from", ANNA, "-s", "Mouse", "-m", "It is dead.", "--json").json
    (entry, *_) = desk.show(made["number"])["entries"]
    assert (entry["type"], entry["channel"]) == ("call", "email")
    assert desk.said("received")["data"].get("channel") != "phone"


def test_slip_of_the_finger_mails_nobody(desk: TestDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    slip = "anan@acme.example"
    said = desk.refused("new", "--from", slip, "-s", "Mouse", "-m", "It is dead.")
    assert f"{slip} is nobody's; did you mean Kovács Anna <{ANNA}>?" in said
    assert "--somebody-new" in said
    assert desk.run("list", "--json").rows == []
    made = desk.run("new", "--from", slip, "--somebody-new", "-s", "Mouse", "-m", "x", "--json").json
    assert made["requester"] == slip
    fresh = desk.run("new", "--from", "otto@acme.example", "-s", "Mouse", "-m", "x", "--json").json
    assert fresh["requester"] == "otto@acme.example"


def test_permission_opened_without_a_channel_is_held(desk: TestDesk) -> None:
    made = desk.run(
        "new", "--from", ANNA, "-s", "Payroll", "--kind", "permission", "-m", "write access", "--json"
    ).json
    assert made["phase"] == "awaiting_approval"


# --------------------------------------------------------------------------------------------------- outage


def test_an_outage_is_not_expected_to_end_in_the_past(desk: TestDesk) -> None:
    past = ("--eta", "2026-11-01 09:00")
    assert "Sun 1 Nov 09:00 is in the past" in desk.refused("outage", "open", "Line down", *past)
    desk.run("outage", "open", "Line down", "--eta", "in 2h")
    assert "is in the past" in desk.refused("outage", "update", "1", "-m", "The provider works on it.", *past)


def test_outage_links_and_lists_the_open_tickets_that_match(desk: TestDesk, two: tuple[str, str]) -> None:
    desk.mail(CARL, "Slow", "The Printer is slow, too.")
    closed = desk.mail(ANNA, "Printer 2", "x")
    desk.run("close", str(closed))
    out = desk.run("outage", "open", "Print server down", "--word", "print*", "--company", "acme").out
    assert "linked #1001 acme: Printer" in out
    assert "#1002" not in out
    assert "#1003" not in out
    assert f"#{closed}" not in out
    (made,) = desk.run("outage", "list", "--json").rows
    assert made["tickets"] == [1001]
    assert desk.sent(1001) == [("received", ANNA)]
    desk.run("outage", "update", "1", "-m", "We restart it.")
    assert ("outage_update", ANNA) in desk.sent(1001)


def test_outage_without_words_links_nothing_by_itself(desk: TestDesk, two: tuple[str, str]) -> None:
    assert "no --word" in desk.run("outage", "open", "Line down").out
    assert desk.run("outage", "show", "1", "--json").json["tickets"] == []
    desk.run("outage", "open", "Printers", "--word", "printer", "--no-link")
    assert desk.run("outage", "show", "2", "--json").json["tickets"] == []


# ------------------------------------------------------------------------------------------------ the editor

Editor = Callable[..., None]


@pytest.fixture
def editor(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Editor:
    """An $EDITOR that runs a shell script on its file, on a terminal."""
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("VISUAL", raising=False)

    def use(script: str) -> None:
        file = tmp_path / "editor.sh"
        file.write_text(f'#!/bin/sh\ncp "$1" {tmp_path}/opened\n{script}\n')
        file.chmod(0o755)
        monkeypatch.setenv("EDITOR", str(file))

    return use


@pytest.fixture
def here(desk: TestDesk) -> Session:
    return Session(str(desk.config), "kata")


def drafts(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "state" / "maild" / "drafts").glob("*"))


def write(here: Session, start: str = "", hints: tuple[str, ...] = ("to: anna",)) -> words.TypedText:
    return words.edited(here, words.Draft("1001-reply", "maild reply 1001", start, hints))


def test_editor_gets_what_one_should_know_and_sends_what_stands_above_the_line(
    here: Session, desk: TestDesk, two: tuple[str, str], editor: Editor, tmp_path: Path
) -> None:
    from maild.commands import replying

    editor('sed -i "1s/.*/Which one?/" "$1"')
    wanted = replying.ReplyOptions(phase="waiting", log="10m")
    said, manner = replying.words_of(here, [1001], wanted, acting.Manner("kata"))
    assert (said.text, manner.seen) == ("Which one?", 1)
    opened = (tmp_path / "opened").read_text()
    for line in (
        words.MARK, "# #1001 Printer", f"# to: Kovács Anna <{ANNA}>", "# then: waiting", "# logged: 10m",
        "# first answer promised by Tue 3 Nov 09:00, in 23 h", "# Kovács Anna wrote now:", "# > It prints blank pages.",
        "# Save and quit to send. Leave it as it is to send nothing.",
    ):  # fmt: skip
        assert line in opened.splitlines(), line
    (file,) = drafts(tmp_path)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    said.done()
    assert drafts(tmp_path) == []


@pytest.mark.parametrize("script", ["true", 'printf "\\n\\n" > "$1.x"; cat "$1" >> "$1.x"; mv "$1.x" "$1"'])
def test_unchanged_draft_sends_nothing(here: Session, editor: Editor, tmp_path: Path, script: str) -> None:
    editor(script)
    for start in ("", "A kept text."):
        with pytest.raises(Refused, match="nothing was written, so nothing was sent"):
            write(here, start)
    assert drafts(tmp_path) == []


@pytest.mark.parametrize(
    ("script", "says"),
    [
        (
            'echo "My words" > "$1"; exit 3',
            "ended with 3: nothing was sent; your text is kept, `maild reply 1001`",
        ),
        ('echo "My words" > "$1"; kill -9 $$', "was killed (signal 9): nothing was sent; your text is kept"),
        ('echo "My words" > "$1"', "was deleted, so your words cannot be told from the hints"),
        ('printf "f\\365n\\366k\\n" > "$1"', "is not UTF-8 text any more"),
    ],
)
def test_text_is_kept_when_the_editor_fails(
    here: Session, editor: Editor, tmp_path: Path, script: str, says: str
) -> None:
    editor(script)
    with pytest.raises(Refused) as error:
        write(here)
    assert says in str(error.value)
    (file,) = drafts(tmp_path)
    assert file.read_bytes().startswith((b"My words", b"f\xf5n"))


def test_next_try_goes_on_with_the_kept_text(here: Session, editor: Editor, tmp_path: Path) -> None:
    editor('printf "First line\\n" > "$1"; exit 1')
    with pytest.raises(Refused):
        write(here)
    editor('sed -i "s/First line/First line, and more/" "$1"')
    assert write(here).text == "First line, and more"
    # a lost mark: our own hints at the end are not taken for the agent's words
    editor(f'grep -v -- "{words.MARK}" "$1" > "$1.x"; mv "$1.x" "$1"')
    with pytest.raises(Refused, match="was deleted"):
        write(here)
    editor('sed -i "s/more/much more/" "$1"')
    assert write(here).text == "First line, and much more"


def test_a_kept_draft_is_sent_when_it_is_saved_and_not_when_it_is_looked_at(
    here: Session, editor: Editor, tmp_path: Path
) -> None:
    editor('printf "My words\\n" > "$1"; exit 1')
    with pytest.raises(Refused):
        write(here)
    editor('cp "$1" "$1.seen"')
    with pytest.raises(
        Refused, match="the kept draft was not saved: nothing was sent; `maild reply 1001` shows it"
    ):
        write(here)
    (file,) = [one for one in drafts(tmp_path) if one.suffix == ".txt"]
    assert words.RESUMED in file.with_name(file.name + ".seen").read_text()
    assert file.read_text().startswith("My words\n")
    editor('cat "$1" > "$1.x"; mv "$1.x" "$1"')  # as editors save
    assert write(here).text == "My words"
    editor('sed -i "1s/.*//" "$1"')
    with pytest.raises(Refused, match="nothing was written, so nothing was sent"):
        write(here)
    assert not file.exists()


def test_editor_that_is_not_there_names_the_way_out(
    here: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("VISUAL", "/no/such/editor")
    with pytest.raises(Refused, match=r"cannot start '/no/such/editor'.*-m TEXT gives the words"):
        write(here)
    assert drafts(tmp_path) == []


def test_text_is_kept_when_the_database_is_busy(
    here: Session, desk: TestDesk, two: tuple[str, str], editor: Editor, tmp_path: Path
) -> None:
    from maild.commands import writing

    editor('sed -i "1s/.*/My words/" "$1"')
    said = write(here)

    def busy(_: acting.Manner) -> None:
        raise StoreBusy("the database is locked")

    with pytest.raises(StoreBusy, match="locked; your text is kept, `maild reply 1001` goes on with it"):
        writing.keeping_words(said, acting.Manner(), busy)
    (file,) = drafts(tmp_path)
    assert file.read_text().startswith("My words")


def test_words_from_standard_input_are_kept_too(
    here: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(words, "standard_input", lambda: "From a pipe\n")
    said = words.needed(here, "-", None, words.Draft("1001-reply", "maild reply 1001"))
    assert said.text == "From a pipe"
    assert "your text is kept" in said.kept()
    assert drafts(tmp_path)[0].read_text() == "From a pipe"


# ----------------------------------------------------------------------------------- two agents, one ticket


def test_second_of_two_agents_is_told_what_the_first_did(
    here: Session, desk: TestDesk, two: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from maild.app.acts import note
    from maild.commands import writing

    desk.run("show", two[0])
    looked = 1
    desk.later(minutes=5)
    desk.run("reply", two[0], "-m", "I am on it.", "--as", "lead")
    tries: list[acting.Manner] = []

    def act(manner: acting.Manner) -> None:
        tries.append(manner)
        acting.do(here, 1001, lambda a, t, tx: note(a, t, "mine"), manner)

    manner = acting.Manner("kata", seen=looked)
    said = words.TypedText("mine")
    with pytest.raises(
        acting.MeanwhileError, match=r"#1001 changed while you wrote: lead answered: 'I am on it.'"
    ):
        writing.keeping_words(said, manner, act)
    assert [e["type"] for e in desk.show(1001)["entries"]] == ["mail", "reply"]
    monkeypatch.setattr(writing, "_go_on", lambda question: "I am on it." in question)
    writing.keeping_words(said, manner, act)
    assert [m.seen for m in tries] == [1, 1, None]
    assert desk.show(1001)["entries"][-1]["text"] == "mine"


def test_who_acts_without_looking_again_hears_what_was_done_before(
    desk: TestDesk, two: tuple[str, str]
) -> None:
    desk.run("show", two[0])
    desk.later(minutes=5)
    desk.run("take", two[0], "--as", "lead")
    desk.mail(ANNA, f"[#{two[0]}] Printer", "It works again.")
    ran = desk.run("note", two[0], "-m", "mine")
    assert ran.err.splitlines() == [
        "maild: #1001: before you, lead moved it to accepted",
        "maild: #1001: before you, Kovács Anna wrote: 'It works again.'",
    ]  # fmt: skip
    assert "belongs to lead" in desk.refused("take", two[0])
    desk.run("show", two[0])
    assert desk.run("note", two[0], "-m", "more").err == ""


# ---------------------------------------------------------------------------------------------- completion


def test_shell_completes_numbers_with_subjects_agents_phases_and_companies(
    desk: TestDesk, two: tuple[str, str]
) -> None:
    from maild.commands import completing

    ctx = typer.Context(typer.main.get_command(typer.Typer(callback=lambda: None)))
    ctx.obj = Session(str(desk.config), None)
    assert completing.numbers(ctx, "100") == [("1001", "acme: Printer"), ("1002", "acme: Scanner")]
    assert completing.numbers(ctx, "#1002") == [("1002", "acme: Scanner")]
    for verb, behind in (("assign", ("kata", "kata")), ("phase", ("received", "phase")), ("close", None)):
        ctx.info_name, ctx.params = verb, {"numbers": ["1001"]}
        found = completing.numbers(ctx, "")
        assert found[0] == (behind or ("1001", "acme: Printer"))
        assert ("1002", "acme: Scanner") in found
    ctx.params = {}
    assert completing.agents(ctx, "k") == [("kata", "kata")]
    assert ("L1", "team") in completing.whom(ctx, "L")
    assert completing.phases("w") == ["waiting"]
    assert [key for key, _ in completing.companies(ctx, "a")] == ["acme"]
    assert completing.people(ctx, "kov") == [(ANNA, "Kovács Anna")]
    assert list(completing.kinds("perm")) == ["permission"]


def test_completion_of_a_desk_that_is_not_there_says_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from maild.commands import completing

    ctx = typer.Context(typer.main.get_command(typer.Typer(callback=lambda: None)))
    ctx.obj = Session(str(tmp_path / "none.toml"), None)
    for complete in (
        completing.numbers,
        completing.agents,
        completing.companies,
        completing.people,
        completing.canned,
    ):
        assert complete(ctx, "") == []
    assert capsys.readouterr() == ("", "")


def test_second_look_at_a_closed_desk(desk: TestDesk, two: tuple[str, str]) -> None:
    """A dry run takes the writer's lock and gives it back."""
    desk.run("close", two[0], "-n")
    with Store.open(desk.settings) as store, store.write() as tx:
        assert tx.tickets.brief(1001).phase == "received"
    assert desk.at == START
