"""The languages' tables merged into look-ups: one step a line, whatever the number of languages."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache

from maild.mail.languages import LANGUAGES, Language
from maild.mail.languages.table import phrases

FROM, SENT, TO, SUBJECT, MORE = 1, 2, 4, 8, 16

_WORD = re.compile(r"[^\W0-9_]+")
_HEAD = 4  # characters

# Lines that a ticket system puts above its own mail: all below is that mail.
REPLY_ABOVE = phrases("""
    reply above this line | type your reply above | write your reply above | reply above the line |
    reply above the dotted line | antwoord boven deze | typ uw antwoord boven | typ je antwoord boven |
    antwoorden boven deze | oberhalb dieser linie | oberhalb dieser zeile | über dieser linie |
    über dieser zeile | au-dessus de cette ligne | au dessus de cette ligne | e sor fölé | a sor fölé |
    a vonal fölé | ezen sor fölé | sopra questa riga | encima de esta línea | por encima de esta línea |
    acima desta linha | powyżej tej linii | nad tento řádek | ovanför denna rad | over denne linje
""")

# What a mail gateway writes above a mail from outside.
BANNERS = phrases("""
    caution: this email | caution: this e-mail | caution: external | caution external | [external] |
    [extern] | [ext] | external email | external e-mail | external sender | external message |
    warning: this email | warning: external | warning: this message | this email originated |
    this e-mail originated | this message originated | you don't often get email from |
    you don’t often get email from | some people who received this message | let op: deze | let op! deze |
    let op: dit | u ontvangt niet vaak e-mail | je ontvangt niet vaak e-mail | achtung: diese e-mail |
    achtung: externe | externe e-mail | vorsicht: diese | vorsicht: externe | sie erhalten nicht oft |
    sie erhalten nicht häufig | attention : ce courriel | attention: ce courriel |
    attention : cet e-mail | attention: cet e-mail | attention : ce message provient | courriel externe |
    vous n'obtenez pas souvent | vous ne recevez pas souvent | vous n’obtenez pas souvent |
    figyelem! külső | figyelem: külső | külső feladó | külső levél | nem gyakran kap e-mailt
""")

# Words of a person who asks, tells or answers, in the first or second person: no signature has them in a sentence
# of its own but in slogans ("we", "our", "us" and their like are therefore missing).
SPEAKING = frozenset(
    phrases("""
        please | pls | i | i'm | im | my | me | mine | can | could | cannot | does | doesn | doesnt | isn | wont | won |
        still | again | also | today | yesterday | now | need | needs | want | broken | jams | fails | asks |
        bitte | ich | mein | meine | meinen | meinem | meiner | mir | mich | kann | können | könnte | könnten | noch |
        wieder | auch | heute | gestern | jetzt | brauche | braucht | geht | funktioniert | nicht |
        kérem | kérlek | kérjük | kérném | szeretnék | szeretném | nekem | engem | nem | még | megint | ma | tegnap |
        most | kell | kellene | legyen | szíves | szíveskedjen | működik | adjatok | adjanak |
        graag | alstublieft | alsjeblieft | svp | ik | mijn | mij | kunt | kun | kunnen | nog | weer | ook | vandaag |
        gisteren | nu | niet | geen | wil | wilt | nodig | werkt |
        veuillez | merci | je | j | mon | ma | mes | moi | peux | pouvez | pourriez | encore | aussi | aujourd | hier |
        maintenant | pas | besoin | faut | marche | fonctionne |
        por | favor | yo | mi | necesito | puede | pueden | podría | todavía | hoy | ayer | ahora |
        prego | cortesemente | io | mio | mia | può | potete | ancora | oggi | ieri | adesso | non |
        proszę | ja | mój | moja | może | jeszcze | dzisiaj | teraz | nie | prosím | můžete | můžeš | dnes | ještě |
        mám | mi | jag | min | mitt | kan | inte | idag | jeg | mitt | ikke | minun | voisitko | voisitteko | eivät
    """)
)

LIST_FOOTER = phrases("""
    to unsubscribe | unsubscribe: | unsubscribe from | mailing list |
    you received this message because you are subscribed | you are receiving this because |
    you are receiving this email because | to view this discussion | to post to this group |
    list archives | list info | mailman/listinfo | uitschrijven | afmelden | mailinglijst | leiratkoz |
    levelezőlista | levelezési lista | abmelden | mailingliste | se désabonner | se désinscrire |
    pour se désinscrire | liste de diffusion | reply to this email directly | view it on github |
    view it on gitlab
""")


def _merged(cell: Callable[[Language], Iterable[str]]) -> frozenset[str]:
    return frozenset(phrase for language in LANGUAGES for phrase in cell(language))


class PhraseTable:
    """Phrases under their first word (letters only), the longest first.

    Nearly all lines begin like none of them, and `may_begin` says so at the cost of one look-up.
    """

    def __init__(self, table_phrases: Iterable[str]) -> None:
        table: dict[str, list[str]] = defaultdict(list)
        every = tuple(table_phrases)
        for phrase in every:
            table[first_word(phrase)].append(phrase)
        self.by_word = {w: tuple(sorted(several, key=len, reverse=True)) for w, several in table.items()}
        self._heads = frozenset(phrase[:_HEAD] for phrase in every)
        self._has_short = any(len(phrase) < _HEAD for phrase in every)

    def may_begin(self, low: str) -> bool:
        """False where `low` begins with no phrase of the table."""
        head = low[:_HEAD]
        return head in self._heads or (self._has_short and not head.isalpha())


def _by_longest_word(table_phrases: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Phrases under the longest of their words, which few texts have."""
    table: dict[str, list[str]] = defaultdict(list)
    for phrase in table_phrases:
        table[max(words(phrase), key=len, default="")].append(phrase)
    return {word: tuple(several) for word, several in table.items()}


def first_word(low: str) -> str:
    """The first run of letters of a lower-case text, "" when there is none."""
    match = _WORD.search(low)
    return match.group() if match else ""


#: for ASCII, where `translate` and `split` are several times faster
_BETWEEN_LETTERS = {code: " " for code in range(128) if not chr(code).isalpha()}


def words(text: str) -> list[str]:
    """The runs of letters of a text."""
    return text.translate(_BETWEEN_LETTERS).split() if text.isascii() else _WORD.findall(text)


def _labels() -> dict[str, int]:
    labels: dict[str, int] = defaultdict(int)
    for language in LANGUAGES:
        for cell, bit in (
            (language.from_labels, FROM),
            (language.sent_labels, SENT),
            (language.to_labels, TO),
            (language.subject_labels, SUBJECT),
            (language.more_labels, MORE),
        ):
            for label in cell:
                labels[label] |= bit
    return dict(labels)


LABELS = _labels()
VERBS = frozenset(
    _WORD.findall(verb.split("(")[0].split("/")[0])[-1] for verb in _merged(lambda language: language.verbs)
)
OPENERS = frozenset(opener.split()[0] for opener in _merged(lambda language: language.openers))
ORIGINAL = PhraseTable(_merged(lambda language: language.original))
FORWARDED = PhraseTable(_merged(lambda language: language.forwarded))
MOBILE = PhraseTable(_merged(lambda language: language.mobile))
CLOSINGS = _merged(lambda language: language.closings)
CLOSINGS_BY_WORD = PhraseTable(CLOSINGS)
THANKS = _merged(lambda language: language.thanks) - CLOSINGS
THANKS_BY_WORD = PhraseTable(THANKS)
DISCLAIMERS = PhraseTable(_merged(lambda language: language.disclaimers))
DISCLAIMER_WORDS = tuple(sorted(_merged(lambda language: language.disclaimer_words)))
INLINE_HINTS = _by_longest_word(_merged(lambda language: language.inline_hints))

# What the one sentence of a virus scanner or of a friend of the trees names.
SCANNERS_AND_PAPER = phrases("""
    avast | avg | kaspersky | eset | nod32 | mcafee | norton | symantec | sophos | bitdefender | avira | f-secure |
    mimecast | messagelabs | panda | g data | trend micro | mailscanner | clamav | barracuda | virus found |
    before print | before you print | to print | you print | printing | print this | ausdruck | drucken | druckst |
    nyomtat | imprim | printen | afdruk | print u | print je | imprim | stampare | drukiem | wydruk | tisk | tlač |
    skriver ut | udskriv | skriv ut | tulost
""")

_STRONG_PARTS = phrases("""
    environment | print | milieu | umwelt | environnement | környezet | imprim | nyomtat | disclaimer |
    notice: | statement | haftungsausschluss | nyilatkozat | virus | vírus | viren | confidential |
    privileged | vertrouwelijk | vertraulich | confidentiel | bizalmas | registered office |
    registered in | amtsgericht | handelsregister | registergericht | geschäftsführer: |
    sitz der gesellschaft | ust-id | ust.-id | hrb | firmenbuch | avis de | mention | intended |
    geen rechten | intended recipient | not the intended | views or opinions | medio ambiente | ambiente |
    miljö | miljø | ympäristö | środowisk | životní | papier | avast | avg | have received this
""")


@cache
def is_strong_disclaimer(opener: str) -> bool:
    """Whether this opener proves a disclaimer alone, without the words that disclaimers are made of."""
    return any(part in opener for part in _STRONG_PARTS)


def starts_with(low: str, table: PhraseTable) -> str | None:
    """The longest phrase of the table that `low` begins with, not in the middle of a word."""
    for phrase in _possible(low, table):
        if low.startswith(phrase) and not low[len(phrase) : len(phrase) + 1].isalnum():
            return phrase
    return None


def begins(low: str, table: PhraseTable) -> str | None:
    """The longest phrase of the table that `low` begins with, be it within a word."""
    return next((phrase for phrase in _possible(low, table) if low.startswith(phrase)), None)


def _possible(low: str, table: PhraseTable) -> tuple[str, ...]:
    """The phrases with the first word of `low`, where it begins with one of them: most lines cost one look-up."""
    if not table.may_begin(low):
        return ()
    several = table.by_word.get(first_word(low[:40]))
    return several if several is not None and low.startswith(several) else ()
