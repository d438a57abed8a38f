"""Is a reply nothing but thanks? Such a one is recorded and reopens nothing (contract, What happens to a mail).

Unsure means no: a ticket reopened for a thank-you costs a glance, a swallowed "it still fails" a customer.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from maild.mail.keywords import Matcher, default_keywords, matcher, phrase_matcher, phrases, word_list
from maild.mail.text.folding import fold
from maild.model import LANGUAGES

MOST_CHARACTERS = 600
#: words that may stay over beside thanks and courtesies: a name, and behind "regards" a signature
NAME_WORDS = 5
SIGNATURE_WORDS = 12
SIGNATURE_LOWER_CASE = 2
#: a shorter word may mean something else in another language (hu "de" is "but", nl "de" is "the")
_OWN_LANGUAGE_ONLY = 3
_TROUBLE = ("incident", "permission", "device", "complaint", "quote")

_WORD = re.compile(r"[^\W_]+")
_CLOSING_CLAUSE = re.compile(r"[^.,;:!?\n]+")
_MARK = re.compile(r"^-- ?$", re.MULTILINE)
_FEW = 2
#: before a name: where something works, and elsewhere not
_WHERE = frozenset(
    ("of", "with", "at", "on", "in", "from", "by", "bei", "von", "mit", "bij", "van", "met", "op", "chez", "de", "sur")
)  # fmt: skip
_FOR, _FOR_HU = frozenset(("for", "fur", "voor", "pour")), frozenset(("a", "az"))
_REFERENCE = re.compile(
    r"\[#[0-9]{1,12}\]|#[0-9]{1,12}|\+?[0-9][0-9 ()/.-]{5,40}[0-9]|https?://\S+|www\.\S+|[^\s@]+@[^\s@]+"
)
#: without one of these, or digits with little between them, there is none: most answers
_REFERENCE_HAS = ("#", "@", "://", "www.")
_DIGITS = re.compile(r"[0-9][0-9 ()/.-]{5,40}[0-9]")
_SMILE = re.compile(
    "[\U0001f4af\U0001f44c-\U0001f44f\U0001f64c\U0001f64f\U0001f600-\U0001f60e\U0001f929\U0001f389\u2764\u263a]|[:;]-?[)D]"
)


def is_bare_thanks(new_text: str, language: str | None = None) -> bool:
    """True for "Thanks!", "köszi szépen, üdv Anna", a thumbs-up with a signature; in any of our languages.

    False when a question mark, a word of trouble or of objection ("but", "still", "not", "please") stands
    anywhere, or more is said than thanks, courtesies and a name.
    """
    above = _MARK.split(new_text, maxsplit=1)[0] if "--" in new_text else new_text
    text = unicodedata.normalize("NFC", above).strip()
    if not text or len(text) > MOST_CHARACTERS or "?" in text:
        return False
    smiles = _smiles(text)
    said = _without_references(text)
    words, different = _folded(said)
    if not words:
        return smiles
    if not (smiles or _good_news().hits(words, different)):
        return False
    written = _WORD.findall(said)
    thanks = _covered(words, "thanks")
    succeeded = _covered(words, "success")
    courteous = thanks | _covered(words, "polite") | _covered(words, "closing")
    if _objects(words, courteous | succeeded, _spoken(words, language)):
        return False
    if (thanks or smiles) and _only_a_name(written, words, thanks, courteous):
        return True
    return _says_that_it_works(text)


def _says_that_it_works(text: str) -> bool:
    """Whether each clause thanks or says that something works, in words that say nothing more; or is a name behind that.

    "Tested it just now and it prints" is; "It prints, only slowly" and "Now the scanner" are not.
    """
    said = False
    for clause in _CLOSING_CLAUSE.findall(text):
        said_here = _without_references(clause)
        written = _WORD.findall(said_here)
        words, _ = _folded(said_here)
        succeeded, thanks = _covered(words, "success"), _covered(words, "thanks")
        plain = succeeded | thanks | _covered(words, "polite") | _covered(words, "closing")
        left = set(range(len(words))) - plain
        if left and (succeeded or thanks):
            said = True
            left -= _covered(words, "filler") | _of_thanks(words)
            if succeeded:
                left -= _covered(words, "things")
            last = len(words) - 1
            if left == {last} and written[last][0].isupper() and words[last - 1] not in _WHERE:
                continue  # "Thanks Anna", no "It works at Anna's"
        elif left and said and len(words) <= NAME_WORDS and all(word[0].isupper() for word in written):
            continue
        elif len(words) <= _FEW:
            left -= _covered(words, "filler")  # "Yes,"
        if left:
            return False
        said = said or bool(succeeded or thanks)
    return said


def _of_thanks(words: Sequence[str]) -> set[int]:
    """What stands behind "thanks for" to the end of the clause."""
    for at, word in enumerate(words[:-1]):
        after = words[at + 1]
        if (after in _FOR and at in _covered(words, "thanks")) or (
            after in _FOR_HU and word.startswith("koszon")
        ):
            return set(range(at + 1, len(words)))
    return set()


def _smiles(text: str) -> bool:
    if text.isascii() and ":" not in text and ";" not in text:
        return False
    return _SMILE.search(text) is not None


def _without_references(text: str) -> str:
    if any(map(text.__contains__, _REFERENCE_HAS)) or _DIGITS.search(text):
        return _REFERENCE.sub(" ", text)
    return text


def _folded(said: str) -> tuple[list[str], frozenset[str]]:
    """Each written word folded, and the different ones; only letters beyond ASCII have to be looked at one word at a
    time, so that each stands where it is written."""
    if said.isascii():
        listed = word_list(said)
        return listed.words, listed.different
    words = [fold(word) for word in _WORD.findall(said)]
    return words, frozenset(words)


def _only_a_name(written: Sequence[str], words: Sequence[str], thanks: set[int], courteous: set[int]) -> bool:
    """Whether what else is said reads as a name, or behind a closing formula as a signature."""
    closings = sorted(_covered(words, "closing"))
    first_thanks = min(thanks, default=0)
    border = next((i for i in closings if i > first_thanks), len(words))
    left = [i for i in range(len(words)) if i not in courteous]
    before = [i for i in left if i < border]
    behind = [i for i in left if i > border]
    lower = [i for i in before if not written[i][0].isupper()]
    if len(before) > NAME_WORDS or lower not in ([], [len(words) - 1]) or (lower and len(words) > 4):
        return False
    small = sum(not written[i][0].isupper() for i in behind)
    return len(behind) <= SIGNATURE_WORDS and small <= SIGNATURE_LOWER_CASE


def objects(text: str, language: str | None = None) -> bool:
    """Whether a word of objection or trouble stands in the text outside of thanks and courtesies."""
    said = _without_references(unicodedata.normalize("NFC", text))
    words, _ = _folded(said)
    courteous = {i for name in ("thanks", "polite", "closing") for i in _covered(words, name)}
    return _objects(words, courteous, _spoken(words, language))


def _objects(words: Sequence[str], courteous: set[int], spoken: Sequence[str]) -> bool:
    """Whether a word of objection or trouble stands outside the courtesies."""
    for language in LANGUAGES:
        for hit in _objections(language).hits(words):
            if all(i in courteous for i in range(hit.at, hit.end)):
                continue
            long_enough = hit.end - hit.at > 1 or len(words[hit.at]) > _OWN_LANGUAGE_ONLY
            if long_enough or language in spoken:
                return True
    return False


def _spoken(words: Sequence[str], language: str | None) -> list[str]:
    """The languages that explain most of the words, and the one that the mail is said to be in."""
    known = {}
    for one in LANGUAGES:
        hits = [
            hit for name in ("thanks", "polite", "closing") for hit in phrase_matcher(name, one).hits(words)
        ]
        known[one] = len({i for hit in hits for i in range(hit.at, hit.end)})
    most = max(known.values())
    return [one for one in LANGUAGES if known[one] == most or one == language]


@lru_cache(maxsize=1)
def _good_news() -> Matcher:
    """One look for both: most answers end there."""
    return matcher((phrases("thanks"), phrases("success")))


def _covered(words: Sequence[str], name: str) -> set[int]:
    return {i for hit in phrase_matcher(name).hits(words) for i in range(hit.at, hit.end)}


@lru_cache(maxsize=8)
def _objections(language: str) -> Matcher:
    trouble = tuple(
        word
        for table in default_keywords()
        if table.kind in _TROUBLE and table.language == language
        for word in table.words
        if not word.startswith("!")
    )
    return matcher(((*phrases("blocks", language), *trouble),))
