"""Every mail is one frozen value that is checked where it is made and comes back the same from its row."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from maild.model import CompanyFacts, EntryFacts, Mailbox, TicketFacts
from maild.notice import notices
from maild.notice.content import freeze, mail, registry, thaw
from maild.notice.first_mails import Received, UnknownSender
from maild.notice.status_mails import Scheduled
from maild.notice.values import PromisedTimes
from maild.settings import Agent, Settings
from maild.ticket.entries import NOTHING, PhaseDetails
from maild.ticket.phases import PHASE_NOTICE, Phase
from maild.ticket.vocabulary import EntryType, Severity, TicketKind
from tests.cases import cases

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
SETTINGS = Settings(agents={"kata": Agent("kata", "kata@desk.example")})
ACME = CompanyFacts("acme", "Acme Kft.", service_level="standard")
TICKET = TicketFacts(
    number=15789, subject="Printer", company="acme", requester="anna@acme.example", requester_name="Kovács Anna",
    kind=TicketKind.INCIDENT, severity=Severity.SYSTEM, team="L1", owner="", phase=Phase.RECEIVED, language="hu",
    created_at=NOW, root_message_id="<r@desk.example>", respond_by=datetime(2026, 11, 2, 15, tzinfo=UTC),
    participants=(Mailbox("bela@acme.example", "Béla"),), last_message_id="<a@acme.example>",
)  # fmt: skip


def say(key: str) -> str:
    return key


@cases("name", registry())
def test_what_is_frozen_comes_back_the_same(name: str) -> None:
    for state, sample in registry()[name].samples(say):
        assert thaw(name, json.loads(json.dumps(freeze(sample)))) == sample, state


@cases("name", registry())
def test_every_mail_says_when_to_whom_and_what(name: str) -> None:
    cls = registry()[name]
    assert cls.name == name
    assert all((cls.reader, cls.when, cls.first, cls.todo, cls.never))


def test_every_phase_has_its_mail() -> None:
    assert set(PHASE_NOTICE.values()) <= set(registry())


def test_misspelt_name_and_field_fail_where_the_mail_is_made() -> None:
    base = notices.base(TICKET, ACME, SETTINGS, NOW)
    with pytest.raises(KeyError):
        notices.named("recieved", base)
    with pytest.raises(TypeError, match="sheduled_for"):
        notices.named("scheduled", base, {"sheduled_for": NOW})  # type: ignore[typeddict-unknown-key]
    with pytest.raises(TypeError, match="outcome"):
        notices.named("approval_result", base)
    with pytest.raises(ValueError, match="text"):
        freeze(Received(text=7))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="scheduled_for"):
        freeze(Scheduled(scheduled_for="soon"))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="two mails"):
        mail("received", to=Received.reader, when="x", first="x", todo="x", never="x")(Received)


def test_row_of_another_version_is_read_as_far_as_it_is_known() -> None:
    old = {"about": {"subject": "Printer", "next": "wait"}, "text": "Hello", "desk_phone": "1", "number": 7}
    assert thaw("received", old) == Received(about=thaw("received", old).about, text="Hello", number=7)


def test_promise_that_is_over_is_not_made_again() -> None:
    later = datetime(2026, 11, 2, 15, 0, 1, tzinfo=UTC)
    assert notices.base(TICKET, ACME, SETTINGS, NOW)["promise"] == PromisedTimes(
        respond_by=TICKET.respond_by, received_at=NOW
    )
    assert notices.base(TICKET, ACME, SETTINGS, later)["promise"] is None


def test_who_has_no_contract_is_told_no_severity() -> None:
    for company in (
        None,
        CompanyFacts("x", "X"),
        CompanyFacts("x", "X", service_level="standard", standing="suspended"),
    ):
        assert notices.about(TICKET, company, SETTINGS, NOW).severity == ""
    assert notices.about(TICKET, ACME, SETTINGS, NOW).severity == "system"


def test_login_names_are_not_shown() -> None:
    def entry(number: int, type_: EntryType, author: str, channel: str) -> EntryFacts:
        to = PhaseDetails(new=Phase.ACCEPTED) if type_ == EntryType.PHASE else NOTHING
        return EntryFacts(number, NOW, type_, author, channel, "words", True, to)

    entries = (
        entry(1, EntryType.MAIL, "anna@acme.example", "email"), entry(2, EntryType.REPLY, "root", "email"),
        entry(3, EntryType.PHASE, "root", "cli"), entry(4, EntryType.PHASE, "maild", "system"),
        entry(5, EntryType.CONSENT, "Nagy Béla", "system"), entry(6, EntryType.CALL, "kata", "phone"),
        entry(7, EntryType.PHASE, "Nagy Béla", "email"),
    )  # fmt: skip
    steps, earlier = notices.history(entries, SETTINGS)
    assert earlier == 0
    assert [step.author for step in steps] == [
        "Nagy Béla",
        "kata",
        "Nagy Béla",
        "",
        "",
        "",
        "anna@acme.example",
    ]


def test_long_history_says_how_much_is_left_out() -> None:
    entries = tuple(EntryFacts(n, NOW, EntryType.REPLY, "kata", "email", f"{n}", True) for n in range(400))
    steps, earlier = notices.history(entries, SETTINGS)
    assert (steps[0].text, len(steps), earlier) == ("399", 25, 375)


def test_answer_to_a_stranger_holds_nothing_of_theirs() -> None:
    said = UnknownSender(about=notices.about(TICKET, ACME, SETTINGS, NOW), text="SECRET").without_echo()
    frozen = json.dumps(freeze(said))
    for theirs in ("SECRET", "Printer", "anna@acme.example", "Kovács", "Acme"):
        assert theirs not in frozen
