"""Structured lines: a sentence for a person on a terminal, JSON for a collector otherwise.

Customers' texts are data: control characters and bidi marks are shown escaped, and secrets are never
written.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import TextIO
from zoneinfo import ZoneInfo

from maild.mail.text.characters import UNSAFE, pattern_of
from maild.model import JsonObject

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

    def tell(self, message: str, words: Callable[[], str], **fields: object) -> None:
        """`info` for programs; people on a terminal read `words` instead, which are made for them alone."""
        self._logger.info(message, extra={"fields": fields, "words": words})

    def warning(self, message: str, **fields: object) -> None:
        self._logger.warning(message, extra={"fields": fields})

    def error(self, message: str, *, error: BaseException | None = None, **fields: object) -> None:
        """With `error`, its traceback follows."""
        self._logger.error(message, exc_info=error, extra={"fields": fields})


def set_up(
    style: str = "auto", level: str = "info", stream: TextIO | None = None, *, zone: str | None = None
) -> bool:
    """Send every log line of this process to `stream` (standard error); whether people read it.

    `style`: auto, human or json. `zone`: of the times that people read; None = the machine's.
    """
    out = stream or sys.stderr
    terminal = out.isatty()
    handler = logging.StreamHandler(out)
    human = style == "human" or (style == "auto" and terminal)
    handler.setFormatter(HumanFormatter(colours=terminal, zone=zone) if human else JsonFormatter())
    root = logging.getLogger()
    if human and level != "debug":
        handler.addFilter(_for_people)
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # The libraries' own running commentary holds customers' addresses and is of no use here.
    for name in ("mail.log", "asyncio", "alembic", "imapclient", "sqlalchemy"):
        logging.getLogger(name).setLevel(logging.WARNING)
    return human


def _for_people(record: logging.LogRecord) -> bool:
    """What the daemon notes for programs alone is not told."""
    return record.levelno > logging.INFO or hasattr(record, "words")


class HumanFormatter(logging.Formatter):
    """`09:30 #15789 new from Anna (acme): The printer is silent; answered in hu`, in the time of `zone`.

    A line without words of its own names its level, part and fields. A new day is said once.
    """

    def __init__(self, *, colours: bool = False, zone: str | None = None) -> None:
        super().__init__()
        self._colours = colours
        self._zone = ZoneInfo(zone) if zone else None
        self._day: date | None = None

    def format(self, record: logging.LogRecord) -> str:
        """One line, and an indented traceback where there is one."""
        at = datetime.fromtimestamp(record.created, self._zone)
        made = getattr(record, "words", None)
        if made is not None:
            line = f"{at:%H:%M} {clean(made())}"
        else:
            name = record.name.rpartition(".")[2]
            fields = "".join(f"  {key}={_shown(value)}" for key, value in _fields(record).items())
            line = f"{at:%H:%M} {record.levelname.lower():7} {name}: {clean(record.getMessage())}{fields}"
        if self._colours and record.levelname in _COLOURS:
            line = f"{_COLOURS[record.levelname]}{line}\x1b[0m"
        for row in _traceback(self, record):
            line += f"\n    {row}"
        if self._day is not None and self._day != at.date():
            line = f"{at:%A %d %B}\n{line}"
        self._day = at.date()
        return line


def say(lines: Iterable[str]) -> None:
    """Lines as they are, where the log's lines go."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.stream.write("".join(f"{one}\n" for one in lines))
            handler.flush()


class JsonFormatter(logging.Formatter):
    """One JSON object a line: `at`, `level`, `part`, `message` and the line's own fields."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        row: JsonObject = {
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
        lambda match: _escape(ord(match[0])), _SECRET.sub(lambda match: f"{match[1] or ''}[hidden]", text)
    )


def _escape(code: int) -> str:
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _fields(record: logging.LogRecord) -> dict[str, object]:
    fields: dict[str, object] = getattr(record, "fields", {})
    return {
        k: "[hidden]" if k in _SECRET_FIELDS else v for k, v in fields.items() if v is not None and v != ""
    }


def _plain(value: object) -> bool | int | float | str:
    return value if isinstance(value, bool | int | float) else clean(str(value))


def _shown(value: object) -> str:
    text = clean(str(value))
    return json.dumps(text, ensure_ascii=False) if " " in text or not text else text


def _traceback(formatter: logging.Formatter, record: logging.LogRecord) -> list[str]:
    if not record.exc_info:
        return []
    return [clean(row) for row in formatter.formatException(record.exc_info).splitlines()]
