"""What opens over the two panes: a line to type, a text to write, a question, the files, the keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import ClassVar, TypeVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static, TextArea
from textual.widgets.option_list import Option

from maild.desk.terminal import safe_line
from maild.tui.paint import shown
from maild.values import dataclass

Chosen = TypeVar("Chosen")


class WritingEnd(StrEnum):
    """How the writing of a text ended."""

    SEND = "send"
    EDITOR = "editor"
    KEEP = "keep"
    KEPT_TEXT = "kept text"


@dataclass(frozen=True, slots=True)
class WrittenText:
    """What stands in the writing screen. `then`: what else is to be done, as it was typed."""

    text: str
    then: str
    ending: WritingEnd


def label(text: str, style: str = "") -> Static:
    return Static(Text(shown(safe_line(text)), style), markup=False)


class AskScreen(ModalScreen[str | None]):
    """One line. None: given up."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "give_up")]

    def __init__(self, question: str, start: str = "") -> None:
        super().__init__()
        self._question, self._start = question, start

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet low"):
            yield label(self._question, "bold")
            yield Input(self._start, compact=True)
            yield label("enter: do it   esc: back", "dim")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.dismiss(event.value)

    def action_give_up(self) -> None:
        self.dismiss(None)


class WriteScreen(ModalScreen[WrittenText]):
    """A text of several lines. `then`: None where nothing else can be done in the same go."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", f"finish('{WritingEnd.SEND}')", priority=True),
        Binding("ctrl+o", f"finish('{WritingEnd.EDITOR}')", priority=True),
        Binding("escape", f"finish('{WritingEnd.KEEP}')", priority=True),
        Binding("ctrl+t", f"finish('{WritingEnd.KEPT_TEXT}')", priority=True),
        Binding("tab", "other_field", priority=True),
    ]

    def __init__(
        self,
        title: str,
        hints: Sequence[str],
        text: str,
        then: str | None,
        *,
        send: str,
        problem: str = "",
        at_then: bool = False,
    ) -> None:
        super().__init__()
        self._about, self._hints, self._text = title, hints, text
        self._then, self._send, self._problem = then, send, problem
        self._at_then = at_then  # whether the line below is what has to be mended

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet"):
            yield label(self._about, "bold")
            for hint in self._hints:
                yield label(hint, "dim")
            yield TextArea(self._text, soft_wrap=True, compact=True)
            if self._then is not None:
                with Horizontal(classes="then"):
                    yield Static("then: ", markup=False)
                    yield Input(self._then, placeholder="take waiting 20m +file cc:name", compact=True)
            if self._problem:
                yield Static(Text(shown(safe_line(self._problem)), "bold red"), markup=False)
            then = "   ctrl+t: kept text   tab: then" if self._then is not None else ""
            yield label(f"ctrl+s: {self._send}   ctrl+o: $EDITOR{then}   esc: keep draft", "dim")

    def on_mount(self) -> None:
        area = self.query_one(TextArea)
        area.move_cursor(area.document.end)
        if self._at_then:
            self.query_one(Input).focus()
        else:
            area.focus()

    def action_other_field(self) -> None:
        """At once, so that what is typed right after it stands in the other field."""
        area, then = self.query_one(TextArea), self.query(Input)
        self.set_focus(then.first() if then and area.has_focus else area)

    def action_finish(self, how: str) -> None:
        fields = self.query(Input)
        then = fields.first().value if fields else ""
        self.dismiss(WrittenText(self.query_one(TextArea).text, then, WritingEnd(how)))


class YesNoScreen(ModalScreen[bool]):
    """A question with y and n."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)"),
        Binding("n,escape,q", "answer(False)"),
    ]

    def __init__(self, question: str) -> None:
        super().__init__()
        self._question = question

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet low"):
            yield label(self._question, "bold")
            yield label("y: yes   n: no", "dim")

    def action_answer(self, yes: bool) -> None:
        self.dismiss(yes)


class _ChoiceScreen(ModalScreen[Chosen | None]):
    """One row of several. None: given up."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "step(1)"), Binding("k", "step(-1)"), Binding("escape,q", "give_up"),
    ]  # fmt: skip

    def action_step(self, by: int) -> None:
        rows = self.query_one(OptionList)
        rows.action_cursor_down() if by > 0 else rows.action_cursor_up()

    def action_give_up(self) -> None:
        self.dismiss(None)


class FilesScreen(_ChoiceScreen[tuple[str, int]]):
    """The ticket's attachments: ("open" or "save", number)."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("s", "choose('save')"), Binding("o", "choose('open')")]

    def __init__(self, rows: Sequence[tuple[int, str]]) -> None:
        super().__init__()
        self._rows = rows

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet"):
            yield label("Attachments", "bold")
            yield OptionList(*(Option(Text(shown(safe_line(text)))) for _, text in self._rows), compact=True)
            yield label("enter, o: open   s: save   esc: back", "dim")

    def on_option_list_option_selected(self, _event: OptionList.OptionSelected) -> None:
        self.action_choose("open")

    def action_choose(self, how: str) -> None:
        at = self.query_one(OptionList).highlighted
        self.dismiss((how, self._rows[at or 0][0]))


class KeptTextScreen(_ChoiceScreen[str]):
    """The texts that are used again, by name; chosen is the text itself."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        super().__init__()
        self._texts = tuple(texts.items())

    def compose(self) -> ComposeResult:
        width = max(len(name) for name, _ in self._texts)
        lines = (safe_line(f"{name:<{width}}  {' '.join(text.split())}") for name, text in self._texts)
        with Vertical(classes="sheet"):
            yield label("Kept texts", "bold")
            rows = (Option(Text(shown(one), no_wrap=True, overflow="ellipsis")) for one in lines)
            yield OptionList(*rows, compact=True)
            yield label("enter: into the answer   esc: back", "dim")

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._texts[event.option_index][1])


class HelpScreen(ModalScreen[None]):
    """Every key with what it does."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,question_mark,enter", "close")]

    def __init__(self, keys: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._keys = keys

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="sheet"):
            for key, what in self._keys:
                yield Static(Text.assemble((f"{key:<12}", "bold"), what), markup=False)

    def action_close(self) -> None:
        self.dismiss(None)
