"""What is promised of reading, measured over all corpora: `python -m tests.corpus.figures` prints the same."""

from __future__ import annotations

import pytest

from maild.mail.parse import parse_mail
from tests.corpus import figures
from tests.corpus.everyday import absences, charsets, conversations, desks, invitations, requests, traces
from tests.corpus.everyday.pieces import DESK, Wanted
from tests.corpus.mails import unmarked

SYSTEMS, GROUPWARE, KINDS = 8, 6, 7


@pytest.mark.slow
def test_every_mail_of_the_corpora_together_reaches_it() -> None:
    assert figures.below(figures.measure()) == []


@pytest.mark.parametrize("kind", conversations.KINDS)
def test_some_conversations_are_never_mixed(kind: str) -> None:
    found = conversations.measured(kind, "all", seeds=4)
    assert found.mails >= 20
    assert (found.right, found.wrong) == (found.mails, 0)


def test_some_requests_are_read_right() -> None:
    by_class = figures.Figures()
    faults = [figures.judge(wanted, by_class) for _, wanted in requests.requests(1)]
    assert faults == [[]] * len(faults)


@pytest.mark.parametrize(
    "kind", ["machines without a mark", "bounces of gateways", "people like machines", "other ticket systems"]
)
def test_machines_without_a_mark_and_people_who_write_like_them_are_told_apart(kind: str) -> None:
    mails = [wanted for name, wanted in unmarked.unmarked(figures.ANSWERED) if name == kind]
    decisions = [figures.decided(parse_mail(wanted.raw, desk_addresses=(DESK,))) for wanted in mails]
    found = [
        (wanted.name, figures.is_answered(decision))
        for wanted, decision in zip(mails, decisions, strict=True)
    ]
    assert found == [(wanted.name, wanted.who == "person") for wanted in mails]
    assert len(mails) >= {"other ticket systems": 12}.get(kind, 100)


def test_an_answer_is_told_in_whatever_form_its_program_names_our_mail() -> None:
    lost = [
        name
        for name, _, raw in traces.answers(figures.ANSWERED, figures.SIGNER.root_id(1001))
        if (thread := figures.decided(parse_mail(raw, desk_addresses=(DESK,))).thread) is None
        or thread.ticket != 1001
    ]
    assert lost == []


def test_no_form_of_an_answer_puts_a_stranger_on_the_ticket() -> None:
    root = figures.SIGNER.root_id(1001)
    joined = [
        name
        for name, form in traces.FORMS.items()
        for sender in ("zoe@zorg.example", "x@freemail.example")
        if (
            thread := figures.decided(
                parse_mail(traces.written(sender, "Re: [#1001] Printer", form(figures.ANSWERED, root)))
            ).thread
        )
        is not None
        and thread.ticket is not None
    ]
    assert joined == []


@pytest.mark.slow
@pytest.mark.parametrize("traces", conversations.TRACES)
@pytest.mark.parametrize("kind", conversations.KINDS)
def test_conversations_are_threaded_right_and_never_mixed(kind: str, traces: str) -> None:
    found = conversations.measured(kind, traces, seeds=60)
    assert found.wrong == 0
    assert found.mails >= 200
    assert found.right / found.mails >= figures.BOUNDS["threading"]


def test_a_mail_that_cannot_be_read_is_no_incident_and_a_readable_one_is_asked_for() -> None:
    raw = (
        b"From: anna@acme.example\nSubject: Secret\nMIME-Version: 1.0\n"
        b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nxx\n"
    )
    decision = figures.decided(parse_mail(raw))
    assert {"open", "mail"} <= {act.act for act in decision.would}
    assert decision.ticket is not None
    assert decision.ticket.kind == "question"


@pytest.mark.slow
def test_all_mails_of_a_meeting_name_one_uid() -> None:
    for _, meeting in invitations.meetings():
        for wanted in (meeting.first, meeting.update, meeting.cancellation):
            calendar = parse_mail(wanted.raw).calendar
            assert calendar is not None
            assert calendar.uid == meeting.uid


def test_corpora_are_broad() -> None:
    assert len({name for name, _ in absences.absences()}) >= GROUPWARE
    assert len(desks.SYSTEMS) >= SYSTEMS
    assert len(requests.KINDS) >= KINDS
    assert len(list(charsets.charsets())) >= 100


def test_corpora_are_the_same_in_every_run() -> None:
    def raws() -> list[bytes]:
        mails: list[tuple[str, Wanted]] = [*requests.requests(1), *absences.absences(1), *charsets.charsets()]
        return [wanted.raw for _, wanted in mails]

    assert raws() == raws()
