"""The full screen itself: what stands where, the keys, and how it follows the desk.

Over 300 lines: one Textual application: its keys, its panes and what each key does are looked up together.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import ClassVar

from rich.text import Text
from textual import events, work
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import OptionList, Static

from maild.commands import acting
from maild.commands.acting import Manner, MeanwhileError
from maild.commands.encoding import is_narrow
from maild.commands.session import now
from maild.desk.numbers import how_many, whole_number
from maild.desk.terminal import safe_line
from maild.errors import MaildError, NotFound, Temporary
from maild.ticket.phases import PAUSED, Phase
from maild.ticket.queue import Mark
from maild.tui import attached, doing, keys
from maild.tui.data import DeskReader, QueueNow, TicketNow
from maild.tui.paint import shown, text_of
from maild.tui.panes import QueuePane, TicketPane
from maild.tui.screens import AskScreen, FilesScreen, HelpScreen, YesNoScreen
from maild.tui.writing import Writing
from maild.values import replace

#: seconds between two looks at the database, and between two paintings of the clock's work
LOOK, PAINT = 1.0, 30.0
#: an act that leaves a ticket so has put it away
PUT_AWAY = PAUSED | {Phase.SCHEDULED}
#: columns below which one pane has the whole screen
NARROW = 60


class DeskApp(App[None]):
    """Queue on the left, ticket on the right."""

    TITLE = "maild desk"
    ENABLE_COMMAND_PALETTE = False
    CSS_PATH = "desk.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key, action, show=False) for key, action, _ in keys.TABLE
    ]

    def __init__(self, reader: DeskReader, view: str = "") -> None:
        super().__init__()
        self.reader, self.view = reader, view
        self.words: tuple[str, ...] = ()
        self._stamp: tuple[int, int] = (-1, -1)
        self._known: set[int] | None = None
        self._asked = self._loading = 0  # tickets that were asked for, and those being read
        self._looking = False
        self.acts = asyncio.Lock()
        zone = reader.settings.desk.timezone
        self.queue, self.ticket = QueuePane(zone), TicketPane(zone)

    def compose(self) -> ComposeResult:
        yield Static("", id="top", markup=False)
        with Horizontal(id="panes"):
            with Vertical(id="left"):
                yield Static("", id="head", markup=False)
                yield self.queue
            yield self.ticket
        yield Static("", id="said", markup=False)
        yield Static("", id="keys", markup=False)

    async def on_mount(self) -> None:
        self.theme = "ansi-dark"
        self.set_class(is_narrow(), "ascii")
        self.queue.focus()
        self.query_one("#keys", Static).update(Text(keys.LINE, "dim", no_wrap=True, overflow="ellipsis"))
        await self.reload()
        self.set_interval(LOOK, self.look)
        self.set_interval(PAINT, self.reload)

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.width < NARROW, "narrow")

    # ------------------------------------------------------------------------------------ what is shown

    def tell(self, text: str, *, wrong: bool = False) -> None:
        """The line below the panes: what was done, or why it was not."""
        style = "bold red" if wrong else "bold"
        self.query_one("#said", Static).update(
            Text(shown(safe_line(text)), style, no_wrap=True, overflow="ellipsis")
        )

    async def look(self) -> None:
        """Reload when something happened on the desk, whoever did it."""
        if self._looking:
            return
        self._looking = True
        try:
            with contextlib.suppress(Temporary):  # a database that is busy is looked at again
                stamp = await asyncio.to_thread(self.reader.stamp)
                if stamp != self._stamp:
                    self._stamp = stamp
                    await self.reload()
        finally:
            self._looking = False

    async def reload(self) -> None:
        """Queue and ticket as they are now."""
        try:
            page = await asyncio.to_thread(self.reader.queue, self.words)
        except MaildError as error:
            self.tell(str(error), wrong=True)
            return
        self._show_queue(page)
        if self._loading:
            return  # whoever asks for a ticket meanwhile shows it as it is now
        number = (
            self.ticket.page.ticket.number
            if self.ticket.page and self.ticket.has_focus
            else self.queue.number
        )
        await self.show_ticket(number)

    def _show_queue(self, page: QueueNow) -> None:
        self.queue.show(page)
        self.query_one("#head", Static).update(text_of([self.queue.heading]))
        rows = page.rows
        numbers = {row.number for row in rows if row.number is not None}
        new = [row for row in rows if self._known is not None and row.number not in self._known]
        if new and not self.words:
            row = new[-1]
            self.tell(
                f"#{row.number} new from {row.requester_name or row.requester} ({row.company or '?'}): {row.subject}"
            )
        if not self.words:
            self._known = numbers
        marks = [mark for row in rows for mark in row.marks(now())]
        signs = "  ".join(f"{mark.value} {marks.count(mark)}" for mark in Mark if mark in marks)
        which = f"/{' '.join(self.words)}" if self.words else self.view or "all that is open"
        tickets = how_many(len(rows), "ticket")
        line = f"{self.reader.settings.desk.name} · {self.reader.viewer} · {which} · {tickets}  {signs}"
        self.query_one("#top", Static).update(Text(shown(safe_line(line)), no_wrap=True, overflow="ellipsis"))
        if not rows:
            self.ticket.show(None)

    async def show_ticket(self, number: int | None) -> TicketNow | None:
        """Read a ticket and show it, unless another was asked for meanwhile: the last one asked for stays."""
        self._asked += 1
        mine = self._asked
        if number is None:
            self.ticket.show(None)
            return None
        self._loading += 1
        try:
            page = await asyncio.to_thread(self.reader.ticket, number)
        except MaildError as error:
            self.tell(str(error), wrong=True)
            return None
        finally:
            self._loading -= 1
        if mine == self._asked:
            self.ticket.show(page)
        return page

    # ------------------------------------------------------------------------------------------- moving

    @property
    def number(self) -> int | None:
        """The ticket that a key acts on: the one that is read, else the one under the cursor."""
        if self.ticket.has_focus and self.ticket.page is not None:
            return int(self.ticket.page.ticket.number)
        return self.queue.number

    async def on_option_list_option_highlighted(self, _event: OptionList.OptionHighlighted) -> None:
        self.queue.draw_cursor()
        self.run_worker(self.show_ticket(self.queue.number), exclusive=True, group="preview")

    async def on_option_list_option_selected(self, _event: OptionList.OptionSelected) -> None:
        await self.action_open()

    async def action_open(self) -> None:
        """Read the ticket under the cursor: it is not new any more."""
        page = await self.show_ticket(self.queue.number)
        if page is not None:
            self.add_class("reading")
            self.ticket.focus()
            await asyncio.to_thread(self.reader.seen, page)
            await self.reload()

    def action_step(self, by: int) -> None:
        if self.ticket.has_focus:
            self.ticket.scroll_relative(y=by, animate=False)
        elif by > 0:
            self.queue.action_cursor_down()
        else:
            self.queue.action_cursor_up()

    def action_page(self, by: int) -> None:
        """The ticket by a screen, wherever the cursor stands."""
        self.ticket.scroll_relative(y=by * max(self.ticket.size.height - 2, 1), animate=False)

    async def action_back(self) -> None:
        """From the ticket to the queue, from what was searched to the whole, and out."""
        if self.ticket.has_focus:
            self.remove_class("reading", "wide")
            self.queue.focus()
        elif self.words:
            self.words = ()
            await self.reload()
        else:
            self.exit()

    async def action_escape(self) -> None:
        if self.ticket.has_focus or self.words:
            await self.action_back()

    def action_wide(self) -> None:
        self.toggle_class("wide")

    def action_full(self) -> None:
        self.ticket.toggle_full()

    def action_help(self) -> None:
        self.push_screen(HelpScreen(keys.HELP))

    # ------------------------------------------------------------------------------------------- acting

    async def do(self, number: int, act: doing.ScreenAct, manner: Manner | None = None) -> str:
        """The act; "" when it was done, else why not. Who was overtaken by a colleague is asked."""
        how = manner or Manner(self.reader.viewer)
        below = self.queue.below(number) if not self.ticket.has_focus else None
        self.tell(f"#{number} ...")  # a database that is busy is waited for
        while True:
            try:
                async with self.acts:
                    done = await asyncio.to_thread(
                        acting.do, self.reader.here, number, act.planner, how, recorded=act.recorded
                    )
                break
            except MeanwhileError as error:
                if not await self.push_screen_wait(YesNoScreen(f"{error}. Do it all the same?")):
                    return str(error)
                how = replace(how, seen=None)
            except MaildError as error:
                return str(error)
        with contextlib.suppress(MaildError):  # who acts on a ticket has seen it
            await asyncio.to_thread(lambda: self.reader.seen(self.reader.ticket(number)))
        await self.reload()
        if act.answers or done.ticket.phase in PUT_AWAY:
            self.queue.go_on(number, below)
        self.tell("; ".join([act.said(done), *done.told]))
        return ""

    async def _try(self, number: int, act: doing.ScreenAct) -> None:
        if problem := await self.do(number, act):
            self.tell(problem, wrong=True)

    async def _ask(self, question: str, make: str, start: str = "") -> None:
        """One line, then the act that it names; what is wrong with it is said, and it may be mended."""
        number, problem = self.number, ""
        if number is None:
            return
        while True:
            title = f"#{number} {question}" + (f"  ({problem})" if problem else "")
            typed = await self.push_screen_wait(AskScreen(title, start))
            if typed is None or not typed.strip():
                return
            try:
                problem = await self.do(number, keys.act_of(make, self.reader.here, typed))
            except MaildError as error:
                problem = str(error)
            if not problem:
                return
            start = typed

    @work
    async def action_take(self) -> None:
        if (number := self.number) is not None:
            await self._try(number, doing.take())

    @work
    async def action_undo(self) -> None:
        if (number := self.number) is None:
            return
        here, who = self.reader.here, self.reader.viewer
        try:
            try:
                last = await asyncio.to_thread(doing.last_act, here, who, number)
            except NotFound:
                # what was just closed is in the queue no longer
                last = await asyncio.to_thread(doing.last_act, here, who, None)
        except MaildError as error:
            self.tell(str(error), wrong=True)
            return
        asked = f"Take back your last act, on #{last.number} ({last.said})?"
        if last.number == number or await self.push_screen_wait(YesNoScreen(asked)):
            await self._try(last.number, last.undo)

    @work
    async def action_ask(self, make: str) -> None:
        await self._ask(keys.QUESTIONS[make], make)

    @work
    async def action_write(self, what: str) -> None:
        """An answer, a note, last words: in place or in $EDITOR."""
        if (number := self.number) is not None:
            await Writing(self, number, what).run()

    @work
    async def action_search(self) -> None:
        typed = await self.push_screen_wait(
            AskScreen('find: words  "a phrase"  print*  company:acme  from:anna', " ".join(self.words))
        )
        if typed is None:
            return
        before, self.words = self.words, tuple(typed.split())
        try:
            page = await asyncio.to_thread(self.reader.queue, self.words)
        except MaildError as error:
            self.words = before
            self.tell(str(error), wrong=True)
            return
        self.remove_class("reading", "wide")
        self.queue.focus()
        self._show_queue(page)
        self.tell("" if page.rows or not self.words else "nothing found; esc shows the queue again")
        await self.show_ticket(self.queue.number)

    @work
    async def action_go_to(self) -> None:
        typed = await self.push_screen_wait(AskScreen("which ticket? its number"))
        number = whole_number((typed or "").strip().removeprefix("#"))
        if number is None:
            return
        if self.queue.go_to(number):
            self.queue.focus()
        elif await self.show_ticket(number) is not None:
            self.add_class("reading")
            # at once: a look at the desk in between would go by the cursor
            self.screen.set_focus(self.ticket)

    @work
    async def action_files(self) -> None:
        number, page = self.number, self.ticket.page
        if page is None or page.ticket.number != number:
            page = await self.show_ticket(number)
        rows = attached.rows(page) if page is not None else []
        if page is None or not rows:
            self.tell("no attachments on this ticket")
            return
        chosen = await self.push_screen_wait(FilesScreen(rows))
        if chosen is None:
            return
        how, index = chosen
        try:
            if how == "save":
                where = await self.push_screen_wait(AskScreen("save to (a folder or a file name)", "."))
                self.tell(
                    await asyncio.to_thread(attached.save, self.reader, page, index, where)
                    if where
                    else "not saved"
                )
            else:
                self.tell(await asyncio.to_thread(attached.open_, self.reader, page, index))
        except MaildError as error:
            self.tell(str(error), wrong=True)
