"""Each rule alone: what it finds, its nearest neighbour that it must not find, and what it says then."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.mail.own_ids import Signer, claimed_number
from maild.mail.text.subjects import bare_numbers, tag_numbers, without_tags
from maild.model import Facts, KnownKey, Mailbox, Match
from maild.settings import ThreadingSettings
from tests.unit.decide.factory import facts, mail, ticket
from threading_rules import ORDER, ThreadView, chosen, default_names, table

SIGNER = Signer(b"0123456789abcdef0123456789abcdef", "desk.example")
OTHER = Signer(b"another desk's secret of 32 bytes", "other.example")
TAG = "[#{number}]"


def every(
    rule: str, known: Facts | None = None, recipients: tuple[str, ...] = (), **fields: object
) -> tuple[Match, ...]:
    """All that a rule says."""
    view = ThreadView(
        mail(**fields),  # type: ignore[arg-type]
        known if known is not None else facts(ticket()),
        ThreadingSettings(),
        SIGNER.verify,
        SIGNER.verify_reply_address,
        claimed_number,
        recipients,
    )
    (rule_,) = [one for one in ORDER if one.name == rule]
    matches = rule_.check(view)
    assert all(match.rule == rule and match.because for match in matches)
    assert len(matches) == 1 or all(match.ticket is not None for match in matches)
    return matches


def check(rule: str, known: Facts | None = None, recipients: tuple[str, ...] = (), **fields: object) -> Match:
    """The nearest of it."""
    return every(rule, known, recipients, **fields)[0]


def test_the_one_order_is_the_configurations_default() -> None:
    shipped = tomllib.loads((Path(__file__).parents[3] / "config.toml").read_text(encoding="utf-8"))
    assert tuple(shipped["threading"]["rules"]) == default_names()
    assert [row[0] for row in table()] == [rule.name for rule in ORDER]
    assert chosen(ThreadingSettings()) == tuple(rule for rule in ORDER if rule.on)
    assert all(all(row) for row in table())


def test_every_rule_says_why_it_found_nothing() -> None:
    for rule in ORDER:
        assert check(rule.name).ticket is None


# ------------------------------------------------------------------------------------------ reply_token


def test_signed_id_in_in_reply_to_or_references_is_a_token() -> None:
    signed = SIGNER.message_id(15789, "x7k")
    for fields in ({"in_reply_to": (signed,)}, {"references": (signed, "<a@b>")}):
        match = check("reply_token", **fields)
        assert (match.ticket, match.strength) == (15789, "token")


def test_root_at_the_far_end_of_a_long_references_field_is_found() -> None:
    references = (SIGNER.root_id(15789), *(f"<{n}@x>" for n in range(3000)))
    assert check("reply_token", references=references).ticket == 15789


def test_reply_address_in_to_cc_or_envelope_is_a_token() -> None:
    address = SIGNER.reply_address("help@desk.example", 15789)
    assert check("reply_token", to=(Mailbox(address),)).ticket == 15789
    assert check("reply_token", cc=(Mailbox(address),)).ticket == 15789
    assert check("reply_token", recipients=(address,)).ticket == 15789


def test_forged_signature_and_other_desks_signature_are_none() -> None:
    genuine = SIGNER.message_id(15789, "x7k")
    assert check("reply_token", in_reply_to=(genuine.replace("15789", "15790"),)).ticket is None
    assert check("reply_token", in_reply_to=(OTHER.message_id(15789, "x7k"),)).ticket is None


def test_token_of_a_ticket_that_is_not_there_finds_nothing_and_says_so() -> None:
    match = check("reply_token", in_reply_to=(SIGNER.message_id(404, "x"),))
    assert match.ticket is None
    assert "404 does not exist" in match.because


# ------------------------------------------------------------------------------------------ in_reply_to


def test_in_reply_to_the_customers_own_mail() -> None:
    known = facts(ticket(), known=(KnownKey("<first@acme.example>", 15789, "in"),))
    match = check("in_reply_to", known, in_reply_to=("<first@acme.example>",))
    assert (match.ticket, match.strength) == (15789, "message_id")


def test_in_reply_to_our_mail_is_as_strong_as_a_token() -> None:
    known = facts(ticket(), known=(KnownKey("<rewritten@ses.example>", 15789, "out"),))
    assert check("in_reply_to", known, in_reply_to=("<rewritten@ses.example>",)).strength == "token"


def test_several_ids_in_in_reply_to_our_own_goes_first() -> None:
    known = facts(
        ticket(1), ticket(2), known=(KnownKey("<a@x>", 1, "in"), KnownKey("<b@desk.example>", 2, "out"))
    )
    assert check("in_reply_to", known, in_reply_to=("<junk@x>", "<a@x>", "<b@desk.example>")).ticket == 2


def test_empty_in_reply_to_matches_nothing() -> None:
    known = facts(ticket(), known=(KnownKey("", 15789, "in"), KnownKey("<>", 15789, "in")))
    assert check("in_reply_to", known, in_reply_to=()).ticket is None


def test_id_without_a_ticket_matches_nothing() -> None:
    known = facts(ticket(), known=(KnownKey("<a@x>", None, "in"),))
    assert check("in_reply_to", known, in_reply_to=("<a@x>",)).ticket is None


# ------------------------------------------------------------------------------------------- references


def test_references_nearest_first() -> None:
    known = facts(ticket(1), ticket(2), known=(KnownKey("<old@x>", 1, "in"), KnownKey("<near@x>", 2, "in")))
    assert check("references", known, references=("<old@x>", "<near@x>", "<unknown@x>")).ticket == 2


def test_own_id_that_a_ticket_waits_for_is_a_late_parent() -> None:
    known = facts(ticket(), known=(KnownKey("<new@acme.example>", 15789, "awaited"),))
    match = check("references", known)
    assert (match.ticket, match.strength) == (15789, "message_id")


def test_own_id_that_is_already_known_as_a_mail_is_no_parent() -> None:
    known = facts(ticket(), known=(KnownKey("<new@acme.example>", 15789, "in"),))
    assert check("references", known).ticket is None


# ----------------------------------------------------------------------------------------- thread_index

ROOT = "01d5a4c37a2f1122334455667788990011223344aabb"


def test_thread_index_by_its_first_22_bytes() -> None:
    known = facts(ticket(), known=(KnownKey(f"thread-index:{ROOT}", 15789, "kept"),))
    assert check("thread_index", known, thread_index=ROOT + "0000112233").ticket == 15789
    assert check("thread_index", known, thread_index=ROOT.upper()).ticket == 15789


def test_short_or_unknown_thread_index_matches_nothing() -> None:
    kept = (f"thread-index:{ROOT}", "thread-index:", f"thread-index:{ROOT[:20]}")
    known = facts(ticket(), known=tuple(KnownKey(key, 15789, "kept") for key in kept))
    assert check("thread_index", known, thread_index=ROOT[:20]).ticket is None
    assert check("thread_index", known, thread_index="ff" * 22).ticket is None
    assert check("thread_index", known, thread_index=None).ticket is None


# ------------------------------------------------------------------------------------------ subject_tag

PREFIXES = ("", "Re: ", "RE: AW: ", "Antw: ", "VÁ: ", "SV: ", "WG: ", "Doorst: ", "TR: ", "回复：", "[EXT] Re[2]: ",
            "Továbbítás: ", "ODP: ", "RES: ")  # fmt: skip


@pytest.mark.parametrize("prefix", PREFIXES)
def test_tag_after_any_languages_prefix(prefix: str) -> None:
    match = check("subject_tag", subject=f"{prefix}[#15789] Printer")
    assert (match.ticket, match.strength) == (15789, "tag")


@pytest.mark.parametrize(
    "subject", ["Printer [#15789]", "[# 15789] Printer", "Re: [#15789]Printer", "[#0015789] P"]
)
def test_tag_anywhere_and_after_refolding(subject: str) -> None:
    assert check("subject_tag", subject=subject).ticket == 15789


def test_two_different_tags_are_no_tag_and_twice_the_same_is_one() -> None:
    known = facts(ticket(15789), ticket(15790))
    match = check("subject_tag", known, subject="[#15789] and [#15790]")
    assert match.ticket is None
    assert "15789, 15790" in match.because
    assert check("subject_tag", known, subject="[#15789] Re: [#15789] Printer").ticket == 15789


def test_tag_of_another_desks_maild_finds_nothing() -> None:
    assert check("subject_tag", subject="[#777] Printer").ticket is None
    foreign = check("subject_tag", subject="[#15789] Printer", in_reply_to=(OTHER.message_id(15789, "a"),))
    assert foreign.ticket is None
    assert "another desk" in foreign.because


def test_tag_counts_where_our_own_id_stands_beside_a_foreign_one() -> None:
    ids = (OTHER.message_id(15789, "a"), SIGNER.root_id(15789))
    assert check("subject_tag", subject="[#15789] Printer", references=ids).ticket == 15789


@pytest.mark.parametrize(
    "subject", ["[#\u0661\u0665] P", "[#\uff11\uff15] P", "[#0] P", "[#] P", "[#15789 P", f"[#{'9' * 19}] P"]
)
def test_only_ascii_digits_of_a_sane_length_are_a_tag(subject: str) -> None:
    assert tag_numbers(subject, TAG) == ()


@pytest.mark.parametrize(
    ("tag", "subject", "numbers"),
    [
        ("(Ticket {number})", "Re: (ticket 12) x", (12,)),
        ("HD-{number}", "Re: HD-12: x", (12,)),
        ("HD-{number}", "CHD-12 x, HD-12b", ()),
        ("[.*{number}+]", "[.*12+]", (12,)),
        ("[.*{number}+]", "[abc12+]", ()),
    ],
)
def test_the_tag_format_is_literal(tag: str, subject: str, numbers: tuple[int, ...]) -> None:
    assert tag_numbers(subject, tag) == numbers


# ------------------------------------------------------------------------------------------ bare_number


def test_bare_number_in_the_subject() -> None:
    match = check("bare_number", subject="Printer again (#15789)")
    assert (match.ticket, match.strength) == (15789, "bare")


def test_bare_number_in_the_body_is_not_read() -> None:
    assert check("bare_number", subject="Order", text="#15789 is our order").ticket is None


@pytest.mark.parametrize(
    "subject",
    ["&#15789;", "C#15789", "#15789a", "##15789", "#15789.5", "[#15789] P", "url/#15789", "15789", "# 15789"],
)
def test_what_only_looks_like_a_bare_number(subject: str) -> None:
    assert bare_numbers(subject, TAG) == ()


def test_two_different_bare_numbers_are_none() -> None:
    assert check("bare_number", facts(ticket(1), ticket(2)), subject="#1 or #2?").ticket is None


@given(st.text(max_size=60), st.integers(1, 10**18 - 1), st.text(max_size=60))
def test_a_tag_is_found_in_any_subject_and_taken_out_again(before: str, number: int, after: str) -> None:
    subject = f"{before} [#{number}] {after}"
    assert number in tag_numbers(subject, TAG)
    assert number not in tag_numbers(without_tags(subject, TAG), TAG) or f"[#{number}]" in before + after


@given(st.text(max_size=300))
def test_numbers_of_any_subject_are_positive_and_different(subject: str) -> None:
    found = (*tag_numbers(subject, TAG), *bare_numbers(subject, TAG))
    assert all(number > 0 for number in found)
    assert len(set(tag_numbers(subject, TAG))) == len(tag_numbers(subject, TAG))
