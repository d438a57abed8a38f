"""Reading Auto-Submitted.

RFC 3834, 5.2: a keyword (`no`, `auto-generated`, `auto-replied`, `auto-notified` of RFC 5436, extensions),
then parameters after `;`, with comments anywhere: `auto-replied (zimbra; vacation)` -> auto-replied.
"""

from __future__ import annotations

import re

_COMMENT = re.compile(r"\([^()]{0,200}\)")
_KEYWORDS = {
    "auto-reply": "auto-replied", "autoreply": "auto-replied", "auto-response": "auto-replied",
    "vacation": "auto-replied", "auto-responded": "auto-replied", "replied": "auto-replied",
    "auto_replied": "auto-replied",
}  # fmt: skip


def keyword(value: str) -> str:
    """The keyword in lower case; "" for an empty field and for `no` (a person's mail says nothing or no)."""
    word = _COMMENT.sub(" ", value[:1000]).partition(";")[0].strip(' "\t').lower()
    return "" if word in ("", "no") else _KEYWORDS.get(word, word)
