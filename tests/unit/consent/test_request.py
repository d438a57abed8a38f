"""What a request consists of: whose words, said how, proven or not, and what of them nobody consented to yet."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from maild.consent.request import (
    granted_elsewhere,
    in_writing,
    is_call,
    present,
    unconsented,
    verified,
    written,
)
from maild.model import ConsentFacts, EntryFacts, TicketFacts
from maild.ticket.entries import CallDetails, MailDetails, MergeDetails, MoveDetails
from maild.ticket.phases import ConsentState, Phase
from maild.ticket.terms import ConsentTerms
from maild.ticket.vocabulary import ConsentKind, EntryType, TicketKind
from tests.unit.factory import NOW, ticket

ANNA, BELA = "anna@acme.example", "bela@acme.example"
ASKS = TicketKind.PERMISSION


def entry(number: int, text: str, author: str = ANNA, **fields: Any) -> EntryFacts:
    known: dict[str, Any] = {
        "type": EntryType.MAIL,
        "channel": "email",
        "details": MailDetails(),
        "public": True,
    }
    return EntryFacts(number, NOW + timedelta(hours=number), author=author, text=text, **known | fields)


def mail(number: int, text: str, author: str = ANNA, **details: Any) -> EntryFacts:
    return entry(number, text, author, details=MailDetails(**details))


def call(number: int, text: str, channel: str = "phone", by: str = ANNA) -> EntryFacts:
    return entry(number, text, "kata", type=EntryType.CALL, channel=channel, details=CallDetails(by=by))


def on(*entries: EntryFacts, channel: str = "email") -> TicketFacts:
    stands = ticket(entries=entries)
    return replace(stands, state=replace(stands.state, channel=channel))


def consent(text: str, **fields: Any) -> ConsentFacts:
    known = ConsentFacts(
        12, 15789, ConsentKind.PERMISSION, ConsentState.GRANTED, NOW, NOW, (), ANNA, "0" * 64, text, "dmarc",
        Phase.RECEIVED, decided_at=NOW + timedelta(hours=2),
    )  # fmt: skip
    return replace(known, **fields)


def test_a_request_is_what_its_requester_wrote_and_nothing_that_others_wrote_or_that_was_said() -> None:
    stands = on(
        mail(1, " Access please "), mail(2, "Me too", BELA), mail(3, "Forged", unproven=True), call(4, "By phone"),
        call(5, "Typed by an agent", channel="cli"), call(6, "For Bela", channel="cli", by=BELA), mail(7, "  "),
    )  # fmt: skip
    assert written(stands) == "Access please\n\nTyped by an agent"
    note = entry(8, "A note", type=EntryType.NOTE)
    assert written(on(note)) == ""


def test_it_is_verified_when_each_mail_of_it_is() -> None:
    proven, plain = mail(1, "Access", verified=True), mail(2, "More")
    assert verified(on(proven))
    assert verified(on(proven, mail(3, "Other", BELA)))
    assert not verified(on(proven, plain))
    assert not verified(on(proven, call(3, "Typed", channel="cli")))
    assert not verified(on())


def test_only_what_was_said_on_the_phone_is_a_call() -> None:
    assert is_call(call(1, "x"))
    assert not is_call(call(1, "x", channel="web"))
    assert not is_call(entry(1, "x", channel="phone"))


def test_a_call_starts_no_approval_until_somebody_writes() -> None:
    assert in_writing(on())
    assert in_writing(on(mail(1, "Access")))
    assert not in_writing(on(call(1, "Access")))
    assert not in_writing(on(channel="phone"))
    assert in_writing(on(mail(1, "Access"), channel="phone"))
    assert in_writing(on(call(1, "Access"), mail(2, "As I said: access")))
    assert not in_writing(on(call(1, "Access"), mail(2, "Access", BELA)))


def left(*entries: EntryFacts, consents: tuple[ConsentFacts, ...] = ()) -> list[int]:
    return [one.id for one in unconsented(on(*entries), consents)]


def test_words_that_ask_wait_for_a_consent_to_these_words_of_this_person() -> None:
    asks, more = mail(1, "Access", asks=ASKS), mail(2, "Access", BELA, asks=ASKS)
    assert left(asks, mail(3, "Thanks"), call(4, "x")) == [1]
    assert left(asks, more, consents=(consent("Subject\n\nAccess"),)) == [2]
    assert left(asks, consents=(consent("Subject\n\nAccess for all of them"),)) == [1]  # a part of a sentence
    assert left(mail(1, "Access", asks=ASKS, unproven=True)) == []


def test_only_a_grant_of_what_was_asked_for_settles_it() -> None:
    asks = mail(1, "Access", asks=ASKS)
    for state in set(ConsentState) - {ConsentState.GRANTED, ConsentState.WITHDRAWN}:
        assert left(asks, consents=(consent("S\n\nAccess", state=state),)) == [1], state
    for kind in (ConsentKind.QUOTE, ConsentKind.COST, ConsentKind.CONFIRM):
        assert left(asks, consents=(consent("S\n\nAccess", kind=kind),)) == [1], kind


def test_what_an_agent_gave_up_settles_what_was_written_until_then() -> None:
    until, since = mail(2, "Access", asks=ASKS), mail(3, "Access again", asks=ASKS)
    given_up = consent("", state=ConsentState.WITHDRAWN)
    assert left(until, since, consents=(given_up,)) == [3]
    assert left(until, since, consents=(replace(given_up, kind=ConsentKind.QUOTE),)) == [2, 3]
    earlier = replace(given_up, decided_at=NOW)
    assert left(until, since, consents=(earlier, given_up)) == [3]
    assert left(until, since, consents=(replace(given_up, decided_at=None),)) == [2, 3]


def moved(number: int, old: str | None, new: str | None = "acme") -> EntryFacts:
    return entry(number, "", "kata", type=EntryType.MOVE, details=MoveDetails(old=old, new=new))


def test_what_was_granted_or_settled_while_the_ticket_was_another_companys_is_asked_for_anew() -> None:
    asks = mail(1, "Access", asks=ASKS)
    granted = consent("Subject\n\nAccess")  # two hours after
    for at, elsewhere in ((1, False), (2, True), (3, True)):  # moved before, at that moment, after
        stands = on(asks, moved(at, "globex"))
        assert [one.id for one in unconsented(stands, (granted,))] == ([1] if elsewhere else [])
        assert granted_elsewhere(stands, (granted,)) == (granted if elsewhere else None)
    back = on(asks, moved(3, "acme", "globex"), moved(4, "globex", "acme"))
    assert unconsented(back, (granted,)) == ()
    merged = entry(9, "", type=EntryType.MERGE, details=MergeDetails(settled=(1,)))
    assert [one.id for one in unconsented(on(asks, merged, moved(8, "globex")), ())] == []
    assert [one.id for one in unconsented(on(asks, merged, moved(10, "globex")), ())] == [1]


def test_the_newest_grant_of_another_company_is_asked_of_this_one_unless_somebody_gave_it_up() -> None:
    stands = on(mail(1, "Access", asks=ASKS), moved(5, "globex"))
    first, last = consent("S\n\nAccess"), replace(consent("S\n\nAccess"), id=13)
    assert granted_elsewhere(stands, (first, last)) == last
    assert granted_elsewhere(stands, (first, replace(last, state=ConsentState.REFUSED))) == first
    assert granted_elsewhere(stands, (first, replace(last, kind=ConsentKind.COST))) == first
    assert granted_elsewhere(stands, (replace(first, decided_at=None),)) is None
    assert granted_elsewhere(stands, ()) is None
    for hours, found in ((1, first), (2, None), (3, None)):
        given_up = replace(
            first, id=14, state=ConsentState.WITHDRAWN, decided_at=NOW + timedelta(hours=hours)
        )
        assert granted_elsewhere(stands, (first, given_up)) == found


def test_what_was_settled_before_a_merge_stays_settled() -> None:
    merged = entry(9, "", type=EntryType.MERGE, details=MergeDetails(settled=(1,)))
    assert left(mail(1, "Access", asks=ASKS), mail(2, "More", asks=ASKS), merged) == [2]


def asked(stands: TicketFacts, current: ConsentFacts | None = None) -> tuple[str, str, bool]:
    found = present(stands, (), current)
    return found.author.address, found.words, found.verified


def test_the_requester_asks_with_all_that_they_wrote() -> None:
    stands = on(
        mail(1, "Hello"), mail(2, "Access", asks=ASKS, verified=True), mail(3, "Me too", BELA, asks=ASKS)
    )
    assert asked(stands) == (ANNA, "Hello\n\nAccess", False)
    assert present(stands, (), None).author.name == "Anna"


def test_where_only_others_wait_the_first_of_them_asks_with_theirs() -> None:
    stands = on(
        mail(1, "Hello", verified=True), mail(2, "Access", BELA, asks=ASKS, verified=True, author_name="Bela"),
        mail(3, "And more", BELA, asks=ASKS), mail(4, "Carla asks", "carla@acme.example", asks=ASKS),
    )  # fmt: skip
    assert asked(stands) == (BELA, "Access\n\nAnd more", False)
    assert present(stands, (), None).author.name == "Bela"
    assert asked(on(*stands.entries[:2])) == (BELA, "Access", True)


def test_what_the_requester_of_a_consent_wrote_since_is_part_of_it() -> None:
    known = consent(
        "Subject\n\nAccess", state=ConsentState.WAITING, terms=ConsentTerms(requester_verified=True)
    )
    stands = on(mail(1, "Access", asks=ASKS, verified=True), mail(2, "And a key", asks=ASKS, verified=True))
    assert asked(stands, known) == (ANNA, "Access\n\nAnd a key", True)
    assert present(stands, (), known).author.name == "Anna"
    plain = on(stands.entries[0], mail(2, "And a key", asks=ASKS))
    assert asked(plain, known) == (ANNA, "Access\n\nAnd a key", False)
    colleague = replace(known, requester=BELA)
    theirs = on(mail(1, "Hello"), mail(2, "A key", BELA, asks=ASKS, verified=True, author_name="Bela"))
    assert asked(theirs, colleague) == (BELA, "Access\n\nA key", True)
    assert present(theirs, (), colleague).author.name == "Bela"
    after_others = on(mail(1, "Mine", "carla@acme.example", asks=ASKS, author_name="Carla"), *theirs.entries)
    assert present(after_others, (), colleague).author.name == "Bela"
