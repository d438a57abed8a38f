# ruff: noqa: E501
"""Each condition of a written consent by itself: what it takes, what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from maild.consent import letter
from maild.consent.conditions import CONDITIONS, ApprovalAnswer, check_all
from maild.consent.decision_word import Word
from maild.mail.auth.block import block_of
from maild.model import (
    AuthResult,
    CompanyFacts,
    ConsentFacts,
    Membership,
    PersonFacts,
    Reason,
    Sender,
    TokenFacts,
    Verdict,
)
from maild.settings import Settings
from maild.ticket.phases import ConsentState, Phase
from maild.ticket.vocabulary import ConsentKind
from tests.cases import cases
from tests.unit.factory import NOW, envelope, mail, ticket

BOSS = "boss@acme.example"
SIGNED = ("from", "subject", "date", "in-reply-to", "to", "content-type")
HEAD = b"From: boss@acme.example\r\nTo: help@desk.example\r\nSubject: [#15789] x\r\nDate: x\r\nIn-Reply-To: <t>\r\nContent-Type: text/plain\r\n"
LATER = NOW + timedelta(days=7)
HOUR = timedelta(hours=1)


def person(address: str = BOSS, *, company: str = "acme", **fields: Any) -> PersonFacts:
    place = Membership(company, ("approver",), fields.pop("approves", ()))
    return PersonFacts(1, address, "Boss", memberships=(place,), addresses=(address, *fields.pop("more", ())))


TOKEN = TokenFacts("h", 12, BOSS, "<t>", LATER)
CONSENT = ConsentFacts(
    12, 15789, ConsentKind.PERMISSION, ConsentState.WAITING, NOW - HOUR, LATER, (BOSS,), "anna@acme.example", "0" * 64, "x", "dmarc", Phase.RECEIVED,
    (TOKEN,),
)  # fmt: skip
GOOD = ApprovalAnswer(
    mail=mail(f"Boss <{BOSS}>", "Re: [#15789] x", "Yes"), envelope=envelope(BOSS), block=block_of(HEAD),
    sender=Sender(BOSS, "Boss", "contact", BOSS, "acme"), person=person(),
    auth=AuthResult("dmarc-pass", "dkim", "acme.example", SIGNED, True), word=Word("yes", "'yes'"), verdict=None,
    token=TOKEN, places=("in-reply-to",), consent=CONSENT, ticket=ticket(phase="awaiting_approval"),
    company=CompanyFacts("acme", "Acme"), settings=Settings(),
)  # fmt: skip

Change = Callable[[ApprovalAnswer], ApprovalAnswer]
CHECKS = {c.name: c.check for c in CONDITIONS}


def sent_by(address: str, **fields: Any) -> Change:
    return lambda a: replace(a, sender=replace(a.sender, address=address), person=person(address, **fields))


def consent(**fields: Any) -> Change:
    return lambda a: replace(a, consent=replace(a.consent, **fields))


def token(**fields: Any) -> Change:
    return lambda a: replace(a, token=replace(TOKEN, **fields))


def head(more: bytes) -> Change:
    return lambda a: replace(a, block=block_of(HEAD + more))


def dated(at: Any) -> Change:
    return lambda a: replace(a, mail=replace(a.mail, date=at))


def subject(text: str) -> Change:
    return lambda a: replace(a, mail=replace(a.mail, subject=text))


def unread(why: str) -> Change:
    """Without a From that could be read, and why."""
    defect = Reason("from", why) if why else None
    return lambda a: replace(a, mail=replace(a.mail, sender=None, sender_defect=defect))


REFUSED: list[tuple[str, str, Change]] = [
    ("token_known", "no token", lambda a: replace(a, token=None)),
    ("token_known", "of another consent", token(consent_id=13)),
    ("token_unspent", "spent", token(spent_at=NOW)),
    ("token_unspent", "spent by the answer that granted", lambda a: consent(state="granted")(token(spent_at=NOW)(a))),
    ("request_unchanged", "void", consent(state="void")),
    ("consent_waiting", "granted by another", consent(state="granted")),
    ("consent_waiting", "withdrawn", consent(state="withdrawn")),
    ("consent_waiting", "merged", lambda a: replace(a, ticket=ticket(phase="merged"))),
    ("unexpired", "too late", consent(expires_at=NOW - HOUR)),
    ("unexpired", "token too late", token(expires_at=NOW - HOUR)),
    ("token_known", "in References alone", lambda a: replace(a, places=("references",))),
    ("token_known", "in the envelope alone", lambda a: replace(a, places=())),
    ("token_covered", "unsigned field", lambda a: replace(a, places=("cc", "references"))),
    ("token_covered", "one of two fields", head(b"In-Reply-To: <u>\r\n")),
    ("token_covered", "body signed in part", lambda a: replace(a, places=("body",), auth=replace(a.auth, whole_body=False))),
    ("strict_from", "none", lambda a: replace(a, mail=replace(a.mail, sender=None))),
    ("bound_approver", "another approver", sent_by("vice@acme.example")),
    ("approver_now", "no person", lambda a: replace(a, person=None)),
    ("approver_now", "of another company", sent_by("gina@globex.example", company="globex")),
    ("approver_now", "no approver", lambda a: replace(a, person=PersonFacts(1, BOSS, "", memberships=(Membership("acme"),)))),
    ("approver_now", "of other kinds", sent_by(BOSS, approves=("quote",))),
    ("approver_now", "no company", lambda a: replace(a, company=None)),
    ("approver_now", "the ticket moved", lambda a: replace(a, ticket=ticket(company="globex"))),
    ("not_requester", "by address", consent(requester=BOSS)),
    ("not_requester", "nobody we know", lambda a: replace(consent(requester=BOSS)(a), person=None)),
    ("not_requester", "by another address", sent_by(BOSS, more=("anna@acme.example",))),
    ("not_requester", "by a tagged address", consent(requester="boss+it@acme.example")),
    ("header_clean", "bare CR", head(b"X: a\rb\r\n")),
    ("header_clean", "NUL", head(b"X: a\0b\r\n")),
    ("header_once", "two subjects", head(b"subject: y\r\n")),
    ("authenticated", "fail", lambda a: replace(a, auth=AuthResult("dmarc-fail"))),
    ("authenticated", "unknown", lambda a: replace(a, auth=AuthResult("temperror"))),
    ("fields_covered", "content type", lambda a: replace(a, auth=replace(a.auth, signed=SIGNED[:5]))),
    ("date_after_request", "before", dated(NOW - 2 * HOUR)),
    ("date_after_request", "two minutes and a second before", dated(NOW - HOUR - timedelta(seconds=121))),
    ("date_after_request", "none", dated(None)),
    ("date_near_reception", "long before", dated(NOW - timedelta(days=2))),
    ("date_near_reception", "long after", dated(NOW + timedelta(days=2))),
    ("subject_tag", "none", subject("Re: x")),
    ("subject_tag", "other", subject("[#15788] x")),
    ("subject_tag", "both", subject("[#15789] [#15788]")),
    ("to_the_desk", "to somebody else", lambda a: replace(a, block=block_of(HEAD.replace(b"help@", b"anna@")))),
    ("to_the_desk", "twice", head(b"To: help@desk.example\r\n")),
    ("to_the_desk", "a group", lambda a: replace(a, block=block_of(HEAD.replace(b"help@desk.example", b"x: help@desk.example;")))),
    ("to_covered", "To is not signed", lambda a: replace(a, auth=replace(a.auth, signed=SIGNED[:4]))),
    ("decision_word", "unclear", lambda a: replace(a, word=Word("unclear", "?"))),
    ("decision_word", "none", lambda a: replace(a, word=Word("none", "?"))),
    ("not_automatic", "vacation", lambda a: replace(a, verdict=Verdict("auto_reply", (Reason("auto-submitted"),)))),
]  # fmt: skip

SLACK = timedelta(minutes=GOOD.settings.approval.date_slack_minutes)

TAKEN: list[tuple[str, str, Change]] = [
    ("unexpired", "at the very end", consent(expires_at=NOW)),
    ("date_near_reception", "as far as may be", dated(NOW - SLACK)),
    ("date_after_request", "a clock that is two minutes slow", dated(NOW - HOUR - timedelta(minutes=2))),
    ("consent_waiting", "received in time, checked after the end", consent(state="expired")),
    ("not_requester", "an offer is theirs to accept", consent(requester=BOSS, kind="quote")),
    ("to_the_desk", "in Cc", lambda a: replace(a, block=block_of(HEAD.replace(b"help@", b"anna@") + b"Cc: x@y.example, Help <HELP@desk.example>\r\n"))),
    ("to_the_desk", "a plus address", lambda a: replace(a, block=block_of(HEAD.replace(b"help@", b"help+x@")))),
    ("token_covered", "signed body", lambda a: replace(a, places=("body",))),
    ("bound_approver", "another address of theirs", sent_by("bela@acme.example", more=(BOSS,))),
    ("approver_now", "the requester confirms", lambda a: replace(consent(kind="confirm")(a), person=person())),
    ("approver_now", "of that kind", sent_by(BOSS, approves=("permission",))),
    ("not_requester", "allowed", lambda a: replace(consent(requester=BOSS)(a), company=CompanyFacts("acme", "A", self_approval=("permission",)))),
    ("not_requester", "confirmation", consent(requester=BOSS, kind="confirm")),
    ("date_after_request", "a clock that is a minute slow", dated(NOW - HOUR - timedelta(minutes=1))),
    ("subject_tag", "twice the same", subject("[#15789] Re: [#15789]")),
    ("decision_word", "a no", lambda a: replace(a, word=Word("no", "'no'"))),
]  # fmt: skip


@cases(("name", "case", "change"), REFUSED, ids=[f"{n}: {c}" for n, c, _ in REFUSED])
def test_it_refuses(name: str, case: str, change: Change) -> None:
    ok, evidence = CHECKS[name](change(GOOD))
    assert not ok
    assert evidence


#: cases in which two conditions have something of their own to refuse
ALSO = {
    ("not_requester", "nobody we know"): {"approver_now"},
    ("approver_now", "of another company"): {"bound_approver"},
    ("date_after_request", "none"): {"date_near_reception"},
    ("date_near_reception", "long before"): {"date_after_request"},
    ("to_covered", "To is not signed"): {"fields_covered"},
}


@cases(("name", "case", "change"), REFUSED, ids=[f"{n}: {c}" for n, c, _ in REFUSED])
def test_one_cause_is_refused_by_one_condition(name: str, case: str, change: Change) -> None:
    refused = {row.name for row in check_all(change(GOOD)) if not row.ok}
    assert refused == {name} | ALSO.get((name, case), set())


def test_a_mail_without_anything_is_refused_for_what_it_lacks_and_every_condition_says_something() -> None:
    bare = replace(
        GOOD, token=None, places=(), sender=replace(GOOD.sender, address=None), person=None, company=None,
        mail=replace(GOOD.mail, sender=None, date=None), auth=AuthResult("none"), block=block_of(b""),
    )  # fmt: skip
    rows = check_all(bare)
    assert {row.name for row in rows if not row.ok} == {
        "token_known",
        "strict_from",
        "authenticated",
        "date_after_request",
        "date_near_reception",
        "to_the_desk",
    }
    assert [row.name for row in rows if not row.evidence] == []


@cases(
    ("name", "change", "words"),
    [
        ("token_known", token(consent_id=13), "the token of C13"),
        ("token_unspent", token(spent_at=NOW), "spent 2026-11-02"),
        ("header_once", lambda a: a, "each field once"),
        ("fields_covered", lambda a: a, "From, Subject, Date and the MIME fields are signed"),
        ("header_clean", head(b"X: a\rb\r\n"), "a"),
        ("header_clean", lambda a: a, "well-formed"),
        ("strict_from", unread("two mailboxes"), "two mailboxes"),
        ("strict_from", unread(""), "no single strict From"),
        ("header_once", head(b"subject: y\r\n"), "more than once: subject"),
        ("fields_covered", lambda a: replace(a, auth=replace(a.auth, signed=SIGNED[:5])), "not signed: content-type"),
        ("date_near_reception", dated(NOW - timedelta(days=2)), "2880 minutes"),
        ("approver_now", sent_by(BOSS, approves=("quote",)), "approves quote"),
        ("bound_approver", sent_by("vice@acme.example"), f"asked {BOSS}, answered vice@acme.example"),
        ("consent_waiting", lambda a: replace(a, ticket=ticket(phase="merged")), "#15789 is merged"),
        ("to_the_desk", head(b"To: help@desk.example\r\n"), "more than once: to"),
    ],
)  # fmt: skip
def test_the_evidence_names_what_was_found(name: str, change: Change, words: str) -> None:
    assert words in CHECKS[name](change(GOOD))[1]


@cases(("name", "case", "change"), TAKEN, ids=[f"{n}: {c}" for n, c, _ in TAKEN])
def test_it_takes(name: str, case: str, change: Change) -> None:
    assert CHECKS[name](change(GOOD))[0]


def test_an_honest_answer_passes_every_condition_and_each_tells_its_evidence() -> None:
    rows = check_all(GOOD)
    assert [r.name for r in rows] == [c.name for c in CONDITIONS]
    assert all(r.ok and r.evidence for r in rows)


def test_each_condition_has_a_case_that_it_refuses() -> None:
    assert {name for name, _, _ in REFUSED} == CHECKS.keys()


def test_with_the_token_alone_the_conditions_of_the_signature_are_left_out() -> None:
    rows = check_all(replace(GOOD, consent=replace(CONSENT, require="token"), auth=AuthResult("none")))
    assert {c.name for c in CONDITIONS} - {r.name for r in rows} == {
        "token_covered",
        "authenticated",
        "fields_covered",
        "to_covered",
        "date_after_request",
        "date_near_reception",
        "subject_tag",
    }
    assert all(r.ok for r in rows)


def test_evidence_is_cut_where_it_is_long() -> None:
    rows = {row.name: row for row in check_all(replace(GOOD, word=Word("unclear", "x" * 500)))}
    assert len(rows["decision_word"].evidence) == 400
    wordy = Verdict("auto_reply", (Reason("auto-submitted", "x" * 500),))
    assert len(letter.not_automatic(replace(GOOD, verdict=wordy))[1]) == 300


#: changes that make a mail no more its writer's own
NOT_GENUINE = {"authenticated", "fields_covered", "strict_from", "header_clean", "header_once", "to_the_desk", "to_covered",
               "date_near_reception", "not_automatic"}  # fmt: skip


@cases(("name", "case", "change"), [*REFUSED, ("", "", lambda a: a)])
def test_a_mail_is_genuine_where_nothing_of_its_letter_is_refused(
    name: str, case: str, change: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    a = change(GOOD)
    monkeypatch.setattr(letter, "block_of", lambda _: a.block)
    refused = {name} | ALSO.get((name, case), set())
    assert letter.genuine(a.mail, a.envelope, a.auth, a.verdict, a.settings) == (not refused & NOT_GENUINE)
