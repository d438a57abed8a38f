"""Which addresses are the desk's own (contract, Small print, SMTP)."""

from __future__ import annotations

from collections.abc import Callable

from maild.mail.text.addresses import folded
from maild.settings import DeskSettings

#: Local parts at each of the desk's domains that take delivery reports of mail we sent.
BOUNCE_LOCALS = ("bounce", "bounces")


def desk_predicate(desk: DeskSettings) -> Callable[[str], bool]:
    """A quick `is_ours(address)` for RCPT.

    Ours are, without regard to case: each address of the desk, `local+anything@` of it (reply tokens),
    `local-bounce@` and `local-bounce+anything@` of it, `bounce@` and `bounce+anything@` of its domains
    (VERP, the envelope senders of our own mail), and `postmaster` of its domains or without any domain
    (RFC 5321, section 4.5.1).
    """
    locals_by_domain: dict[str, set[str]] = {}
    for address in desk.addresses:
        local, _, domain = folded(address).rpartition("@")
        mine = locals_by_domain.setdefault(domain, {"postmaster", *BOUNCE_LOCALS})
        mine.update((local, f"{local}-bounce"))

    def is_ours(address: str) -> bool:
        local, at, domain = folded(address).rpartition("@")
        if not at:
            return domain == "postmaster"
        mine = locals_by_domain.get(domain)
        if mine is None:
            return False
        if local in mine:
            return True
        base, plus, detail = local.partition("+")
        return bool(plus and detail) and base in mine and base != "postmaster"

    return is_ours
