"""A complaint closes when its team's lead has reviewed it; without a lead like any ticket."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from maild.app import complaint_review as review
from maild.model import AddEntry, SendNotice, SetDeadline, TicketFacts
from maild.settings import Settings, Team
from maild.ticket.phases import Phase
from maild.ticket.vocabulary import DeadlineType, EntryType, TicketKind
from tests.unit.app.act_world import ANNA, DAY, SETTINGS, act, at, of, promised, refused, said
from tests.unit.app.approval_world import short_of
from tests.unit.factory import NOW

LED = replace(SETTINGS, teams={**SETTINGS.teams, "complaints": Team("complaints", lead="lea")})
ON = replace(promised(), kind=TicketKind.COMPLAINT, team="complaints", owner="kata")
REVIEWED = replace(ON, state=replace(ON.state, reviewed_by="lea"))
ORDINARY = replace(ON, kind=TicketKind.QUESTION)


def by(agent: str = "kata", settings: Settings = LED) -> Any:
    return replace(act(agent=agent), settings=settings)


def test_a_complaint_is_reviewed_once_by_its_teams_lead() -> None:
    assert review.reviewer(ON, LED) == "lea"
    assert review.reviewer(REVIEWED, LED) == ""
    assert review.reviewer(ORDINARY, LED) == ""
    assert review.reviewer(ON, SETTINGS) == ""


def test_its_owner_does_not_close_it() -> None:
    refused(
        lambda: review.close(by(), ON), "maild phase 15789 resolved", "`maild --as lea review 15789 -m TEXT`"
    )
    refused(lambda: review.phase(by(), ON, Phase.CLOSED), "#15789 is a complaint")
    for made in (
        review.close(by("lea"), ON), review.close(by(), REVIEWED), review.close(by(), ORDINARY),
        review.close(by(settings=SETTINGS), ON), review.phase(by("lea"), ON, Phase.CLOSED),
    ):  # fmt: skip
        assert ON.after_all(made.changes).phase is Phase.CLOSED


def asked(on: TicketFacts, who: Any, new: Phase = Phase.RESOLVED) -> list[str]:
    changes = review.phase(who, on, new).changes
    return [f"{c.notice.name} to {c.notice.to[0].address}" for c in of(SendNotice, changes)] + [
        c.text for c in of(AddEntry, changes) if c.type is EntryType.REVIEW
    ]


def test_when_it_is_resolved_its_lead_is_asked() -> None:
    assert asked(ON, by()) == [
        f"resolved to {ANNA}", "agent_alert to lea@desk.example",
        "lea is asked to review the complaint: maild review 15789 -m TEXT",
    ]  # fmt: skip
    plain = [f"resolved to {ANNA}"]
    assert (
        asked(ON, by("lea"))
        == asked(REVIEWED, by())
        == asked(ORDINARY, by())
        == asked(ON, by(settings=SETTINGS))
        == plain
    )
    assert asked(ON, by(), Phase.IN_PROGRESS) == [f"in_progress to {ANNA}"]
    later = NOW + DAY
    assert (
        ON.after_all(review.phase(by(), ON, Phase.SCHEDULED, at=later).changes).state.scheduled_for == later
    )


def test_the_mail_to_the_lead_says_who_is_asked_and_what_to_type() -> None:
    changes = review.wanted(by(), ON)
    note, mail = changes
    assert isinstance(note, AddEntry)
    assert isinstance(mail, SendNotice)
    assert not note.public
    data = mail.notice.data
    assert data["events"][0]["facts"][0]["who"] == ["Lea Kis"]
    assert "maild review N -m TEXT" in data["commands"]
    gone = replace(LED, teams={"complaints": Team("complaints", lead="gone")})
    nobody = review.wanted(replace(act(), settings=gone), ON)
    assert of(AddEntry, nobody)[0].text.startswith("gone is asked")


def test_in_place_of_closing_by_itself_it_is_brought_up_again_the_next_day() -> None:
    made = review.waits(by(""), ON)
    assert made is not None
    assert of(SetDeadline, made.changes) == [SetDeadline(DeadlineType.AUTO_CLOSE, 15789, NOW + DAY)]
    assert len(of(SendNotice, made.changes)) == 1
    assert review.waits(by(""), REVIEWED) is None
    assert review.waits(by("", SETTINGS), ON) is None


def test_a_review_is_kept_and_closes_what_is_resolved() -> None:
    done = review.review(by("lea"), at(ON, Phase.RESOLVED), "They were right.").changes
    now = ON.after_all(done)
    assert (now.state.reviewed_by, now.phase) == ("lea", Phase.CLOSED)
    assert of(AddEntry, done)[0].text == "They were right."
    assert said(done)[0] == "(They were right.)"
    assert short_of(done) == ["phase closed", f"mail closed to {ANNA}"]
    early = review.review(by("lea"), ON, "x").changes
    assert (ON.after_all(early).phase, ON.after_all(early).state.reviewed_by) == (Phase.RECEIVED, "lea")


def test_who_may_review() -> None:
    refused(
        lambda: review.review(by("lea"), ORDINARY, "x"), "#15789 is a question: only complaints are reviewed"
    )
    refused(lambda: review.review(by(), ON, "x"), "#15789 is reviewed by lea: --as lea")
    refused(lambda: review.review(by("lea"), ON, " "), "a review needs words")
    refused(
        lambda: review.review(by(settings=SETTINGS), ON, "x"), "#15789 is yours: somebody else reviews it"
    )
    assert review.review(by("lea", SETTINGS), ON, "x").changes
    assert review.review(by("lea"), replace(ON, owner="lea"), "x").changes
