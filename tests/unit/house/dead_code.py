"""Code that nothing in the product uses: vulture, told what reads names that Python does not see.

`python -m tests.unit.house.dead_code` prints it and fails where there is any (`make check`).
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from vulture import Vulture

ROOT = Path(__file__).parents[3]
WHERE = ("maild", "threading_rules", "cli.py", "docs", "bench")
#: the schema is read through its tables, migrations are run by Alembic
NOT_READ = ("*/store/migrations/*", "*/store/models.py")
#: what registers a function where others find it
REGISTERS = [
    "@*.command",
    "@*.callback",
    "@app.*",
    "@mail",
    "@compiles",
    "@event.listens_for",
    "@listens_for",
]
#: names that a library calls or reads on our classes
OF_LIBRARIES = (
    "handle_DATA", "_timeout_cb", "_transport", "line_length_limit",  # aiosmtpd
    "_create_IMAP4", "normalise_times",  # imapclient
    "impl", "cache_ok", "process_bind_param", "result_processor", "isolation_level", "apply_to_insert",  # SQLAlchemy
    "capture_signals", "should_exit",  # uvicorn
    "nameservers",  # dnspython
    "obj",  # click
    "TITLE", "ENABLE_COMMAND_PALETTE", "CSS_PATH", "BINDINGS", "theme", "on_*", "action_*",  # Textual
    "__getattr__",
)  # fmt: skip
#: steps are called by name, in a worker process
BY_NAME = ("verify_by", "decide_alone")
#: what tests look at, and no part of the product needs to
SEAMS = ("under_way", "time_entries")
#: whose fields are kept as JSON by their names (`ticket/codec.py`), read by templates, or are words of a column
VALUES = (
    "maild/ticket/state.py", "maild/ticket/entries.py", "maild/ticket/vocabulary.py", "maild/ticket/phases.py",
    "maild/store/act_snapshot.py",
    "maild/notice/",
)  # fmt: skip
_WORD = re.compile(r"[A-Za-z_]\w*")


def in_templates() -> frozenset[str]:
    """Every word of the templates: what they read, no Python says."""
    words: set[str] = set()
    for path in (ROOT / "templates").rglob("*"):
        if path.is_file():
            words.update(_WORD.findall(path.read_text(encoding="utf-8")))
    return frozenset(words)


def unused(root: Path = ROOT) -> list[str]:
    """`file:line: what`, of everything that nothing uses."""
    reader = Vulture(ignore_names=[*OF_LIBRARIES, *BY_NAME, *SEAMS], ignore_decorators=REGISTERS)
    reader.scavenge([str(root / one) for one in WHERE], exclude=list(NOT_READ))
    templates = in_templates()
    found = []
    for item in reader.get_unused_code(min_confidence=60):
        where = Path(item.filename).relative_to(root).as_posix()
        field = item.typ == "variable" and where.startswith(VALUES)
        if not field and not (item.typ in ("variable", "property") and item.name in templates):
            found.append(f"{where}:{item.first_lineno}: unused {item.typ} {item.name}")
    return found


if __name__ == "__main__":
    lines = unused()
    print("\n".join(lines))
    sys.exit(bool(lines))
