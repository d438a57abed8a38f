"""Signatures: below a delimiter, below a closing formula, or a last paragraph of name and contact data.

The lines given are the last filled lines of a person's own text, stripped. What is below a formula or a
delimiter counts only where it reads as a signature, so that "Best" in a list, "Thanks" in a text, dashes below
a heading and a question below a signature that somebody pasted stay. A block of name and contact data alone
counts only as the sender's own: a new colleague's is what the mail is about.

Over 300 lines: each sign of a signature is weighed against the others in one pass.
"""

from __future__ import annotations

import re

from maild.mail.languages.table import phrases
from maild.mail.newtext.phrasebook import (
    CLOSINGS,
    CLOSINGS_BY_WORD,
    SPEAKING,
    THANKS,
    THANKS_BY_WORD,
    PhraseTable,
    starts_with,
    words,
)
from maild.mail.newtext.setting import Setting, folded

_LAST = 34  # filled lines from the end in which a closing formula may stand
_MAX_BELOW = 28
_SENTENCE = 5  # blanks: fewer words are a label and a number
_HEAD = 4  # lines below a delimiter among which the sender's name stands
_TRIM = " \t\xa0,.!;:-–—*_~/|<>"

_CONTACT_LABEL = re.compile(
    r"(?:t|m|e|f|w|p|a|i|tel|tel\.|telefon|telefoon|telephone|téléphone|tél|tél\.|phone|mobil|mobile|mobiel|"
    r"mobiltelefon|mob|gsm|fax|e-mail|email|mail|web|website|internet|url|skype|kvk|btw|iban|office|direct|cell|"
    r"adres|adresse|address|cím|adószám|portable|siret|rcs|ust-idnr|sede|teams|linkedin)\b\.?\s?[.:|)]",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"[0-9][0-9 ()/.+-]{5,24}[0-9]")
_POSTSCRIPT = re.compile(
    r"(?:p\.? ?s\.?|ps\.?|n\.?b\.?|u\.?i\.?|p\.? ?s\.? ?s\.?)\s*[:;,.)–-]?\s+\S", re.IGNORECASE
)
_PARTICLES = frozenset(
    phrases("""
        van | de | der | den | het | ten | ter | te | von | vom | zu | zum | zur | di | da | del | du |
        des | le | la | dr | ing | ir | drs | mr
    """)
)
_BULLET = re.compile(r"(?:[-*•+]|[0-9]{1,2}[.)])\s")
_AMBIGUOUS = frozenset(
    phrases("""
        best | love | yours | warmly | kindly | t | t: | a+ | à+ | sg | hg | fg | bg | kr | sincerely |
        greetings | liefs | puszi | hi | servus | grato | att | oprecht | cordial | herzlich
    """)
)
_FORMAL = phrases("""
    veuillez agréer | je vous prie d'agréer | je vous prie d’agréer | je vous prie de croire |
    je vous prie de recevoir | veuillez recevoir | veuillez croire | recevez, madame | recevez, monsieur |
    nous vous prions d'agréer | nous vous prions de
""")

_AND = frozenset(("and", "und", "en", "et", "és", "&", "+", "with", "mit", "met"))
_LOOKED_AT = 40  # characters: more than the longest of _FORMAL has
#: all with which a letter may end
_ENDS = PhraseTable((*CLOSINGS, *THANKS, *_FORMAL))


def is_contact(bare: str) -> bool:
    """Whether a line holds contact data: a phone number, an address of the mail or the web, a logo."""
    low = bare[:200].lower()
    if (
        "@" in low
        or "www." in low
        or "://" in low
        or low.startswith(("[image", "[cid:", "[logo", "[signature"))
    ):
        return True
    if _CONTACT_LABEL.match(low.lstrip("*_•|(☎✆📞 ")):
        return True
    return len(low) < 90 and (_DIGITS.search(low) is not None or low.count("|") >= 2)


def is_prose(bare: str) -> bool:
    """Whether a line is rather a sentence than a line of a signature."""
    if len(bare) > 110 or bare[-1] == "?" or _BULLET.match(bare):
        return True
    if is_contact(bare):
        return False
    count = bare.count(" ") + 1
    if count >= 9:
        return True
    if count >= 4 and (bare[0].islower() or bare[-1] in ".!:,"):
        return True
    return bare[-1] == ":" or (count >= 5 and _share_of_small_words(bare) > 0.55)


def is_name(bare: str) -> bool:
    """Whether a line can be a person's name: at most five words, each but a particle with a capital."""
    if len(bare) > 48 or "@" in bare or bare[-1] in "?:;":
        return False
    spoken = words(bare)
    if not 0 < len(spoken) <= 6:
        return False
    large = [word for word in spoken if not word[0].islower()]
    small = [word for word in spoken if word[0].islower()]
    return all(word in _PARTICLES for word in small) and bool(large)


def is_postscript(bare: str) -> bool:
    return _POSTSCRIPT.match(bare) is not None


def is_closing(bare: str) -> bool:
    """Whether a line is a closing formula, alone or with a name behind it."""
    return _closing(bare) is not None


def closing_start(bare: list[str], at: list[int], setting: Setting) -> int | None:
    """Index of the closing formula that begins the signature, or None. `at`: the lines' numbers."""
    count = len(bare)
    for k in range(max(0, count - _LAST), count):
        if not _ENDS.may_begin(bare[k][:_LOOKED_AT].lower().lstrip(_TRIM)):
            continue
        closing = _closing(bare[k])
        if closing is not None:
            below = bare[k + 1 :]
            named = closing != "" or not below
            if (
                (named or _name_follows(bare[k], below))
                and _is_signature(below, named=named)
                and not _goes_on(below, at[k + 1 :], setting)
            ):
                return k
        elif _is_thanks(bare[k]) and _thanks_end(bare[k + 1 :]):
            return k
    return None


def _closing(bare: str) -> str | None:
    """None when no formula; else the name that stands behind the formula in its line ("" without)."""
    if len(bare) > 60 and not bare[:_LOOKED_AT].lower().startswith(_FORMAL):
        return None
    low = bare.lower().strip(_TRIM)
    if low in CLOSINGS:
        return ""
    thanks = starts_with(low, THANKS_BY_WORD) if " " in low else None
    if thanks is not None:
        # "Many thanks and best wishes,": thanks that end a letter
        linked = low[len(thanks) :].strip(_TRIM).split(maxsplit=1)
        if len(linked) == 2 and linked[0] in _AND and linked[1] in CLOSINGS:
            return ""
    if low.startswith(_FORMAL):
        return "" if len(bare) < 200 else None
    phrase = starts_with(low, CLOSINGS_BY_WORD)
    if phrase is None or phrase in _AMBIGUOUS:
        return None
    rest = bare[bare.lower().find(phrase) + len(phrase) :].strip(_TRIM + "\"'")
    if rest.lower() in CLOSINGS or _closing_rest(rest):
        return ""
    if rest.lower() in THANKS:
        return ""
    pieces = rest.split()
    if pieces and pieces[0].lower() in (
        "from",
        "aus",
        "uit",
        "de",
        "depuis",
        "and",
        "und",
        "en",
        "et",
        "/",
        "&",
        "és",
    ):
        pieces = pieces[1:]
    if 0 < len(pieces) <= 4 and is_name(" ".join(pieces)):
        return rest
    return None


def _closing_rest(rest: str) -> bool:
    """Two formulas in one line: "Mit freundlichen Grüßen / Kind regards"."""
    low = rest.lower().strip(_TRIM + "&+")
    return bool(low) and starts_with(low, CLOSINGS_BY_WORD) in (low,)


def _is_thanks(bare: str) -> bool:
    return len(bare) < 44 and bare.lower().strip(_TRIM) in THANKS


def _thanks_end(below: list[str]) -> bool:
    """Thanks close a letter when a name follows and then nothing, or contact data."""
    if (
        not below
        or not is_name(below[0])
        or is_closing(below[0])
        or len(words(below[0])) > 4
        or below[0][-1] in ".!"
    ):
        return False
    return len(below) <= 2 or _is_signature(below, named=False)


def _name_follows(bare: str, below: list[str]) -> bool:
    if not below:
        return bare.lower().strip(_TRIM) not in _AMBIGUOUS
    first = below[0]
    if bare.lower().strip(_TRIM) in _AMBIGUOUS:
        return is_name(first) and len(words(first)) <= 4 and first[-1] not in ".!"
    return not is_prose(first) and len(first) <= 80


def _is_signature(below: list[str], *, named: bool) -> bool:
    """Whether the lines below a formula are a signature (a postscript ends it)."""
    for k, line in enumerate(below):
        if is_postscript(line):
            below = below[:k]
            break
    if len(below) > _MAX_BELOW:
        return False
    prose = sum(is_prose(line) for line in below[0 if named else 1 :])
    contacts = sum(is_contact(line) for line in below)
    if not prose:
        return len(below) <= 7 or contacts > 0
    return contacts > 0 and prose <= min(4, contacts + 1)


def _goes_on(below: list[str], at: list[int], setting: Setting) -> bool:
    """Whether the writer goes on below what looks like a signature: a question, a request, a list, another person's
    name and address. A postscript is looked at elsewhere."""
    for k, line in enumerate(below):
        if is_postscript(line):
            return False
        if is_question(line) or (speaks(line) and k and at[k] > at[k - 1] + 1):
            return True
    return _other_person(below, at, setting)


def _other_person(below: list[str], at: list[int], setting: Setting) -> bool:
    """Whether the last paragraph is the name and the own mail address of somebody who is not the sender."""
    if len(below) < 3 or not setting.is_known:
        return False
    start = len(below) - 1
    while start > 0 and at[start - 1] == at[start] - 1:
        start -= 1
    block = below[start:]
    if start == 0 or len(block) < 2 or not is_name(block[0]) or any(map(setting.signs, block)):
        return False
    theirs = Setting(sender=(block[0], ""))
    return any("@" in line and theirs.signs(line.partition("@")[0]) for line in block[1:])


def is_question(bare: str) -> bool:
    """Whether a line asks: a question mark at its end, no address of the web."""
    return bare[-1] in "?？" and "://" not in bare and "www." not in bare


def speaks(bare: str) -> bool:
    """Whether a sentence speaks to somebody or of its writer: no slogan, no address, no announcement does. One that
    holds a phone number is a sentence all the same: "That number is old, please write +36 1 555 0199"."""
    if not is_prose(bare) and not _tells_a_number(bare):
        return False
    return not SPEAKING.isdisjoint(words(bare[:400].lower()))


def _tells_a_number(bare: str) -> bool:
    if (
        "@" in bare
        or "www." in bare
        or "://" in bare
        or "|" in bare
        or _CONTACT_LABEL.match(bare.lstrip("*_•(☎✆📞 "))
    ):
        return False
    return bare.count(" ") >= _SENTENCE and _share_of_small_words(_DIGITS.sub(" ", bare)) > 0.5


def reads_as_signature(
    lines: list[str], at: list[int], setting: Setting, *, exact: bool, signed: bool
) -> bool:
    """Whether the lines below a delimiter are the sender's signature.

    exact: the delimiter is "-- " as RFC 3676 wants it. signed: a closing formula or the sender's name stands
    just above the delimiter, so that what is below only decorates.
    """
    if not lines:
        return True
    if any(is_question(line) or _BULLET.match(line) for line in lines):
        return False
    own = any(setting.signs(line) for line in lines[:_HEAD])
    spoken = [k for k, line in enumerate(lines) if speaks(line)]
    if spoken and not (own and exact and len(spoken) == 1 and _is_slogan(spoken[0], at)):
        return False
    if _other_person(["", *lines], [at[0] - 2, *at], setting):
        return False
    if own or (signed and exact):
        return True
    if exact and not any(map(words, lines)):
        return True  # a version: git's
    prose = sum(map(is_prose, lines))
    contacts = sum(map(is_contact, lines))
    head = is_name(lines[0]) or is_contact(lines[0]) or is_closing(lines[0])
    if setting.is_known and not exact:
        return signed and not prose
    return head and prose <= (contacts + 2 if exact else 0)


def _is_slogan(k: int, at: list[int]) -> bool:
    """Whether the sentence in line `k` belongs to the lines above it: the writer's next paragraph does not."""
    return k > 0 and at[k] == at[k - 1] + 1


def contact_block_start(bare: list[str], at: list[int], setting: Setting) -> int | None:
    """Start of a last paragraph of the sender's name and contact data that has no formula above it, or None."""
    start = len(bare) - 1
    while start > 0 and at[start - 1] == at[start] - 1:
        start -= 1
    block = bare[start:]
    if start == 0 or not 2 <= len(block) <= 12 or any(is_prose(line) for line in block):
        return None
    # one line of data suffices below the whole name as it stands in the From
    wanted = 1 if setting.shown_names and setting.shown_names == set(words(folded(block[0]))) else 2
    if sum(is_contact(line) for line in block) < wanted or not is_name(block[0]):
        return None
    if is_contact(block[0]) and not setting.signs(block[0]):
        return None
    if not setting.may_sign(block[0]) and not (
        setting.sender[1] and setting.sender[1] in " ".join(block).lower()
    ):
        return None
    return None if bare[start - 1][-1] == ":" else start


def named_dash(bare: list[str], setting: Setting) -> int | None:
    """A last line "-Ann", "~ Ann", "/Ann" of the sender that no list item precedes."""
    if len(bare) < 2:
        return None
    last = bare[-1]
    if len(last) > 30 or last[0] not in "-–—~/" or bare[-2][0] in "-–—*•":
        return None
    name = last.lstrip("-–—~/ ")
    if not name or not is_name(name) or len(words(name)) > 3 or name[-1] in ".!,":
        return None
    if not setting.may_sign(name):
        return None
    return len(bare) - 1


def _share_of_small_words(bare: str) -> float:
    spoken = words(bare)
    return sum(word[0].islower() for word in spoken) / max(1, len(spoken))
