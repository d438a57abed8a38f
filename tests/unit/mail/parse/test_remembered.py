"""What reading remembers from mail to mail, or takes a shorter way for, is what it would read anew."""

from __future__ import annotations

import re
from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from maild.mail.languages.words import WORDS
from maild.mail.newtext.phrasebook import words
from maild.mail.parse import addresses, language, params
from maild.mail.parse.caps import ParseLimits
from maild.mail.parse.mail import _boxes
from maild.mail.text.addresses import all_folded, folded

_FIELD = st.binary(max_size=120) | st.lists(
    st.sampled_from([b"Anna", b" ", b"<a@acme.example>", b"a@b.example", b",", b'"', b";", b"\r\n ", b"(x)", b"\xc3\xa9",
     b"@", b"x" * 90])
).map(b"".join)  # fmt: skip
_TYPE = st.binary(max_size=60) | st.lists(
    st.sampled_from([b"text/plain", b"TEXT/html", b";", b" charset=", b'"utf-8"', b"utf-8", b"\r\n\t", b"name*0=", b"a",
     b"format=flowed", b"y" * 60])
).map(b"".join)  # fmt: skip
_WORD = st.sampled_from([word for cell in WORDS.values() for word in cell.split()])
_SAID = st.lists(
    st.one_of(
        _WORD, _WORD.map(lambda word: f"\u201e{word}!"), st.text(max_size=9),
        st.sampled_from(["Printer,", "0x6100", "l'imprimante", "Verf\u00fcgungen", "m\u0171k\u00f6dik.", "...",
                         "aanvraag-formulier"]),
    ),
    max_size=60,
).map(" ".join)  # fmt: skip


@given(_FIELD)
def test_address_fields_are_read_the_second_time_as_the_first(value: bytes) -> None:
    limits = ParseLimits()
    plainly = addresses.mailboxes([value], limit=limits.addresses)
    assert _boxes([value], limits) == _boxes([value], limits) == plainly


@given(_TYPE, st.sampled_from(["text/plain", "message/rfc822"]))
def test_content_types_are_read_the_second_time_as_the_first(value: bytes, default: str) -> None:
    plainly = params._content_type(value, default) if value else (default, {})
    first = params.content_type(value, default)
    first[1]["charset"] = b"what a caller does with its own"
    assert params.content_type(value, default) == plainly


@given(st.lists(st.text(max_size=20), max_size=3).map(tuple))
def test_the_desks_addresses_are_folded_one_by_one(several: tuple[str, ...]) -> None:
    assert all_folded(several) == tuple(folded(one) for one in several)


@given(st.text(max_size=60) | st.text("abz019_-. \n\t'\u00e9", max_size=60))
def test_words_are_the_runs_of_letters(text: str) -> None:
    assert words(text) == re.findall(r"[^\W0-9_]+", text)


def _plainly(text: str) -> str | None:
    """One word after the other."""
    low = text[:800].lower()
    written = low.replace("'", " ").replace("\u2019", " ").replace("-", " ").split()
    plain = [
        w for word in written if (w := word if word.isalpha() else word.strip(language._AROUND)).isalpha()
    ]
    if not plain:
        return None
    scores: dict[str, float] = defaultdict(float)
    for word in plain:
        owners = [name for name, cell in WORDS.items() if word in cell.split()]
        for owner in owners:
            scores[owner] += (1.0 if len(word) > 1 else 0.5) / len(owners) ** 0.5
        if not owners and len(word) > 5:
            for owner in language._ENDINGS.get(word[-4:]) or language._ENDINGS.get(word[-3:]) or ():
                scores[owner] += 0.5
    for letter, shared in language._LETTERS.items():
        for owner in shared:
            scores[owner] += min(3, low.count(letter))
    ranked = [*sorted(scores.values(), reverse=True), 0.0, 0.0]
    first = [name for name in scores if scores[name] == ranked[0]]
    enough = ranked[0] >= max(2.0, 1.35 * ranked[1], 0.17 * len(plain))
    return first[0] if len(first) == 1 and first[0] in language.SUPPORTED and enough else None


@given(_SAID)
def test_the_language_is_that_of_all_its_words(text: str) -> None:
    assert language.detect(text) == _plainly(text)


def test_what_is_known_of_words_stays_bounded() -> None:
    for number in range(300):
        language.detect(" ".join(f"w{number}x{i}" for i in range(100)))
    assert len(language._known) <= language._MOST_KNOWN
    assert (
        language.detect("Der Drucker im zweiten Stock druckt seit heute nicht mehr, bitte helfen Sie uns")
        == "de"
    )
