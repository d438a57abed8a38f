"""Lines with meanings as Textual shows them, in the sixteen colours that each terminal's own theme sets."""

from __future__ import annotations

from collections.abc import Iterable

from rich.text import Text

from maild.commands.encoding import is_narrow
from maild.desk.spans import Line, Style

STYLES = {
    Style.BOLD: "bold", Style.DIM: "dim", Style.LATE: "bold red", Style.SOON: "yellow", Style.WAITS: "bold magenta",
    Style.UNREAD: "bold cyan", Style.CUSTOMER: "cyan", Style.OURS: "green", Style.INTERNAL: "yellow",
    Style.HIT: "bold yellow",
}  # fmt: skip


#: our own signs, each in one column as before
_PLAIN = str.maketrans("…·–—×", "~---x")


def shown(text: str) -> str:
    """`text` as this terminal's locale can show it: Textual writes UTF-8, which a narrow one would garble."""
    if text.isascii() or not is_narrow():
        return text
    return text.translate(_PLAIN).encode("ascii", "backslashreplace").decode("ascii")


def text_of(lines: Iterable[Line]) -> Text:
    """All lines as one text that is not wrapped again."""
    made = Text(no_wrap=True, end="")
    for number, line in enumerate(lines):
        if number:
            made.append("\n")
        for span in line:
            made.append(shown(span.text), STYLES.get(span.style, ""))
    return made
