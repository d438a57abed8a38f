"""The decision word of an answer: the beginning of the first line of the new, visible text (contract, Decision word).

What may stand beside it is listed; whatever is not makes the answer unclear, and it is asked once more. The rule errs
to asking: a word that nobody thought of is no consent.

Over 300 lines: what may stand beside the word and what makes it unclear are one rule.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Literal

from maild.consent import decision_tables, signatures
from maild.mail.newtext.signature import is_contact, is_prose
from maild.mail.own_ids import REFERENCE_LINE
from maild.mail.text.characters import TURNING, is_unseen
from maild.settings import Approval
from maild.values import dataclass

#: characters of a paragraph, and lines of an answer, that are looked at; longer ones are no plain answers
PARAGRAPH, LINES, BLOCK = 400, 200, 12
#: words on either side of a tear that are compared
TORN = 3
#: what may stand between words
_BETWEEN = re.compile(r"[\s.,!;:*_'\"’ʼ“”„«»()–—-]*")
_LETTERS = re.compile(r"[^\W_]+")
_SENTENCE = re.compile(r"[.!?;\n]")
#: a picture as clients write it into plain text; one that is a link names its address behind it
_IMAGE = re.compile(r"\[(?:(?:image|cid|logo)[^\]\n]{0,200}\]|[^\]\n]{1,200}\]<https?://[^<>\s]{1,500}>)")
#: struck out, as some programs write it: -Yes-
_STRUCK = re.compile(r"[-–—]+[^\W_].*[-–—]")

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Word:
    """What an answer says. `unclear` is asked once more, plainly. `begins`: it does begin with a decision word."""

    verdict: Literal["yes", "no", "unclear", "none"]
    evidence: str
    begins: bool = True


def words_for(language: str, approval: Approval) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words that an approval mail names: those of its language, English else."""
    yes = (*approval.yes.get(language, ()), *decision_tables.YES.get(language, decision_tables.YES["en"])[:2])
    no = (*approval.no.get(language, ()), *decision_tables.NO.get(language, decision_tables.NO["en"])[:1])
    return tuple(dict.fromkeys(yes)), tuple(dict.fromkeys(no))


def decision(
    text: str,
    approval: Approval,
    *,
    offer: bool = False,
    names: Sequence[str] = (),
    asks: Callable[[str], bool] = lambda _: False,
) -> Word:
    """Yes, no, or unclear; "none" for a mail without words. Any language counts.

    "Approved, thanks!\\nAnna" -> yes, where Anna is one of `names`: the writer's and the agents' own. "I do not
    approve", "approved?", "yes, but ...", "yes after Friday" and both words -> unclear. `offer`: a quote or a cost;
    `asks`: as in `doubtful`.
    """
    lines = [_trimmed(line) for line in text.splitlines()]
    while lines and not lines[0]:
        lines.pop(0)
    if not lines:
        return Word("none", "the answer has no words of its own", begins=False)
    end = next((i for i, line in enumerate(lines) if not line), len(lines))
    paragraph, rest = lines[:end], [line for line in lines[end:] if line]
    first = paragraph[0][:80]
    table = _grammar(*map(_key, (approval.yes, approval.no, approval.accept, approval.tails)), offer)
    known = frozenset(t for name in names for t in _tokens(name))
    said = table.begin(_tokens(paragraph[0]))
    if said is None:
        return Word("unclear", f"the first line does not begin with a decision word: {first!r}", begins=False)
    if _STRUCK.fullmatch(paragraph[0]):
        return Word("unclear", f"the word may be struck out: {first!r}")
    if len(lines) > LINES:
        return Word("unclear", f"more than {LINES} lines")
    for cut in range(len(paragraph), 0, -1):
        words = "\n".join(paragraph[:cut])
        if any(map(is_unseen, words)):
            return Word("unclear", f"an invisible character beside the word: {first!r}")
        if table.is_decision(words, said, known) and _is_signature(
            [*paragraph[cut:], *rest], table, known, asks
        ):
            return Word("yes" if said else "no", f"begins with a clear word: {first!r}")
    shown = " / ".join([*paragraph, *rest])
    return Word("unclear", f"more than the word stands in the answer: {shown[:80]!r}")


def doubtful(
    ending: str, approval: Approval, *, own: Sequence[str] = (), asks: Callable[[str], bool] = lambda _: False
) -> str:
    """The first line of a signature that says more than who wrote: a condition, a doubt, a refusal, another's name;
    "" where none does. What newtext took for one is looked at as what stands in the answer is.

    own: the writer's names. asks: whether a line asks for what needs a consent.
    """
    table = _grammar(*map(_key, (approval.yes, approval.no, approval.accept, approval.tails)), offer=False)
    lines = ending.split("\n")[:LINES]
    more = next((line for line in lines if _is_doubtful(line, table) or asks(line)), "")
    return more or signatures.signed_by_another(lines, own, lambda line: table.is_polite(line, frozenset()))


def beyond(text: str, approval: Approval, *, offer: bool = False) -> str:
    """What an answer says beyond its first sentence, where that begins with a decision word and asks for nothing more:
    "Yes, give him access. Anna needs it too." -> " Anna needs it too."; all of any other text."""
    text = text.lstrip()
    end = _SENTENCE.search(text)
    first = text[: end.start()] if end is not None else text
    table = _grammar(*map(_key, (approval.yes, approval.no, approval.accept, approval.tails)), offer)
    tokens = _tokens(first)
    answers = table.begin(tokens) is not None and not decision_tables.ADDS.intersection(tokens)
    return text[len(first) + 1 :] if answers else text


def torn_from(sent: str, above: str, text: str) -> bool:
    """Whether the first line of an answer may be the torn end of the quoted line directly above it: both stand together
    in the request that we sent."""
    first = next((line for line in text.split("\n") if line.strip()), "")
    head, tail = _tokens(above), _tokens(first)
    if not head or not tail:
        return False
    words = _tokens(sent)
    both = [*head[-TORN:], *tail[:TORN]]
    size = len(both)
    return any(words[at : at + size] == both for at in range(len(words) - size + 1))


@dataclass(frozen=True, slots=True)
class _Grammar:
    """Phrases as tuples of folded words."""

    yes: frozenset[Phrase]
    no: frozenset[Phrase]
    split: frozenset[tuple[Phrase, Phrase]]  # a yes with a tail in its middle
    pronouns: frozenset[Phrase]
    tails: frozenset[Phrase]
    onward: frozenset[Phrase]
    greetings: frozenset[Phrase]

    def begin(self, tokens: list[str]) -> bool | None:
        """Whether the words begin with a yes (True) or a no (False); None with neither, or with both."""
        yes, no = self._side(tokens, yes=True), self._side(tokens, yes=False)
        return None if yes == no else yes > no

    def _side(self, tokens: list[str], *, yes: bool) -> int:
        """How many words at the beginning say that, a pronoun counted in; 0 when they do not."""
        table = self.yes if yes else self.no
        best = len(_begins(tokens, table))
        pronoun = len(_begins(tokens, self.pronouns))
        after = tokens[pronoun:]
        if pronoun and (more := len(_begins(after, table))):
            best = max(best, pronoun + more)
        for head, end in self.split if yes else ():
            if tuple(after[: len(head)]) == head:
                tail = len(_begins(after[len(head) :], self.tails))
                at = len(head) + tail
                if tail and tuple(after[at : at + len(end)]) == end:
                    best = max(best, pronoun + at + len(end))
        return best

    def is_decision(self, words: str, yes: bool, names: frozenset[str]) -> bool:
        """Whether a paragraph is the word, perhaps said twice, with nothing beside it but what may stand there."""
        if len(words) > PARAGRAPH or not _is_plain(words):
            return False
        tokens = _tokens(words)
        at = self._side(tokens, yes=yes)
        tables = (self.tails, self.greetings, *((self.onward,) if yes else ()))
        while at < len(tokens):
            left = tokens[at:]
            step = max(self._side(left, yes=yes), *(len(_begins(left, t)) for t in tables), left[0] in names)
            if not step:
                return False
            at += step
        return at > 0

    def is_polite(self, line: str, names: frozenset[str]) -> bool:
        """Whether a line is nothing but a greeting or a name."""
        tokens, at = _tokens(line), 0
        while at < len(tokens):
            left = tokens[at:]
            step = max(len(_begins(left, self.greetings)), left[0] in names)
            if not step:
                return False
            at += step
        return _is_plain(line)


def _is_signature(
    lines: list[str], table: _Grammar, names: frozenset[str], asks: Callable[[str], bool]
) -> bool:
    """Whether what stands below the word is a greeting, the writer's name, contact data, our reference line."""
    named = False
    block: list[str] = []
    for line in lines:
        bare = "".join(c for c in line if not is_unseen(c)).strip()
        if not bare or REFERENCE_LINE.fullmatch(bare):
            continue
        if _IMAGE.fullmatch(bare) and not _is_doubtful(bare, table):
            continue
        if table.is_polite(bare, names):
            named = named or bool(names & set(_tokens(bare)))
            continue
        if not named or is_prose(bare) or "?" in bare:
            return False
        block.append(bare)
    block = [line for line in block if not signatures.is_title(line)]
    plain = [line for line in block if not is_contact(line)]
    if any(_is_doubtful(line, table) or asks(line) for line in block) or len(block) > BLOCK:
        return False
    # a name and a title are a signature, a company below them where contact data stands with it
    return len(plain) < len(block) or not block


def _is_doubtful(line: str, table: _Grammar) -> bool:
    """Whether a line of a signature says more than who wrote. Links and addresses say nothing."""
    said = " ".join(word for word in line.split() if not any(mark in word for mark in ("@", "://", "www.")))
    tokens = _tokens(said)
    written = {t for t in tokens if t in decision_tables.INITIALS and t in said.split()}
    doubts = {
        t
        for t in tokens
        if t in _DOUBTS
        and t not in decision_tables.IN_NAMES
        and (t not in decision_tables.INITIALS or t in written)
    }
    refusals = {
        t for t in tokens if (t,) in table.no and (t not in decision_tables.SHORT_NO or len(tokens) == 1)
    }
    aside = ("me" in written and not decision_tables.INVITES.intersection(tokens)) or signatures.instructs(
        said, tokens
    )
    image = line.startswith("[") and decision_tables.SHORT_NO.intersection(tokens)
    return bool(doubts or refusals or aside or image or (tokens and tokens[0] in decision_tables.ADDING))


def _is_plain(text: str) -> bool:
    """Whether nothing stands between the words but blanks and the simplest marks."""
    left = _LETTERS.sub("", unicodedata.normalize("NFC", text))
    return _BETWEEN.fullmatch(left) is not None and ".." not in text


def _trimmed(line: str) -> str:
    """Without what some programs put around a line and nobody sees."""
    begin, end = 0, len(line)
    while begin < end and _is_padding(line[begin]):
        begin += 1
    while end > begin and _is_padding(line[end - 1]):
        end -= 1
    return line[begin:end]


def _is_padding(char: str) -> bool:
    return char.isspace() or (is_unseen(char) and char not in TURNING)  # those turn what follows


def _key(table: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(w for words in table.values() for w in words)


@lru_cache(maxsize=16)
def _grammar(
    yes: tuple[str, ...], no: tuple[str, ...], accept: tuple[str, ...], tails: tuple[str, ...], offer: bool
) -> _Grammar:
    accepting = (*_key(decision_tables.ACCEPT), *accept) if offer else ()
    split = {tuple(_phrase(p) for p in w.split("...")) for w in accepting if "..." in w}
    return _Grammar(
        _phrases((*_key(decision_tables.YES), *yes, *(w for w in accepting if "..." not in w))),
        _phrases((*_key(decision_tables.NO), *no)), frozenset((head, end) for head, end in split),
        _phrases(_key(decision_tables.PRONOUNS)), _phrases((*_key(decision_tables.TAILS), *tails)),
        _phrases(_key(decision_tables.ONWARD)), _phrases(_key(decision_tables.GREETINGS)),
    )  # fmt: skip


def _phrases(words: tuple[str, ...]) -> frozenset[Phrase]:
    return frozenset(map(_phrase, words)) - {()}


def _phrase(words: str) -> Phrase:
    return tuple(_tokens(words))


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
    for length in (5, 4, 3, 2, 1):
        head = tuple(tokens[:length])
        if len(head) == length and head in table:
            return head
    return ()


#: as `_tokens` writes them: "außer" is "ausser" there
_DOUBTS = frozenset(
    token for word in decision_tables.UNCLEAR | decision_tables.CONDITIONS for token in _tokens(word)
)
