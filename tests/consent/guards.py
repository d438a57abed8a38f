"""Each kind of attack, the guard that stops it, and the test that sees it go: with the guard off that test must fail.

`guard` is what is replaced, by its full name; `off` is put in its place. `test` is what docs/consent.md names. Conditions
of an answer and refusals of a signature have mutations of their own (`test_mutations.py`).
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Guard:
    """A guard, what stands in its place, and where that is seen. `around`: what makes that of the guard itself."""

    guard: str
    off: Any
    test: str
    around: bool = False


def _always(value: object) -> Callable[..., object]:
    return lambda *_, **__: value


def _refused_alone(case: Any) -> bool:
    """Only what was looked at and failed is disowned."""
    return bool(case.auth.result == "dmarc-fail" and case.auth.policy in ("reject", "quarantine"))


def _first(value: object, *_: object) -> object:
    return value


def _only_authenticated(mail: Any, envelope: Any, auth: Any, *_: object) -> bool:
    return bool(auth.result == "dmarc-pass")


def _on_any(ticket: Any, consents: Any, current: Any) -> Any:
    """All that is written, in the requester's name."""
    from maild.consent import request
    from maild.model import Mailbox

    words = request.written(ticket) if current is None else current.request_text
    words = "\n\n".join((words, *(e.text for e in request.unconsented(ticket, consents))))
    return request.WrittenRequest(Mailbox(ticket.requester), words, request.verified(ticket))


def _unpaced(true: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *positional, **named: replace(true(*positional, **named), paced=False)


def _roomy(true: Callable[..., Any]) -> Callable[..., Any]:
    def people(case: Any, ticket: Any) -> Any:
        limits = replace(case.settings.limits, participants=10**6)
        return true(replace(case, settings=replace(case.settings, limits=limits)), ticket)

    return people


def _whoever_comes_first(budget: Any, account: Any, count: int) -> bool:
    """Neither a share of an address nor one that gives way."""
    if budget.used + count > budget.limit:
        return False
    budget.used += count
    account.bytes += count
    return True


def _quadratic(true: Callable[..., Any]) -> Callable[..., Any]:
    """What copies the whole at each step, as dkimpy does at each blank of a run, in bigger steps."""

    def made(body: bytes) -> Any:
        for at in range(0, len(body), 512):
            body = body[:at] + body[at:]
        return true(body)

    return made


def _unlimited(true: Callable[..., Any]) -> Callable[..., Any]:
    def run(self: Any, step: str, _seconds: float, *rest: object) -> Any:
        return true(self, step, 600.0, *rest)

    return run


LAW = "tests/consent/test_law.py::"
STRANGERS = "tests/consent/test_strangers.py::"
ATTACKED = "tests/wire/test_daemon_attacked.py::"
GUARDS: Mapping[str, Guard] = {
    "runs of blanks under a signature": Guard(
        "maild.mail.auth.canonical.relaxed_body", _quadratic,
        "tests/unit/mail/auth/test_canonical.py::test_a_megabyte_of_anything_is_canonical_at_once", around=True),
    "a decision without an end": Guard(
        "maild.work.workers.WorkerPool.run", _unlimited,
        ATTACKED + "test_a_long_decision_is_stopped_is_shown_in_the_quarantine_and_made_when_it_may_take_longer",
        around=True),
    "damaged compressed text": Guard(
        "maild.mail.parse.packed_rtf.zlib", type("Zlib", (), {"crc32": staticmethod(_always(0))}),
        "tests/unit/mail/parse/test_packed_rtf.py::test_what_was_packed_is_read_as_the_library_reads_it"),
    "all bytes in flight": Guard(
        "maild.receive.smtp_limits.Budget._most", lambda self, key: self.limit,
        "tests/unit/receive/test_smtp_limits.py::test_one_address_does_not_hold_all_bytes_in_flight"),
    "all bytes in flight, by the port": Guard(
        "maild.receive.smtp_limits.Budget.take", _whoever_comes_first,
        ATTACKED + "test_four_slow_mails_and_eleven_idle_connections_of_one_address_keep_nobody_out"),
    "all connections": Guard(
        "maild.receive.smtp_limits.ConnectionLimits._oldest_of_the_greediest", _always(None),
        ATTACKED + "test_four_slow_mails_and_eleven_idle_connections_of_one_address_keep_nobody_out"),
    "a stranger's dead zone": Guard(
        "maild.work.dns.zone_of", _always("all"),
        "tests/unit/work/test_dns.py::test_a_strangers_dead_zone_rests_alone"),
    "strangers' dead zones, by the port": Guard(
        "maild.work.dns.zone_of", _always("all"),
        ATTACKED + "test_strangers_with_dead_zones_keep_no_rightful_answer_waiting"),
    "a flood of forged requests": Guard(
        "maild.app.holding.wanted_from", _unpaced,
        "tests/consent/test_flood.py::test_forged_requests_take_no_more_of_an_approvers_hour_than_their_cap", around=True),
    "forged additions to a verified request": Guard(
        "maild.app.holding.unproven", _always(value=False),
        "tests/consent/test_flood.py::test_unauthenticated_additions_to_an_authenticated_request_change_nothing"),
    "a lying IMAP server": Guard(
        "maild.receive.imap_counted.ORDINARY", 10**9,
        "tests/unit/receive/test_imap_faults.py::test_a_literal_is_refused_before_it_is_read"),
    "an IMAP server that speaks of UIDs far away": Guard(
        "maild.receive.imap_mailbox.ImapFolder._put_back", lambda self, watermark, uidnext: watermark,
        "tests/unit/receive/test_imap_faults.py::test_what_a_server_once_said_of_uids_hides_no_later_mail"),
    "a lying IMAP server beside the port": Guard(
        "maild.receive.imap_counted.ORDINARY", 10**9,
        ATTACKED + "test_a_mailbox_that_lies_about_lengths_costs_its_mail_alone_and_the_port_stays_open"),
    "the torn end of a quoted line": Guard(
        "maild.app.approval_candidate.torn_from", _always(value=False),
        "tests/consent/test_word_shown.py::test_the_torn_end_of_the_last_quoted_line_decides_nothing"),
    "a signature that says more": Guard(
        "maild.app.approval_candidate.doubtful", _always(""),
        "tests/consent/test_word_shown.py::test_a_signature_that_says_more_than_who_wrote_is_asked_about"),
    "what is asked for beside an answer": Guard(
        "maild.app.approval_not_accepted.beyond", _always(""),
        "tests/consent/test_beside_the_answer.py::test_what_an_approver_asks_for_beside_an_answer_is_asked_of_another_approver"),
    "a token in the address alone": Guard(
        "maild.mail.parse.mail._may_name_a_token", lambda answered, to, text: any(answered) or "maild-" in text,
        "tests/consent/test_word_shown.py::test_what_hides_the_word_is_looked_for_wherever_the_token_stands"),
    "a confirmation is no grant": Guard(
        "maild.consent.request._permits", lambda one: one.state == "granted",
        "tests/consent/test_beside_the_answer.py::test_who_confirmed_that_they_asked_has_not_been_granted_it"),
    "hidden words": Guard(
        "maild.mail.parse.plain_style.is_plain", _always(value=True),
        "tests/consent/test_word_shown.py::test_a_word_that_a_style_may_hide_is_asked_about"),
    "permission words on an ordinary ticket": Guard(
        "maild.app.holding.asked_in", _always(None),
        LAW + "test_permission_words_in_a_reply_hold_an_ordinary_ticket_wherever_it_stands"),
    "who cannot get in": Guard(
        "maild.ticket.apart._lacked", _always(value={}),
        "tests/consent/test_words_by_mail.py::"
        "test_what_changes_who_may_do_what_is_held_and_trouble_of_the_same_words_is_not"),
    "what is spared beside what is not": Guard(
        "maild.ticket.told.another_is_meant", _always(value=False),
        "tests/unit/ticket/test_told.py::test_what_only_looks_like_telling_is_held"),
    "verbs around the law": Guard(
        "maild.ticket.moving.may_stand", _always(value=True),
        LAW + "test_the_mover_itself_leads_nowhere_around_the_law"),
    "a phone call": Guard(
        "maild.consent.request.in_writing", _always(value=True),
        "tests/consent/test_acts.py::test_a_phone_call_starts_nothing_until_the_caller_writes"),
    "a phone call that is split off": Guard(
        "maild.app.splitting._refuse_spoken", _always(None),
        LAW + "test_what_was_said_on_the_phone_is_no_request_on_another_ticket_and_no_verb_works_on_it"),
    "another company's consent": Guard(
        "maild.consent.request._elsewhere", _always(value=False),
        "tests/consent/test_moved_company.py::"
        "test_what_one_company_granted_is_asked_of_the_company_whose_ticket_it_becomes"),
    "words in another's name": Guard(
        "maild.consent.request.present", _on_any, LAW + "test_an_agent_asks_for_nothing_in_the_name_of_another"),
    "verified": Guard(
        "maild.consent.letter.genuine", _only_authenticated,
        "tests/consent/test_rightful.py::test_verified_is_not_said_of_what_somebody_added_to"),
    "tokens that come back": Guard(
        "maild.work.in_a_row.shown", _first,
        "tests/consent/test_secrets.py::test_a_token_that_comes_back_in_any_form_is_not_shown"),
    "files that others can read": Guard(
        "maild.commands.private_files._closed", _always(value=False),
        "tests/unit/commands/test_private_files.py::test_a_configuration_that_others_can_read_is_closed"),
    "a desk's files that others can read": Guard(
        "maild.commands.private_files._closed", _always(value=False),
        ATTACKED + "test_what_others_of_the_machine_could_read_is_named_by_check_and_closed_by_init"),
    "a copy that came first": Guard(
        "maild.app.approval_answer.taken_though_a_copy_came", _always(None),
        "tests/consent/test_rightful.py::test_a_copy_without_its_signature_that_came_first_does_not_stop_the_genuine_answer"),
    "edges of an address that say nothing": Guard(
        "maild.party.entitlement._EDGES", "",
        "tests/consent/test_rightful.py::test_an_approver_who_asks_from_a_variant_of_their_address_is_not_asked"),
    "a variant of one's own address": Guard(
        "maild.party.entitlement.same_person", lambda address, other, *_: address == other,
        "tests/consent/test_rightful.py::test_an_approver_who_asks_from_a_variant_of_their_address_is_not_asked"),
    "a forged agent": Guard(
        "maild.app.agent_proof.not_proven", _always(None),
        STRANGERS + "test_a_forged_agents_mail_is_private_moves_nothing_and_is_told_to_the_agent"),
    "a crowd in copy": Guard(
        "maild.app.join.people", _roomy,
        STRANGERS + "test_a_crowd_in_copy_of_many_mails_does_not_take_part", around=True),
    "an id of ours above another's words": Guard(
        "maild.app.automatic_mail._with_our_id", _always([]),
        "tests/consent/test_copied_id.py::test_who_writes_with_the_id_of_an_approval_mail_is_named_to_the_agents"),
    "a forged bounce": Guard(
        "maild.app.automatic_mail._is_of_their_own_copy", _always(value=True),
        STRANGERS + "test_a_forged_bounce_mutes_nobody_and_a_genuine_one_does_until_they_write"),
    "a mail that its domain disowns": Guard(
        "maild.app.case.Case.disowned", property(_always(value=False)),
        STRANGERS + "test_where_the_domain_disowns_a_mail_nothing_of_it_is_repeated"),
    "what cannot be found out of a mail": Guard(
        "maild.app.case.Case.disowned", property(_refused_alone),
        STRANGERS + "test_who_makes_sure_that_nothing_is_found_out_is_repeated_no_more"),
    "what cannot be found out of a domain": Guard(
        "maild.app.case.UNKNOWN", "",
        STRANGERS + "test_what_a_domain_may_say_that_cannot_be_asked_now_is_repeated_no_more"),
    "what is published of sub-domains": Guard(
        "maild.mail.auth.dmarc.TreeWalk.says", property(lambda walk: walk.policy.policy if walk.policy else ""),
        STRANGERS + "test_what_a_domain_says_of_its_sub_domains_decides_for_them"),
    "links in words of nobody": Guard(
        "maild.mail.text.links.disarmed", _first,
        STRANGERS + "test_words_that_nobody_vouches_for_are_repeated_without_a_link"),
    "formulas": Guard(
        "maild.report.sheet._cell", _first, "tests/unit/report/test_figures.py::test_no_cell_of_a_text_is_a_formula"),
    "formulas that came by mail": Guard(
        "maild.report.sheet._cell", _first, ATTACKED + "test_a_formula_that_came_by_mail_is_none_in_any_report"),
}  # fmt: skip


def guarded(name: str) -> tuple[Any, str]:
    """What holds the guard (a module or a class) and its name there. AttributeError where it goes by another name now."""
    owner, _, attribute = GUARDS[name].guard.rpartition(".")
    try:
        found: Any = importlib.import_module(owner)
    except ModuleNotFoundError:
        module, _, of = owner.rpartition(".")
        found = getattr(importlib.import_module(module), of)
    getattr(found, attribute)
    return found, attribute


def switch_off(name: str) -> None:
    """For the rest of this process."""
    found, attribute = guarded(name)
    one = GUARDS[name]
    setattr(found, attribute, one.off(getattr(found, attribute)) if one.around else one.off)
