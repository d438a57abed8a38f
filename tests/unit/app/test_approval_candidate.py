"""Which consent a mail may decide, by what evidence, and the decision word in it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from maild.app.approval_candidate import candidate, places, word_of
from maild.app.case import Case
from maild.model import Mailbox, Threading, Verdict
from maild.ticket.phases import ConsentState, Phase
from tests.cases import cases
from tests.unit.app.approval_words import AWAY, ELSEWHERE, NEW, QUOTE, VOID
from tests.unit.app.approval_world import (
    BOSS,
    JOINS,
    OLDER,
    PEOPLE,
    TOKEN,
    VICE,
    case,
    consent,
    held,
    id_of,
    token,
)

BY_WORD: dict[str, Any] = {"tokens": (), "in_reply_to": ()}
TWICE: dict[str, Any] = {"tokens": (token(), token(OLDER, 11)), "in_reply_to": (id_of(OLDER), id_of(TOKEN))}


@cases(
    ("one", "verdict", "threading", "consent_id"),
    [
        (case(), None, JOINS, 12),
        (case(), Verdict("list", ()), JOINS, 12),
        *((case(), Verdict(kind, ()), JOINS, None) for kind in ("bounce", "own", "loop", "hostile")),
        # of several tokens the one that waits, else the first
        (case("Yes", consent(11, state=ConsentState.VOID), consent(), **TWICE), None, JOINS, 12),
        (case("Yes", consent(11), consent(), **TWICE), None, JOINS, 11),
        (case("Yes", consent(11, state=ConsentState.VOID), VOID, **TWICE), None, JOINS, 11),
        # tokens, consents and tickets that are not there
        (case(tokens=(token(OLDER, 11),)), None, NEW, None),
        (case(tokens=(token(consent=11),)), None, NEW, None),
        (case("Yes", ELSEWHERE), None, NEW, None),
        # without a token: a word of somebody who was asked, on the ticket that waits
        (case(**BY_WORD), None, JOINS, 12),
        (case("hm", **BY_WORD), None, JOINS, None),
        (case("No", **BY_WORD), None, JOINS, 12),
        (case(sender=VICE, **BY_WORD), None, JOINS, None),
        (case(**BY_WORD), AWAY, JOINS, None),
        (case(**BY_WORD), None, NEW, None),
        (case(**BY_WORD), None, Threading(7, "x", "join"), None),
        (case(on=held(phase=Phase.RECEIVED), **BY_WORD), None, JOINS, None),
        (case("Yes", VOID, **BY_WORD), None, JOINS, None),
        (case("Yes", consent(11, ticket=7), consent(), **BY_WORD), None, JOINS, 12),
        # one that was decided is looked at, not the waiting one beside it
        (case("Yes", VOID, consent(13)), None, JOINS, 12),
    ],
)  # fmt: skip
def test_which_consent_a_mail_may_decide(
    one: Case, verdict: Verdict | None, threading: Threading, consent_id: int | None
) -> None:
    found = candidate(one, threading, verdict)
    assert (found.consent.id if found else None) == consent_id


DESK = (Mailbox("help@desk.example"), Mailbox(f"help+{TOKEN}@desk.example"))


@cases(
    ("fields", "found"),
    [
        ({}, ("in-reply-to",)),
        ({"in_reply_to": ("<x@y>", id_of(TOKEN))}, ("in-reply-to",)),
        ({"in_reply_to": (id_of(OLDER),)}, ()),
        ({"cc": DESK[:1]}, ("in-reply-to",)),
        ({"in_reply_to": (), "references": ("<x@y>", id_of(TOKEN))}, ("references",)),
        ({"in_reply_to": (), "references": (id_of(OLDER),)}, ()),
        ({"in_reply_to": (), "to": DESK}, ("to",)),
        ({"in_reply_to": (), "cc": DESK}, ("cc",)),
        ({"in_reply_to": (), "text": f"Yes\n> maild-{TOKEN.upper()}"}, ("body",)),
        ({"in_reply_to": (), "text": f"Yes\n> maild-{OLDER}"}, ()),
        ({"references": (id_of(TOKEN),), "to": DESK, "cc": DESK, "text": f"maild-{TOKEN}"},
         ("in-reply-to", "references", "to", "cc", "body")),
    ],
)  # fmt: skip
def test_every_place_of_a_token_is_named(fields: dict[str, Any], found: tuple[str, ...]) -> None:
    given = {"visible_new_text": "Yes", **fields}
    text = given.pop("text", "Yes")
    assert places(case(text, **given), TOKEN) == found


# ------------------------------------------------------------------------------------- the word


@cases(
    ("one", "verdict"),
    [
        (case("Yes"), "yes"),
        (case("Yes", capped=True), "none"),
        (case("Yes", new_text_confidence=0.0), "none"),
        (case("Yes", new_text_confidence=0.1), "yes"),
        (case("hm", readings=("Yes",)), "unclear"),
        (case("", readings=("Yes",)), "none"),
        (case("Yes", readings=("Yes", "yes!")), "yes"),
        (case("Yes", readings=("Yes", "No")), "unclear"),
        (case("Yes", readings=("",)), "unclear"),
        (case("Yes", endings=("Boss Bela",)), "yes"),
        (case("Yes", endings=("Not before Friday, please.",)), "unclear"),
        (case("Yes", between_quoted=True), "unclear"),
        (case("Yes", consent(request_text="Is it so? Else do not say yes"), below_quoted="Else do not say"), "unclear"),
        (case("Yes", below_quoted="Else do not say"), "yes"),
        # an offer is accepted by words of its own
        (case("I accept", QUOTE), "yes"),
        # names: the writer's in each form, and our agents'
        (case("Yes, Kata Nagy\n\nBoss Bela"), "yes"),
        (case("Yes, Anna\n\nBoss Bela"), "unclear"),
        (case("Yes\n\nboss"), "yes"),
        (case("Yes\n\nBébé", shown="Bébé"), "yes"),
        (case("Yes\n\nBébé"), "unclear"),
        (case("Yes\n\nbela", shown=None), "yes"),
    ],
)  # fmt: skip
def test_the_word_of_an_answer(one: Case, verdict: str) -> None:
    assert word_of(one, one.facts.consents[12]).verdict == verdict


def test_the_writer_is_known_by_their_address_and_by_the_name_on_file() -> None:
    nobody = case("Yes\n\nboss", people={})
    assert word_of(nobody, nobody.facts.consents[12]).verdict == "yes"
    filed = case("Yes\n\nBela", people={BOSS: replace(PEOPLE[BOSS], name="Bela")}, shown="B.")
    filed = replace(filed, sender=replace(filed.sender, name=""))
    assert word_of(filed, filed.facts.consents[12]).verdict == "yes"
