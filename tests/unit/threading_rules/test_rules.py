"""Each rule alone: what it finds, its nearest neighbour that it must not find, and what it says then.

Over 300 lines: every rule with what it finds and what it must not find.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.configchecks import has_file
from maild.mail.own_ids import Signer, claimed_number
from maild.mail.text.subjects import bare_numbers, tag_numbers, without_tags
from maild.model import Calendar, Facts, KnownKey, Mailbox, Match
from maild.settings import ThreadingSettings
from tests.cases import cases
from tests.unit.factory import facts, mail, ticket
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


def test_a_rule_is_called_as_its_file_is() -> None:
    """The configuration knows it by that without importing it."""
    assert [rule.check.__module__ for rule in ORDER] == [f"threading_rules.{rule.name}" for rule in ORDER]
    assert all(has_file(rule.name) for rule in ORDER)


@cases(("rule", "known"), [("example_ticket", True), ("another", False), ("view", False), ("_skeleton", False),
                           ("../example_ticket", False), ("", False)])  # fmt: skip
def test_a_new_rule_is_known_by_its_file(tmp_path: Path, rule: str, known: bool) -> None:
    for name in ("example_ticket", "view", "_skeleton"):
        (tmp_path / f"{name}.py").touch()
    assert has_file(rule, tmp_path) is known


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


def test_several_ids_in_in_reply_to_one_that_we_know_goes_before_one_that_nobody_has_seen() -> None:
    awaited = KnownKey("<junk@x>", 1, "awaited", "anna@acme.example")
    known = facts(ticket(1), ticket(2), known=(awaited, KnownKey("<a@x>", 2, "in")))
    found = every("in_reply_to", known, in_reply_to=("<junk@x>", "<a@x>"))
    assert [(match.ticket, match.strength) for match in found] == [(2, "message_id"), (1, "awaited")]


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


def test_every_ticket_that_is_pointed_to_is_named_and_our_own_mails_first() -> None:
    known = facts(*(ticket(n) for n in range(1, 6)), known=(
        KnownKey("<a1@x>", 1, "in"), KnownKey("<a1@x>", 2, "in"), KnownKey("<a1@x>", 3, "awaited", "bela@acme.example"),
        KnownKey("<b1@x>", 4, "in"), KnownKey("<our@desk.example>", 5, "out"), KnownKey("<b1@x>", 99, "in"),
    ))  # fmt: skip
    found = every("in_reply_to", known, in_reply_to=("<a1@x>", "<b1@x>", "<our@desk.example>"))
    assert [(one.ticket, one.strength) for one in found] == [
        (5, "token"), (2, "message_id"), (1, "message_id"), (4, "message_id"), (3, "awaited"),
    ]  # fmt: skip
    far = every("references", known, references=("<b1@x>", "<a1@x>"))
    assert [one.ticket for one in far] == [2, 1, 3, 4]


def test_of_tickets_that_wait_for_one_mail_who_waited_first_goes_first() -> None:
    awaiting = tuple(KnownKey("<new@acme.example>", n, "awaited", f"p{n}@acme.example") for n in (3, 1, 2))
    found = every("references", facts(ticket(1), ticket(2), ticket(3), known=awaiting))
    assert [(one.ticket, one.strength) for one in found] == [(n, "message_id") for n in (1, 2, 3)]


def test_own_id_that_a_ticket_waits_for_is_a_late_parent() -> None:
    known = facts(ticket(), known=(KnownKey("<new@acme.example>", 15789, "awaited"),))
    match = check("references", known)
    assert (match.ticket, match.strength) == (15789, "message_id")


def test_own_id_that_is_already_known_as_a_mail_is_no_parent() -> None:
    known = facts(ticket(), known=(KnownKey("<new@acme.example>", 15789, "in"),))
    assert check("references", known).ticket is None


# ----------------------------------------------------------------------------------------- thread_index

ROOT = "01d5a4c37a2f1122334455667788990011223344aabb"


ANSWER, ANSWERED_AGAIN = ROOT + "0000112233", ROOT + "0000112233" + "4455667788"


def index_known(*keys: str, origin: Any = "kept", **fields: Any) -> Facts:
    known = tuple(KnownKey(f"thread-index:{key}", 15789, origin, **fields) for key in keys)
    return facts(ticket(), known=known)


def test_thread_index_continues_that_of_a_mail_of_the_ticket() -> None:
    match = check("thread_index", index_known(ROOT), thread_index=ANSWER)
    assert (match.ticket, match.strength) == (15789, "message_id")
    assert check("thread_index", index_known(ROOT), thread_index=ANSWERED_AGAIN.upper()).ticket == 15789
    assert check("thread_index", index_known(ANSWER), thread_index=ANSWERED_AGAIN).ticket == 15789


def test_thread_index_of_a_sibling_is_no_evidence() -> None:
    """Two answers to a mail that nobody has seen have the same beginning and nothing else in common."""
    assert check("thread_index", index_known(ANSWER), thread_index=ROOT + "ffffffffff").ticket is None


def test_thread_index_of_a_mail_that_nobody_has_seen_is_its_senders() -> None:
    match = check(
        "thread_index", index_known(ROOT, origin="awaited", sender="anna@acme.example"), thread_index=ANSWER
    )
    assert (match.ticket, match.strength, match.awaited_by) == (15789, "awaited", "anna@acme.example")


def test_thread_index_that_was_waited_for_is_the_parent_itself() -> None:
    known = index_known(ROOT, origin="awaited", sender="anna@acme.example")
    match = check("thread_index", known, thread_index=ROOT, subject="Printer")
    assert (match.ticket, match.strength) == (15789, "message_id")


@cases(
    ("subject", "ticket_number"),
    [
        ("Printer", 15789), ("PRINTER ", 15789), ("Re: Something else", 15789), ("AW: Anderes", 15789),
        ("VÁ: más", 15789), ("[EXT] Antw: iets", 15789), ("[#15789] Printer", 15789), ("Fwd: Printer", 15789),
        ("New employee: Emil Gross", None), ("Printer 2", None), ("", None), ("Fwd: Something else", None),
    ],
)  # fmt: skip
def test_beginning_of_22_bytes_counts_only_beside_a_reply_prefix_or_the_same_subject(
    subject: str, ticket_number: int | None
) -> None:
    match = check("thread_index", index_known(ROOT), thread_index=ROOT, subject=subject)
    assert match.ticket == ticket_number
    assert ticket_number or "begins a conversation" in match.because


def test_template_that_several_tickets_know_points_to_the_one_with_the_same_subject_first() -> None:
    key = f"thread-index:{ROOT}"
    known = facts(ticket(1, subject="Dora Klein"), ticket(2, subject="Emil Gross"), ticket(3, subject="Flora Hut"),
                  known=tuple(KnownKey(key, n, "kept") for n in (1, 2, 3)))  # fmt: skip
    found = every("thread_index", known, thread_index=ANSWER, subject="Re: Emil Gross")
    assert [match.ticket for match in found] == [2, 3, 1]


def test_short_or_unknown_thread_index_matches_nothing() -> None:
    known = index_known(ROOT, "", ROOT[:20])
    assert check("thread_index", known, thread_index=ROOT[:20]).ticket is None
    assert check("thread_index", known, thread_index="ff" * 22).ticket is None
    assert check("thread_index", known, thread_index=None).ticket is None


def test_thread_index_keeps_its_own_and_waits_for_what_it_answers() -> None:
    (rule,) = [one for one in ORDER if one.name == "thread_index"]
    assert rule.keeps is not None
    kept = rule.keeps(mail(thread_index=ANSWERED_AGAIN))
    assert kept.mine == (f"thread-index:{ANSWERED_AGAIN}",)
    assert kept.awaited == (f"thread-index:{ANSWER}", f"thread-index:{ROOT}")
    assert rule.keeps(mail(thread_index=ROOT)).awaited == ()
    assert rule.keeps(mail()).mine == ()


# --------------------------------------------------------------------------------------------- meetings


def meeting(uid: str) -> Calendar:
    return Calendar("REQUEST", "Visit", "2026-11-03 09:00", "2026-11-03 10:00", uid=uid)


def test_meeting_whose_uid_a_ticket_knows_is_that_tickets() -> None:
    known = facts(ticket(), known=(KnownKey("calendar:abc1@acme.example", 15789, "kept"),))
    match = check("references", known, calendar=meeting("abc1@acme.example"))
    assert (match.ticket, match.strength) == (15789, "message_id")
    assert check("references", known, calendar=meeting("abc2@acme.example")).ticket is None
    assert check("references", known, calendar=meeting("")).ticket is None


def test_meetings_uid_of_any_length_is_a_key_of_a_sane_one() -> None:
    (rule,) = [one for one in ORDER if one.name == "references"]
    assert rule.keeps is not None
    assert rule.keeps(mail(calendar=meeting("abc1"))).mine == ("calendar:abc1",)
    (key,) = rule.keeps(mail(calendar=meeting("x" * 1000))).mine
    assert len(key) < 100
    assert rule.keeps(mail(calendar=meeting(""))).mine == ()


# ------------------------------------------------------------------------------------------ subject_tag

PREFIXES = ("", "Re: ", "RE: AW: ", "Antw: ", "VÁ: ", "SV: ", "WG: ", "Doorst: ", "TR: ", "回复：", "[EXT] Re[2]: ",
            "Továbbítás: ", "ODP: ", "RES: ")  # fmt: skip


@cases("prefix", PREFIXES)
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


@cases(
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
