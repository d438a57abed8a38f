"""A complaint closes when the lead of its team has reviewed it."""

from __future__ import annotations

from tests.unit.commands.conftest import TestDesk

ANNA = "anna@acme.example"
LEAD = """
[[agent]]
name = "mari"
address = "mari@desk.example"
teams = ["complaints"]
[teams.complaints]
lead = "mari"
"""


def _complaint(desk: TestDesk) -> int:
    with desk.config.open("a", encoding="utf-8") as file:
        file.write(LEAD)
    number = desk.mail(ANNA, "Complaint", "This is a complaint: nobody called me back for three days.")
    assert number is not None
    assert desk.show(number)["kind"] == "complaint"
    return number


def test_complaint_is_closed_by_its_leads_review(desk: TestDesk) -> None:
    number = _complaint(desk)
    assert f"review {number}" in desk.refused("close", str(number))
    desk.run("phase", str(number), "resolved", "-m", "We called and said sorry.")
    asked = [o for o in desk.show(number)["outbound"] if o["to"] == ["mari@desk.example"]]
    assert [o["notice"] for o in asked] == ["agent_alert"]
    assert "reviewed by mari" in desk.refused("review", str(number), "-m", "fine")
    desk.run("--as", "mari", "review", str(number), "-m", "Call back within the hour from now on.")
    shown = desk.show(number)
    assert shown["phase"] == "closed"
    review = [e for e in shown["entries"] if e["type"] == "review" and e["author"] == "mari"]
    assert [(e["public"], e["text"]) for e in review] == [(False, "Call back within the hour from now on.")]


def test_complaint_of_a_team_without_a_lead_closes_like_any_ticket(desk: TestDesk) -> None:
    number = desk.mail(ANNA, "Complaint", "This is a complaint: nobody called me back for three days.")
    desk.run("close", str(number))
    assert desk.show(number)["phase"] == "closed"


def test_only_complaints_are_reviewed_and_with_words(desk: TestDesk) -> None:
    other = desk.mail(ANNA, "Printer", "It prints blank pages.")
    assert "only complaints" in desk.refused("review", str(other), "-m", "fine")
    number = _complaint(desk)
    assert "needs words" in desk.refused("--as", "mari", "review", str(number))
