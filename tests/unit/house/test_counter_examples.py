"""Every rule that decides about a mail stands beside an example and its nearest neighbour, which it must leave alone.

The tests walk the tables themselves: a rule without the two, or one that does not tell them apart, fails here.
"""

from __future__ import annotations

import pytest

from maild.mail.guard import GUARDS, Guard, GuardContext, _skeleton
from maild.mail.guard.context import view_of
from maild.mail.keywords import default_keywords, matcher, tokens
from maild.mail.own_ids import Signer, claimed_number
from maild.mail.parse import parse_mail
from maild.mail.word_files import words_of
from maild.model import LANGUAGES, Facts, KnownKey, Mail
from maild.settings import Guards, Settings, ThreadingSettings
from maild.ticket.classify import EXAMPLES, PRECEDENCE, classify
from maild.ticket.vocabulary import TicketKind
from tests.unit.factory import HELP, envelope, facts, ticket
from threading_rules import ORDER, Rule, ThreadView
from threading_rules import _skeleton as rule_skeleton

SIGNER = Signer(b"0123456789abcdef0123456789abcdef", "desk.example")
THREADING = ThreadingSettings()
CTX = GuardContext(desk_addresses=(HELP,), instance="7f3a", guards=Guards(spam_header="X-Spam-Flag: YES"))
DESK = Settings(keywords=default_keywords())
TABLES = [
    (language, number, row)
    for language in ("any", *LANGUAGES)
    for number, row in enumerate(words_of(language)["keywords"])
]


def written(lines: str) -> Mail:
    """A person's mail with these lines of header, and perhaps a text."""
    head, blank, text = lines.partition("\n\n")
    usual = [
        ("From", "Anna <anna@acme.example>"),
        ("Subject", "Printer"),
        ("Date", "Mon, 2 Nov 2026 10:12:00 +0100"),
    ]
    more = [f"{name}: {value}" for name, value in usual if f"\n{name}:" not in f"\n{head}"]
    body = text if blank else "It does not print."
    return parse_mail("\n".join((*more, head, "", body)).encode())


# ---------------------------------------------------------------------------------------------- threading rules


def ours(rule: Rule) -> tuple[Mail, Mail, Facts]:
    """The rule's example, its counter-example, and a desk that knows all that the example asks for."""
    signed = SIGNER.message_id(15789, "x7k")
    example = written(rule.example.replace("<maild.15789.x7k.SIG@desk.example>", signed))
    asked = rule.asks(example, THREADING, ())
    known = tuple(KnownKey(key, 15789, "in") for key in (*asked.ids, *asked.keys) if key != signed)
    there = facts(ticket(15789, subject="Printer"), ticket(15790, subject="Printer"), known=known)
    return example, written(rule.counter_example), there


def found(rule: Rule, mail: Mail, known: Facts) -> set[int | None]:
    view = ThreadView(mail, known, THREADING, SIGNER.verify, SIGNER.verify_reply_address, claimed_number)
    return {match.ticket for match in rule.check(view)}


@pytest.mark.parametrize("rule", [*ORDER, rule_skeleton.RULE], ids=lambda rule: rule.name)
def test_a_threading_rule_finds_its_example_and_not_its_neighbour(rule: Rule) -> None:
    example, neighbour, known = ours(rule)
    assert found(rule, example, known) == {15789}
    assert found(rule, neighbour, known) == {None}


# -------------------------------------------------------------------------------------------------------- guards


def guards() -> list[Guard]:
    skeleton = _skeleton
    return [
        *GUARDS,
        Guard(
            skeleton.name, skeleton.description, skeleton.example, skeleton.counter_example, skeleton.check
        ),
    ]


@pytest.mark.parametrize("guard", guards(), ids=lambda guard: guard.name)
def test_a_guard_stops_its_example_and_not_its_neighbour(guard: Guard) -> None:
    said = [
        guard.check(view_of(mail, envelope(), CTX))
        for mail in (written(guard.example), written(guard.counter_example))
    ]
    assert said[0] is not None
    assert said[0].guard == guard.name
    assert said[1] is None


# --------------------------------------------------------------------------------------- what a request is about


@pytest.mark.parametrize("kind", PRECEDENCE)
def test_a_kind_is_that_of_its_example_and_not_of_its_neighbour(kind: TicketKind) -> None:
    example, neighbour = EXAMPLES[kind]
    assert classify("", example, "en", None, DESK).kind == kind
    assert classify("", neighbour, "en", None, DESK).kind != kind


@pytest.mark.parametrize(("language", "number", "row"), TABLES)
def test_a_table_of_words_hits_its_example_and_not_its_neighbour(
    language: str, number: int, row: dict[str, object]
) -> None:
    words = matcher((tuple(row["words"]),))  # type: ignore[arg-type]
    assert words.hits(tokens(str(row["example"]))), (language, number)
    assert not words.hits(tokens(str(row["counter_example"]))), (language, number)
