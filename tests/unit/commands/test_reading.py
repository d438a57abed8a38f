"""list, next, show, search, why on a desk with real mails.

Over 300 lines: every verb that only looks, on the same tickets.
"""

from __future__ import annotations

import io
import json
import shutil
import sys
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from maild.commands import output, reading
from maild.desk import ticket_view
from maild.desk.spans import Span, Style, plain
from maild.desk.terminal import width
from maild.store import Store
from tests.unit.commands.conftest import START, TestDesk

ANNA, BELA, CARL = "anna@acme.example", "bela@acme.example", "carl@globex.example"


def lines(desk: TestDesk, number: int | None, room: int = 80, *, full: bool = False) -> list[str]:
    """`show` as it stands on a terminal of that width."""
    assert number is not None
    with Store.open(desk.settings) as store, store.read() as tx:
        ticket = tx.queue.whole(number)
        beside = reading.around(tx.queue, desk.settings, ticket.ticket)
    screen = ticket_view.Screen(desk.at, "Europe/Budapest", room)
    made = ticket_view.view(ticket, beside, screen, full=full)
    widths = [width(plain(one)) for one in made]
    assert max(widths, default=0) <= room
    return [plain(one) for one in made]


# ---------------------------------------------------------------------------------------------------- show


def test_show_says_who_with_phone_company_contract_and_the_other_open_tickets(desk: TestDesk) -> None:
    other = desk.mail(BELA, "Scanner", "It is silent.")
    desk.run("take", str(other))
    number = desk.mail(f"Kovács Anna <{ANNA}>", "Printer", "It prints blank pages.")
    shown = lines(desk, number)
    assert shown[:3] == [
        "#1002 Printer", "received · question · user · team L1 · nobody's yet", "due Tue 3 Nov 09:00, in 23 h",
    ]  # fmt: skip
    text = "\n".join(shown)
    assert "from       Kovács Anna <anna@acme.example>  +36 1 555 0100" in text
    assert "company    Acme Kft. (acme)" in text
    assert "contract   standard, calendar office" in text
    assert "others     #1001 Scanner (accepted, kata)" in text
    assert "answer by" not in text  # it is what is due, two lines above
    assert "answer by  Tue 3 Nov 09:00, in 23 h" in "\n".join(lines(desk, number, full=True))
    assert "  sent" not in text
    assert "queued     received to anna@acme.example  Mon 2 Nov 10:00" in text
    assert "agent_alert" not in text  # what told our own people
    assert "agent_alert to kata@desk.example" in "\n".join(lines(desk, number, full=True))


def test_each_sort_of_entry_says_who_may_read_it(desk: TestDesk) -> None:
    number = desk.mail(ANNA, "Printer", "It prints blank pages.")
    desk.run("take", str(number))
    desk.run("reply", str(number), "-m", "Which one?")
    desk.run("note", str(number), "-m", "She is nice.")
    desk.run("log", str(number), "20m", "-m", "looked")
    desk.later(hours=2)
    shown = lines(desk, number)
    for head in (
        "< Kovács Anna wrote  Mon 2 Nov 10:00, 2 h ago  [1]", "> kata received -> accepted  Mon 2 Nov 10:00, 2 h ago  [2]",
        "> kata answered the customer  Mon 2 Nov 10:00, 2 h ago  [3]",
        "# kata noted, for colleagues only  Mon 2 Nov 10:00, 2 h ago  [4]", "# kata worked  Mon 2 Nov 10:00, 2 h ago  [5]",
    ):  # fmt: skip
        assert head in shown, (head, shown)
    assert "  She is nice." in shown


def test_lines_left_out_are_counted_and_stand_in_full(desk: TestDesk) -> None:
    number = desk.mail(ANNA, "Printer", "It prints blank pages.")
    quoted = "The red one.\n\nOn Mon, 2 Nov 2026 at 10:00, Example Help Desk wrote:\n> Which one?\n> Please answer.\n"
    desk.mail(ANNA, f"Re: [#{number}] Printer", quoted, to=desk.message_id("received"))
    shown = lines(desk, number)
    assert "  The red one." in shown
    assert "  [3 lines left out: --full]" in shown
    assert "  > Please answer." not in shown
    whole = lines(desk, number, full=True)
    assert "  > Please answer." in whole
    assert not any("left out" in one for one in whole)


def test_reply_to_that_is_not_the_sender_is_named(desk: TestDesk) -> None:
    number = desk.mail(ANNA, "Form", "Sent by the web form.", headers={"Reply-To": "kim@shop.example"})
    (said,) = [one for one in lines(desk, number, 120) if one.startswith("reply-to")]
    assert said == "reply-to   kim@shop.example (not the sender: answers go to anna@acme.example)"
    plain_ = desk.mail(ANNA, "Other", "x", headers={"Reply-To": ANNA})
    assert not any(one.startswith("reply-to") for one in lines(desk, plain_))


@pytest.mark.parametrize("room", [20, 40, 80, 200])
def test_show_fits_every_screen(desk: TestDesk, room: int) -> None:
    letter = EmailMessage()
    letter.set_content(
        "A long line about the printer on the second floor, " * 5 + "\n\n\x1b[31mred\x1b[0m \u202egnp.exe"
    )
    letter.add_attachment(
        b"x" * 70_000, maintype="image", subtype="png", filename="a very long name " * 6 + ".png"
    )
    number = desk.mail(f"Kovács Anna <{ANNA}>", "Nem megy a nyomtató " * 8, "", letter=letter)
    desk.run("phase", str(number), "waiting_customer", "-m", "Which one? " * 20)
    text = "\n".join(lines(desk, number, room))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "70 kB" in text


def test_late_ticket_and_kept_promise_say_so(desk: TestDesk) -> None:
    number = desk.mail(ANNA, "Printer", "It prints blank pages.")
    desk.later(days=2)
    assert "LATE: was due Tue 3 Nov 09:00, 25 h ago" in lines(desk, number)
    desk.run("take", str(number))
    assert any("answered Wed 4 Nov 10:00 (late)" in one for one in lines(desk, number))


# ------------------------------------------------------------------------------------------- list and next


def test_list_json_tells_what_is_overdue(desk: TestDesk) -> None:
    desk.mail(ANNA, "Printer", "It prints blank pages.")
    (first,) = desk.run("list", "--json").rows
    assert first["overdue"] is False
    assert {"last_word", "waiting_since"} <= first.keys()
    desk.later(days=2)
    (first,) = desk.run("list", "--json").rows
    assert first["overdue"] is True
    assert desk.run("list", "--late", "--json").rows == [first]
    assert desk.run("list").out.startswith("#1001\t!\t") or desk.run("list").out.startswith("#1001\t!")


def test_filters_of_list(desk: TestDesk) -> None:
    one = desk.mail(ANNA, "Printer", "It prints blank pages.")
    two = desk.mail(CARL, "Scanner", "It is silent.")
    desk.run("take", str(one))

    def numbers(*words: str) -> list[int]:
        return [r["number"] for r in desk.run("list", *words, "--json").rows]

    assert numbers("--mine") == numbers("--owner", "me") == numbers("--owner", "kata") == [one]
    assert numbers("--mine", "--as", "lead") == []
    assert numbers("--unassigned") == [two]
    assert numbers("--company", "Globex") == [two]
    assert numbers("--phase", "acc") == [one]
    assert numbers("--sort", "new", "--limit", "1") == [two] or numbers("--sort", "new", "--limit", "1") == [
        one
    ]
    desk.run("close", str(two))
    assert numbers() == [one]
    assert numbers("--phase", "closed") == [two]
    assert sorted(numbers("--all")) == [one, two]
    assert "did you mean globex?" in desk.refused("list", "--company", "globx")
    assert "nothing that fits" in desk.run("list", "--severity", "infrastructure").out


def test_view_of_the_configuration(desk: TestDesk) -> None:
    desk.config.write_text(desk.config.read_text() + '[views]\nmorning = "--mine"\nbad = "--mni"\n')
    one = desk.mail(ANNA, "Printer", "It prints blank pages.")
    desk.mail(CARL, "Scanner", "It is silent.")
    desk.run("take", str(one))
    assert [r["number"] for r in desk.run("list", "morning", "--json").rows] == [one]
    assert desk.run("list", "morning", "--as", "lead", "--json").rows == []
    assert "[views] bad = '--mni': '--mni' is not an option of list: did you mean --mine?" in desk.refused(
        "list", "bad"
    )
    assert "did you mean morning?" in desk.refused("list", "mornin")


def test_what_somebody_wrote_since_one_looked_is_new_to_oneself_only(desk: TestDesk) -> None:
    number = desk.mail(ANNA, "Printer", "It prints blank pages.")

    def unread(agent: str) -> bool:
        return [r["number"] for r in desk.run("list", "--unread", "--as", agent, "--json").rows] == [number]

    assert unread("kata")
    desk.run("show", str(number))
    assert not unread("kata")
    assert unread("lead")
    desk.run("note", str(number), "-m", "mine")
    assert not unread("kata")
    desk.run("note", str(number), "-m", "hers", "--as", "lead")
    assert unread("kata")
    desk.run("show", str(number), "--json")
    assert unread("kata")  # a script that reads is nobody who looked


def test_next_opens_a_ticket_and_says_why(desk: TestDesk) -> None:
    assert "nothing to do" in desk.run("next").out
    free = desk.mail(ANNA, "Printer", "It prints blank pages.")
    own = desk.mail(CARL, "Scanner", "It is silent.")
    said = desk.run("next").out
    assert said.startswith("next: due first, the customer waits, nobody's yet, team L1\n\n#1001 Printer\n")
    desk.run("take", str(own))
    found = desk.run("next", "--json").json
    assert (found["number"], found["why"].split(", ")[-1]) == (own, "yours")
    desk.run("phase", str(own), "waiting_customer", "-m", "Which?")
    assert desk.run("next", "--json").json["number"] == free
    assert desk.run("next", "--as", "lead", "--json").json["number"] == free


# ------------------------------------------------------------------------------------------- search and why


def test_search_shows_the_hit(desk: TestDesk) -> None:
    number = desk.mail(ANNA, "Gond", "Nem megy az etikettnyomtató a raktárban.")
    (row,) = desk.run("search", "nyomtato", "--json").rows
    assert row["number"] == number
    assert {"number", "subject", "company", "phase", "hit"} <= row.keys()
    assert row["hit"] == "Nem megy az etikettnyomtató a raktárban."
    shown = desk.run("search", "etiket*").out
    assert shown == f"#{number}  Gond  acme, received\n  Nem megy az etikettnyomtató a raktárban.\n"
    assert desk.run("search", "etiket", "company:globex").out == "nothing found\n"
    assert "did you mean acme?" in desk.refused("search", "company:acm")


def test_why_of_a_ticket_tells_all_its_mails(desk: TestDesk) -> None:
    number = desk.mail(ANNA, "Printer", "It prints blank pages.", message_id="<p1@acme.example>")
    desk.mail(ANNA, f"[#{number}] Printer", "Still.", message_id="<p2@acme.example>")
    rows = desk.run("why", str(number), "--json").rows
    assert [r["message_id"] for r in rows] == ["<p1@acme.example>", "<p2@acme.example>"]
    assert desk.run("why", f"#{number}", "--json").rows == rows
    assert desk.run("why", "p2@acme.example", "--json").rows == rows[1:]
    assert "no ticket 4711" in desk.refused("why", "4711")
    made = desk.run("new", "--from", ANNA, "--subject", "Call", "-m", "x", "--json").json["number"]
    assert "no mail that came in" in desk.refused("why", str(made))


# ------------------------------------------------------------------------------------------------- terminal


class Terminal(io.TextIOWrapper):
    """Standard output that is a terminal of `rows` lines."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[], io.BytesIO]:
    """Makes standard output a terminal of 80 x 5; what is written there."""

    def begin() -> io.BytesIO:
        raw = io.BytesIO()
        monkeypatch.setattr(sys, "stdout", Terminal(raw, encoding="utf-8", write_through=True))
        for name, value in (("COLUMNS", "80"), ("LINES", "5"), ("TERM", "xterm")):
            monkeypatch.setenv(name, value)
        monkeypatch.delenv("NO_COLOR", raising=False)
        return raw

    return begin


LONG = [(Span(f"line {i}", Style.BOLD),) for i in range(9)]


def test_what_does_not_fit_goes_through_the_pager(
    terminal: Callable[[], io.BytesIO], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pager = tmp_path / "pager"
    pager.write_text(f"#!/bin/sh\ncat > {tmp_path}/paged\n")
    pager.chmod(0o755)
    monkeypatch.setenv("MAILD_PAGER", str(pager))
    screen = terminal()
    output.write(LONG)
    assert screen.getvalue() == b""
    assert "\x1b[1mline 8\x1b[0m" in (tmp_path / "paged").read_text()
    output.write(LONG[:3])
    assert b"line 2" in screen.getvalue()


@pytest.mark.parametrize("pager", ["cat", "", "/no/such/pager"])
def test_without_a_pager_it_is_printed(
    terminal: Callable[[], io.BytesIO], monkeypatch: pytest.MonkeyPatch, pager: str
) -> None:
    monkeypatch.setenv("MAILD_PAGER", pager)
    screen = terminal()
    output.write(LONG)
    assert screen.getvalue().count(b"\n") == 9


def test_pager_that_is_left_early_is_no_error(
    terminal: Callable[[], io.BytesIO], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAILD_PAGER", shutil.which("true") or "true")
    terminal()
    output.write(LONG * 20_000)


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_no_colours_where_none_are_wanted(
    terminal: Callable[[], io.BytesIO], monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    screen = terminal()
    output.write(LONG[:1])
    assert b"\x1b[" in screen.getvalue()
    monkeypatch.setenv(name, value)
    before = len(screen.getvalue())
    output.write(LONG[:1])
    assert screen.getvalue()[before:] == b"line 0\n"


def test_pipe_has_neither_colours_nor_wrapped_lines(desk: TestDesk) -> None:
    number = desk.mail(ANNA, "Printer", "It prints blank pages, " * 12)
    out: str = desk.run("show", str(number)).out
    assert "\x1b" not in out
    assert any(len(one) > 200 for one in out.splitlines())
    whole: Any = json.loads(desk.run("show", str(number), "--json").out)
    assert whole["number"] == number
    assert desk.at == START
