"""How to add a threading rule: copy this file and say here, in this order:

the RFC and section (or whose custom it is), the shape accepted, one example in and the ticket out, and the
known false match. Then follow "Adding a rule" in README.md.

A rule is pure: it reads `view`, never raises, never looks at the sender, and always gives a Match: with a
ticket that exists here (`view.exists`), or with None and the reason why there is none. Its strength decides
in SPEC's table who may join; when in doubt take the weaker one.
"""

from __future__ import annotations

from maild.model import Match
from threading_rules.view import ThreadView

name = "skeleton"
description = "one line for the docs' table"
example = "X-Example-Ticket: 15789"


def check(view: ThreadView) -> Match:
    """The ticket that this kind of evidence points to."""
    value = (view.mail.header("X-Example-Ticket") or "").strip()
    if not (value.isascii() and value.isdigit() and len(value) <= 18):
        return Match(name, None, "no X-Example-Ticket", "bare")
    number = int(value)
    if not view.exists(number):
        return Match(name, None, f"X-Example-Ticket: {number}, but no such ticket here", "bare")
    return Match(name, number, f"X-Example-Ticket: {number}", "bare")
