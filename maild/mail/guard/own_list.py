"""Lists that are people: the desk's own way in, and those that `[guards] allowed_lists` names.

RFC 2919 (List-Id), RFC 2369 (List-Post). Not a guard: mail/guard/mailing_list.py and mail/guard/automatic.py ask it, since
a list also puts Precedence on what people write through it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from maild.mail.guard.context import GuardView


def is_own_list(view: GuardView) -> bool:
    """The desk's address is itself a list (Google Groups, Mailman): List-Id with @ as a dot, or List-Post."""
    list_id, post = view.first("list-id").lower(), view.first("list-post").lower()
    if not list_id and not post:
        return False
    for address in map(str.lower, view.ctx.desk_addresses):
        if f"<{address.replace('@', '.')}>" in list_id or f"<{address}>" in list_id:
            return True
        if _post(address).search(post):
            return True
    return False


def is_allowed(view: GuardView) -> bool:
    """`[guards] allowed_lists` names this List-Id, with or without angle brackets."""
    list_id = view.first("list-id").lower()
    if not list_id or not view.ctx.guards.allowed_lists:
        return False
    inner = list_id.rpartition("<")[2].rstrip("> ")
    return any(inner == allowed.strip("<> ").lower() for allowed in view.ctx.guards.allowed_lists)


@lru_cache(maxsize=32)
def _post(address: str) -> re.Pattern[str]:
    """List-Post with that address in it."""
    return re.compile(rf"mailto:{re.escape(address)}(?![\w.-])")
