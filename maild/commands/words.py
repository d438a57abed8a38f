"""The words of an act: given, read from a file or standard input, or written in an editor. None of them is lost.

A draft stands in a file of the agent's own until the act is done: whatever fails (the editor, the database, a
colleague who was quicker), the next try finds it there.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

from maild.commands.encoding import standard_input
from maild.errors import MaildError, Refused
from maild.values import dataclass

if TYPE_CHECKING:
    from maild.commands.session import Session

#: the last hint of a draft that an earlier try left
RESUMED = "Your kept draft: save to send it, quit unsaved to keep it, empty to drop it."
#: above it stands what is sent, below it what the agent should know
MARK = "# -------- nothing below this line is sent --------"


@dataclass(slots=True)
class TypedText:
    """`text` as it is sent. `draft`: where it is kept until `done`; None where it is safe elsewhere. `again`: the command
    that goes on with it."""

    text: str = ""
    draft: Path | None = None
    again: str = ""
    edited: bool = False

    def done(self) -> None:
        """The act is done: nothing has to be kept any more."""
        if self.draft is not None:
            self.draft.unlink(missing_ok=True)

    def kept(self) -> str:
        """What a message of failure ends with, once the text is safe."""
        if self.draft is None:
            return ""
        if not self.draft.exists():
            _write(self.draft, self.text)
        return f"; your text is kept, `{self.again}` goes on with it ({self.draft})"


@dataclass(frozen=True, slots=True)
class Draft:
    """What an editor opens: `start` is there already, `hints` stand below the mark. `again`: the command that goes on with
    it."""

    name: str  # of the file: "1001-reply"
    again: str
    start: str = ""
    hints: tuple[str, ...] = field(default=())


def given(text: str | None, file: Path | None) -> TypedText | None:
    """`-m TEXT`, `-m -` (standard input) or `--file`; None where nothing was given."""
    if text is not None and file is not None:
        raise Refused("either -m or --file, not both")
    if file is not None:
        return TypedText(clean(text_of(file)))
    if text == "-":
        return TypedText(clean(standard_input()))
    return TypedText(clean(text)) if text is not None else None


def optional(text: str | None, file: Path | None) -> TypedText:
    """Words that an act can do without."""
    return given(text, file) or TypedText()


def needed(here: Session, text: str | None, file: Path | None, draft: Draft) -> TypedText:
    """Words that must be there: given, from standard input that is no terminal, or from the editor."""
    typed = given(text, file)
    if typed is None and not sys.stdin.isatty():
        typed = TypedText(clean(standard_input()))
    if typed is None:
        return edited(here, draft)
    if text == "-" or (text is None and file is None):
        typed.draft, typed.again = draft_file(here, draft.name), draft.again
    if not typed.text.strip():
        raise Refused("there are no words: -m TEXT, --file, standard input or $EDITOR gives them")
    return typed


@contextmanager
def keeping(said: TypedText, *, dry_run: bool) -> Iterator[None]:
    """Around the act that these words are for: where it fails they are kept, and the error says how to go on."""
    try:
        yield
    except MaildError as error:
        raise type(error)(f"{error}{said.kept()}") from None
    if not dry_run:
        said.done()


# ----------------------------------------------------------------------------------------------- the editor


def edited(here: Session, draft: Draft) -> TypedText:
    """What the agent writes in $VISUAL, $EDITOR or vi. Refused, with the text kept, when that cannot be sent."""
    file = draft_file(here, draft.name)
    kept = _resumed(file, draft)
    hints = (*draft.hints[:-1], RESUMED) if kept and draft.hints else draft.hints
    _write(file, "\n".join([kept or draft.start, "", MARK, *(f"# {hint}".rstrip() for hint in hints), ""]))
    before = _stamp(file)
    _run_editor(file, draft)
    content = _content(file, draft.again)
    if kept and _stamp(file) == before:
        raise Refused(
            f"the kept draft was not saved: nothing was sent; `{draft.again}` shows it again, and saving it sends it"
        )
    if MARK not in content:
        raise Refused(
            f"the line {MARK!r} was deleted, so your words cannot be told from the hints: nothing was sent; "
            f"your text is kept, `{draft.again}` shows it again ({file})"
        )
    text = clean(content.split(MARK)[0])
    if not text.strip() or text.strip() == clean(draft.start).strip():
        file.unlink(missing_ok=True)
        raise Refused("nothing was written, so nothing was sent")
    return TypedText(text, file, draft.again, edited=True)


def _stamp(file: Path) -> tuple[int, int]:
    """Another one when the file was saved."""
    try:
        stat = file.stat()
    except OSError:
        return (0, 0)
    return (stat.st_mtime_ns, stat.st_ino)


def _run_editor(file: Path, draft: Draft) -> None:
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    try:
        with _terminal_as_it_was():
            done = subprocess.run([*shlex.split(editor), str(file)], check=False)
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or error
        file.unlink(missing_ok=True)
        raise Refused(
            f"cannot start {editor!r} ({said}): EDITOR names one, -m TEXT gives the words"
        ) from None
    if done.returncode:
        how = (
            f"ended with {done.returncode}"
            if done.returncode > 0
            else f"was killed (signal {-done.returncode})"
        )
        if _own_words(file, draft.start):
            raise Refused(
                f"{editor} {how}: nothing was sent; your text is kept, `{draft.again}` goes on with it ({file})"
            )
        file.unlink(missing_ok=True)
        raise Refused(f"{editor} {how}: nothing was sent")


@contextmanager
def _terminal_as_it_was() -> Iterator[None]:
    """An editor that is killed leaves the terminal raw and on its other screen."""
    import termios

    try:
        before = termios.tcgetattr(0)
    except (OSError, termios.error):
        yield
        return
    try:
        yield
    finally:
        if termios.tcgetattr(0) != before:
            termios.tcsetattr(0, termios.TCSADRAIN, before)


def _own_words(file: Path, start: str) -> str:
    """What stands above the mark and is not what we began with; "" when that is nothing."""
    try:
        text = file.read_text(encoding="utf-8", errors="replace").split(MARK)[0].strip()
    except OSError:
        return ""
    return "" if text == start.strip() else text


def _content(file: Path, again: str) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(
            f"{file} is not UTF-8 text any more: nothing was sent; save it as UTF-8, then `{again} -F {file}`"
        ) from None
    except OSError as error:
        raise Refused(f"{file}: {error.strerror}; nothing was sent") from None


def _resumed(file: Path, draft: Draft) -> str:
    """The text of an earlier try; without hints of ours that stand at its end when the mark was lost."""
    try:
        content = file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    if MARK in content:
        return content.split(MARK)[0].rstrip()
    hints = {f"# {hint}".rstrip() for hint in (*draft.hints, RESUMED)}
    lines = content.splitlines()
    while lines and (lines[-1].rstrip() in hints or not lines[-1].strip() or lines[-1].startswith("# ")):
        lines.pop()
    return "\n".join(lines)


def draft_file(here: Session, name: str) -> Path:
    """`$XDG_STATE_HOME/maild/drafts/DESK-NAME.txt`, in a folder for this user's eyes only."""
    home = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    desk = hashlib.sha256(str(here.settings.base).encode()).hexdigest()[:6]
    return Path(home) / "maild" / "drafts" / f"{desk}-{name}.txt"


def _write(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(
            os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
        ) as out:
            out.write(text)
    except OSError as error:
        raise Refused(
            f"{file}: {error.strerror}; XDG_STATE_HOME names another folder for drafts, -m TEXT needs none"
        ) from None


# ---------------------------------------------------------------------------- drafts without an editor of ours


def resumed(here: Session, draft: Draft) -> str:
    """The text of an earlier try, "" where there is none."""
    return _resumed(draft_file(here, draft.name), draft)


def keep(here: Session, draft: Draft, text: str) -> None:
    """Keep a text for the next try. Refused where it cannot be written."""
    hints = (f"# {hint}".rstrip() for hint in draft.hints)
    _write(draft_file(here, draft.name), "\n".join([text, "", MARK, *hints, ""]))


def drop(here: Session, draft: Draft) -> None:
    """Nothing has to be kept any more."""
    draft_file(here, draft.name).unlink(missing_ok=True)


# ------------------------------------------------------------------------------------------------- the rest


def text_of(file: Path) -> str:
    """The UTF-8 text of a file that an agent or operator named."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise Refused(f"{file}: {(error.strerror or 'cannot be read').lower()}") from None
    except UnicodeDecodeError:
        raise Refused(f"{file}: not UTF-8 text") from None


def clean(text: str) -> str:
    """No carriage returns, NULs or lone surrogates: mail and database take none."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return text.encode("utf-8", "replace").decode("utf-8").strip("\n")
