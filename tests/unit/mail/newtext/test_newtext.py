"""New text of every case of the corpus, its law, and its speed."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.mail.newtext import NOTHING_KNOWN, Setting, new_text
from maild.mail.text.characters import INVISIBLE
from maild.mail.text.marks import HEAD_OPEN, QUOTE_CLOSE, QUOTE_OPEN, SIGN_CLOSE, SIGN_OPEN
from tests.cases import cases
from tests.corpus.newtext import clients, written
from tests.corpus.newtext.clients import Case
from tests.examples import at_most
from tests.timing import grows_as_its_size, takes_less

CLIENTS = list(clients.cases())
WRITTEN = list(written.cases())


@cases("case", CLIENTS, ids=lambda case: f"{case.language} {case.name}")
def test_answer_of_a_client_is_found(case: Case) -> None:
    assert _found(case) == case.wanted.split()


@cases("case", WRITTEN, ids=lambda case: f"{case.language} {case.name}")
def test_written_case_is_as_a_person_marks_it(case: Case) -> None:
    assert _found(case) == case.wanted.split()


def _found(case: Case) -> list[str]:
    return new_text(case.text, html_marks=case.html_marks, setting=case.setting).text.split()


def test_corpus_is_broad() -> None:
    assert len(CLIENTS) + len(WRITTEN) >= 400
    assert {case.language for case in CLIENTS} == {"en", "nl", "hu", "de", "fr"}


def test_every_prefix_of_a_case_is_split_without_loss() -> None:
    for case in WRITTEN:
        lines = case.text.split("\n")
        for count in range(len(lines)):
            _assert_law("\n".join(lines[:count]), html_marks=False)


def test_mail_of_nothing_but_quote_is_kept_whole_without_confidence() -> None:
    text = "On Mon, Nov 2, 2026 at 10:11 AM Ann <ann@example.com> wrote:\n\n> Hello\n> Ann"
    found = new_text(text)
    assert (found.text, found.elided, found.confidence) == (text, "", 0.0)


def test_sign_off_alone_above_a_quote_is_kept_with_doubt() -> None:
    found = new_text("Regards,\nAnn\n\nOn Mon, Nov 2, 2026 at 10:11 AM Bob <b@example.com> wrote:\n> Hello")
    assert found.text == "Regards,\nAnn"
    assert 0 < found.confidence <= 0.5


def test_plain_text_is_certain_and_a_doubtful_block_is_not() -> None:
    assert new_text("The printer is broken.").confidence == 1.0
    doubtful = "The header:\nFrom: a@example.com\nSent: 2 November 2026\nSubject: x\n\ntext"
    assert new_text(doubtful).confidence < 0.9


def test_forwarded_block_is_history_without_the_subject_and_content_with_it() -> None:
    text = "Please see.\n\nFrom: Ann <a@example.com>\nSent: Monday, 2 November 2026 10:11\nTo: Bob\nSubject: x\n\nHi"
    assert new_text(text).text == "Please see."
    assert new_text(text, setting=Setting(forwarded=True)).text == text


def test_marker_lines_count_only_for_html_and_never_come_out() -> None:
    text = f"Yes.\n{QUOTE_OPEN}\nAnn said so in her mail of old\n{QUOTE_CLOSE}\nAnd no."
    found = new_text(text, html_marks=True)
    assert found.text == "Yes.\nAnd no."
    assert found.elided == "Ann said so in her mail of old"
    assert new_text(text).text == text


def test_answers_between_the_quotes_of_an_html_client_stay() -> None:
    text = f"{QUOTE_OPEN}\nAnn, 2 Nov:\n> Tea?\nYes.\n> Milk?\nNo.\n{QUOTE_CLOSE}"
    assert new_text(text, html_marks=True).text.split() == ["Yes.", "No."]


_PIECES = [
    "On Mon, Nov 2, 2026 at 10:11 AM Ann <a@example.com> wrote:",
    "Am 02.11.26 um 10:11 schrieb Ann:",
    "Ann <a@example.com> ezt írta (időpont: 2026. nov. 2., H, 10:11):",
    "From: Ann", "Sent: Monday, 2 November 2026 10:11", "To: Bob", "Subject: x", "*Von:* Ann", "De :", "À : x",
    "-----Original Message-----", "---------- Forwarded message ---------", "Begin forwarded message:",
    "________________________________", "-- ", "--", "—", "> quote", ">> quote", "> > quote", ">", ">>> x",
    "Kind regards,", "Üdv,", "Thanks", "Ann Miller", "Tel. +44 20 7946 0123", "Sent from my iPhone", "PS: more",
    "This e-mail is confidential.", "users mailing list", "CAUTION: This email originated from outside",
    "-----BEGIN PGP SIGNATURE-----", "-----END PGP SIGNATURE-----", "##- reply above this line -##",
    "See my answers below in red.", "text", "Text of a person, which is longer than a name.", "", "  ", "\t",
    QUOTE_OPEN, HEAD_OPEN, QUOTE_CLOSE, SIGN_OPEN, SIGN_CLOSE, "| bar", "Kimden: Ann <a@example.com>",
    "\ufeff", "\u200b> x", "x" * 700, " " * 700, "> " + "y" * 90, "torn",
]  # fmt: skip


_SETTINGS = [
    NOTHING_KNOWN,
    Setting(answers=False),
    Setting(forwarded=True),
    Setting(answers=False, subject="x", sender=("Ann Miller", "ann@example.com"), desk=("a@example.com",)),
    Setting(subject="x", sender=("Ann Miller", "ann@example.com"), desk=("b@example.com",)),
]


@at_most(300)
@given(
    st.lists(st.sampled_from(_PIECES) | st.text(max_size=30), max_size=30),
    st.booleans(),
    st.sampled_from(_SETTINGS),
)
def test_any_text_is_split_without_loss(pieces: list[str], html_marks: bool, setting: Setting) -> None:
    _assert_law("\n".join(pieces), html_marks=html_marks, setting=setting)


@given(st.text())
def test_any_string_is_split_without_loss(text: str) -> None:
    _assert_law(text, html_marks=True)


def _assert_law(text: str, *, html_marks: bool, setting: Setting = NOTHING_KNOWN) -> None:
    found = new_text(text, html_marks=html_marks, setting=setting)
    marks = (QUOTE_OPEN, HEAD_OPEN, QUOTE_CLOSE, SIGN_OPEN, SIGN_CLOSE) if html_marks else ()
    wanted = [
        line for line in text.split("\n") if (bare := line.strip().strip(_UNSEEN)) and bare not in marks
    ]
    kept = [line for line in found.text.split("\n") if line.strip().strip(_UNSEEN)]
    elided = [line for line in found.elided.split("\n") if line.strip().strip(_UNSEEN)]
    assert len(kept) + len(elided) == len(wanted)
    assert _interleave(wanted, kept, elided)
    assert 0.0 <= found.confidence <= 1.0
    if wanted:
        assert kept


_UNSEEN = "".join(map(chr, sorted(INVISIBLE))) + " \t\xa0"


def _interleave(wanted: list[str], kept: list[str], elided: list[str]) -> bool:
    """Whether `wanted` is a merge of the two, each in order."""
    reached = {0}
    for count, line in enumerate(wanted):
        following = set()
        for taken in reached:
            if taken < len(kept) and kept[taken] == line:
                following.add(taken + 1)
            rest = count - taken
            if rest < len(elided) and elided[rest] == line:
                following.add(taken)
        reached = following
    return len(kept) in reached


_SHAPES = [
    "\n", ">", "> ", ">\n", "On ", "On\n",
    "On 2 Nov 2026 10:11 ", "On 2 Nov 2026 at 10:11, a@b.c wrote:\n", "a",
    "a\n", ":", ":\n", "From:", "From:\n", "From: x\n\n",
    "From: x\nTo: y\nx\n", "_", "_\n", "__ \n", "-- \n",
    "--\n", "> > >", ">>>>>\n", "> x\ny\n", "--- wrote: ---\n",
    "-----Original Message-----\n", "Best regards\n", "Sent from my iPhone\n",
    "This e-mail is confidential\n", "\ue000quote\n", "\ue000quote\n\ue001\n",
    "\ue001\n", "\ue000quote\nx\n", "\ue000quote\n\ue000quote\n\ue001\nOn 1:1 wrote:\n",
    "-----BEGIN PGP SIGNATURE-----\n", " ", "\t\n", "<a@b ", "1.1.1",
    "On <a@b> 2026 10:11: x\n", "x" * 72 + "\n> y\n", "> " + "x" * 72 + "\ny\n",
    "\ufeff", "\u200b\n", "A | B | C\n", "Thanks\nAnn\n", "PS: x\n",
]  # fmt: skip


@cases("shape", _SHAPES)
def test_four_times_a_hostile_shape_takes_four_times_as_long(shape: str) -> None:
    grows_as_its_size(lambda size: _splitting(shape, size), 10_000, repr(shape))


@pytest.mark.slow
@pytest.mark.parametrize("shape", _SHAPES)
def test_a_megabyte_of_a_hostile_shape_takes_four_times_a_quarter(shape: str) -> None:
    grows_as_its_size(lambda size: _splitting(shape, size), 250_000, repr(shape))


def _splitting(shape: str, size: int) -> Callable[[], object]:
    text = shape * (size // len(shape))

    def split() -> None:
        found = new_text(text, html_marks=True)
        assert len(found.text) + len(found.elided) <= len(text)

    return split


def test_four_times_the_lines_do_not_take_the_square() -> None:
    pair = "On 2 Nov 2026 at 10:11, a@b.c wrote:\n> x\nanswer\n"
    grows_as_its_size(lambda count: _splitting(pair, count * len(pair)), 1_000)


def test_a_mail_of_two_kilobytes_takes_well_under_two_milliseconds() -> None:
    text = (
        next(case.text for case in CLIENTS if case.name == "gmail top")
        + "\n> a quoted line of the old mail" * 40
    )
    new_text(text)
    takes_less(0.002, lambda: new_text(text))  # 100 microseconds on a quiet machine


def test_cases_have_names_of_their_own() -> None:
    keys = [(case.language, case.name) for case in itertools.chain(CLIENTS, WRITTEN)]
    assert len(keys) == len(set(keys))
