"""A date is told with the mail, may be moved, and is explained where it is later than promised."""

from __future__ import annotations

from tests.unit.commands.conftest import TestDesk

ANNA = "anna@acme.example"


def test_scheduled_needs_its_date_and_the_date_may_be_moved(desk: TestDesk) -> None:
    number = str(desk.mail(ANNA, "Printer", "It is broken."))
    assert "--at TIME" in desk.refused("phase", number, "scheduled")
    desk.run("phase", number, "scheduled", "--at", "2026-11-05 09:00")
    told = desk.said("scheduled")["data"]
    assert (told["scheduled_for"], told.get("moved")) == ("2026-11-05T08:00:00Z", None)
    desk.run("phase", number, "scheduled", "--at", "2026-11-06 09:00", "-m", "The part comes later.")
    told = desk.said("scheduled")["data"]
    assert (told["scheduled_for"], told["moved"]) == ("2026-11-06T08:00:00Z", True)
    assert desk.show(int(number))["phase"] == "scheduled"


def test_a_date_goes_with_scheduled_alone_on_an_ended_ticket_too(desk: TestDesk) -> None:
    number = str(desk.mail(ANNA, "Printer", "It is broken."))
    at = ("progress", "--at", "2026-11-05 09:00")
    assert "--at goes with the phase `scheduled`" in desk.refused("phase", number, *at)
    desk.run("close", number, "-m", "Done.")
    assert "--at goes with the phase `scheduled`" in desk.refused("phase", number, *at)
    assert desk.show(int(number))["phase"] == "closed"
