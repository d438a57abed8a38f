"""What an agent reads on a terminal of 80 columns: whole, in plain words, and nothing that is not so."""

from __future__ import annotations

import pytest

from maild.commands import output
from tests.unit.commands.conftest import TestDesk

ANNA = "anna@acme.example"


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "on_terminal", lambda: True)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("PAGER", "cat")


def test_each_end_of_a_link_says_what_the_other_is(desk: TestDesk) -> None:
    first, second = desk.mail(ANNA, "Printer", "It jams."), desk.mail(ANNA, "Printer", "It jams again.")
    third = desk.mail(ANNA, "Screen", "It flickers.")
    desk.run("link", str(third), "project", str(first))
    desk.run("merge", str(second), str(first))
    links = {
        number: [
            line.split(maxsplit=1)[1]
            for line in desk.run("show", str(number)).out.splitlines()
            if line[:5] == "link "
        ]
        for number in (first, second, third)
    }
    assert links[second] == [f"merged into #{first}"]
    assert sorted(links[first]) == [f"#{second} was merged into this", f"the project of #{third}"]
    assert links[third] == [f"its project is #{first}"]


def test_a_ticket_that_ended_waits_for_nobody_and_nothing_is_due(desk: TestDesk) -> None:
    first, second = desk.mail(ANNA, "Printer", "It jams."), desk.mail(ANNA, "Printer", "It jams again.")
    shown = desk.run("show", str(second), "--full").out
    assert "nobody's yet" in shown
    assert "answer by  " in shown
    desk.run("merge", str(second), str(first))
    shown = desk.run("show", str(second), "--full").out
    assert "merged · question · user · team L1\n" in shown
    assert "answer by  " not in shown
    assert "kata merged  " in desk.run("show", str(first)).out


def test_a_company_that_is_not_there_is_named_with_what_is(desk: TestDesk) -> None:
    assert desk.refused("company", "show", "") == (
        "maild: no company '': there are acme, globex, strict; `maild company list` shows them"
    )
    assert "no company 'acem': did you mean acme? `maild company list`" in desk.refused(
        "company", "show", "acem"
    )


def test_a_kind_of_mail_that_is_not_there_is_no_empty_list(desk: TestDesk) -> None:
    assert "no kind 'rquest'; there are: request, reply, " in desk.refused("mail", "list", "--kind", "rquest")


def test_addresses_of_a_mail_are_read_as_people_write_them(desk: TestDesk) -> None:
    desk.mail(ANNA, "Printer", "It jams.")
    assert "       rcpt_to  help@desk.example\n" in desk.run("mail", "show", "1").out


def test_the_backlog_fits_a_terminal(desk: TestDesk, terminal: None) -> None:
    desk.mail(ANNA, "Complaint", "I want to complain: nobody called me back.")
    head, row, below = desk.run("report", "backlog").out.splitlines()
    assert " ".join(head.split()) == "TEAM OPEN NOBODY'S LATE PAUSED DAY WEEK MONTH OLDER OLDEST DAYS"
    assert " ".join(row.split()) == "complaints 1 1 0 0 1 0 0 0 1001 0"
    assert max(map(len, (head, row, below))) <= 80


def test_one_ticket_is_not_many(desk: TestDesk) -> None:
    desk.mail(ANNA, "Printer", "It jams.")
    assert "total: 1 ticket, answered" in desk.run("report", "sla").out
    assert "#1001 has no attachments" in desk.refused("show", "1001", "--attachment", "1")


def test_a_report_that_is_not_there_is_named_with_the_way_to_one(desk: TestDesk) -> None:
    assert desk.refused("report", "send", "monthly") == (
        "maild: no report 'monthly': there are none; [[report]] in config.toml makes one"
    )


def test_a_phase_is_refused_in_the_words_in_which_it_is_shown(desk: TestDesk) -> None:
    number = str(desk.mail(ANNA, "Printer", "It jams."))
    desk.run("phase", number, "progress")
    assert f"#{number} is in progress already; " in desk.refused("phase", number, "progress")
    assert f"#{number} is in progress, not closed" in desk.refused("reopen", number)
    assert f"#{number} is in progress: it is not held" in desk.refused(
        "approval", "withdraw", number, "-m", "x"
    )
    held = str(desk.mail(ANNA, "Share", "I need write access to Payroll."))
    assert f"#{held} is waiting for approval, not closed" in desk.refused("reopen", held)
