"""The keys of the full screen do what the verbs do."""

from __future__ import annotations

from maild.commands import acting
from maild.commands.acting import Manner
from maild.commands.session import Session
from tests.unit.commands.conftest import TestDesk

ANNA, BOSS = "anna@acme.example", "boss@acme.example"


def test_what_was_refused_is_asked_for_again_in_place_of_being_worked_on(desk: TestDesk) -> None:
    from maild.tui import doing

    number = desk.mail(ANNA, "Share", "Please grant me write access to the payroll share.") or 0
    asked = desk.message_id("approval_request", to=BOSS)
    desk.mail(BOSS, f"Re: [#{number}] Share", "Rejected.", to=asked)
    assert desk.show(number)["phase"] == "rejected"
    here = Session(str(desk.config), "kata")
    act = doing.move(here, "progress")
    done = acting.do(here, number, act.planner, Manner("kata"))
    assert act.said(done) == f"#{number} is waiting for approval"
    assert [one["state"] for one in desk.show(number)["consents"]] == ["refused", "waiting"]
