"""How to add a guard: copy this file, answer one question, add the module to the table in __init__.py.

Say here: the RFC and section (or whose custom it is), the shape accepted, one example in and its verdict out,
and the known false match. Then add tests/unit/mail/guard/test_<name>.py with a case that matches, its nearest
neighbour that must not (a person's mail), and a broken form of the field.

`example` and `counter_example` are lines of a mail: tests run both.

Keep it to about 60 lines; long tables of marks go into a file of their own beside it. A guard is pure, never
raises, reads `view.fields` (lower-case names) instead of looping over the header, and gives None where it
has nothing to say. Evidence is `view.evidence("field-name")`: what a person needs to believe the verdict.
"""

from __future__ import annotations

from maild.mail.guard.context import GuardView
from maild.model import Reason, Verdict

name = "skeleton"
description = "one line for the docs' table"
example = "X-Example: yes"
counter_example = "X-Example: no"


def check(view: GuardView) -> Verdict | None:
    """The verdict, or None."""
    if view.first("x-example").lower() == "yes":
        return Verdict("auto_reply", (Reason("example", view.evidence("x-example")),), name)
    return None
