"""At most one polite question for a vague report: what its kind needs and the report does not tell.

`settings.hints` holds a table per kind; a report longer than `max_words` is detailed enough. A hint is
never sent twice on a ticket: the caller keeps that in the ticket's state.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from maild.mail.keywords import phrase_matcher, tokens, word_list
from maild.model import Attachment, Reason
from maild.settings import Hint, Settings
from maild.ticket.vocabulary import Severity, TicketKind
from maild.values import replace

#: what a report of that severity has said already, or cannot say: where the whole network is down there is no message
#: to copy and no way to send a picture
_TOLD_BY: Mapping[Severity, frozenset[str]] = {
    Severity.SYSTEM: frozenset({"who"}),
    Severity.INFRASTRUCTURE: frozenset({"who", "message", "screenshot"}),
}

#: asked of an encrypted mail, whatever its kind
READABLE = "readable"
#: more questions than these are an interrogation
MOST_ASKED = 3

_CLOCK = re.compile(r"\b[0-9]{1,2}[:.][0-9]{2}\b|\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b|\b[0-9]{1,2}\.[0-9]{1,2}\.")
_CODE = re.compile(r"0x[0-9a-fA-F]{4,}|\b[A-Z]{2,}[-_ ]?[0-9]{3,}\b")
_QUOTE = re.compile('["“”„«»‚‘’]')
#: what begins a quotation, ends one, and stands in none
_OPENS, _CLOSES, _NEVER_WITHIN = frozenset('"“”„«»‚‘'), frozenset('"“”«»’'), frozenset('"“”„«»')
#: fewer characters between quotes are a word, no message
_LEAST_QUOTED = 6
#: a person who is meant is named near the beginning
_NAMES_WITHIN = 2_000
_PHONE = re.compile(r"(?:\+|\b0)[0-9][0-9 ()/.-]{6,}[0-9]")


def explain(
    kind: str,
    new_text: str,
    attachments: Sequence[Attachment],
    language: str | None,
    settings: Settings,
    severity: Severity | None = None,
) -> tuple[tuple[str, ...], tuple[Reason, ...]]:
    """The codes of what to ask, none for a report that needs no question; and the reasons: what was asked for, and what
    in the report answered it. `severity`: as its words say."""
    table = next((h for h in settings.hints if h.kind == kind), None)
    if table is None:
        return (), (Reason("no-checklist", kind),)
    if len(word_list(new_text).words) > table.max_words:  # which the tables of kinds have split already
        return (), (Reason("detailed", f"more than {table.max_words} words"),)
    told = _TOLD_BY.get(severity, frozenset()) if severity and kind == TicketKind.INCIDENT else frozenset()
    left = replace(table, asks=tuple(code for code in table.asks if code not in told))
    asked, reasons = _asked(left, new_text, tokens(new_text), attachments, language)
    known = tuple(Reason(f"told-{code}", f"severity {severity}") for code in table.asks if code in told)
    return asked, (*known, *reasons)


def _asked(
    table: Hint, text: str, words: list[str], attachments: Sequence[Attachment], language: str | None
) -> tuple[tuple[str, ...], tuple[Reason, ...]]:
    asked: list[str] = []
    reasons: list[Reason] = []
    for code in table.asks:
        answer = _ANSWERS[code](text, words, attachments, language) if code in _ANSWERS else ""
        if answer and (code in table.when_missing or not table.when_missing):
            reasons.append(Reason(f"told-{code}", answer))
        else:
            asked.append(code)
            reasons.append(Reason(f"asks-{code}", f"checklist of {table.kind}, {len(words)} words"))
    return tuple(asked[:MOST_ASKED]), tuple(reasons)


def _word_of(name: str) -> Callable[[str, list[str], Sequence[Attachment], str | None], str]:
    def look(_text: str, words: list[str], _attachments: Sequence[Attachment], language: str | None) -> str:
        hits = phrase_matcher(name, language).hits(words)
        return f'"{hits[0].word}"' if hits else ""

    return look


def _who(text: str, words: list[str], attachments: Sequence[Attachment], language: str | None) -> str:
    """A word for persons, or a person's name within a line: "Kérem, Tóth Péter kapjon ...". Alone on a line a name is
    a signature; in German every noun looks like one."""
    said = _word_of("who")(text, words, attachments, language)
    if said or language == "de":
        return said
    for line in text[:_NAMES_WITHIN].splitlines():
        parts = line.split()
        for before, first, last in zip(parts, parts[1:], parts[2:], strict=False):
            name = [part.strip(".,;:!?()\"'") for part in (first, last)]
            if all(len(part) > 1 and part.istitle() for part in name) and before[-1] not in ".!?":
                return " ".join(name)
    return ""


def _since(text: str, words: list[str], attachments: Sequence[Attachment], language: str | None) -> str:
    match = _CLOCK.search(text)
    return f'"{match[0]}"' if match else _word_of("since")(text, words, attachments, language)


def _message(text: str, words: list[str], attachments: Sequence[Attachment], language: str | None) -> str:
    match = _CODE.search(text)
    said = quoted(text) or (match[0] if match else "")
    if said:
        return said[:60]
    return _pictures(attachments) or _word_of("message")(text, words, attachments, language)


def quoted(text: str) -> str:
    """The first words of a message between quotes, with them; "" for none. One pass over the quotes of any text.

    >>> quoted('it says "Out of paper" in red')
    '"Out of paper"'
    """
    opened = -1
    for match in _QUOTE.finditer(text):
        quote, at = match[0], match.start()
        if opened >= 0 and quote in _CLOSES and at - opened > _LEAST_QUOTED:
            return text[opened : at + 1]
        if quote in _NEVER_WITHIN or (quote in _OPENS and opened < 0):
            opened = at
    return ""


def _screenshot(
    _text: str, _words: list[str], attachments: Sequence[Attachment], _language: str | None
) -> str:
    return _pictures(attachments)


def _pictures(attachments: Sequence[Attachment]) -> str:
    """A picture that is not the logo of a signature (inline and small)."""
    shown = (a for a in attachments if a.type.startswith("image/") and not (a.inline and a.size < 15_000))
    picture = next(shown, None)
    return f"attachment {picture.name}" if picture else ""


def _phone(text: str, _words: list[str], _attachments: Sequence[Attachment], _language: str | None) -> str:
    match = _PHONE.search(text)
    return match[0] if match else ""


_ANSWERS: dict[str, Callable[[str, list[str], Sequence[Attachment], str | None], str]] = {
    "who": _who,
    "since": _since,
    "message": _message,
    "screenshot": _screenshot,
    "place": _word_of("place"),
    "phone": _phone,
}
