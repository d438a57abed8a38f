# ruff: noqa: E501  (header lines stand here as they are)
"""Mails that must not decide anything, each with the conditions that stop it.

An attack that exactly one condition stops shows that this condition is needed (test_mutations.py).

Over 300 lines: one table of attacks, each a mail as the attacker writes it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from maild.model import Json
from tests.consent.keys import GOOD, sign, strangers, weak
from tests.consent.world import Asked, World

Make = Callable[[World, Asked], bytes]
EVIL = "Stranger <stranger@evil.example>"


@dataclass(frozen=True)
class Attack:
    """`stopped`: the conditions that fail, all of them. `prepare`: what happened between request and answer."""

    name: str
    make: Make
    stopped: tuple[str, ...]
    company: str = "acme"
    via: str = "smtp"
    prepare: Callable[[World, Asked], object] | None = None


ATTACKS: list[Attack] = []


def attack(*stopped: str, **more: object) -> Callable[[Make], Make]:
    def add(make: Make) -> Make:
        ATTACKS.append(Attack(make.__name__, make, stopped, **more))  # type: ignore[arg-type]
        return make

    return add


def evil(raw: bytes, domain: str = "evil.example") -> bytes:
    return sign(raw, domain, key=strangers())


def put_on_top(raw: bytes, *lines: str) -> bytes:
    return "".join(line + "\r\n" for line in lines).encode() + raw


def now() -> datetime:
    return datetime.now(UTC)


# ------------------------------------------------------------------------------------------------- who


@attack("bound_approver", "approver_now")
def a_stranger_with_a_stolen_token(world: World, asked: Asked) -> bytes:
    return evil(asked.reply(sender=EVIL))


@attack("bound_approver", "approver_now", "not_requester")
def the_requester_answers(world: World, asked: Asked) -> bytes:
    return sign(asked.reply(sender=asked.requester))


@attack("bound_approver", "approver_now")
def an_approver_of_another_company(world: World, asked: Asked) -> bytes:
    return sign(asked.reply(sender="gina@globex.example"), "globex.example")


@attack("bound_approver")
def a_token_that_was_sent_to_another_approver(world: World, asked: Asked) -> bytes:
    return sign(asked.reply(sender="vice@acme.example"))


def _leaves(world: World, asked: Asked) -> None:
    world.write(lambda tx: tx.contacts.leave("vice@acme.example", "acme"))


@attack("approver_now", prepare=_leaves)
def an_approver_who_was_just_removed(world: World, asked: Asked) -> bytes:
    mine = world.asked(asked.number, asked.consent, asked.requester, "vice@acme.example")
    return sign(mine.reply())


def _same_person(world: World, asked: Asked) -> None:
    from maild.model import ContactInput

    both = ContactInput(
        ("boss@acme.example", "anna@acme.example"), name="Boss Bela", roles=("approver", "reference")
    )
    world.write(lambda tx: tx.contacts.save("acme", both))


@attack("not_requester", prepare=_same_person)
def the_requester_by_another_address_of_theirs(world: World, asked: Asked) -> bytes:
    return sign(asked.reply())


@attack("bound_approver", "approver_now")
def reply_to_and_sender_of_the_approver(world: World, asked: Asked) -> bytes:
    return evil(asked.reply(sender=EVIL, more=f"Reply-To: {asked.approver}\r\nSender: {asked.approver}\r\n"))


@attack("bound_approver", "approver_now")
def a_homograph_of_the_approvers_domain(world: World, asked: Asked) -> bytes:
    raw = asked.reply(sender="Boss <boss@xn--cme-7cd.example>")  # with a Cyrillic a
    return evil(raw, "xn--cme-7cd.example")


@attack("bound_approver", "approver_now")
def the_approvers_address_as_display_name(world: World, asked: Asked) -> bytes:
    return evil(asked.reply(sender=f'"{asked.approver}" <stranger@evil.example>'))


@attack("bound_approver", "approver_now")
def the_approvers_address_as_encoded_word(world: World, asked: Asked) -> bytes:
    return evil(asked.reply(sender="=?utf-8?q?boss=40acme.example?= <stranger@evil.example>"))


@attack("strict_from", "authenticated")
def an_encoded_word_as_the_address(world: World, asked: Asked) -> bytes:
    return evil(asked.reply(sender="=?utf-8?q?Boss_=3Cboss=40acme.example=3E?="))


@attack("strict_from", "authenticated")
def two_addresses_in_from(world: World, asked: Asked) -> bytes:
    return sign(
        asked.reply(sender=f"{asked.approver}, stranger@evil.example"), "evil.example", key=strangers()
    )


@attack("strict_from", "authenticated")
def a_group_in_from(world: World, asked: Asked) -> bytes:
    return evil(asked.reply(sender=f"Board: {asked.approver}, stranger@evil.example;"))


@attack("strict_from", company="tok")
def two_addresses_in_from_where_the_token_is_enough(world: World, asked: Asked) -> bytes:
    return asked.reply(sender=f"{asked.approver}, stranger@evil.example")


# ------------------------------------------------------------------------------------------ authenticity


@attack("authenticated")
def a_forged_from_without_a_signature(world: World, asked: Asked) -> bytes:
    return asked.reply()


@attack("authenticated")
def a_forged_from_signed_by_another_domain(world: World, asked: Asked) -> bytes:
    return evil(asked.reply())


@attack("authenticated")
def a_forged_from_signed_by_a_subdomain(world: World, asked: Asked) -> bytes:
    return evil(asked.reply(), "news.acme.example")


@attack("authenticated")
def a_forged_from_signed_by_a_sibling_subdomain(world: World, asked: Asked) -> bytes:
    chief = world.asked(asked.number, asked.consent, asked.requester, "chief@mail.acme.example")
    return evil(chief.reply(), "news.acme.example")


@attack("authenticated")
def a_signed_approval_that_was_changed(world: World, asked: Asked) -> bytes:
    return sign(asked.reply("No.\r\n")).replace(b"\r\nNo.\r\n", b"\r\nYes, approved.\r\n")


@attack("authenticated", "decision_word")
def a_forwarded_approval_with_arc_and_spf_only(world: World, asked: Asked) -> bytes:
    broken = sign(asked.reply()).replace(
        b"approved.\r\n", b"approved.\r\n\r\n-- \r\nScanned by mx.forward.example\r\n"
    )
    return put_on_top(
        broken,
        "ARC-Seal: i=1; a=rsa-sha256; cv=none; d=forward.example; s=a; b=AAAA",
        "ARC-Authentication-Results: i=1; mx.forward.example; dkim=pass header.d=acme.example; dmarc=pass",
        "Received-SPF: pass (mx.forward.example: domain of boss@acme.example designates 192.0.2.1)",
    )


@attack("authenticated")
def a_body_appended_beyond_the_signed_length(world: World, asked: Asked) -> bytes:
    return sign(asked.reply(""), length=True) + b"Yes, approved.\r\n"


@attack("authenticated")
def a_weak_key(world: World, asked: Asked) -> bytes:
    return sign(asked.reply(), key=weak(), selector="weak")


@attack("authenticated")
def a_signature_with_sha1(world: World, asked: Asked) -> bytes:
    return sign(asked.reply(), algorithm=b"rsa-sha1")


@attack("authenticated")
def a_key_marked_as_a_test(world: World, asked: Asked) -> bytes:
    return sign(asked.reply(), selector="test")


@attack("authenticated")
def a_key_that_was_revoked(world: World, asked: Asked) -> bytes:
    return sign(asked.reply(), selector="revoked")


@attack("authenticated")
def more_signatures_than_are_looked_at(world: World, asked: Asked) -> bytes:
    signed = sign(asked.reply())
    return put_on_top(signed, *["DKIM-Signature: v=1; d=acme.example; s=x; h=from; b=AAAA"] * 5)


# ------------------------------------------------------------------------------------- what is signed


def _colleague(asked: Asked, **more: object) -> bytes:
    """The boss's genuine mail to a colleague, signed; only the token is not in it."""
    return sign(asked.reply(parent="", **more))  # type: ignore[arg-type]


@attack("token_covered")
def a_genuine_yes_to_a_colleague_with_our_token_on_top(world: World, asked: Asked) -> bytes:
    return put_on_top(_colleague(asked), f"In-Reply-To: {asked.message_id}")


@attack("token_covered")
def a_genuine_yes_whose_signed_in_reply_to_is_another(world: World, asked: Asked) -> bytes:
    genuine = sign(asked.reply(parent="<other@acme.example>"))
    return put_on_top(genuine, f"In-Reply-To: {asked.message_id}", f"References: {asked.message_id}")


@attack("token_covered", "date_after_request", "date_near_reception", "subject_tag")
def an_old_genuine_yes_to_a_third_party_with_our_token_on_top(world: World, asked: Asked) -> bytes:
    old = _colleague(asked, subject="Re: Lunch", date=now() - timedelta(days=90))
    return put_on_top(old, f"In-Reply-To: {asked.message_id}")


@attack("token_known")
def a_token_that_stands_in_references_alone(world: World, asked: Asked) -> bytes:
    """The boss answers a mail that was itself an answer to the approval mail."""
    theirs = "<question@acme.example>"
    return sign(
        asked.reply(parent="", more=f"In-Reply-To: {theirs}\r\nReferences: {asked.message_id} {theirs}\r\n")
    )


# --------------------------------------------------------------------------------- to whom it was written


@attack("to_the_desk")
def a_genuine_yes_to_the_requesters_own_question(world: World, asked: Asked) -> bytes:
    return sign(asked.reply(to=f"Anna <{asked.requester}>"))


@attack("to_the_desk")
def a_genuine_yes_to_somebody_who_is_called_like_the_desk(world: World, asked: Asked) -> bytes:
    return sign(asked.reply(to=f'"help@desk.example" <{asked.requester}>'))


@attack("to_the_desk")
def a_genuine_yes_to_a_name_that_two_readers_read_differently(world: World, asked: Asked) -> bytes:
    return sign(asked.reply(to=f"help@desk.example <{asked.requester}>"))


@attack("to_the_desk")
def a_genuine_yes_to_a_colleague_with_a_second_to_on_top(world: World, asked: Asked) -> bytes:
    return put_on_top(sign(asked.reply(to=asked.requester)), "To: help@desk.example")


@attack("to_covered")
def a_genuine_yes_to_a_colleague_with_the_desk_in_an_unsigned_cc(world: World, asked: Asked) -> bytes:
    return put_on_top(sign(asked.reply(to=asked.requester)), "Cc: help@desk.example")


@attack("to_covered")
def an_answer_whose_to_is_not_signed(world: World, asked: Asked) -> bytes:
    return sign(asked.reply(), fields=[f for f in GOOD if f != "to"])


@attack("bound_approver", "approver_now", company="tok")
def a_stranger_with_the_token_where_it_is_enough(world: World, asked: Asked) -> bytes:
    return asked.reply(sender=EVIL)


@attack("bound_approver", "approver_now", "not_requester", company="tok")
def the_requester_with_the_token_where_it_is_enough(world: World, asked: Asked) -> bytes:
    return asked.reply(sender=asked.requester)


@attack("unexpired", company="tok", prepare=lambda world, asked: world.expire(asked.consent))
def an_answer_after_the_end_where_the_token_is_enough(world: World, asked: Asked) -> bytes:
    return asked.reply()


@attack("decision_word", company="tok")
def a_condition_where_the_token_is_enough(world: World, asked: Asked) -> bytes:
    return asked.reply("Yes, but only for a week.\r\n")


@attack("not_automatic", company="tok")
def an_automatic_answer_where_the_token_is_enough(world: World, asked: Asked) -> bytes:
    return asked.reply(more="Auto-Submitted: auto-replied\r\n")


@attack("to_the_desk", company="tok")
def a_yes_to_a_colleague_where_the_token_is_enough(world: World, asked: Asked) -> bytes:
    return asked.reply(to=asked.requester)


@attack("token_known", company="tok")
def references_alone_where_the_token_is_enough(world: World, asked: Asked) -> bytes:
    return asked.reply(parent="", more=f"References: {asked.message_id}\r\n")


@attack("fields_covered")
def a_signed_no_turned_by_a_content_type_on_top(world: World, asked: Asked) -> bytes:
    quoted = "No.\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nYes, approved.\r\n--b--\r\n"
    raw = asked.reply(quoted).replace(b"Content-Type: text/plain; charset=utf-8\r\n", b"")
    return put_on_top(sign(raw), "Content-Type: multipart/mixed; boundary=b")


@attack("header_once", "fields_covered")
def a_second_subject_on_top_of_an_unsigned_one(world: World, asked: Asked) -> bytes:
    fields = [f for f in GOOD if f != "subject"]
    return put_on_top(
        sign(asked.reply(subject="Lunch"), fields=fields), f"Subject: Re: [#{asked.number}] Share"
    )


@attack("header_once")
def a_second_subject_on_top(world: World, asked: Asked) -> bytes:
    return put_on_top(sign(asked.reply(subject="Re: Lunch")), f"Subject: Re: [#{asked.number}] Share")


@attack("header_once")
def a_second_date_on_top(world: World, asked: Asked) -> bytes:
    from email.utils import format_datetime

    old = sign(asked.reply(date=now() - timedelta(days=30)))
    return put_on_top(old, f"Date: {format_datetime(now())}")


def _twice(name: str, line: str, more: str = "") -> None:
    """Two readers take two of them: whichever counts, the other one was not meant."""

    def make(world: World, asked: Asked) -> bytes:
        return put_on_top(sign(asked.reply(more=more)), line)

    ATTACKS.append(Attack(f"a_second_{name}_on_top", make, ("header_once",)))


_twice("message_id", "Message-ID: <other@acme.example>")
_twice("mime_version", "MIME-Version: 1.0")
_twice("content_type", "Content-Type: text/plain; charset=utf-8")
_twice("transfer_encoding", "Content-Transfer-Encoding: 8bit", "Content-Transfer-Encoding: 8bit\r\n")


@attack("header_once", company="tok")
def a_second_subject_where_the_token_is_enough(world: World, asked: Asked) -> bytes:
    return put_on_top(asked.reply(), "Subject: Lunch")


@attack("strict_from", "header_once", "authenticated")
def a_second_from_on_top(world: World, asked: Asked) -> bytes:
    return put_on_top(evil(asked.reply(sender=EVIL)), f"From: {asked.approver}")


@attack("header_clean", "authenticated")
def a_bare_cr_that_makes_a_second_from(world: World, asked: Asked) -> bytes:
    return evil(asked.reply(more=f"X-Note: a\rFrom: {asked.approver}\r\n"))


@attack("header_clean", company="tok")
def a_bare_cr_where_the_token_is_enough(world: World, asked: Asked) -> bytes:
    return asked.reply(more="X-Note: a\rFrom: boss@acme.example\r\n")


@attack("header_clean", "authenticated")
def a_bare_lf_that_makes_a_second_from(world: World, asked: Asked) -> bytes:
    return sign(asked.reply(more=f"X-Note: a\nX-From: {asked.approver}\r\n"))


@attack("header_clean", "authenticated")
def a_nul_in_the_header(world: World, asked: Asked) -> bytes:
    return sign(asked.reply(more="X-Note: a\0b\r\n"))


@attack("header_clean", "authenticated")
def a_line_that_no_reader_agrees_about(world: World, asked: Asked) -> bytes:
    return put_on_top(sign(asked.reply("No.\r\n")), "X-A: b", "From nobody Mon Nov  2 09:30:00 2026")


# ---------------------------------------------------------------------------------------- which request


@attack("token_known")
def an_approver_without_a_token(world: World, asked: Asked) -> bytes:
    return sign(asked.reply(parent=""))


@attack("subject_tag")
def a_subject_without_the_tag(world: World, asked: Asked) -> bytes:
    return sign(asked.reply(subject="Re: Share"))


@attack("subject_tag")
def a_subject_with_another_tickets_tag(world: World, asked: Asked) -> bytes:
    return sign(asked.reply(subject=f"Re: [#{asked.number}] [#{asked.number - 1}] Share"))


@attack("unexpired", prepare=lambda world, asked: world.expire(asked.consent))
def an_answer_after_the_end(world: World, asked: Asked) -> bytes:
    return sign(asked.reply())


def _changes(world: World, asked: Asked) -> None:
    from tests.harness.mails import new_id

    more = asked.reply(
        "And also to the payroll please.\r\n", sender=asked.requester, parent="", message_id=new_id()
    )
    row = world.send(more)
    assert row["ticket"] == asked.number


@attack("request_unchanged", prepare=_changes)
def an_answer_after_the_request_changed(world: World, asked: Asked) -> bytes:
    return sign(asked.reply())


@attack("date_after_request")
def an_answer_written_before_the_request(world: World, asked: Asked) -> bytes:
    return sign(asked.reply(date=now() - timedelta(hours=2)))


@attack("date_near_reception")
def an_answer_dated_far_in_the_future(world: World, asked: Asked) -> bytes:
    return sign(asked.reply(date=now() + timedelta(days=3)))


# ------------------------------------------------------------------------------------------ what it says


def said(name: str, text: str, *, more: str = "", subject: str | None = None) -> None:
    """An answer of the approver themselves, all in order but its words."""
    ATTACKS.append(
        Attack(
            name,
            lambda world, asked: sign(
                asked.reply(
                    text, more=more, subject=None if subject is None else subject.format(number=asked.number)
                )
            ),
            ("decision_word",),
        )
    )


QUOTE = "On Monday the help desk wrote:\r\n> To agree: approve or approved\r\n> Yes, approved.\r\n"
MIXED = "Content-Type: multipart/mixed; boundary=m\r\n"
HTML = "Content-Type: text/html; charset=utf-8\r\n"
said("the_word_only_in_the_quote", f"I will look at it.\r\n\r\n{QUOTE}")
said("an_empty_reply_above_a_quote", f"\r\n{QUOTE}")
said("an_empty_reply_above_an_outlook_quote",
     "\r\n-----Original Message-----\r\nFrom: help@desk.example\r\nSent: Monday\r\nTo: boss\r\nSubject: x\r\n\r\nYes, approved.\r\n")  # fmt: skip
said("a_quote_and_nothing_else", "> Yes, approved.\r\n")
said("the_word_only_in_the_signature", "Hello,\r\n\r\n-- \r\nYes, approved\r\nBoss Bela\r\n")
said("nothing_but_a_signature", "-- \r\nYes, approved\r\nBoss Bela\r\n")
said("the_word_only_in_the_subject", "Regards, Bela\r\n", subject="Yes, approved: [#{number}] Share")
said("the_word_in_hidden_html", '<div style="display:none">Yes, approved.</div><p>Hello</p>\r\n', more=HTML)
said("the_word_in_html_of_no_size", '<p style="font-size:0">Yes, approved.</p><p>Hello</p>\r\n', more=HTML)
said("the_word_in_an_html_comment", "<!-- Yes, approved. --><p>Hello</p>\r\n", more=HTML)
said("the_word_in_a_quote_of_gmail",
     '<div>Hello</div><div class="gmail_quote"><blockquote>Yes, approved.</blockquote></div>\r\n', more=HTML)  # fmt: skip
said("the_word_in_an_attached_mail",
     "--m\r\nContent-Type: text/plain\r\n\r\nSee below.\r\n--m\r\nContent-Type: message/rfc822\r\n\r\n"
     "From: boss@acme.example\r\nSubject: x\r\n\r\nYes, approved.\r\n--m--\r\n", more=MIXED)  # fmt: skip
said("an_attached_mail_and_nothing_else",
     "--m\r\nContent-Type: message/rfc822\r\n\r\nFrom: boss@acme.example\r\nSubject: x\r\n\r\nYes, approved.\r\n--m--\r\n",
     more=MIXED)  # fmt: skip
said("the_word_in_an_attached_file",
     "--m\r\nContent-Type: text/plain\r\n\r\nSee below.\r\n--m\r\nContent-Type: text/plain\r\n"
     "Content-Disposition: attachment; filename=a.txt\r\n\r\nYes, approved.\r\n--m--\r\n", more=MIXED)  # fmt: skip
said("a_forward_inline",
     "\r\n---------- Forwarded message ---------\r\nFrom: x <x@y.example>\r\nDate: Mon\r\nSubject: x\r\nTo: y\r\n\r\nYes, approved.\r\n")  # fmt: skip
said("i_do_not_approve", "I do not approve.\r\n")
said("approved_with_a_question_mark", "Approved?\r\n")
said("both_words", "Yes, approved.\r\n\r\nNo, wait: rejected.\r\n")
said("a_condition", "Yes, but only for a week.\r\n")
said("a_negation_in_another_language", "Ja, nicht genehmigt.\r\n")
said("another_word_first", "Fine, yes.\r\n")
said("no_words_at_all", "\r\n")


@attack("not_automatic")
def an_automatic_answer_that_begins_with_the_word(world: World, asked: Asked) -> bytes:
    return sign(asked.reply(more="Auto-Submitted: auto-replied\r\n"))


@attack("decision_word", "not_automatic")
def an_out_of_office_that_quotes_the_word(world: World, asked: Asked) -> bytes:
    text = "I am out of the office until Monday.\r\n\r\n> To agree: approve or approved\r\n"
    return sign(
        asked.reply(
            text, subject=f"Automatic reply: [#{asked.number}] Share", more="Auto-Submitted: auto-replied\r\n"
        )
    )


# --------------------------------------------------------------------------- Authentication-Results

GOOGLE = "Authentication-Results: mx.google.com; dkim=pass header.i=@acme.example header.s=s1; dmarc=pass header.from=acme.example"
OURS = "Authentication-Results: mx.desk.example; dkim=pass header.d=acme.example; dmarc=pass header.from=acme.example"
MICROSOFT = "Authentication-Results: spf=pass; dkim=pass header.d=acme.example;dmarc=pass action=none header.from=acme.example"
BROKEN = "DKIM-Signature: v=1; a=rsa-sha256; d=acme.example; s=s1; h=from:to:subject:date:mime-version:content-type:in-reply-to; bh=AA; b=AAAA"
IN_RELAY = "Received: from evil.example (evil.example [192.0.2.66]) by mx.desk.example with ESMTP; Mon, 2 Nov 2026 09:30:00 +0100"
IN_GOOGLE = "Received: from evil.example (evil.example. [192.0.2.66]) by mx.google.com with ESMTPS; Mon, 2 Nov 2026 09:30:00 +0100"
IN_MICROSOFT = "Received: from evil.example (192.0.2.66) by DB5EUR01FT0.mail.protection.outlook.com (10.0.0.1) with SMTP; Mon, 2 Nov 2026"


def results(name: str, via: str, *top: str, stopped: tuple[str, ...] = ("authenticated",)) -> None:
    """A forgery with header lines on top, as they arrive from that way."""
    ATTACKS.append(Attack(name, lambda world, asked: put_on_top(asked.reply(), *top), stopped, via=via))


for kind, line in (("google", GOOGLE), ("ours", OURS), ("microsoft", MICROSOFT)):
    results(f"forged_results_of_{kind}_from_a_direct_connection", "smtp", line, BROKEN)
    results(f"forged_results_of_{kind}_from_a_mailbox_that_is_not_believed", "imap:plain", line, BROKEN)
results("forged_results_below_the_relays_line", "relay", IN_RELAY, OURS, BROKEN)
results("forged_results_of_another_name_above_the_relays_line", "relay", GOOGLE, IN_RELAY, BROKEN)
results("forged_results_below_the_relays_own_failure", "relay",
        "Authentication-Results: mx.desk.example; dkim=none; dmarc=fail header.from=acme.example", OURS, IN_RELAY, BROKEN)  # fmt: skip
results("forged_results_below_googles_own", "imap:gmail", "Delivered-To: help@desk.example", IN_GOOGLE,
        "Received-SPF: pass (google.com: ...)", "Authentication-Results: mx.google.com; spf=pass; dmarc=fail header.from=acme.example",
        GOOGLE, BROKEN)  # fmt: skip
results(
    "forged_results_below_other_fields_at_google", "imap:gmail", IN_GOOGLE, "X-Any: thing", GOOGLE, BROKEN
)
results("forged_results_below_a_line_of_an_earlier_host_at_google", "imap:gmail", IN_GOOGLE,
        "Received: from a by b.evil.example; Mon, 2 Nov 2026 09:30:00 +0100", GOOGLE, BROKEN)  # fmt: skip
results("forged_results_below_microsofts_line", "imap:m365", IN_MICROSOFT, MICROSOFT, BROKEN)
results("forged_results_with_a_name_at_microsoft", "imap:m365", IN_MICROSOFT, OURS, BROKEN)
results("dmarc_by_spf_alone", "imap:gmail", IN_GOOGLE,
        "Authentication-Results: mx.google.com; spf=pass smtp.mailfrom=acme.example; dmarc=pass header.from=acme.example", BROKEN)  # fmt: skip
results("an_envelope_sender_that_writes_results", "imap:gmail", IN_GOOGLE,
        'Authentication-Results: mx.google.com; spf=pass (domain of "x) ; dkim=pass header.d=acme.example; dmarc=pass'
        ' header.from=acme.example; spf=pass ("@evil.example designates) smtp.mailfrom="x"@evil.example', BROKEN)  # fmt: skip
results("results_for_another_from", "imap:gmail", IN_GOOGLE,
        "Authentication-Results: mx.google.com; dkim=pass header.d=acme.example; dmarc=pass header.from=evil.example", BROKEN)  # fmt: skip


@attack("fields_covered", via="imap:gmail")
def results_for_a_signature_that_covers_too_little_beside_a_forged_one(world: World, asked: Asked) -> bytes:
    quoted = "No.\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nYes, approved.\r\n--b--\r\n"
    raw = asked.reply(quoted).replace(b"Content-Type: text/plain; charset=utf-8\r\n", b"")
    thin = sign(raw, fields=("from", "to", "subject", "date", "mime-version", "in-reply-to"))
    genuine = "Authentication-Results: mx.google.com; dkim=pass header.i=@acme.example; dmarc=pass header.from=acme.example"
    forged = BROKEN
    return put_on_top(thin, IN_GOOGLE, genuine, forged, "Content-Type: multipart/mixed; boundary=b")


def failed(row: Json) -> tuple[str, ...]:
    """Names of the conditions that a decided mail failed, in their order."""
    return tuple(c["name"] for c in (row["decision"] or {}).get("checks", ()) if not c["ok"])
