"""Writing an answer, a note or last words: in place or in $EDITOR, and never lost.

The draft is the same file that `maild reply N` keeps and goes on with.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from maild.commands import replying, words
from maild.commands.acting import Manner
from maild.errors import MaildError, Refused
from maild.tui import doing
from maild.tui.screens import KeptTextScreen, WriteScreen, WritingEnd, WrittenText

if TYPE_CHECKING:
    from maild.tui.app import DeskApp

_TITLES = {"reply": "answer", "note": "note, for colleagues only", "close": "close, with last words or none"}
_SEND = {"reply": "send", "note": "keep the note", "close": "close it"}


class Writing:
    """One text for one ticket. `what`: reply, note or close."""

    def __init__(self, app: DeskApp, number: int, what: str) -> None:
        self._app, self._number, self._what = app, number, what
        self._here = app.reader.here
        self._hints: Sequence[str] = ()
        self._at_then = False

    async def run(self) -> None:
        """Until it was sent, or the draft is kept."""
        app, number, what = self._app, self._number, self._what
        try:
            page = await asyncio.to_thread(app.reader.ticket, number)
            self._hints = await asyncio.to_thread(replying.hints, self._here, number, note=what != "reply")
        except MaildError as error:
            app.tell(str(error), wrong=True)
            return
        manner = Manner(app.reader.viewer, seen=page.ticket.newest)
        draft = words.Draft(f"{number}-{what}", f"maild {what} {number}", hints=tuple(self._hints))
        text, then, problem = words.resumed(self._here, draft), "", ""
        while True:
            written = await app.push_screen_wait(self._screen(text, then, problem))
            text, then, problem = words.clean(written.text), written.then, ""
            self._at_then = False
            try:
                if written.ending is WritingEnd.KEEP:
                    self._keep(draft, text)
                    return
                if written.ending is WritingEnd.KEPT_TEXT:
                    text, problem = await self._with_kept_text(text)
                    continue
                if written.ending is WritingEnd.EDITOR:
                    text = self._edited(draft, text)
                    continue
                problem = await self._sent(draft, WrittenText(text, then, written.ending), manner)
            except MaildError as error:
                text = words.resumed(self._here, draft) or text
                problem = str(error)
            if not problem:
                return

    def _screen(self, text: str, then: str, problem: str) -> WriteScreen:
        title = f"#{self._number} {_TITLES[self._what]}"
        # the subject is on the screen already; who gets it and what was promised stand before the first gap
        until = self._hints.index("") if "" in self._hints else len(self._hints)
        hints = self._hints[1:until] if self._what == "reply" else ()
        return WriteScreen(
            title, hints, text, then if self._what == "reply" else None, send=_SEND[self._what], problem=problem,
            at_then=self._at_then,
        )  # fmt: skip

    def _keep(self, draft: words.Draft, text: str) -> None:
        if text.strip():
            words.keep(self._here, draft, text)
            # `maild close` opens no editor
            also = f", and so does {draft.again}" if self._what != "close" else ""
            self._app.tell(f"the draft is kept: the same key goes on with it{also}")
        else:
            words.drop(self._here, draft)
            self._app.tell("nothing was written, so nothing was done")

    async def _with_kept_text(self, text: str) -> tuple[str, str]:
        """The text with one that is used again below it; and what stands against it."""
        if self._what != "reply":
            return text, "kept texts are for answers"
        texts = await asyncio.to_thread(self._app.reader.kept_texts, self._number)
        if not texts:
            return text, "there are no kept texts: maild canned add NAME -m TEXT keeps one"
        chosen = await self._app.push_screen_wait(KeptTextScreen(texts))
        return "\n\n".join(filter(None, (text.rstrip("\n"), chosen))), ""

    def _edited(self, draft: words.Draft, text: str) -> str:
        """The text as the agent's own editor leaves it."""
        if text.strip():
            words.keep(self._here, draft, text)
        try:
            with self._app.suspend():
                return words.edited(self._here, draft).text
        except SuspendNotSupported:
            raise Refused("this terminal cannot be lent to an editor: write here") from None

    async def _sent(self, draft: words.Draft, written: WrittenText, manner: Manner) -> str:
        """Do it; "" or what stands against it, with the text kept."""
        text = written.text.strip("\n")
        if not text.strip() and self._what != "close":
            return "there are no words yet; esc goes back"
        if self._what == "reply":
            self._at_then = True
            then = doing.then_of(written.then)
            self._at_then = False
            act = doing.reply(self._here, text, then)
        else:
            act = doing.note(text) if self._what == "note" else doing.close(text)
        if text.strip():
            words.keep(self._here, draft, text)
        problem = await self._app.do(self._number, act, manner)
        if not problem:
            words.drop(self._here, draft)
        return problem
