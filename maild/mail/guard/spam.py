"""Did the filter that the operator trusts mark it?

`[guards] spam_header = "X-Spam-Flag: YES"`: field name and how its value begins, letters' case aside. In:
`X-Spam-Flag: YES` -> spam, unanswered, team `spam`. Several fields of the name: one marked is enough.
Known false match: a sender who writes the mark into their own mail only hides it in the spam team.
"""

from __future__ import annotations

from maild.mail.guard.context import GuardView
from maild.model import Reason, Verdict

name = "spam"
description = "the mark of the spam filter that [guards] spam_header names"
example = "X-Spam-Flag: YES"
counter_example = "X-Spam-Flag: NO"


def check(view: GuardView) -> Verdict | None:
    """Nothing without a configured field."""
    field, colon, wanted = view.ctx.guards.spam_header.partition(":")
    if not colon:
        return None
    low = field.strip().lower()
    for value in view.fields.get(low, ()):
        if value.strip().lower().startswith(wanted.strip().lower()):
            return Verdict("spam", (Reason("spam-header", view.evidence(low, value)),), name)
    return None
