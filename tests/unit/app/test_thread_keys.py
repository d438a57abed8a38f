"""By what a mail's ticket is known from now on, and which ids that nobody has seen are awaited for its sender."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from maild.app.case import Case
from maild.app.thread_keys import NEAREST, remember
from maild.model import AuthResult, KnownKey, Mailbox, RememberKeys, Sender
from maild.settings import Agent, Settings
from tests.cases import cases
from tests.unit.app.test_thread import ANNA, ROOT
from tests.unit.factory import NOW, envelope, facts, mail, person, ticket

SETTINGS = Settings(
    agents={"kata": Agent("kata", "kata@desk.example"), "karl": Agent("karl", "K77@desk.example")}
)
MANY = tuple(f"<{number}.x@x>" for number in range(NEAREST + 2))


def kept(known: tuple[KnownKey, ...] = (), sender: str | None = ANNA, **fields: Any) -> RememberKeys:
    people = {ANNA: person(ANNA, "acme"), "b12@acme.example": person("b12@acme.example", "acme")}
    on = ticket(requester="r1@freemail.example", participants=(Mailbox("p2@freemail.example"),))
    case = Case(
        mail(sender or None, **fields), envelope(), replace(facts(on, known=known), people=people), AuthResult(),
        SETTINGS, Sender(sender, "", "contact" if sender else "none"), NOW,
    )  # fmt: skip
    return remember(case, 15789)


@cases(
    ("fields", "awaited"),
    [
        ({}, ()),
        ({"in_reply_to": ("<a.1@x>",)}, ("<a.1@x>",)),
        ({"references": ("<a.1@x>",)}, ("<a.1@x>",)),
        ({"in_reply_to": ("<a.1@x>",), "references": ("<b.2@x>", "<a.1@x>")}, ("<a.1@x>", "<b.2@x>")),
        ({"in_reply_to": ("<own.1@x>",), "message_id": "<own.1@x>"}, ()),
        ({"in_reply_to": ("<own.1@x>", "<a.1@x>"), "message_id": "<own.1@x>"}, ("<a.1@x>",)),
        ({"references": MANY}, MANY[2:]),
        ({"in_reply_to": MANY}, MANY[:-2]),
        # an address of somebody is no id: a contact, an agent, the desk, whoever is on the ticket
        *(({"in_reply_to": (f"<{one}>", "<a.1@x>")}, ("<a.1@x>",)) for one in (
            ANNA, "B12@ACME.example", "kata@desk.example", "k77@desk.example",
            "help@desk.example", "r1@freemail.example", "p2@freemail.example",
        )),
        ({"in_reply_to": ("<y77@freemail.example>",)}, ("<y77@freemail.example>",)),
        ({"in_reply_to": ("<carl.jones@freemail.example>", "<a.1@x>"), "cc": (Mailbox("carl.jones@freemail.example"),)},
         ("<a.1@x>",)),
    ],
)  # fmt: skip
def test_ids_that_nobody_has_seen_are_awaited_and_persons_are_none(
    fields: dict[str, Any], awaited: tuple[str, ...]
) -> None:
    found = kept(**fields)
    assert (found.awaited, found.sender, found.ticket) == (awaited, ANNA, 15789)
    assert kept(sender=None, **fields).awaited == ()


def test_ten_ids_of_a_field_are_near() -> None:
    assert NEAREST == 10


def test_what_was_seen_is_not_awaited_and_what_others_await_is() -> None:
    origin: Any
    for origin, awaited in (("in", ()), ("out", ()), ("root", ()), ("kept", ()), ("awaited", ("<a.1@x>",))):
        known: Any = (KnownKey("<a.1@x>", 15789, origin),)
        assert kept(known, in_reply_to=("<a.1@x>",)).awaited == awaited
    assert kept(message_id=None).message_ids == ()
    assert kept(message_id="<m@x>").message_ids == ("<m@x>",)


def test_the_conversation_before_it_is_awaited_too_unless_it_was_seen() -> None:
    answer, before = f"thread-index:{ROOT}aabbccddee", f"thread-index:{ROOT}"
    found = kept(thread_index=f"{ROOT}aabbccddee", in_reply_to=("<a.1@x>",))
    assert (found.kept, found.awaited) == ((answer,), ("<a.1@x>", before))
    seen: Any = (KnownKey(before, 15789, "kept"),)
    assert kept(seen, thread_index=f"{ROOT}aabbccddee").awaited == ()
