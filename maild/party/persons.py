"""Rules about persons: erasing one on request, moving an address, who is on call."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from maild.model import PersonFacts
from maild.settings import Team
from maild.values import dataclass

#: stands where something of an erased person stood
REMOVED = "[removed]"
#: a name's part shorter than this also stands inside other words and is left alone by itself
_SHORTEST_NAME = 3


@dataclass(frozen=True, slots=True)
class PersonIdentity:
    """What identifies somebody who is to be forgotten."""

    addresses: tuple[str, ...]
    names: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()


def identity_of(address: str, facts: PersonFacts | None) -> PersonIdentity:
    """All that we know somebody by; a contact or not."""
    if facts is None:
        return PersonIdentity((address,))
    addresses = tuple(dict.fromkeys((address, facts.address, *facts.addresses)))
    return PersonIdentity(
        addresses, (facts.name,) if facts.name else (), (facts.phone,) if facts.phone else ()
    )


def scrub(text: str, person: PersonIdentity) -> str:
    """`text` with the person's addresses, phone numbers and names replaced by `[removed]`.

    The whole name in either order, and each of its parts of three letters or more as a whole word.
    """
    pattern = _pattern(person)
    return pattern.sub(REMOVED, unicodedata.normalize("NFC", text)) if pattern else text


def scrub_json(data: Any, person: PersonIdentity) -> Any:
    """`scrub` in every string of frozen data, keys left alone."""
    if isinstance(data, str):
        return scrub(data, person)
    if isinstance(data, dict):
        return {key: scrub_json(value, person) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [scrub_json(value, person) for value in data]
    return data


def _pattern(person: PersonIdentity) -> re.Pattern[str] | None:
    pieces = [rf"(?i:(?<![\w.+-]){re.escape(a)}(?![\w-]|\.\w))" for a in person.addresses if a]
    for phone in person.phones:
        digits = re.findall("[0-9]", phone)
        if len(digits) >= 6:
            pieces.append(r"\+?" + r"[ ()/.-]{0,2}".join(digits))
    names = [unicodedata.normalize("NFC", name) for name in person.names]
    parts = {part for name in names for part in name.split() if len(part) >= _SHORTEST_NAME}
    for words in (*(name.split() for name in names), *(name.split()[::-1] for name in names)):
        if words:
            pieces.append(r"(?i:\b" + r"[\s,]+".join(map(re.escape, words)) + r"\b)")
    # a part by itself only as it is written: "Nagy" is a name, "nagy" is "big"
    pieces += [rf"\b{re.escape(part)}\b" for part in sorted(parts, key=len, reverse=True)]
    return re.compile("|".join(pieces)) if pieces else None


# ------------------------------------------------------------------------------------------ our own people


def on_call(team: Team, at: datetime, timezone: str) -> str | None:
    """The agent whose turn of the rota it is; both days of a turn count, the later written one wins."""
    today = at.astimezone(ZoneInfo(timezone)).date().isoformat()
    turns = [turn for turn in team.oncall if turn.get("from", "") <= today <= turn.get("to", "9999-12-31")]
    return turns[-1].get("agent") or None if turns else None
