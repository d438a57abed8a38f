"""Structured lines: for a person on a terminal, JSON for a collector otherwise.

Customers' texts are data: control characters and bidi marks are shown escaped, and secrets are never
written.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import Any, TextIO

from maild.mail.text.characters import UNSAFE, pattern_of

_UNSAFE = re.compile(pattern_of(UNSAFE))
#: what must not be read from a log: bearer tokens, passwords, reply addresses' tokens, and everything of the
#: shape of an approval token (26 of a-z and 2-7, `maild.mail.own_ids`)
_SECRET = re.compile(
    r"(?i)(bearer\s+|(?:password|secret|token)[=:]\s*)[^\s,;\"']+"
    r"|(?<=\+)[a-z0-9.=_-]{16,}(?=@)|(?<![a-z0-9])[a-z2-7]{26}(?![a-z0-9])"
)
_SECRET_FIELDS = frozenset({"password", "token", "secret", "authorization"})
_COLOURS = {"WARNING": "\x1b[33m", "ERROR": "\x1b[31m", "CRITICAL": "\x1b[31;1m"}


class Log:
    """A logger whose calls take fields: `log.info("mail taken in", id=12)`."""

    def __init__(self, name: str) -> None:
        self._logger = logging.getLogger(name)

    def debug(self, message: str, **fields: object) -> None:
        self._logger.debug(message, extra={"fields": fields})

    def info(self, message: str, **fields: object) -> None:
        self._logger.info(message, extra={"fields": fields})

    def warning(self, message: str, **fields: object) -> None:
        self._logger.warning(message, extra={"fields": fields})

    def error(self, message: str, *, error: BaseException | None = None, **fields: object) -> None:
        """With `error`, its traceback follows."""
        self._logger.error(message, exc_info=error, extra={"fields": fields})


def set_up(style: str = "auto", level: str = "info", stream: TextIO | None = None) -> None:
    """Send every log line of this process to `stream` (standard error). `style`: auto, human or json."""
    out = stream or sys.stderr
    terminal = out.isatty()
    handler = logging.StreamHandler(out)
    human = style == "human" or (style == "auto" and terminal)
    handler.setFormatter(HumanFormatter(colours=terminal) if human else JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # The libraries' own running commentary holds customers' addresses and is of no use here.
    for name in ("mail.log", "asyncio", "alembic", "imapclient", "sqlalchemy"):
        logging.getLogger(name).setLevel(logging.WARNING)


class HumanFormatter(logging.Formatter):
    """`09:30:12 info  ingest: mail is on a ticket  id=12 ticket=15789`"""

    def __init__(self, *, colours: bool = False) -> None:
        super().__init__()
        self._colours = colours

    def format(self, record: logging.LogRecord) -> str:
        """One line, and an indented traceback where there is one."""
        at = datetime.fromtimestamp(record.created).strftime("%H:%M:%S")
        name = record.name.rpartition(".")[2]
        fields = "".join(f"  {key}={_shown(value)}" for key, value in _fields(record).items())
        line = f"{at} {record.levelname.lower():7} {name}: {clean(record.getMessage())}{fields}"
        if self._colours and record.levelname in _COLOURS:
            line = f"{_COLOURS[record.levelname]}{line}\x1b[0m"
        for row in _traceback(self, record):
            line += f"\n    {row}"
        return line


class JsonFormatter(logging.Formatter):
    """One JSON object a line: `at`, `level`, `part`, `message` and the line's own fields."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        row: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "part": record.name,
            "message": clean(record.getMessage()),
        }
        row |= {key: _plain(value) for key, value in _fields(record).items() if key not in row}
        if trace := _traceback(self, record):
            row["traceback"] = trace
        return json.dumps(row, ensure_ascii=False, default=str)


def clean(text: str) -> str:
    """`text` on one line, without secrets, with every control and bidi mark as its escape."""
    return _UNSAFE.sub(
        lambda found: _escape(ord(found[0])), _SECRET.sub(lambda found: f"{found[1] or ''}[hidden]", text)
    )


def _escape(code: int) -> str:
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _fields(record: logging.LogRecord) -> dict[str, object]:
    fields: dict[str, object] = getattr(record, "fields", {})
    return {
        k: "[hidden]" if k in _SECRET_FIELDS else v for k, v in fields.items() if v is not None and v != ""
    }


def _plain(value: object) -> object:
    return value if isinstance(value, bool | int | float) else clean(str(value))


def _shown(value: object) -> str:
    text = clean(str(value))
    return json.dumps(text, ensure_ascii=False) if " " in text or not text else text


def _traceback(formatter: logging.Formatter, record: logging.LogRecord) -> list[str]:
    if not record.exc_info:
        return []
    return [clean(row) for row in formatter.formatException(record.exc_info).splitlines()]
