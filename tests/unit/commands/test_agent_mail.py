"""Agents' mails where the token alone proves them, or nothing does; what the lines say to a colleague."""

from __future__ import annotations

import pytest

from maild.app import mail_acts
from maild.errors import Refused
from maild.ticket.phases import Phase
from maild.ticket.vocabulary import TicketKind
from tests.unit.commands.conftest import TestDesk

ANNA, KATA, LEAD = "anna@acme.example", "kata@desk.example", "lead@desk.example"


@pytest.fixture
def number(desk: TestDesk) -> int | None:
    desk.configure('[agent_mail]\nrequire = "token"\nwindow_minutes = 0')
    return desk.mail(ANNA, "Printer", "The printer in room 4 is broken.")


def told(desk: TestDesk, number: int | None, kind: str) -> list[str]:
    return [to for alert, to in desk.alerts(number) if alert == kind]


def test_by_token_an_answer_to_the_desks_own_mail_acts(desk: TestDesk, number: int) -> None:
    alert = desk.message_id("agent_alert", to=KATA)
    desk.mail(KATA, f"Re: [#{number}] Printer", "/take\n/close\n\nDone.", to=alert)
    one = desk.show(number)
    assert (one["phase"], one["owner"]) == ("closed", "kata")
    assert desk.sent(number)[-1] == ("reply", ANNA)
    assert desk.run("undo", str(number)).code == 0


def test_the_lines_of_acts_by_mail_say_that_they_came_by_mail(desk: TestDesk, number: int) -> None:
    alert = desk.message_id("agent_alert", to=KATA)
    desk.mail(
        KATA,
        f"Re: [#{number}] Printer",
        "/assign L2\n/kind question\n/log 20m toner\n/note\n\nSeen.",
        to=alert,
    )
    made = [(e["type"], e["channel"]) for e in desk.show(number)["entries"] if e["author"] == "kata"]
    assert made == [(type_, "email") for type_ in ("change", "assign", "time", "note")]


def test_a_token_is_bound_to_the_agent_whom_it_was_sent_to(desk: TestDesk, number: int) -> None:
    alert = desk.message_id("agent_alert", to=KATA)
    desk.mail(LEAD, f"Re: [#{number}] Printer", "/close", to=alert)
    assert desk.show(number)["phase"] == "received"
    assert told(desk, number, "not_accepted") == [LEAD]


def test_a_token_of_one_ticket_is_none_on_another(desk: TestDesk, number: int) -> None:
    alert = desk.message_id("agent_alert", to=KATA)
    other = desk.mail(ANNA, "Scanner", "The scanner is silent.")
    desk.mail(KATA, f"Re: [#{other}] Scanner", "/close", to="<unknown@desk.example>")
    assert desk.show(other)["phase"] == "received"
    assert told(desk, other, "not_accepted") == [KATA]
    assert alert


def test_off_keeps_the_mail_and_tells_nobody(desk: TestDesk, number: int) -> None:
    desk.config.write_text(
        desk.config.read_text().replace('require = "token"\nwindow', 'require = "off"\nwindow')
    )
    desk.configure("")
    alert = desk.message_id("agent_alert", to=KATA)
    before = desk.sent(number)
    desk.mail(KATA, f"Re: [#{number}] Printer", "/close\n\nDone.", to=alert)
    one = desk.show(number)
    assert one["phase"] == "received"
    assert one["entries"][-1]["public"] is False
    assert "Done." in one["entries"][-1]["text"]
    assert desk.sent(number) == before
    assert desk.run("why", str(number)).out.count("agent-mail-off") == 1


def test_a_merge_by_mail_finds_the_other_ticket(desk: TestDesk, number: int) -> None:
    other = desk.mail(ANNA, "Printer again", "The same printer.")
    alert = desk.message_id("agent_alert", to=KATA)
    desk.mail(KATA, f"Re: [#{other}] Printer again", f"/merge {number}", to=alert)
    assert desk.show(other)["phase"] == "merged"


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Words.", mail_acts.MailActs(text="Words.")),
        ("/path/to/file is gone", None),
        ("\n\n/take\n\n/log 1h20 toner\n\nWords.\n/close\n", ("take", "log")),
        ("/KIND Incident\n/phase Waiting", ("kind", "phase")),
    ],
)
def test_lines_are_read_at_the_top_only(text: str, right: object) -> None:
    if right is None:
        with pytest.raises(Refused, match="there are /note, /take"):
            mail_acts.parse(text)
        return
    made = mail_acts.parse(text)
    if isinstance(right, tuple):
        assert tuple(name for name, _ in made.lines) == right
    else:
        assert made == right
    if "log" in (right if isinstance(right, tuple) else ()):
        assert (made.minutes, made.worked, made.text) == (80, "toner", "Words.\n/close")
    if "kind" in (right if isinstance(right, tuple) else ()):
        assert (made.kind, made.to_phase) == (TicketKind.INCIDENT, Phase.WAITING_CUSTOMER)


@pytest.mark.parametrize(("first", "corrected", "over"), [("1h", "15m", 0), ("15m", "1h15", 1)])
def test_time_by_mail_is_measured_against_what_corrections_left(
    desk: TestDesk, number: int, first: str, corrected: str, over: int
) -> None:
    alert = desk.message_id("agent_alert", to=KATA)
    desk.run("take", str(number))
    desk.run("cost", "send", str(number), "--estimate", "1h30", "--reason", "a private device")
    desk.run("log", str(number), first)
    entry = desk.show(number)["time"]["entries"][0]["id"]
    desk.run("log", str(number), corrected, "--correct", str(entry), "-m", "a slip")
    before = len(desk.show(number)["entries"])
    desk.mail(KATA, f"Re: [#{number}] Printer", "/log 20m toner", to=alert)
    made = [e["text"] for e in desk.show(number)["entries"][before:]]
    assert "20 min, billed 30 min: toner" in made
    assert sum("90 min" in text for text in made) == over, made
