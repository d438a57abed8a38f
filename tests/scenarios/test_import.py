"""Old mail becomes tickets: threads are kept, nobody is mailed, a cut or repeated file does no harm."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from maild.demo.simulated import SimulatedDesk
from tests.scenarios.test_contracts import LIZ, write

pytestmark = pytest.mark.slow


def member(
    sender: str, subject: str, day: int, key: str, text: str, answers: str = "", to: str = "help@desk.example"
) -> str:
    """One mail of October as it stands in a mailbox file."""
    reply = f"In-Reply-To: <{answers}>\nReferences: <{answers}>\n" if answers else ""
    return (
        f"From {sender} Thu Oct  {day} 09:00:00 2026\nFrom: {sender}\nTo: {to}\nSubject: {subject}\n"
        f"Date: {day:02} Oct 2026 09:00:00 +0200\nMessage-ID: <{key}>\n{reply}\n{text}\n\n"
    )


THREAD = (
    member("liz@isle.example", "Printer", 1, "a1@isle.example", "The printer in room 12 does not work.")
    + member(
        "help@desk.example",
        "Re: Printer",
        2,
        "d1@desk.example",
        "We look into it.",
        "a1@isle.example",
        "liz@isle.example",
    )
    + member(
        "liz@isle.example",
        "Re: Printer",
        3,
        "a2@isle.example",
        "It prints again, but in red.",
        "d1@desk.example",
    )
)
OTHERS = (
    member("anna@acme.example", "Jogosultság", 4, "b1@acme.example", "Kérek írási jogot a Bér mappához.")
    + member(
        "who@nowhere.example", "Offer", 5, "c1@nowhere.example", "What does support cost for ten people?"
    )
    + member("news@list.example", "News", 6, "n1@list.example", "All the news.").replace(
        "Subject:", "List-Id: <news.list.example>\nPrecedence: bulk\nSubject:"
    )
)


def imported(desk: SimulatedDesk, text: str, *options: str) -> dict[str, Any]:
    file = desk.folder / "old.mbox"
    file.write_text(text, encoding="utf-8")
    return desk.rows("import", "mbox", str(file), *options)[0]


def nobody_was_told(desk: SimulatedDesk) -> None:
    desk.settle()
    assert desk.rows("outbox", "list") == []
    assert desk.posted == []


def test_threads_are_kept_and_nobody_is_mailed(desk: SimulatedDesk) -> None:
    # answers may stand before what they answer
    told = imported(desk, OTHERS + THREAD.partition("From liz@isle.example Thu Oct  3")[0] + "")
    assert (told["mails"], told["opened"], told["joined"], told["filed"]) == (5, 3, 1, 1)
    more = imported(desk, THREAD)
    assert (more["duplicates"], more["joined"]) == (2, 1)
    nobody_was_told(desk)
    rows = {row["subject"]: row for row in desk.rows("list", "--all")}
    assert set(rows) == {"Printer", "Jogosultság", "Offer"}
    printer = desk.show(rows["Printer"]["number"])
    assert [(e["type"], e["text"]) for e in printer["entries"] if e["type"] in ("mail", "reply")] == [
        ("mail", "The printer in room 12 does not work."), ("reply", "We look into it."),
        ("mail", "It prints again, but in red."),
    ]  # fmt: skip
    assert printer["entries"][0]["at"].startswith("2026-10-01T07:00:00")
    for row in rows.values():
        assert (row["respond_by"], row["resolve_by"], row["due"], row["waiting_since"]) == (
            None,
            None,
            None,
            None,
        )
        assert not row["overdue"]
    assert rows["Jogosultság"]["phase"] == "awaiting_approval", (
        "what needs an approval is held, though nobody is asked"
    )
    assert desk.rows("approval", "list") == []


def test_second_import_of_the_same_file_changes_nothing(desk: SimulatedDesk) -> None:
    imported(desk, THREAD + OTHERS)
    before = (desk.rows("list", "--all"), desk.rows("mail", "list"))
    told = imported(desk, THREAD + OTHERS)
    assert (told["duplicates"], told["opened"], told["tickets"]) == (6, 0, [])
    assert (desk.rows("list", "--all"), desk.rows("mail", "list")) == before


def test_answer_that_comes_later_lands_on_the_imported_ticket(desk: SimulatedDesk) -> None:
    (number,) = imported(desk, THREAD)["tickets"]
    desk.send(
        b"From: Liz <liz@isle.example>\r\nTo: help@desk.example\r\nSubject: Re: Printer\r\n"
        b"Message-ID: <a3@isle.example>\r\nIn-Reply-To: <a2@isle.example>\r\n\r\nStill red.\r\n"
    )
    assert [row["number"] for row in desk.rows("list", "--all")] == [number]
    assert len(desk.posted) == 1, "what is new is answered as ever"


def test_history_can_be_closed_at_once(desk: SimulatedDesk) -> None:
    imported(desk, THREAD + OTHERS, "--closed")
    nobody_was_told(desk)
    phases = {row["subject"]: row["phase"] for row in desk.rows("list", "--all")}
    assert phases == {"Printer": "closed", "Jogosultság": "awaiting_approval", "Offer": "closed"}
    printer = next(row for row in desk.rows("list", "--all") if row["subject"] == "Printer")
    assert desk.show(printer["number"])["closed_at"].startswith("2026-10-03")


@pytest.mark.parametrize("at", [1, 40, 200, 320, 700, 900, 1100])
def test_mailbox_that_is_cut_gives_what_is_there(desk: SimulatedDesk, at: int) -> None:
    told = imported(desk, THREAD[:at])
    assert told["mails"] == told["opened"] + told["joined"] + told["filed"] + told["unreadable"]
    assert len(desk.rows("mail", "list")) == told["mails"]
    nobody_was_told(desk)


def test_rubbish_is_set_aside_and_what_is_no_file_refused(desk: SimulatedDesk) -> None:
    file = desk.folder / "x.mbox"
    file.write_bytes(bytes(range(256)) * 40)
    told = desk.rows("import", "mbox", str(file))[0]
    assert told["mails"] == 1
    assert "no such file" in desk.refused("kata", "import", "mbox", str(desk.folder / "none.mbox"))
    nobody_was_told(desk)


def test_import_beside_live_mail_changes_nothing_of_it(desk: SimulatedDesk, tmp_path: Path) -> None:
    number = write(desk, LIZ, "Scanner", "The scanner in room 12 does not work since yesterday.")
    before, mails = desk.show(number), len(desk.posted)
    imported(desk, THREAD)
    desk.settle()
    assert desk.show(number) == before
    assert len(desk.posted) == mails
