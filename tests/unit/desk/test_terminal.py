from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from maild.desk.terminal import cut, width, wrapped

WORDS = st.text(alphabet=st.sampled_from("ab é字\u0301>|-.\t\n "), max_size=120)


@given(WORDS, st.integers(2, 60))
def test_wrapped_lines_fit_and_lose_no_letter(text: str, room: int) -> None:
    lines = list(wrapped(text, room))
    assert all(width(one) <= room for one in lines)
    kept = "".join("".join(lines).split())
    for letter in "abé字.-":
        assert kept.count(letter) == text.count(letter)


def test_words_are_not_torn_and_quotes_and_indents_go_on() -> None:
    assert list(wrapped("The printer on the second floor is silent.", 20)) == [
        "The printer on the", "second floor is", "silent.",
    ]  # fmt: skip
    assert list(wrapped("> quoted words that go on", 14)) == ["> quoted words", "> that go on"]
    assert list(wrapped("    code goes on and on", 14)) == ["    code goes", "    on and on"]
    assert list(wrapped("\\\\server\\share\\a-very-long-path", 12)) == [
        "\\\\server\\sha",
        "re\\a-very-lo",
        "ng-path",
    ]
    assert list(wrapped("one\n\ntwo", 10)) == ["one", "", "two"]


@given(st.text(max_size=40), st.integers(0, 30))
def test_cut_text_is_exactly_as_wide_as_asked(text: str, room: int) -> None:
    assert width(cut(text, room)) == room or (room > 0 and width(text) == 0)
