"""The decision word of an answer: the beginning of the first line of the new, visible text (SPEC, Decision word)."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from maild.mail.text.characters import is_unseen
from maild.settings import Approval

#: shipped words; [approval.yes] and [approval.no] add to them
YES: dict[str, tuple[str, ...]] = {
    "en": ("approve", "approved", "yes", "i approve", "yes i approve"),
    "nl": ("akkoord", "goedgekeurd", "ja", "ik ga akkoord"),
    "hu": ("jóváhagyom", "jóváhagyva", "engedélyezem", "engedélyezve", "igen"),
    "de": ("genehmigt", "einverstanden", "ja", "ich genehmige"),
    "fr": ("approuvé", "d'accord", "accord", "oui", "j'approuve"),
}
NO: dict[str, tuple[str, ...]] = {
    "en": ("reject", "rejected", "refuse", "refused", "no", "denied", "i refuse", "i reject"),
    "nl": ("afgekeurd", "nee", "neen", "geweigerd", "niet akkoord"),
    "hu": ("elutasítom", "elutasítva", "nem"),
    "de": ("abgelehnt", "nein", "nicht genehmigt", "nicht einverstanden"),
    "fr": ("refusé", "non", "pas d'accord", "je refuse"),
}
#: in the first line they make an answer unclear: negation, condition, doubt
UNCLEAR = frozenset(
    [
        *("not", "don't", "dont", "doesn't", "isn't", "cannot", "can't", "cant", "won't", "never"),
        *("but", "however", "if", "unless", "except", "only", "maybe", "perhaps"),
        *(
            "niet",
            "geen",
            "nooit",
            "maar",
            "echter",
            "mits",
            "tenzij",
            "behalve",
            "misschien",
            "alleen",
            "als",
        ),
        *("ne", "se", "nincs", "sem", "de", "azonban", "viszont", "ha", "hacsak", "kivéve", "talán", "csak"),
        *(
            "nicht",
            "kein",
            "keine",
            "keinen",
            "nie",
            "aber",
            "jedoch",
            "falls",
            "wenn",
            "außer",
            "vielleicht",
            "nur",
        ),
        *("sofern", "pas", "jamais", "mais", "cependant", "si", "sauf", "peut-être", "seulement"),
    ]
)
#: characters of a line that are looked at
LINE = 300


@dataclass(frozen=True, slots=True)
class Word:
    """What an answer says. `unclear` is asked once more, plainly."""

    verdict: Literal["yes", "no", "unclear", "none"]
    evidence: str


def words_for(language: str, approval: Approval) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words that an approval mail names: those of its language, English else."""
    yes = (*approval.yes.get(language, ()), *YES.get(language, YES["en"])[:2])
    no = (*approval.no.get(language, ()), *NO.get(language, NO["en"])[:1])
    return tuple(dict.fromkeys(yes)), tuple(dict.fromkeys(no))


def decision(text: str, approval: Approval) -> Word:
    """Yes, no, or unclear; "none" for a mail without words. Any language counts.

    "Approved, thanks!\\nAnna" -> yes. "I do not approve", "approved?", "yes, but ..." and both words -> unclear.
    """
    lines = [shown for line in text.splitlines() if (shown := _trimmed(line))]
    if not lines:
        return Word("none", "the answer has no words of its own")
    first = lines[0][:LINE]
    if any(map(is_unseen, first)):
        return Word("unclear", f"an invisible character in the line: {first[:80]!r}")
    lines = ["".join(c for c in line if not is_unseen(c)) for line in lines[:200]]
    yes, no = _tables(_key(approval.yes), _key(approval.no))
    tokens = _tokens(first)
    said_yes, said_no = _begins(tokens, yes), _begins(tokens, no)
    if not said_yes and not said_no:
        return Word("unclear", f"the first line does not begin with a decision word: {first[:80]!r}")
    # the longer word wins: "nicht genehmigt" is a no, though "nicht" alone says nothing
    verdict: Literal["yes", "no"] = "yes" if len(said_yes) > len(said_no) else "no"
    if said_yes and len(said_yes) == len(said_no):
        return Word("unclear", "the word means yes in one language and no in another")
    word = said_yes if verdict == "yes" else said_no
    rest = tokens[len(word) :]
    if "?" in first or "？" in first or "¿" in first:
        return Word("unclear", f"a question mark in the line: {first[:80]!r}")
    doubt = next((t for t in rest if t in _DOUBTS), None)
    if doubt:
        return Word("unclear", f"{doubt!r} in the line: {first[:80]!r}")
    other = _anywhere(
        [*rest, *(t for line in lines[1:200] for t in _tokens(line[:LINE]))], no if verdict == "yes" else yes
    )
    if other:
        return Word("unclear", f"also says {' '.join(other)!r}")
    return Word(verdict, f"{' '.join(word)!r} begins the first line")


def _trimmed(line: str) -> str:
    """Without what some programs put around a line and nobody sees."""
    begin, end = 0, len(line)
    while begin < end and (line[begin].isspace() or is_unseen(line[begin])):
        begin += 1
    while end > begin and (line[end - 1].isspace() or is_unseen(line[end - 1])):
        end -= 1
    return line[begin:end]


def _key(table: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(w for words in table.values() for w in words)


@lru_cache(maxsize=16)
def _tables(
    more_yes: tuple[str, ...], more_no: tuple[str, ...]
) -> tuple[frozenset[tuple[str, ...]], frozenset[tuple[str, ...]]]:
    yes = frozenset(tuple(_tokens(w)) for words in YES.values() for w in words) | {
        tuple(_tokens(w)) for w in more_yes
    }
    no = frozenset(tuple(_tokens(w)) for words in NO.values() for w in words) | {
        tuple(_tokens(w)) for w in more_no
    }
    return yes - {()}, no - {()}


def _tokens(text: str) -> list[str]:
    """Words in lower case, composed (NFC, not NFKC: full-width look-alikes are no decision words)."""
    text = unicodedata.normalize("NFC", text).casefold().replace("’", "'").replace("ʼ", "'")
    out: list[str] = []
    current: list[str] = []
    for c in text:
        if c.isalnum() or unicodedata.category(c) == "Mn" or (c in "'-" and current):
            current.append(c)
        elif current:
            out.append("".join(current).rstrip("'-"))
            current = []
    if current:
        out.append("".join(current).rstrip("'-"))
    return [t for t in out if t]


def _begins(tokens: list[str], table: frozenset[tuple[str, ...]]) -> tuple[str, ...]:
    """The longest word of the table at the beginning, or ()."""
    for length in (4, 3, 2, 1):
        head = tuple(tokens[:length])
        if len(head) == length and head in table:
            return head
    return ()


#: as `_tokens` writes them: "außer" is "ausser" there
_DOUBTS = frozenset(token for word in UNCLEAR for token in _tokens(word))


def _anywhere(tokens: list[str], table: frozenset[tuple[str, ...]]) -> tuple[str, ...]:
    for at in range(len(tokens)):
        found = _begins(tokens[at : at + 4], table)
        if found:
            return found
    return ()
