"""How to add a threading rule: copy this file and say here, in this order:

the RFC and section (or whose custom it is), the shape accepted, one example in and the ticket out, and the
known false match. Then follow "Adding a rule" in README.md.

A rule is pure: it reads `view`, never raises and never looks at the sender. Its strength decides in the table
of `maild.app.thread` who may join; when in doubt take the weaker one.
"""

from __future__ import annotations

from maild.model import Mail, Match
from maild.settings import ThreadingSettings
from threading_rules.view import Rule, RuleKeys, ThreadView

name = "skeleton"


def asks(mail: Mail, _settings: ThreadingSettings, _recipients: tuple[str, ...]) -> RuleKeys:
    """What must be looked up before `check` can answer: here the number that the field names."""
    return RuleKeys(numbers=_numbers(mail))


def check(view: ThreadView) -> tuple[Match, ...]:
    """Every ticket that this kind of evidence points to, nearest first; or one Match that says why none."""
    numbers = _numbers(view.mail)
    if not numbers:
        return (Match(name, None, "no X-Example-Ticket", "bare"),)
    matches = [Match(name, n, f"X-Example-Ticket: {n}", "bare") for n in numbers if view.exists(n)]
    return tuple(matches) or (
        Match(name, None, f"X-Example-Ticket: {numbers[0]}, but no such ticket here", "bare"),
    )


def _numbers(mail: Mail) -> tuple[int, ...]:
    value = (mail.header("X-Example-Ticket") or "").strip()
    return (int(value),) if value.isascii() and value.isdigit() and len(value) <= 18 else ()


RULE: Rule = Rule(
    name=name,
    description="one line for the docs' table",
    example="X-Example-Ticket: 15789",
    counter_example="X-Example-Ticket: about 15789",
    asks=asks,
    check=check,
    on=True,  # False: it runs only where `[threading] rules` names it
)
