"""The `maild` command: a file a group of verbs, no logic of its own.

Exit codes: 0 done, 1 refused or not found (one line on stderr that says what to do), 2 wrong usage.
"""

from __future__ import annotations

import errno
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
    _open_what_is_closed()
    from maild.commands.encoding import check_words, escape_what_cannot_be_shown
    from maild.errors import MaildError

    escape_what_cannot_be_shown()
    try:
        try:
            check_words(sys.argv[1:])
            _answer()
        finally:
            sys.stdout.flush()
    except MaildError as error:
        from maild.commands.output import safe_line

        print(f"maild: {safe_line(str(error))}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # the reader of our output went away (`maild list | head`): not our fault, and no traceback
        _write_no_more()
        sys.exit(1)
    except OSError as error:
        if error.errno in _NO_ROOM:
            line = f"cannot write: {error.strerror}; is the disk full?"
        elif error.errno in _NOT_TO_BE_HAD and isinstance(error.filename, str):
            from maild.commands.output import safe_line

            line = f"{safe_line(error.filename)}: {error.strerror}"
        else:
            raise
        _write_no_more()
        print(f"maild: {line}", file=sys.stderr)
        sys.exit(1)


#: of a disk that takes no more, for what a verb prints or keeps
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
#: of a file or folder, mostly one that was named to us, which cannot be read or made
_NOT_TO_BE_HAD = frozenset(
    {
        errno.EACCES, errno.EPERM, errno.EROFS, errno.EIO, errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EEXIST,
        errno.ENAMETOOLONG, errno.ELOOP,
    }
)  # fmt: skip


def _open_what_is_closed() -> None:
    """Without a standard stream (`maild list >&-`) nothing is read or written there, and no file gets its number."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 (open to the end)


def _write_no_more() -> None:
    """What is left of the output goes nowhere, so that the interpreter's end does not try again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _answer() -> None:
    from maild.commands import quick

    completing = any(name.endswith("_COMPLETE") for name in os.environ)
    if completing or not quick.answered(sys.argv[1:]):
        _typed(completing)


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
