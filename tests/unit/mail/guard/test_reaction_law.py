"""A text that is too long for a reaction is left before its words are looked at, and none other."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from maild.mail.guard import reaction
from maild.mail.guard.context import GuardContext, view_of
from tests.unit.factory import envelope, mail

_PIECES = st.sampled_from(
    ["Anna reacted via Gmail", " ", "\n\n", "From: Anna\n", "http://x.example/" + "y" * 200, "word " * 40, "?",
     "liked your message"]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=6).map("".join), st.sampled_from(["Printer", "Anna reacted via Gmail"]))
def test_what_is_too_long_is_no_reaction_whatever_it_says(text: str, subject: str) -> None:
    view = view_of(mail(subject=subject, new_text=text, text=text), envelope(), GuardContext())
    shown = reaction._LINK.sub(" ", text[: 3 * reaction._LONGEST].lower()).strip()
    fields = reaction._FIELDS_BELOW.search(shown)
    if len(shown[: fields.start()] if fields else shown) > reaction._LONGEST:
        assert reaction.check(view) is None
    elif shown == "anna reacted via gmail":
        assert reaction.check(view) is not None
