"""Where a guard takes a shorter way, it finds what the plain way finds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from maild.mail.guard import bounce, unmarked, whole_notice
from maild.mail.guard.bounce_phrases import ENOUGH, SUBJECTS
from maild.mail.guard.context import GuardContext, view_of
from maild.mail.guard.whole_notice_words import _CORE, _words, core
from maild.mail.keywords import tokens
from tests.unit.factory import envelope, mail

_CORE_WORDS = [one.replace("*", end) for stem in _CORE for one in _words(stem) for end in ("", "en")]
_TEXT = st.lists(
    st.sampled_from(_CORE_WORDS)
    | st.text("abenéőßİ \n-.'", max_size=8)
    | st.sampled_from(["BÜRO", "Szabadságon", "e-mail", "\u00a0", "\u200b", "x" * 70]),
    max_size=12,
).map(" ".join)
_SUBJECT = st.lists(
    st.sampled_from(["Re:", "AW: ", "Fwd :", "[EXT] ", "[#1001] ", "Printer", " - Undeliverable", "：", *SUBJECTS[:20]])
    | st.text(max_size=6),
    max_size=5,
).map("".join)  # fmt: skip


@given(_TEXT | _TEXT.map(str.upper))
def test_no_text_is_sifted_out_that_holds_a_word_of_notices(text: str) -> None:
    if core().hits(tokens(text)):
        assert whole_notice._sifted(text)


@given(_TEXT, st.integers(0, 40))
def test_the_beginning_has_the_words_of_the_squeezed_head(text: str, blanks: int) -> None:
    whole = (text + " " * blanks) * 8
    view = view_of(mail(new_text=whole, text=whole), envelope(), GuardContext())
    assert tokens(unmarked._beginning(view)) == tokens(view.head()[: unmarked._HEAD])


@given(_SUBJECT, st.sampled_from(["anna@acme.example", "postmaster@acme.example"]), st.booleans())
def test_a_report_at_the_end_of_the_subject_makes_none_by_itself(
    subject: str, sender: str, null: bool
) -> None:
    """What the look at the end of a subject adds is never enough without one of the four that are looked at first."""
    view = view_of(
        mail(sender, subject=subject, new_text="x", text="x"),
        envelope("" if null else sender),
        GuardContext(),
    )
    named, system = bounce._report_subject(subject), bounce._system(view)
    if not (named or system or null):
        assert bounce.check(view) is None
    assert all(pair & {"null-sender", "system-from", "report-subject", "report-part"} for pair in ENOUGH)
