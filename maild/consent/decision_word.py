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

from maild.consent import signatures
from maild.mail.newtext.signature import is_contact, is_prose
from maild.mail.own_ids import REFERENCE_LINE
from maild.mail.text.characters import TURNING, is_unseen
from maild.settings import Approval
from maild.values import dataclass

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
#: words that accept a quote or a cost, beside those of YES; [approval.accept] adds to them. "..." stands for a tail
ACCEPT: dict[str, tuple[str, ...]] = {
    "en": ("accept", "accepted", "agreed", "agree", "i agree"),
    "nl": ("akkoord met", "ga akkoord", "gaan akkoord", "ga akkoord met", "gaan akkoord met", "geaccepteerd"),
    "hu": ("elfogadom", "elfogadjuk", "elfogadva"),
    "de": ("annehmen", "angenommen", "nehme an", "nehmen an", "nehme ... an", "nehmen ... an"),
    "fr": ("accepté", "accepte", "acceptons", "j'accepte", "bon pour accord"),
}
PRONOUNS: dict[str, tuple[str, ...]] = {
    "en": ("i", "we"),
    "nl": ("ik", "wij", "we"),
    "hu": ("én", "mi"),
    "de": ("ich", "wir"),
    "fr": ("je", "nous"),
}
#: what a word may be said of; [approval.tails] adds to them
TAILS: dict[str, tuple[str, ...]] = {
    "en": (
        "it", "this", "the request", "this request", "your request", "your offer", "the offer", "this offer", "your quote",
        "the quote", "this quote", "your quotation", "the quotation", "the costs", "these costs",
    ),
    "nl": (
        "het verzoek", "dit verzoek", "de aanvraag", "de offerte", "uw offerte", "jullie offerte", "deze offerte",
        "het aanbod", "uw aanbod", "met de offerte", "met uw offerte", "met deze offerte", "met het aanbod",
        "met uw aanbod", "met het verzoek", "met dit verzoek", "de kosten", "met de kosten",
    ),
    "hu": (
        "a kérést", "a kérelmet", "az ajánlatot", "az árajánlatot", "ajánlatukat", "az ajánlatukat",
        "az árajánlatukat", "a költséget", "a költségeket",
    ),
    "de": (
        "die anfrage", "diese anfrage", "den antrag", "das angebot", "ihr angebot", "dieses angebot", "euer angebot",
        "die kosten", "mit dem angebot", "mit ihrem angebot", "mit den kosten",
    ),
    "fr": (
        "la demande", "cette demande", "l'offre", "votre offre", "cette offre", "le devis", "votre devis", "ce devis",
        "les frais", "pour l'offre", "pour le devis",
    ),
}  # fmt: skip
#: what may follow a yes alone
ONWARD: dict[str, tuple[str, ...]] = {
    "en": ("go ahead", "please go ahead", "please proceed", "proceed"),
    "nl": ("ga je gang", "ga uw gang", "gaat uw gang", "ga maar door"),
    "hu": ("mehet", "jöhet"),
    "de": ("bitte ausführen", "bitte umsetzen", "legen sie los"),
    "fr": ("allez-y", "vous pouvez y aller"),
}
GREETINGS: dict[str, tuple[str, ...]] = {
    "en": (
        "hi", "hello", "dear", "thanks", "thank you", "thank you very much", "many thanks", "thanks a lot", "thx", "cheers",
        "regards", "kind regards", "best regards", "warm regards", "best wishes", "best", "sincerely", "yours sincerely",
        "yours faithfully", "have a nice day", "have a nice weekend", "with kind regards", "with best regards",
    ),
    "nl": (
        "hallo", "beste", "dag", "dank", "dank u", "dank je", "dank u wel", "dank je wel", "bedankt", "alvast bedankt",
        "groet", "groeten", "groetjes", "met vriendelijke groet", "met vriendelijke groeten", "vriendelijke groet",
        "vriendelijke groeten", "mvg", "hartelijke groet", "hartelijke groeten", "fijne dag",
    ),
    "hu": (
        "szia", "sziasztok", "helló", "kedves", "tisztelt", "köszönöm", "köszönjük", "köszi", "köszönöm szépen", "üdv",
        "üdvözlettel", "üdvözlet", "tisztelettel", "szép napot", "további szép napot", "jó munkát", "előre is köszönöm",
    ),
    "de": (
        "hallo", "guten tag", "liebe", "lieber", "danke", "danke schön", "vielen dank", "besten dank", "gruß", "grüße",
        "viele grüße", "beste grüße", "liebe grüße", "mit freundlichen grüßen", "freundliche grüße", "mfg", "lg", "vg",
        "schönen tag", "schönes wochenende", "hochachtungsvoll",
    ),
    "fr": (
        "bonjour", "merci", "merci beaucoup", "merci d'avance", "cordialement", "bien cordialement", "salutations",
        "meilleures salutations", "bien à vous", "bonne journée", "bonne soirée", "bon week-end",
    ),
}  # fmt: skip
#: in a line of a signature they say that it is none: negation, condition, doubt
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
#: ... and of what a condition is made, beside those
CONDITIONS = frozenset(
    [
        *(
            "until",
            "till",
            "after",
            "wait",
            "later",
            "tomorrow",
            "pending",
            "provided",
            "conditional",
            "conditionally",
        ),
        *(
            "cancel",
            "cancelled",
            "canceled",
            "stop",
            "hold",
            "false",
            "ask",
            "without",
            "too",
            "also",
            "wrong",
            "withdraw",
        ),
        *("wacht", "wachten", "eerst", "morgen", "totdat", "nadat", "zonder", "ook", "vooralsnog"),
        *("várj", "várjon", "várjanak", "előbb", "holnap", "később", "amíg", "soha", "nélkül", "majd"),
        *(
            "erst",
            "warte",
            "warten",
            "zuerst",
            "später",
            "vorerst",
            "nachdem",
            "bevor",
            "ohne",
            "auch",
            "niemals",
        ),
        *(
            "attendez",
            "attendre",
            "demain",
            "après",
            "jusqu'à",
            "seule",
            "seules",
            "sans",
            "aussi",
            "d'abord",
        ),
    ]
)
#: small words of names and addresses, which in another language are some of these; and initials
_IN_NAMES = frozenset(["de", "ne", "se"])
_INITIALS = frozenset(["si", "ha", "als", "me"])
#: who refuses in a signature says more than one word of a table; these stand in "Reg. No.", "non profit"
_SHORT_NO = frozenset(["no", "non", "nem", "nee", "neen", "nein"])
#: with which a line adds to the one above it
_ADDING = frozenset(["and", "or", "plus", "en", "és", "vagy", "und", "oder", "et", "ou"])
#: what is asked of anybody who reads a signature
_INVITES = frozenset(["linkedin", "follow", "connect", "book"])
#: in a sentence that begins with the word they say that it asks for more than what was asked about
ADDS = frozenset(
    [
        *("also", "too", "additionally", "besides", "another", "plus"),
        *("ook", "eveneens", "tevens", "daarnaast", "nog"),
        *("szintén", "továbbá", "még", "valamint"),
        *("auch", "ebenfalls", "zudem", "ausserdem", "zusätzlich", "noch"),
        *("aussi", "également", "ainsi", "encore"),
    ]
)
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
    yes = (*approval.yes.get(language, ()), *YES.get(language, YES["en"])[:2])
    no = (*approval.no.get(language, ()), *NO.get(language, NO["en"])[:1])
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
    answers = table.begin(tokens) is not None and not ADDS.intersection(tokens)
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
    written = {t for t in tokens if t in _INITIALS and t in said.split()}
    doubts = {
        t for t in tokens if t in _DOUBTS and t not in _IN_NAMES and (t not in _INITIALS or t in written)
    }
    refusals = {t for t in tokens if (t,) in table.no and (t not in _SHORT_NO or len(tokens) == 1)}
    aside = ("me" in written and not _INVITES.intersection(tokens)) or signatures.instructs(said, tokens)
    image = line.startswith("[") and _SHORT_NO.intersection(tokens)
    return bool(doubts or refusals or aside or image or (tokens and tokens[0] in _ADDING))


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
    accepting = (*_key(ACCEPT), *accept) if offer else ()
    split = {tuple(_phrase(p) for p in w.split("...")) for w in accepting if "..." in w}
    return _Grammar(
        _phrases((*_key(YES), *yes, *(w for w in accepting if "..." not in w))), _phrases((*_key(NO), *no)),
        frozenset((head, end) for head, end in split), _phrases(_key(PRONOUNS)), _phrases((*_key(TAILS), *tails)),
        _phrases(_key(ONWARD)), _phrases(_key(GREETINGS)),
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
_DOUBTS = frozenset(token for word in UNCLEAR | CONDITIONS for token in _tokens(word))
