from __future__ import annotations

from datetime import timedelta

from maild.model import EntryFacts
from maild.notice import notices
from maild.settings import Settings
from maild.ticket.entries import PhaseDetails
from maild.ticket.phases import Phase
from maild.ticket.vocabulary import EntryType
from tests.unit.factory import NOW


def entry(n: int, type_: EntryType = EntryType.MAIL, text: str = "Words.", public: bool = True) -> EntryFacts:
    return EntryFacts(n, NOW + timedelta(minutes=n), type_, "anna@acme.example", "email", text, public)


def test_of_400_entries_the_newest_are_told_and_the_others_counted() -> None:
    steps, earlier = notices.history([entry(n) for n in range(400)], Settings())
    assert (len(steps), earlier) == (notices.HISTORY_ENTRIES, 400 - notices.HISTORY_ENTRIES)
    assert steps[0].at == NOW + timedelta(minutes=399)


def test_what_was_taken_back_or_is_for_colleagues_is_no_part_of_it() -> None:
    hidden = [
        entry(1, EntryType.UNDONE),
        entry(2, EntryType.UNDO),
        entry(3, public=False),
        entry(4, text=" "),
    ]
    assert notices.history(hidden, Settings()) == ((), 0)


def test_step_back_to_the_queue_stands_in_its_mail() -> None:
    woken = EntryFacts(
        2, NOW, EntryType.PHASE, "anna@acme.example", "email", "", True, PhaseDetails(new=Phase.RECEIVED)
    )
    assert [step.type for step in notices.history([entry(1), woken], Settings())[0]] == ["mail"]


def test_line_that_a_button_wrote_below_the_word_is_told_to_nobody() -> None:
    for line in ("maild-[token]", "> maild-k7qx2mpdv4ratlek7qx2mpdv4a"):
        wrote = f"Perhaps.\n\n\n{line}\n"
        (step,), _ = notices.history([entry(1, text=wrote)], Settings())
        assert step.text == notices.excerpt(wrote) == "Perhaps."
    assert notices.excerpt("The tool maild-x is broken.") == "The tool maild-x is broken."
