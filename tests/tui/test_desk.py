"""The full screen by its keys (Textual's pilot).

Over 300 lines: every key of the full screen, on one desk.
"""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import ModalScreen
from textual.widgets import Input, Static, TextArea

from maild.commands.session import Session
from maild.desk import filters
from maild.errors import StoreBusy
from maild.tui import keys
from maild.tui.app import DeskApp
from maild.tui.data import DeskReader
from maild.tui.screens import AskScreen, FilesScreen, KeptTextScreen, WriteScreen, YesNoScreen
from tests.tui.desk import FullScreenDesk

pytestmark = pytest.mark.slow
Pilots = Pilot[None]


def said(app: DeskApp) -> str:
    return str(app.screen_stack[0].query_one("#said", Static).content)


def panes(app: DeskApp) -> tuple[bool, bool]:
    return app.query_one("#left").display, app.ticket.display


def unread(app: DeskApp) -> list[bool]:
    return [one.unread for one in app.queue.page.rows] if app.queue.page else []


async def settle(pilot: Pilots) -> None:
    """Until nothing is under way but what waits for keys."""
    for _ in range(6):
        await pilot.pause(0.05)


async def until(pilot: Pilots, text: str) -> None:
    assert isinstance(pilot.app, DeskApp)
    for _ in range(200):
        if text in said(pilot.app):
            return
        await pilot.pause(0.05)
    raise AssertionError(f"{text!r} is not said, but {said(pilot.app)!r}")


async def screen(pilot: Pilots, kind: type[ModalScreen[Any]]) -> None:
    for _ in range(200):
        if isinstance(pilot.app.screen, kind):
            await pilot.pause()
            return
        await pilot.pause(0.05)
    assert isinstance(pilot.app, DeskApp)
    raise AssertionError(f"{pilot.app.screen} is on top, not {kind}; said {said(pilot.app)!r}")


async def typed(pilot: Pilots, text: str) -> None:
    await pilot.press(
        *(("space" if c == " " else "plus" if c == "+" else "enter" if c == "\n" else c) for c in text)
    )


async def test_queue_left_and_ticket_right_at_80_by_24(app: DeskApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert app.queue.option_count == 5
        assert app.queue.region.right <= app.ticket.region.x
        assert app.ticket.region.width >= 46
        assert "Reggel óta nem tudok" in app.ticket.text()
        await pilot.press("j", "j", "k")
        await settle(pilot)
        assert app.number == 1002
        assert "Mag die al?" in app.ticket.text()
        assert all(len(line) <= app.ticket.size.width for line in app.ticket.text().splitlines())


async def test_enter_reads_and_it_is_not_new_any_more(app: DeskApp, desk: FullScreenDesk) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert unread(app) == [True] * 5
        await pilot.press("enter")
        await settle(pilot)
        assert app.ticket.has_focus
        assert unread(app) == [False, True, True, True, True]
        await pilot.press("q")
        await settle(pilot)
        assert app.queue.has_focus
        await pilot.press("q")
    assert app.return_code == 0


async def test_take_note_log_and_close_are_the_verbs_acts(app: DeskApp, desk: FullScreenDesk) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("t")
        await until(pilot, "#1001 is yours (accepted)")
        assert unread(app) == [False, True, True, True, True]
        await pilot.press("n")
        await screen(pilot, WriteScreen)
        await typed(pilot, "ask Peter\nfirst")
        await pilot.press("ctrl+s")
        await until(pilot, "#1001: noted")
        await pilot.press("l")
        await screen(pilot, AskScreen)
        await typed(pilot, "20m print server")
        await pilot.press("enter")
        await until(pilot, "20m logged")
        await pilot.press("c")
        await screen(pilot, WriteScreen)
        await typed(pilot, "It works")
        await pilot.press("ctrl+s")
        await until(pilot, "#1001 is closed")
        assert app.queue.option_count == 4
    ticket = desk.show(1001)
    assert (ticket["owner"], ticket["phase"]) == ("kata", "closed")
    assert ticket["time"]["raw_minutes"] == 20
    assert [e["text"] for e in ticket["entries"] if e["type"] == "note"] == ["ask Peter\nfirst"]
    assert ticket["outbound"][-1]["notice"] == "closed"


async def test_reply_in_place_with_phase_time_and_file(app: DeskApp, desk: FullScreenDesk) -> None:
    file = desk.folder / "hint.txt"
    file.write_text("press the green button")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("j", "r")
        await screen(pilot, WriteScreen)
        await typed(pilot, "Ja dat mag.\n")
        await pilot.press("tab")
        await typed(pilot, f"waiting 20m +{file}")
        await pilot.press("ctrl+s")
        await until(pilot, "#1002: answered, waiting")
    ticket = desk.show(1002)
    assert ticket["phase"] == "waiting_customer"
    assert ticket["time"]["raw_minutes"] == 20
    reply = next(e for e in ticket["entries"] if e["type"] == "reply")
    assert reply["text"].strip() == "Ja dat mag."
    assert reply["attachments"][0]["name"] == "hint.txt"


async def test_wrong_word_after_then_keeps_text_and_says_what_is_right(
    app: DeskApp, desk: FullScreenDesk
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("r")
        await screen(pilot, WriteScreen)
        await typed(pilot, "words")
        await pilot.press("tab")
        await typed(pilot, "wating")
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "did you mean waiting?" in "".join(str(one.content) for one in app.screen.query(Static))
        assert app.screen.query_one(TextArea).text.strip() == "words"
        assert app.screen.query_one(Input).value == "wating"
        assert app.screen.query_one(Input).has_focus
    assert not [e for e in desk.show(1001)["entries"] if e["type"] == "reply"]


async def test_a_draft_is_kept_and_gone_on_with_also_by_the_verb(app: DeskApp, desk: FullScreenDesk) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("r")
        await screen(pilot, WriteScreen)
        await typed(pilot, "half a")
        await pilot.press("escape")
        await until(pilot, "the draft is kept")
        assert "half a" in next((desk.folder / "state").rglob("*1001-reply.txt")).read_text()
        await pilot.press("r")
        await screen(pilot, WriteScreen)
        assert app.screen.query_one(TextArea).text.strip() == "half a"
        await typed(pilot, " word")
        await pilot.press("ctrl+s")
        await until(pilot, "#1001: answered")
    assert not list((desk.folder / "state").rglob("*1001-reply.txt"))
    assert next(e for e in desk.show(1001)["entries"] if e["type"] == "reply")["text"] == "half a word"


async def test_last_words_are_kept_for_the_key_alone(app: DeskApp, desk: FullScreenDesk) -> None:
    async with app.run_test(size=(100, 24)) as pilot:
        await settle(pilot)
        await pilot.press("c")
        await screen(pilot, WriteScreen)
        await typed(pilot, "It works")
        await pilot.press("escape")
        await until(pilot, "the draft is kept: the same key goes on with it")
        assert "maild close" not in said(app)


async def test_nothing_written_does_nothing(app: DeskApp, desk: FullScreenDesk) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("n", "escape")
        await until(pilot, "nothing was written")
        await pilot.press("r")
        await screen(pilot, WriteScreen)
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "no words yet" in "".join(str(one.content) for one in app.screen.query(Static))
    assert {e["type"] for e in desk.show(1001)["entries"]} <= {"call", "mail"}


async def test_who_was_overtaken_by_a_colleague_is_asked(app: DeskApp, desk: FullScreenDesk) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("r")
        await screen(pilot, WriteScreen)
        desk.maild("--as", "pali", "reply", "1001", "-m", "I was quicker")
        await typed(pilot, "mine")
        await pilot.press("ctrl+s")
        await screen(pilot, YesNoScreen)
        question = "".join(str(one.content) for one in app.screen.query(Static))
        assert "pali answered: 'I was quicker'" in question
        await pilot.press("n")
        await screen(pilot, WriteScreen)
        assert app.screen.query_one(TextArea).text.strip() == "mine"
        await pilot.press("ctrl+s")
        await screen(pilot, YesNoScreen)
        await pilot.press("y")
        await until(pilot, "#1001: answered")
    assert [e["author"] for e in desk.show(1001)["entries"] if e["type"] == "reply"] == ["pali", "kata"]


async def test_a_new_ticket_comes_in_while_one_looks(app: DeskApp, desk: FullScreenDesk) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("j")
        await settle(pilot)
        desk.maild("--as", "pali", "new", "--from", "jan@zorg.example", "--subject", "Nieuw", "-m", "Net nu.")
        await until(pilot, "#1006 new from Jan de Vries (zorg): Nieuw")
        assert app.queue.option_count == 6
        assert app.number == 1002


async def test_search_and_back(app: DeskApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("slash")
        await screen(pilot, AskScreen)
        await typed(pilot, "arvizturo")
        await pilot.press("enter")
        await settle(pilot)
        assert (app.queue.option_count, app.number) == (1, 1005)
        await pilot.press("escape")
        await settle(pilot)
        assert app.queue.option_count == 5
        await pilot.press("slash")
        await screen(pilot, AskScreen)
        await typed(pilot, "phase:wating")
        await pilot.press("enter")
        await until(pilot, "waiting")
        assert app.queue.option_count == 5


async def test_go_to_a_ticket_by_its_number(app: DeskApp, desk: FullScreenDesk) -> None:
    desk.maild("--as", "pali", "close", "1004")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        for number in ("1003", "#1004"):
            await pilot.press("g")
            await screen(pilot, AskScreen)
            app.screen.query_one(Input).value = number
            await pilot.press("enter")
            wanted = int(number.removeprefix("#"))
            for _ in range(200):
                if app.number == wanted:
                    break
                await pilot.pause(0.05)
            await settle(pilot)
            assert app.number == wanted
        await pilot.press("q", "g")
        await screen(pilot, AskScreen)
        app.screen.query_one(Input).value = "99"
        await pilot.press("enter")
        await until(pilot, "there is no ticket 99")


async def test_all_of_it_shows_what_the_brief_view_leaves_out(app: DeskApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "2 more open" in app.ticket.text()
        assert "answer by" not in app.ticket.text()
        await pilot.press("f")
        await settle(pilot)
        assert "#1003 A levelezés lassú" in app.ticket.text()
        assert "answer by" in app.ticket.text()


async def test_done_phase_and_assign_are_asked_for_in_one_line(app: DeskApp, desk: FullScreenDesk) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        for key, words, answer in (
            ("p", "wating", ""),
            ("p", "progress we look at it", "#1001 is in progress"),
            ("a", "pali", "#1001 -> pali"),
            ("d", "1h20 It works again.", "#1001 is closed, 1h20 logged"),
        ):
            await pilot.press(key)
            await screen(pilot, AskScreen)
            app.screen.query_one(Input).value = words
            await pilot.press("enter")
            if answer:
                await until(pilot, answer)
            else:
                await settle(pilot)
                assert "did you mean waiting?" in "".join(
                    str(one.content) for one in app.screen.query(Static)
                )
                assert app.screen.query_one(Input).value == words
                await pilot.press("escape")
                await settle(pilot)
    ticket = desk.show(1001)
    assert (ticket["phase"], ticket["owner"], ticket["time"]["raw_minutes"]) == ("closed", "pali", 80)


async def test_a_kept_text_stands_below_what_was_written_and_copies_go_out(
    app: DeskApp, desk: FullScreenDesk
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("r")
        await screen(pilot, WriteScreen)
        await pilot.press("ctrl+t")
        await settle(pilot)
        assert "maild canned add" in "".join(str(one.content) for one in app.screen.query(Static))
        desk.maild("--as", "pali", "canned", "add", "remote", "-m", "Dear {name}, we look into #{number}.")
        desk.maild("--as", "pali", "canned", "add", "toner", "-m", "New toner is on its way.")
        await typed(pilot, "Good morning!")
        await pilot.press("ctrl+t")
        await screen(pilot, KeptTextScreen)
        await pilot.press("enter")
        await screen(pilot, WriteScreen)
        text = app.screen.query_one(TextArea).text
        assert text.startswith("Good morning!\n\nDear ")
        assert text.endswith("we look into #1001.")
        await pilot.press("ctrl+t")
        await screen(pilot, KeptTextScreen)
        await pilot.press("escape")
        await screen(pilot, WriteScreen)
        assert app.screen.query_one(TextArea).text == text
        for then, wrong in (
            ("cc:", "cc:WHO"), ("cc:nobody-at-all", "no contact is called"), ("scheduled", "say when"),
            ("take 10m cc:it@vendor.example scheduled in 3 days", ""),
        ):  # fmt: skip
            app.screen.query_one(Input).value = then
            await pilot.press("ctrl+s")
            await settle(pilot)
            if wrong:
                await screen(pilot, WriteScreen)
                assert wrong in "".join(str(one.content) for one in app.screen.query(Static))
        await until(pilot, "#1001: answered, yours, scheduled")
    ticket = desk.show(1001)
    assert (ticket["phase"], ticket["time"]["raw_minutes"]) == ("scheduled", 10)
    sent = [one for one in ticket["outbound"] if one["notice"] == "reply"]
    assert "it@vendor.example" in sent[0]["to"]


async def test_undo_takes_the_last_act_back(app: DeskApp, desk: FullScreenDesk) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("u")
        await until(pilot, "nothing in the last day")
        await pilot.press("t")
        await until(pilot, "#1001 is yours (accepted)")
        await pilot.press("u")
        await until(pilot, "#1001: taken back")
        assert (desk.show(1001)["phase"], desk.show(1001)["owner"]) == ("received", None)
        await pilot.press("d")
        await screen(pilot, AskScreen)
        app.screen.query_one(Input).value = "5m"
        await pilot.press("enter")
        await until(pilot, "#1001 is closed")
        assert app.number == 1002
        for answer, phase in (("n", "closed"), ("y", "received")):
            await pilot.press("u")
            await screen(pilot, YesNoScreen)
            assert "your last act, on #1001" in "".join(str(one.content) for one in app.screen.query(Static))
            await pilot.press(answer)
            await settle(pilot)
            if answer == "y":
                await until(pilot, "#1001: taken back")
            assert desk.show(1001)["phase"] == phase


async def test_the_cursor_goes_on_where_an_act_puts_a_ticket_away(app: DeskApp, desk: FullScreenDesk) -> None:
    """What waits for the customer goes to the end; the next key is meant for what comes next."""
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert app.number == 1001
        await pilot.press("p")
        await screen(pilot, AskScreen)
        app.screen.query_one(Input).value = "waiting Which one?"
        await pilot.press("enter")
        await until(pilot, "#1001 is waiting for the customer")
        await settle(pilot)
        assert app.number == 1002
        assert app.ticket.page is not None
        assert app.ticket.page.ticket.number == 1002
        await pilot.press("t")  # this one stays where it is
        await until(pilot, "#1002 is yours")
        await settle(pilot)
        assert app.number == 1002


def test_every_key_has_its_action() -> None:
    for _, action, what in keys.TABLE:
        assert what
        assert hasattr(DeskApp, f"action_{action.partition('(')[0]}")


async def test_attachments_are_saved_and_opened(
    app: DeskApp, desk: FullScreenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, opened = desk.folder / "plan.txt", desk.folder / "opened"
    file.write_text("north")
    desk.maild("--as", "pali", "reply", "1001", "-m", "see", "--attach", str(file))
    opener = desk.folder / "opener"
    opener.write_text(f'#!/bin/sh\ncat "$1" > {opened}\n')
    opener.chmod(0o755)
    monkeypatch.setenv("MAILD_OPENER", str(opener))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert app.queue.go_to(1001)
        await pilot.press("o")
        await screen(pilot, FilesScreen)
        await pilot.press("s")
        await screen(pilot, AskScreen)
        app.screen.query_one(Input).value = str(desk.folder / "saved.txt")
        await pilot.press("enter")
        await until(pilot, "saved.txt: 5 bytes")
        assert (desk.folder / "saved.txt").read_text() == "north"
        await pilot.press("o")
        await screen(pilot, FilesScreen)
        await pilot.press("o")
        await until(pilot, "is opened by")
        for _ in range(100):
            if opened.exists() and opened.read_text():
                break
            await pilot.pause(0.05)
        assert opened.read_text() == "north"


async def test_editor_writes_the_answer(
    app: DeskApp, desk: FullScreenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = desk.folder / "editor"
    editor.write_text(
        '#!/bin/sh\nprintf "from the editor\\n%s" "$(cat "$1")" > "$1.new" && mv "$1.new" "$1"\n'
    )
    editor.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(editor))
    monkeypatch.setattr(DeskApp, "suspend", lambda _self: nullcontext())
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("r")
        await screen(pilot, WriteScreen)
        await pilot.press("ctrl+o")
        await settle(pilot)
        assert app.screen.query_one(TextArea).text.strip() == "from the editor"
        await pilot.press("ctrl+s")
        await until(pilot, "#1001: answered")


async def test_editor_that_fails_loses_nothing(
    app: DeskApp, desk: FullScreenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISUAL", "false")
    monkeypatch.setattr(DeskApp, "suspend", lambda _self: nullcontext())
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("r")
        await screen(pilot, WriteScreen)
        await typed(pilot, "precious")
        await pilot.press("ctrl+o")
        await settle(pilot)
        assert app.screen.query_one(TextArea).text.strip() == "precious"
        assert "ended with 1" in "".join(str(one.content) for one in app.screen.query(Static))


async def test_database_that_is_locked_while_one_types_loses_nothing(
    app: DeskApp, desk: FullScreenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from maild.commands import acting

    real, tries = acting.do, 0

    def locked(*words: object, **how: object) -> object:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise StoreBusy("the database is locked by another process; try again")
        return real(*words, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(acting, "do", locked)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("r")
        await screen(pilot, WriteScreen)
        await typed(pilot, "patience")
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "locked" in "".join(str(one.content) for one in app.screen.query(Static))
        assert app.screen.query_one(TextArea).text.strip() == "patience"
        await pilot.press("ctrl+s")
        await until(pilot, "#1001: answered")


@pytest.mark.parametrize("width", [40, 20])
async def test_a_narrow_terminal_shows_one_pane_at_a_time(app: DeskApp, width: int) -> None:
    async with app.run_test(size=(width, 12)) as pilot:
        await settle(pilot)
        assert app.queue.size.width >= width - 2
        assert panes(app) == (True, False)
        await pilot.press("enter")
        await settle(pilot)
        assert panes(app) == (False, True)
        assert app.ticket.size.width >= width - 2
        await pilot.press("q")
        await settle(pilot)
        assert app.queue.has_focus
        assert panes(app) == (True, False)


async def test_what_cannot_be_drawn_does_not_end_the_desk(
    app: DeskApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_words: object, **_more: object) -> object:
        raise ValueError("no such row")

    monkeypatch.setattr("maild.desk.ticket_view.view", broken)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "cannot be shown here" in str(app.ticket.query_one(Static).content)
        await pilot.press("t")
        await until(pilot, "is yours")


async def test_a_customers_words_are_never_markup_nor_escapes(app: DeskApp, desk: FullScreenDesk) -> None:
    desk.maild(
        "--as", "pali", "new", "--from", "anna@acme.example", "--subject", "[bold red]x[/] \x1b[31m", "-m", "[link]y[/link]"
    )  # fmt: skip
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        assert app.queue.go_to(1006)
        await settle(pilot)
        assert "[bold red]x[/] \\x1b[31m" in str(app.ticket.query_one(Static).content)
        assert "[link]y[/link]" in str(app.ticket.query_one(Static).content)


async def test_a_narrow_locale_is_shown_what_it_can_show(
    app: DeskApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("paint", "app"):
        monkeypatch.setattr(f"maild.tui.{module}.is_narrow", lambda: True)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        drawn = "".join(str(one.content) for one in app.query(Static))
        assert drawn.isascii()
        assert "Kov\\xe1cs Anna" in drawn
        assert " - kata - " in drawn
        assert app.ticket.styles.border_left[0] == "ascii"


async def test_help_names_every_key(app: DeskApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("question_mark")
        await settle(pilot)
        text = "\n".join(str(one.content) for one in app.screen.query(Static))
        for key in ("j", "k", "enter", "r ", "n ", "t ", "c ", "l ", "/", "?", "q"):
            assert key in text
        await pilot.press("q")
        await settle(pilot)
        assert app.queue.has_focus


async def test_a_view_of_the_configuration(desk: FullScreenDesk) -> None:
    here = Session(str(desk.config), "kata")
    desk.maild("--as", "kata", "take", "1003")
    reader = DeskReader(here, "kata", filters.of_view("mine", here.settings))
    app = DeskApp(reader, "mine")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert (app.queue.option_count, app.number) == (1, 1003)
        assert "mine" in str(app.query_one("#top", Static).content)
    reader.close()


def test_a_view_that_is_broken_is_said_before_the_screen_opens(desk: FullScreenDesk) -> None:
    assert "[views] broken" in desk.maild("--as", "kata", "desk", "broken", code=1)


def test_without_a_terminal_it_says_what_prints(desk: FullScreenDesk) -> None:
    assert "maild list" in desk.maild("--as", "kata", "desk", code=1)


def test_unknown_agents_are_named(desk: FullScreenDesk) -> None:
    assert "kata" in desk.maild("--as", "kta", "desk", code=1)


@pytest.mark.parametrize("name", ["kata", "pali"])
def test_reading_costs_no_write(desk: FullScreenDesk, name: str) -> None:
    reader = DeskReader(Session(str(desk.config), name), name, filters.parse(""))
    before = reader.stamp()
    reader.queue()
    reader.ticket(1001)
    assert reader.stamp() == before
    reader.close()
