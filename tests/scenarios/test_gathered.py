"""Acts of one agent within the hold are one mail; the last act is taken back while its mails have not left.

Over 300 lines: the whole of what is gathered into one mail: when, for whom, and what leaves it alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from maild.demo.served import letter
from maild.demo.simulated import SimulatedDesk
from tests.harness.people import company
from tests.scenarios.desk import scenario_desk

pytestmark = pytest.mark.slow

LIZ = "Liz <liz@isle.example>"
COLLEAGUE = '[[agent]]\nname = "bela"\naddress = "bela@desk.example"\nteams = ["L1"]\n'
#: who may accept an offer
APPROVER = {"address": "boss@isle.example", "roles": ["approver"], "approves": ["quote", "permission"]}


@pytest.fixture
def desk(tmp_path: Path, prepared: Path) -> Iterator[SimulatedDesk]:
    """Mails of agents' acts wait for ten seconds."""
    with scenario_desk(tmp_path, config=COLLEAGUE, prepared=prepared, hold_seconds=10) as made:
        made.with_companies(company("isle", "Isle Ltd", "en", APPROVER))
        yield made


def opened(desk: SimulatedDesk, subject: str = "Printer") -> int:
    desk.send(letter(LIZ, subject, "The printer on the second floor does not print."))
    desk.posted.clear()
    return int(desk.rows("mail", "list", "--limit", "1")[0]["ticket"])


def after(desk: SimulatedDesk, seconds: float) -> list[str]:
    """What left until then."""
    desk.advance(desk.now() + timedelta(seconds=seconds))
    return [mail.notice for mail in desk.posted]


def states(desk: SimulatedDesk, number: int) -> dict[str, str]:
    """Of what was written to the customer."""
    return dict(mails(desk, number))


def mails(desk: SimulatedDesk, number: int) -> list[tuple[str, str]]:
    """Notice and state of each mail to the customer, newest first."""
    rows = [row for row in desk.rows("outbox", "list") if row["ticket"] == number]
    return [(row["notice"], row["state"]) for row in rows if row["notice"] != "agent_alert"]


def test_one_act_waits_for_the_hold_and_then_leaves(desk: SimulatedDesk) -> None:
    number = opened(desk)
    desk.act("kata", "take", str(number))
    assert after(desk, 9) == []
    assert after(desk, 1) == ["accepted"]


def test_five_acts_within_the_hold_are_one_mail_that_says_all_of_it(desk: SimulatedDesk) -> None:
    number = opened(desk)
    acts = [
        ("take",), ("phase", "progress", "-m", "We look at it."), ("reply", "-m", "It was the fuse."), ("log", "20m"),
        ("close", "-m", "The fuse is new."),
    ]  # fmt: skip
    for verb, *rest in acts:
        desk.act("kata", verb, str(number), *rest)
        desk.advance(desk.now() + timedelta(seconds=2))
    assert after(desk, 10) == ["reply"]
    text = desk.posted[0].text
    for words in ("We look at it.", "It was the fuse.", "The fuse is new.", "Closed"):
        assert text.count(words) == 1
    assert text.index("We look at it.") < text.index("It was the fuse.") < text.index("The fuse is new.")
    assert desk.posted[0].mail["Auto-Submitted"] is None
    assert mails(desk, number)[::-1] == [
        ("received", "sent"), ("accepted", "superseded"), ("in_progress", "superseded"), ("reply", "superseded"),
        ("reply", "sent"),
    ]  # fmt: skip


def test_steps_without_an_answer_lead_with_the_newest_and_keep_the_words_of_all(desk: SimulatedDesk) -> None:
    number = opened(desk)
    desk.act("kata", "take", str(number))
    desk.act("kata", "phase", str(number), "progress", "-m", "We look at it.")
    desk.act("kata", "close", str(number), "-m", "The fuse is new.")
    assert after(desk, 10) == ["closed"]
    text = desk.posted[0].text
    assert text.index("We look at it.") < text.index("The fuse is new.")
    assert text.count("We look at it.") == 1
    assert states(desk, number) == {
        "received": "sent", "accepted": "superseded", "in_progress": "superseded", "closed": "sent"
    }  # fmt: skip


def test_hold_counts_anew_from_each_act_and_what_has_left_is_not_repeated(desk: SimulatedDesk) -> None:
    number = opened(desk)
    desk.act("kata", "take", str(number))
    desk.advance(desk.now() + timedelta(seconds=8))
    desk.act("kata", "phase", str(number), "progress")
    assert after(desk, 8) == []
    assert after(desk, 2) == ["in_progress"]
    desk.act("kata", "close", str(number))
    assert after(desk, 10) == ["in_progress", "closed"]


def test_another_agents_act_and_another_tickets_mail_stay_their_own(desk: SimulatedDesk) -> None:
    first, second = opened(desk), opened(desk, "Scanner")
    desk.act("kata", "take", str(first))
    desk.act("kata", "take", str(second))
    desk.act("bela", "reply", str(first), "-m", "I know this one.")
    assert sorted(after(desk, 10)) == ["accepted", "accepted", "reply"]


def test_files_and_copies_of_all_acts_go_with_the_one_mail(desk: SimulatedDesk, tmp_path: Path) -> None:
    number = opened(desk)
    for name in ("one.txt", "two.txt"):
        (tmp_path / name).write_text(name, encoding="utf-8")
        desk.act("kata", "reply", str(number), "-m", f"See {name}.", "--attach", str(tmp_path / name))
    desk.act("kata", "phase", str(number), "scheduled", "--at", "2026-11-05 09:00")
    assert after(desk, 10) == ["reply"]
    mail = desk.posted[0]
    assert {part.get_filename() for part in mail.mail.iter_attachments()} == {"one.txt", "two.txt"}
    assert "5 November" in mail.text


def test_answer_and_closing_in_one_mail_tell_how_to_reopen_and_reopened_meanwhile_they_do_not(
    desk: SimulatedDesk,
) -> None:
    number = opened(desk)
    desk.act("kata", "reply", str(number), "-m", "The fuse is new.")
    desk.act("kata", "close", str(number))
    assert after(desk, 10) == ["reply"]
    assert "reply within 14 days" in " ".join(desk.posted[0].text.split())
    desk.posted.clear()
    desk.act("kata", "reply", str(number), "-m", "One more thing.")
    desk.act("kata", "reopen", str(number))
    assert after(desk, 10) == ["reply"]
    assert "reply within" not in desk.posted[0].text


def test_answer_and_closing_in_one_mail_tell_what_is_left_of_prepaid_hours(desk: SimulatedDesk) -> None:
    desk.maild("contract", "edit", "isle", "--hours-included", "2", "--hours-in-mail")
    number = str(opened(desk))
    desk.act("kata", "reply", number, "-m", "The fuse is new.")
    desk.act("kata", "close", number)
    desk.act("kata", "log", number, "20m", "-m", "a fuse")
    desk.act("kata", "reply", number, "-m", "It prints.")
    assert after(desk, 10) == ["reply"]
    said = " ".join(desk.posted[0].text.split())
    assert "30 minutes of 2 hours used, 1 hour 30 minutes left" in said


# --------------------------------------------------------------------------------------------------- undo


def stand(desk: SimulatedDesk, number: int) -> dict[str, object]:
    """All that `show` says of a ticket but its log and its mails."""
    shown = desk.show(number)
    return {
        k: v
        for k, v in shown.items()
        if k not in ("entries", "outbound", "changed", "updated", "updated_at", "log", "time")
    }


def test_undo_leaves_no_mail_and_the_ticket_as_it_was_with_the_fact_recorded(desk: SimulatedDesk) -> None:
    number = opened(desk)
    before = stand(desk, number)
    desk.act("kata", "take", str(number))
    said = desk.act("kata", "undo")
    assert said == f"#{number}: taken back, and its mail will not be sent:\n  - phase: accepted\n"
    assert after(desk, 60) == []
    assert stand(desk, number) == before
    assert states(desk, number)["accepted"] == "cancelled"
    log = desk.show(number)["entries"]
    assert [e["type"] for e in log] == ["mail", "undone", "undo"]
    assert log[-1]["author"] == "kata"


@pytest.mark.parametrize(
    "act",
    [
        ("reply", "-m", "Sorry, wrong ticket."), ("close", "-m", "Done."), ("assign", "L2"), ("note", "-m", "Hm."),
        ("log", "20m"), ("set", "--kind", "change"), ("set", "--kind", "permission"),
        ("people", "add", "bob@isle.example"),
        ("phase", "scheduled", "--at", "2026-11-05 09:00"), ("people", "requester", "bob@isle.example"),
        ("close", "-m", "Done.", "--no-mail"), ("done", "20m", "-m", "Done."),
        ("reply", "-m", "Yes.", "--phase", "resolved"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_every_act_can_be_taken_back(desk: SimulatedDesk, act: tuple[str, ...]) -> None:
    number = opened(desk)
    desk.act("kata", "take", str(number))
    after(desk, 10)
    desk.posted.clear()
    before = stand(desk, number)
    desk.act("kata", act[0], str(number), *act[1:])
    desk.act("kata", "undo", str(number))
    assert stand(desk, number) | {"consents": []} == before
    assert after(desk, 3600) == []
    assert desk.show(number)["time"]["billed_minutes"] == 0
    assert all(consent["state"] == "void" for consent in desk.show(number)["consents"])


def test_what_was_taken_back_is_said_once_in_lines_of_a_terminal(desk: SimulatedDesk) -> None:
    number = opened(desk)
    words = "Changed the fuser, and set the driver of the second floor back to what it was before the update."
    desk.act("kata", "done", str(number), "20m", "-m", words)
    said = desk.act("kata", "undo").splitlines()
    assert said[:2] == [
        f"#{number}: taken back, and its mail will not be sent:",
        "  - time: 20 min, billed 30 min",
    ]
    assert said[2].startswith("  - phase: closed: Changed the fuser, and")
    assert max(map(len, said)) <= 80


def test_merge_is_taken_back_whole(desk: SimulatedDesk) -> None:
    first, second = opened(desk), opened(desk, "Scanner")
    before = stand(desk, first), stand(desk, second)
    desk.act("kata", "merge", str(second), str(first))
    assert [e["type"] for e in desk.show(first)["entries"]].count("mail") == 2
    desk.act("kata", "undo")
    assert (stand(desk, first), stand(desk, second)) == before
    assert [e["type"] for e in desk.show(first)["entries"]].count("mail") == 1
    assert after(desk, 60) == []
    desk.send(letter(LIZ, f"Re: [#{second}] Scanner", "It still hangs."))
    assert desk.rows("mail", "list", "--limit", "1")[0]["ticket"] == second


def test_undo_goes_back_act_by_act_and_what_was_superseded_waits_again(desk: SimulatedDesk) -> None:
    number = opened(desk)
    desk.act("kata", "take", str(number))
    desk.act("kata", "close", str(number))
    desk.act("kata", "undo", str(number))
    assert states(desk, number) == {"received": "sent", "accepted": "queued", "closed": "cancelled"}
    assert after(desk, 10) == ["accepted"]
    assert desk.show(number)["phase"] == "accepted"


def test_undo_is_refused_once_the_mail_has_left(desk: SimulatedDesk) -> None:
    number = opened(desk)
    desk.act("kata", "take", str(number))
    after(desk, 11)
    assert "has left already" in desk.refused("kata", "undo", str(number))
    assert desk.show(number)["phase"] == "accepted"


def test_undo_of_a_merge_that_was_told_names_the_ticket_where_work_goes_on(desk: SimulatedDesk) -> None:
    first, second, third = opened(desk), opened(desk, "Printer again"), opened(desk, "Printer once more")
    desk.act("kata", "merge", str(second), str(first))
    after(desk, 11)
    said = desk.refused("kata", "undo", str(second))
    assert f"#{second}: its mail (merged) has left already; `maild reply {first}` can" in said
    desk.act("kata", "merge", str(first), str(third))
    assert f"`maild reply {third}` can" in desk.refused("kata", "undo", str(second))
    desk.act("kata", "reply", str(third), "-m", "We look at all three.")


def test_undo_of_a_split_that_was_told_names_the_new_ticket(desk: SimulatedDesk) -> None:
    number = opened(desk)
    desk.act("kata", "split", str(number), "-m", "does not print", "-s", "Second")
    after(desk, 11)
    assert f"`maild reply {number + 1}` can put it right" in desk.refused("kata", "undo", str(number))


def test_undo_is_refused_where_the_customer_wrote_meanwhile(desk: SimulatedDesk) -> None:
    number = opened(desk)
    desk.act("kata", "close", str(number))
    desk.send(letter(LIZ, f"Re: [#{number}] Printer", "One more thing: it smells of smoke."))
    assert "changed since then" in desk.refused("kata", "undo")


def test_undo_never_takes_back_what_a_colleague_did(desk: SimulatedDesk) -> None:
    number = opened(desk)
    desk.act("kata", "take", str(number))
    assert "bela did nothing" in desk.refused("bela", "undo")
    assert after(desk, 10) == ["accepted"]


@pytest.mark.parametrize(
    "more",
    [(), ("--take",), ("--channel", "phone", "--kind", "device"), ("--channel", "visit", "--kind", "permission")],
    ids=" ".join,
)  # fmt: skip
def test_ticket_that_was_opened_by_mistake_leaves_no_mail_and_an_empty_closed_number(
    desk: SimulatedDesk, more: tuple[str, ...]
) -> None:
    after(desk, 60)  # the day's digest
    desk.posted.clear()
    words = ("--from", "liz@isle.example", "--subject", "Phone", "-m", "Access to the phone list.")
    number = json.loads(desk.act("kata", "new", *words, *more, "--json"))["number"]
    said = desk.act("kata", "undo")
    assert f"#{number} is closed and empty" in said
    assert after(desk, 3 * 24 * 3600) == []
    shown = desk.show(number)
    assert (shown["phase"], shown["due"], shown["respond_by"]) == ("closed", None, None)
    assert {entry["type"] for entry in shown["entries"]} <= {"undone", "undo"}
    assert all(consent["state"] == "void" for consent in shown["consents"])
    assert number not in [row["number"] for row in desk.rows("list")]
    assert set(states(desk, number).values()) == {"cancelled"}
    for kind in ("volume", "sla"):  # and for the figures it never was
        assert desk.rows("report", kind, "--month", f"{desk.now():%Y-%m}") == []
    if "--kind" in more:
        return
    desk.act("kata", "reopen", str(number), "-m", "After all.")
    assert [row["tickets"] for row in desk.rows("report", "volume", "--month", f"{desk.now():%Y-%m}")] == [1]


def test_split_is_taken_back_and_its_part_stands_where_it_stood(desk: SimulatedDesk) -> None:
    number = opened(desk)
    desk.send(letter(LIZ, f"Re: [#{number}] Printer", "The scanner hangs, too."))
    entry = next(e["id"] for e in reversed(desk.show(number)["entries"]) if e["type"] == "mail")
    after(desk, 600)
    desk.posted.clear()
    before = stand(desk, number)
    words = ("split", str(number), "--entry", str(entry), "--subject", "Scanner")
    new = json.loads(desk.act("kata", *words, "--json"))["number"]
    assert new != number
    desk.act("kata", "undo", str(number))
    assert after(desk, 600) == []
    assert stand(desk, number) == before
    assert [e["type"] for e in desk.show(number)["entries"]][-1] == "undo"
    assert [e["text"] for e in desk.show(number)["entries"] if e["type"] == "mail"][
        -1
    ] == "The scanner hangs, too."
    assert (desk.show(new)["phase"], desk.show(new)["links"]) == ("closed", [])


def test_project_is_taken_back_and_the_request_is_open_as_it_was(desk: SimulatedDesk) -> None:
    number = opened(desk)
    before = stand(desk, number)
    desk.act("kata", "project", str(number), "--subject", "New printers", "-m", "We plan it.")
    project = desk.show(number)["links"][0]["ticket"]
    desk.act("kata", "undo", str(number))
    assert after(desk, 3600) == []
    assert stand(desk, number) == before
    assert desk.show(project)["phase"] == "closed"


def test_opened_ticket_on_which_somebody_wrote_is_not_taken_back(desk: SimulatedDesk) -> None:
    desk.act("kata", "new", "--from", "liz@isle.example", "--subject", "Phone", "-m", "The phone is dead.")
    number = desk.rows("list")[0]["number"]
    desk.act("bela", "note", str(number), "-m", "I have seen that phone.")
    assert "changed since then" in desk.refused("kata", "undo")
    assert desk.show(number)["phase"] == "received"


# ------------------------------------------------------------------------------------------------- outages


def touched(desk: SimulatedDesk) -> int:
    """A ticket that is linked to the one outage there is."""
    number = opened(desk, "Mail")
    desk.act("kata", "outage", "open", "Mail is slow", "--word", "mail*", "--eta", "2026-11-03 17:00")
    assert desk.rows("outage", "list")[0]["tickets"] == [number]
    after(desk, 60)
    desk.posted.clear()
    return number


def outages(desk: SimulatedDesk) -> list[dict[str, object]]:
    return desk.rows("outage", "list", "--all")


def test_outage_that_was_opened_by_mistake_was_never_there(desk: SimulatedDesk) -> None:
    number = opened(desk, "Mail")
    before = stand(desk, number)
    desk.act("kata", "outage", "open", "Mail is slow", "--word", "mail*")
    assert "taken back" in desk.act("kata", "undo")
    assert outages(desk) == []
    assert stand(desk, number) == before
    assert [e["type"] for e in desk.show(number)["entries"]][-1] == "undo"


@pytest.mark.parametrize(
    "act", [("update", "1", "-m", "Half done.", "--eta", "2026-11-03 19:00"), ("resolve", "1")]
)
def test_news_of_an_outage_is_taken_back_before_its_mails_leave(
    desk: SimulatedDesk, act: tuple[str, ...]
) -> None:
    number = touched(desk)
    before, stood, told = outages(desk), stand(desk, number), desk.act("kata", "outage", "show", "1")
    desk.act("kata", "outage", *act)
    assert outages(desk) != before
    assert "its mail will not be sent" in desk.act("kata", "undo")
    assert after(desk, 600) == []
    assert (outages(desk), stand(desk, number)) == (before, stood)
    assert desk.act("kata", "outage", "show", "1") == told
    assert [e["type"] for e in desk.show(number)["entries"]][-2:] == ["undone", "undo"]


def test_news_that_has_left_is_not_taken_back_and_says_what_to_do(desk: SimulatedDesk) -> None:
    touched(desk)
    desk.act("kata", "outage", "update", "1", "-m", "Half done.")
    after(desk, 11)
    assert "outage update 1" in desk.refused("kata", "undo")


def test_outage_to_which_tickets_came_is_not_taken_back(desk: SimulatedDesk) -> None:
    desk.act("kata", "outage", "open", "Mail is slow", "--word", "mail*")
    opened(desk, "Mail")
    assert "tickets were linked to it" in desk.refused("kata", "undo")


def test_news_of_one_outage_within_the_hold_is_one_mail_that_says_all_of_it(desk: SimulatedDesk) -> None:
    number = touched(desk)
    desk.act("kata", "outage", "update", "1", "-m", "The provider found it.")
    desk.advance(desk.now() + timedelta(seconds=5))
    desk.act("kata", "outage", "resolve", "1", "-m", "It works again.")
    assert after(desk, 10) == ["outage_resolved"]
    text = desk.posted[0].text
    assert text.count("The provider found it.") == text.count("It works again.") == 1
    assert states(desk, number)["outage_update"] == "superseded"


@pytest.mark.parametrize("verb", ["update", "resolve"])
def test_outage_verbs_show_what_would_go_and_tell_nobody_where_that_is_wanted(
    desk: SimulatedDesk, verb: str
) -> None:
    number = touched(desk)
    before = outages(desk)
    shown = desk.act("kata", "outage", verb, "1", "-m", "It works again.", "--dry-run")
    assert f"outage_{verb}d to liz@isle.example" in shown.replace("outage_update to", "outage_updated to")
    assert "It works again." in shown
    assert (outages(desk), after(desk, 60)) == (before, [])
    desk.act("kata", "outage", verb, "1", "-m", "It works again.", "--no-mail")
    assert after(desk, 60) == []
    assert any(e["text"] == "It works again." for e in desk.show(number)["entries"])


def test_opening_an_outage_shows_in_a_dry_run_which_tickets_it_would_take(desk: SimulatedDesk) -> None:
    number = opened(desk, "Mail")
    shown = desk.act("kata", "outage", "open", "Mail is slow", "--word", "mail*", "--dry-run")
    assert f"#{number} link" in shown
    assert outages(desk) == []


def test_taken_back_words_are_told_to_nobody(desk: SimulatedDesk) -> None:
    number = opened(desk)
    desk.act("kata", "reply", str(number), "-m", "These are the secrets of another customer.")
    desk.act("kata", "undo")
    desk.act("kata", "close", str(number), "-m", "Done.")
    assert after(desk, 10) == ["closed"]
    assert "secrets" not in desk.posted[0].text


def test_dry_run_shows_the_one_mail_and_leaves_what_waits(desk: SimulatedDesk) -> None:
    number = opened(desk)
    desk.act("kata", "take", str(number))
    shown = desk.act("kata", "close", str(number), "-m", "The fuse is new.", "--dry-run")
    assert "closed to liz@isle.example" in shown
    assert states(desk, number)["accepted"] == "queued"
    assert after(desk, 10) == ["accepted"]


def test_offer_that_is_taken_back_asks_nobody(desk: SimulatedDesk) -> None:
    number = opened(desk)
    before = stand(desk, number)
    desk.act("kata", "quote", "send", str(number), "--amount", "100", "--currency", "EUR")
    assert desk.show(number)["phase"] == "awaiting_approval"
    desk.act("kata", "undo")
    assert after(desk, 60) == []
    assert stand(desk, number) | {"consents": []} == before
