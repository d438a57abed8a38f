"""A request becomes a project: a ticket of its own, and what becomes of the request."""

from __future__ import annotations

from maild.app import merging
from maild.model import (
    AddEntry,
    AddLink,
    AddParticipant,
    Change,
    Mailbox,
    SendNotice,
    TicketFacts,
)
from maild.ticket.entries import LinkDetails
from maild.ticket.phases import Phase
from maild.ticket.vocabulary import EntryType, LastWord, LinkType, Severity, TicketKind
from tests.unit.app.act_world import (
    ACME,
    ANNA,
    BELA,
    act,
    new_ticket,
    of,
    refused,
    said,
    state,
)
from tests.unit.app.approval_world import consent, held, short_of
from tests.unit.factory import NOW, ticket


def project(
    on: TicketFacts, message: str = "", *, keep_open: bool = False, subject: str = "New  printers"
) -> tuple[Change, ...]:
    return merging.project(act(), on, subject, message, 7, keep_open=keep_open).changes


def test_a_project_is_accepted_work_of_the_same_people_without_a_promise() -> None:
    on = ticket(owner="lea", team="L2", topic="printing", language="hu", participants=(Mailbox(BELA),),
                severity=Severity.SYSTEM, state=state(site="north"))  # fmt: skip
    made = new_ticket(changes := project(on))
    assert (made.number, made.subject, made.kind, made.severity, made.team, made.owner, made.phase) == (
        7, "New printers", TicketKind.CHANGE, Severity.SYSTEM, "L2", "lea", Phase.ACCEPTED,
    )  # fmt: skip
    assert (made.requester, made.requester_name, made.company, made.language, made.topic) == (
        ANNA, "Anna", ACME.key, "hu", "printing",
    )  # fmt: skip
    assert (made.respond_by, made.responded_at, made.waiting_since, made.last_word) == (
        None,
        NOW,
        None,
        LastWord.AGENT,
    )
    assert (made.state.project_of, made.state.site, made.participants) == (15789, "north", (Mailbox(BELA),))
    assert made.state.clock is None
    assert of(AddParticipant, changes) == [AddParticipant(7, BELA, "", "from #15789")]
    assert of(AddLink, changes) == [AddLink(15789, LinkType.PROJECT, 7)]
    first = of(AddEntry, changes)[0]
    assert (first.ticket, first.text, first.public) == (7, "project from #15789: Printer", False)
    assert of(AddEntry, project(on, "In spring."))[0].text == "In spring."


def test_a_project_has_a_name_an_owner_and_a_severity() -> None:
    plain = new_ticket(project(ticket(severity=None), subject=" "))
    assert (plain.subject, plain.owner, plain.severity) == ("Printer", "kata", Severity.USER)


def test_the_request_closes_with_one_mail_or_stays_with_one() -> None:
    on = ticket(kind=TicketKind.QUESTION)
    changes = project(on, "In spring.")
    assert on.after_all(changes).phase is Phase.CLOSED
    (sent,) = of(SendNotice, changes)
    assert (sent.notice.name, sent.notice.data["project"], sent.notice.data["message"]) == (
        "project",
        7,
        "In spring.",
    )
    step = next(one for one in of(AddEntry, changes) if one.type is EntryType.PHASE)
    assert step.details.project == 7
    changes = project(on, "In spring.", keep_open=True)
    assert on.after_all(changes) == on
    assert short_of(changes) == [f"mail project to {ANNA}"]
    assert of(SendNotice, changes)[0].notice.data["actor"] == "Kata Nagy"
    note = of(AddEntry, changes)[-1]
    assert (note.text, note.public) == ("became project #7: In spring.", False)
    assert note.details == LinkDetails(type=LinkType.PROJECT, ticket=7)
    assert said(project(on, keep_open=True))[-1] == "(became project #7)"


def test_what_has_ended_stays_as_it_ended_and_what_is_held_becomes_nothing() -> None:
    for phase in (Phase.CLOSED, Phase.REJECTED):
        assert short_of(project(ticket(phase=phase))) == [f"mail project to {ANNA}"]
    refused(lambda: project(held()), "#15789 is held")
    refused(
        lambda: project(ticket(phase=Phase.MERGED, merged_into=9)), "#15789 was merged; make #9 a project"
    )
    assert not of(SendNotice, project(ticket(requester=""), keep_open=True))
    refused(lambda: merging.project(act(consent()), held(), "x", "", 7, keep_open=True), "C12")
