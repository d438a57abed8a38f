"""A bare `#15789` in the subject, without the desk's brackets.

No RFC. What people type: `Printer again (#15789)` -> 15789. Only the subject is read: in a body a number is
mostly an order, an invoice or a quoted thread. Two different numbers are none.

Weakest of all: it joins only a participant's mail, and a colleague's mail is linked. Known false match: a
participant who writes about their own order `#15789` while a ticket has that number.
"""

from __future__ import annotations

from maild.mail.text.subjects import bare_numbers
from maild.model import Mail, Match
from maild.settings import ThreadingSettings
from threading_rules.view import NO_KEYS, Rule, RuleKeys, ThreadView

name = "bare_number"


def asks(mail: Mail, settings: ThreadingSettings, _recipients: tuple[str, ...]) -> RuleKeys:
    """The numbers in the subject."""
    numbers = bare_numbers(mail.subject, settings.subject_tag)
    return RuleKeys(numbers=numbers) if numbers else NO_KEYS


def check(view: ThreadView) -> tuple[Match, ...]:
    """One bare number of a ticket that exists."""
    numbers = bare_numbers(view.mail.subject, view.settings.subject_tag)
    if not numbers:
        return (Match(name, None, "no bare number in the subject", "bare"),)
    if len(numbers) > 1:
        listed = ", ".join(map(str, numbers[:5]))
        return (Match(name, None, f"different numbers in the subject ({listed}): none counts", "bare"),)
    number = numbers[0]
    if not view.exists(number):
        return (Match(name, None, f"#{number} in the subject, but no such ticket here", "bare"),)
    return (Match(name, number, f"#{number} in the subject", "bare"),)


RULE: Rule = Rule(
    name=name,
    description="the subject carries a bare #number (never the body); two different ones are none",
    example="Subject: Printer again (#15789)",
    counter_example="Subject: Order A#15789 of 3 November",
    asks=asks,
    check=check,
)
