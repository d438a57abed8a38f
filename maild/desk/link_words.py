"""What a link says to an agent, seen from either of its ends."""

from __future__ import annotations

from maild.model import Linked
from maild.ticket.vocabulary import LinkType

#: on the ticket where it was made, and on the other one
_WORDS = {
    LinkType.CLAIMS: ("claims {}", "claimed by {}"),
    LinkType.FOLLOW_UP: ("follow-up of {}", "followed up in {}"),
    LinkType.PROJECT: ("its project is {}", "the project of {}"),
    LinkType.MERGED: ("merged into {}", "{} was merged into this"),
    LinkType.SPLIT: ("split off {}", "{} was split off this"),
    LinkType.DUPLICATE: ("duplicate of {}", "{} is a duplicate of this"),
    LinkType.RELATED: ("related to {}", "related to {}"),
}


def said(link: Linked) -> str:
    """`follow-up of #1001`, `outage 3`"""
    if link.outage is not None:
        return f"outage {link.outage}"
    here, there = _WORDS[LinkType(link.type)]
    return (here if link.out else there).format(f"#{link.ticket}")
