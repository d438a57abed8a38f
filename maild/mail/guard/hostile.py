"""Was a cap hit before the header block ended?

contract, What happens to a mail, 2. A mail whose header block is beyond the caps (size, number of fields) cannot
be judged: who wrote and where it belongs is in what was not read. In: 5 MB of header -> hostile; a 40 MB
attachment -> nothing (it is ticketed from its headers and marked).
Known false match: none seen; honest header blocks are under 100 KB.
"""

from __future__ import annotations

from maild.mail.guard.context import GuardView, cut
from maild.model import Reason, Verdict

name = "hostile"
description = "a cap was hit before the header block ended"
#: more fields than any honest mail has
example = "X-Padding: 1\n" * 20_000
counter_example = "X-Padding: short"


def check(view: GuardView) -> Verdict | None:
    """Only caps on the header block count; others leave a mail that can be judged."""
    if not view.mail.capped:
        return None
    hit = next((d for d in view.mail.defects if d.code.startswith("cap-header")), None)
    return Verdict("hostile", (Reason(hit.code, cut(hit.evidence)),), name) if hit else None
