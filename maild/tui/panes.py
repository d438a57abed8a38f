"""The two panes: the queue on the left, one ticket on the right."""

from __future__ import annotations

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from maild.commands.session import now
from maild.desk import queue_table, ticket_view
from maild.desk.spans import Line, Span, Style, plain
from maild.tui.data import QueueNow, TicketNow
from maild.tui.paint import text_of

#: panes narrower than this are drawn as if they were so wide, and cut
_LEAST = 20


class QueuePane(OptionList):
    """The rows that `list` shows, one line each; the cursor stays on its ticket when the queue changes."""

    def __init__(self, zone: str) -> None:
        super().__init__(id="queue", compact=True)
        self.page: QueueNow | None = None
        self.heading: Line = ()
        self._zone = zone
        self._shown: list[int | None] = []
        self._drawn: list[Line] = []
        self._plain: int | None = None  # the row that is drawn without its own colours

    def show(self, page: QueueNow) -> None:
        self.page = page
        self._paint()

    def on_resize(self, _event: events.Resize) -> None:
        self._paint()

    @property
    def number(self) -> int | None:
        """The ticket under the cursor."""
        at = self.highlighted
        return (
            self.page.rows[at].number if self.page and at is not None and at < len(self.page.rows) else None
        )

    def go_to(self, number: int) -> bool:
        """Move the cursor to a ticket, where the queue has it."""
        rows = self.page.rows if self.page else ()
        at = next((i for i, one in enumerate(rows) if one.number == number), None)
        if at is not None:
            self.highlighted = at
        return at is not None

    def below(self, number: int) -> int | None:
        """The ticket that stands below this one."""
        at = self._shown.index(number) if number in self._shown else len(self._shown)
        return self._shown[at + 1] if at + 1 < len(self._shown) else None

    def go_on(self, number: int, below: int | None) -> None:
        """From a ticket that an act has put away to the one that stood `below` it, wherever the first stands now."""
        if number == self.number and below in self._shown:
            self.highlighted = self._shown.index(below)

    def _paint(self) -> None:
        if self.page is None:
            return
        rows, before, at = self.page.rows, self._shown, self.highlighted
        room = max(self.scrollable_content_region.width, _LEAST)
        lines = queue_table.table(rows, now(), self._zone, room) if rows else []
        self.heading = lines[0] if lines else ()
        self._shown = [row.number for row in rows]
        self._drawn = lines[1 : 1 + len(rows)]
        with self.prevent(OptionList.OptionHighlighted):
            self.set_options([Option(text_of([line])) for line in self._drawn])
            kept = before[at] if at is not None and at < len(before) else None
            if rows:
                self.highlighted = (
                    self._shown.index(kept) if kept in self._shown else min(at or 0, len(rows) - 1)
                )
        self._plain = None
        self.draw_cursor()

    def draw_cursor(self) -> None:
        """The row under the cursor in the cursor's colour alone: the marks' own would not be seen on it."""
        if self._plain is not None and self._plain < len(self._drawn):
            self.replace_option_prompt_at_index(self._plain, text_of([self._drawn[self._plain]]))
        self._plain = self.highlighted
        if self._plain is not None and self._plain < len(self._drawn):
            alone = (Span(plain(self._drawn[self._plain]), Style.BOLD),)
            self.replace_option_prompt_at_index(self._plain, text_of([alone]))


class TicketPane(VerticalScroll):
    """One ticket whole, as `show` prints it, in the width that there is."""

    def __init__(self, zone: str) -> None:
        super().__init__(id="ticket", can_focus=True)
        self.page: TicketNow | None = None
        self.full = False
        self._zone = zone

    def compose(self) -> ComposeResult:
        yield Static("", markup=False)

    def show(self, page: TicketNow | None) -> None:
        """Another ticket begins at its top; the same one stays where it was scrolled to."""
        same = page and self.page and page.ticket.number == self.page.ticket.number
        self.page = page
        self._paint()
        if not same:
            self.scroll_home(animate=False)

    def on_resize(self, _event: events.Resize) -> None:
        self._paint()

    def toggle_full(self) -> None:
        self.full = not self.full
        self._paint()

    def text(self) -> str:
        """What is shown, for tests and for people who read aloud."""
        return "\n".join(plain(line) for line in self._lines())

    def _lines(self) -> list[Line]:
        if self.page is None:
            return []
        # one column is the scroll bar's, whether it is there or not: lines must not jump
        room = max(self.size.width - 2, _LEAST)
        screen = ticket_view.Screen(now(), self._zone, room, brief=not self.full)
        return ticket_view.view(self.page.ticket, self.page.around, screen, full=self.full)

    def _paint(self) -> None:
        if not self.is_mounted:
            return
        try:
            made = text_of(self._lines())
        except Exception as error:  # a ticket that cannot be drawn must not take the desk down
            number = self.page.ticket.number if self.page else ""
            made = Text(
                f"#{number} cannot be shown here ({type(error).__name__}: {error}); maild show {number} --json"
            )
        self.query_one(Static).update(made)
