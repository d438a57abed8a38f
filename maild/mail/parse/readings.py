"""Which of two readings of one mail says more: the plain text, or the HTML beside it (RFC 2046, section 5.1.4).

The plain text is taken, unless it only says that there is HTML ("your program cannot display this message"), has no
words of its own (a picture, a dash, quoted lines), has others than the longer HTML ("N/A"), or is a small piece of what
the HTML says: the words before a table, the first lines. Known counter-example: an HTML part with a signature or a
disclaimer more, which is no reason to leave a person's plain text; a plain text of a person's beside HTML that only
says where to look.
"""

from __future__ import annotations

import re
from collections import Counter

from maild.mail.parse.html import HtmlText, html_to_text
from maild.mail.parse.tint import may_hold_answers

#: where `str.split` parts ASCII
_ASCII_BLANKS = b" \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f"
_WORD = re.compile(r"\w+")
_LINK = re.compile(r"<?https?://\S+|\[image: [^\]]{0,200}\]|\[cid:[^\]]{0,200}\]")
#: what programs write in the place of a text, in the languages of our customers and their neighbours
_STUB = re.compile(
    r"(?<![a-z])html(?![a-z])|view (?:it|this|the)[^\n]{0,30} (?:in|online)|online version|web ?version|does ?n.t support|"
    r"(?:can(?:no|')t|unable to|not able to) (?:read|display|view|show)|not (?:be )?display(?:ed|ing| correctly| properly)|"
    r"nicht (?:korrekt |richtig )?(?:anzeigen|angezeigt|darstellen|dargestellt|lesen)|im browser|"
    r"niet (?:goed |correct )?(?:weergeven|weergegeven|tonen|getoond|lezen)|webversie|"
    r"(?:ne (?:peut|parvient|s.affiche)|pas)[^.\n]{0,40}(?:afficher|affiche|lire)|s.affiche(?:nt)? pas|navigateur|"
    r"nem (?:tudja|képes|támogatja|jelenik|jeleníthető)[^.\n]{0,60}|b[öo]ng[ée]sz[őo]|"
    r"no (?:se )?puede[^.\n]{0,40}(?:mostrar|visualizar|ver)|non (?:si |è |riesc|pu)[^.\n]{0,40}(?:visualizz|legg)|"
    r"non (?:visualizz|mostra|supporta)|n[ãa]o (?:suporta|consegue|mostra|pode (?:mostrar|exibir))|"
    r"version (?:is )?not available|"
    r"nie (?:może|obsługuje|można)[^.\n]{0,60}wyświetl|nelze[^.\n]{0,40}zobrazit|kan ikke vis|kan inte visa",
    re.IGNORECASE,
)
_STUB_LENGTH = 600  # characters
_TINY = 24  # characters: a dash, "N/A", "HTML", a name
_FAR = 0.3  # a stub shares fewer of its words with the HTML than this
_CLOSE = 0.8  # ... and a piece more than this
_PIECE = 0.6  # of the HTML's words are the most that a piece has
_FEW = 5  # words that say something
_MORE = 8  # words that the HTML must have beyond a piece
_LONGEST_HTML = 300_000  # characters of HTML that are compared at all


def html_says_more(plain: str, html: str) -> bool:
    """Whether the HTML part is the text."""
    if may_hold_answers(html):
        return _shown(html) is not None  # only the HTML shows whose words are whose
    begins_alike = _begins_alike(plain, html)
    stub = not begins_alike and _stub(plain)
    own = _without_quoted(plain)
    if not stub and len(own) > _TINY and not _looks_longer(own, html):
        return False
    words = _words(own)
    shown = _shown(html)
    if shown is None:
        return False
    rich = _words(shown.visible)
    if not words:
        return bool(rich - _words(plain))
    shared = (words & rich).total() / words.total()
    says_where = len(shown.visible) <= _STUB_LENGTH and _STUB.search(shown.visible) is not None
    # who writes of HTML may have little beside it, a program that names it has the text there
    if stub and rich and shared < _FAR and (rich.total() >= _FEW or not _only_names_html(plain)):
        return True
    if not begins_alike and shared < _FAR and rich.total() >= max(_FEW, 2 * words.total()):
        return len(plain) <= _STUB_LENGTH and not says_where
    missing = (rich - words).total()
    return missing >= _MORE and shared > _CLOSE and words.total() < _PIECE * rich.total()


def _begins_alike(plain: str, html: str) -> bool:
    """Whether the first words of the plain text stand in the HTML's source: no stub's do, nearly all others'."""
    first = [word for word in plain[:200].split() if len(word) > 3 and word.isalpha()][:6]
    return len(first) > 2 and len([word for word in first if word in html]) * 2 > len(first)


def _without_quoted(plain: str) -> str:
    """The lines that no mark of a quote begins, where the text has such marks."""
    if not plain.lstrip().startswith(">"):
        return plain.strip()
    return "\n".join(line for line in plain.split("\n") if not line.lstrip().startswith(">")).strip()


def _stub(plain: str) -> bool:
    return len(plain) <= _STUB_LENGTH and _STUB.search(plain.strip()) is not None


def _only_names_html(plain: str) -> bool:
    return all(match[0].lower() == "html" for match in _STUB.finditer(plain))


def _shown(html: str) -> HtmlText | None:
    return html_to_text(html, max_tags=20_000) if len(html) <= _LONGEST_HTML else None


def _looks_longer(plain: str, html: str) -> bool:
    """A cheap look that sends few mails on to be compared word by word: most parts say the same."""
    if len(html) > _LONGEST_HTML:
        return False
    body = max(0, html.lower().find("<body"))
    return _letters(_between_tags(html[body:])) > 1.4 * _letters(plain) + 40


def _between_tags(html: str) -> str:
    """Without its tags: `<` and what follows up to `>`, no other `<` between them."""
    first, *pieces = html.split("<")
    found = [first]
    for piece in pieces:
        _, closed, behind = piece.partition(">")
        found.append(behind if closed else "<" + piece)
    return "".join(found)


def _letters(text: str) -> int:
    """How many characters are not blank."""
    if text.isascii():
        return len(text.encode("ascii").translate(None, _ASCII_BLANKS))
    return sum(map(len, text.split()))


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(_LINK.sub(" ", text).lower()))
