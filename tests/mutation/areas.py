"""What is mutated, and the tests that are asked."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
QUICK = "not wire and not slow and not torture and not fuzz"

AREAS: dict[str, tuple[str, ...]] = {
    "consent": (
        "maild/consent/conditions.py", "maild/consent/letter.py", "maild/consent/decision_word.py",
        "maild/consent/wanted.py", "maild/consent/asking.py", "maild/consent/outcome.py", "maild/consent/alert.py",
        "maild/consent/request.py", "maild/consent/evidence.py", "maild/consent/signatures.py",
        "maild/consent/hiding.py", "maild/consent/masking.py", "maild/consent/costs.py",
        "maild/app/approval_answer.py", "maild/app/approval_candidate.py", "maild/app/approval_not_accepted.py",
        "maild/app/holding.py", "maild/app/grown_request.py", "maild/app/adoption.py",
        "maild/party/entitlement.py", "maild/app/approvals.py", "maild/app/change_company.py", "maild/app/merging.py",
        "maild/app/offers.py", "maild/app/splitting.py", "maild/app/people.py", "maild/ticket/asked_for.py",
    ),
    "phases": (
        "maild/ticket/phases.py", "maild/ticket/moving.py", "maild/ticket/opening.py", "maild/ticket/routing.py",
        "maild/ticket/waiting.py", "maild/ticket/state.py", "maild/ticket/phase_names.py",
        "maild/app/acts.py", "maild/app/customer.py", "maild/app/complaint_review.py", "maild/app/undoable_act.py",
        "maild/app/join.py", "maild/app/deadlines.py",
    ),
    "time": ("maild/ticket/timelog.py", "maild/ticket/prepaid.py", "maild/ticket/terms.py",
             "maild/app/time_log.py", "maild/app/hours_used.py"),
    "hours": (
        "maild/ticket/calendars.py", "maild/ticket/clocks.py", "maild/ticket/working_time.py", "maild/ticket/hours.py",
        "maild/ticket/service.py", "maild/ticket/due.py", "maild/ticket/public_holidays.py",
        "maild/ticket/days.py",
    ),
    "threading": (
        "threading_rules/reply_token.py", "threading_rules/in_reply_to.py", "threading_rules/references.py",
        "threading_rules/thread_index.py", "threading_rules/subject_tag.py", "threading_rules/bare_number.py",
        "threading_rules/view.py", "threading_rules/__init__.py", "maild/app/thread.py",
        "maild/app/thread_tickets.py", "maild/app/relation.py", "maild/app/thread_keys.py",
        "maild/app/copies.py",
    ),
}  # fmt: skip
#: asked first: most run little besides the changed module
NEAR = (
    "tests/unit/ticket", "tests/unit/consent", "tests/unit/threading_rules", "tests/unit/app", "tests/consent",
    "tests/unit/commands/test_incoming.py", "tests/unit/commands/test_offer_lines.py",
    "tests/unit/commands/test_agent_mail.py", "tests/unit/party",
)  # fmt: skip
TESTS = (
    *NEAR[:5], "tests/unit/desk", "tests/unit/commands", "tests/unit/party", "tests/unit/report", "tests/unit/render",
    "tests/unit/notice", "tests/unit/work", "tests/scenarios", "tests/store",
)  # fmt: skip


def module_of(path: str) -> str:
    """The dotted name of a module's path."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
