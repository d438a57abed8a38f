"""The `maild` command: a file a group of verbs, no logic of its own.

Exit codes: 0 done, 1 refused or not found (one line on stderr that says what to do), 2 wrong usage.
"""

from __future__ import annotations

import gc
import os
import sys


def main() -> None:
    """Entry point of the console script."""
    # a sixth of a short run's start: collecting garbage among the classes that are just being made, and pydantic's
    # search of all installed packages for plugins
    gc.set_threshold(20_000, 20, 20)
    os.umask(0o077)  # mails, tokens and keys: whatever a verb writes is for its user's eyes
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    from maild.commands import quick
    from maild.commands.encoding import check_words, escape_what_cannot_be_shown
    from maild.errors import MaildError

    escape_what_cannot_be_shown()
    completing = any(name.endswith("_COMPLETE") for name in os.environ)
    try:
        check_words(sys.argv[1:])
        if completing or not quick.answered(sys.argv[1:]):
            _typed(completing)
    except MaildError as error:
        from maild.commands.output import safe_line

        print(f"maild: {safe_line(str(error))}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # the reader of our output went away (`maild list | head`): not our fault, and no traceback
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def _typed(completing: bool) -> None:
    """The whole command line, as typer builds it."""
    from maild.commands.app import app, load_for

    load_for(_half_typed() if completing else sys.argv[1:])
    app()


def _half_typed() -> list[str]:
    """The words that the shell wants completed, without the last, which may be a part of one."""
    typed = os.environ.get("_TYPER_COMPLETE_ARGS") or os.environ.get("COMP_WORDS") or ""
    words = typed.split()[1:]
    return words if typed[-1:].isspace() else words[:-1]
