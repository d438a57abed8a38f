"""The keys, what each does, and what is asked for. Keys are those of mail programs."""

from __future__ import annotations

from maild.commands.session import Session
from maild.tui import doing

#: (keys, action, what it does; "" = not in the help)
TABLE: tuple[tuple[str, str, str], ...] = (
    ("j,down", "step(1)", "down: the queue, or the ticket that is read"),
    ("k,up", "step(-1)", "up"),
    ("enter", "open", "read the ticket; it is not new any more"),
    ("space,pagedown", "page(1)", "a screen of the ticket further"),
    ("b,pageup", "page(-1)", "a screen back"),
    ("z", "wide", "the ticket over the whole width, and back"),
    ("f", "full", "all of it: quotes, signatures, the company's other tickets"),
    ("r", "write('reply')", "answer the customer; a phase, time and files in the same go"),
    ("n", "write('note')", "a note that only colleagues see"),
    ("t", "take", "take it: yours, and accepted"),
    ("c", "write('close')", "close it, with last words or none"),
    ("d", "ask('done')", "done: log time, close with last words"),
    ("l", "ask('log')", "log time"),
    ("p", "ask('move')", "another phase: waiting, progress, scheduled tomorrow 9:00"),
    ("a", "ask('assign')", "give it to a colleague or a team"),
    ("u", "undo", "take your last act back (on it, else the last of all), while its mails have not left"),
    ("o", "files", "attachments: open or save"),
    ("slash", "search", "find: words, a phrase, company:acme ..."),
    ("g", "go_to", "go to a ticket by its number"),
    ("question_mark", "help", "this help"),
    ("q", "back", "back to the queue, and out"),
    ("escape", "escape", "back"),
)
_SHOWN = {"slash": "/", "question_mark": "?", "pagedown": "pgdn", "pageup": "pgup"}
HELP = tuple((" ".join(_SHOWN.get(one, one) for one in key.split(",")), what) for key, _, what in TABLE)
LINE = "j k enter  r reply  d done  n note  t take  c close  / find  ? help  q quit"
QUESTIONS = {
    "done": "done: DURATION last words (20m It works again.)",
    "log": "log: DURATION what was done (20m print server)",
    "move": "phase: waiting, progress, resolved ... and words to the customer; scheduled TIME",
    "assign": "give it to (an agent, a team, me)",
}


def act_of(make: str, here: Session, typed: str) -> doing.ScreenAct:
    """What was asked for, of what was typed. Raises `Refused`."""
    if make == "done":
        return doing.done(typed)
    if make == "log":
        return doing.log(typed)
    if make == "move":
        return doing.move(here, typed)
    return doing.assign(here, typed.strip())
