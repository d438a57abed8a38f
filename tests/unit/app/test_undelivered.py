from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from maild.app import undelivered
from maild.model import EntryFacts, SendNotice, TicketFacts, UpdateTicket
from maild.render import render_notice
from maild.settings import Agent, Settings, Team
from maild.steps import whole
from maild.ticket.vocabulary import EntryType
from tests.unit.factory import NOW, ticket

KATA = Agent("kata", address="kata@desk.example", teams=("L1",))
BELA = Agent("bela", address="bela@desk.example", teams=("L1",))
LEAD = Agent("lead", address="lead@desk.example", teams=("L1",))
TEAM = (KATA, BELA, LEAD)
SETTINGS = Settings(
    agents={one.name: one for one in (KATA, BELA, LEAD)}, teams={"L1": Team("L1", lead="lead")}
)


def written(*authors: str, owner: str = "") -> TicketFacts:
    lines = tuple(
        EntryFacts(n, NOW + timedelta(minutes=n), EntryType.REPLY, who, "email", "Words.", True)
        for n, who in enumerate(authors, 1)
    )
    return ticket(entries=lines, owner=owner, requester="anna@acme.example")


def told(found: TicketFacts, notice: str = "reply", *failed: str) -> list[str]:
    made = undelivered.followed(found, notice, failed or ("anna@acme.example",), SETTINGS, NOW, made_at=None)
    return [box.address for c in made if isinstance(c, SendNotice) for box in c.notice.to]


@pytest.mark.parametrize(
    ("found", "who"),
    [
        (written("bela", "kata", owner="bela"), (KATA,)),
        (written(owner="bela"), (BELA,)),
        (written(), TEAM),
    ],
    ids=["who wrote", "the owner", "the team"],
)
def test_who_wrote_is_told_else_the_owner_else_the_team(found: TicketFacts, who: tuple[Agent, ...]) -> None:
    assert sorted(told(found)) == sorted(one.address for one in who)


def test_ticket_is_due_again_where_its_requester_was_not_reached() -> None:
    made = undelivered.followed(written("kata"), "reply", ["anna@acme.example"], SETTINGS, NOW, made_at=None)
    (change,) = [one.change for one in made if isinstance(one, UpdateTicket)]
    assert change.undelivered == ("anna@acme.example",)


@pytest.mark.parametrize(
    ("notice", "failed"), [("reply", "bea@acme.example"), ("approval_request", "anna@acme.example")]
)
def test_mail_that_was_for_somebody_else_makes_nothing_due(notice: str, failed: str) -> None:
    made = undelivered.followed(written("kata"), notice, [failed], SETTINGS, NOW, made_at=None)
    assert not any(isinstance(one, UpdateTicket) for one in made)


def test_nobody_is_told_that_our_own_people_were_not_told() -> None:
    assert (
        undelivered.followed(
            written("kata"), "agent_alert", ["kata@desk.example"], SETTINGS, NOW, made_at=None
        )
        == []
    )


def test_name_that_nobody_sends_any_more_stops_nothing() -> None:
    assert told(written("kata"), "of an older maild") == ["kata@desk.example"]


def test_who_wrote_the_very_mail_is_told_and_not_who_wrote_later() -> None:
    found = written("bela", "kata", owner="lead")

    def writer(minutes: int) -> str:
        return undelivered.writer_of(found, NOW + timedelta(minutes=minutes), SETTINGS)

    assert (writer(1), writer(2)) == ("bela", "kata")
    assert writer(7) == ""  # a mail of the desk's own, after both


def test_agent_reads_in_their_own_language_whom_a_mail_did_not_reach() -> None:
    agents = {"kata": replace(KATA, language="hu")}
    settings = Settings(agents=agents, teams={"L1": Team("L1")})
    for failed, said in (
        (("anna@acme.example",), "nem ért célba: anna@acme.example"), ((), "nem sikerült kézbesíteni"),
    ):  # fmt: skip
        made = undelivered.followed(written("kata"), "reply", failed, settings, NOW, made_at=None)
        (mail,) = [one.notice for one in made if isinstance(one, SendNotice)]
        assert mail.language == "hu"
        assert said in " ".join(whole(render_notice(mail.name, "hu", mail.data, settings)).text.split())
