"""What a mail does, as a line for people: of `why`, `explain` and `trace`. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from maild.model.decided import ActKind

#: how a line begins where the contract's word alone is no English
_BEGINS: dict[str, str] = {
    ActKind.OPEN: "open a ticket",
    ActKind.FOLLOW_UP: "open a follow-up",
    ActKind.APPEND: "append to",
    ActKind.FILE: "file on",
    ActKind.HELD_BACK: "hold back",
}


def act_line(act: Mapping[str, Any]) -> str:
    """`act`: one of the `would` of a decision's JSON. Text: "mail received to anna@acme.example"."""
    words = [_BEGINS.get(act["act"], str(act["act"]))]
    if act.get("consent"):
        words.append(f"{act['consent']} of")
    if act.get("mail"):
        words.append(f"of mail {act['mail']}")
    if act.get("ticket"):
        words.append(f"on #{act['ticket']}" if act.get("mail") else f"#{act['ticket']}")
    if act.get("notice"):
        words.append(str(act["notice"]))
    if act.get("to"):
        words.append(f"to {', '.join(act['to'])}")
    if act.get("kind"):
        words.append(f"for {act['kind']}")
    if act.get("asked") is not None:
        words.append(f"(asked: {', '.join(act['asked']) or 'nobody'})")
    if link := act.get("link"):
        words.append(f"({str(link['type']).replace('_', ' ')} of #{link['ticket']})")
    return " ".join(words) + (f": {act['because']}" if act.get("because") else "")
