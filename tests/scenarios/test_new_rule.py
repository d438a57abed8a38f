"""The skeleton of a threading rule, copied and registered as threading_rules/README.md says, gets a real mail."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.slow

#: one mail that opens a ticket, one of the same person that only the new rule can put on it
PROGRAM = """
import sys
from pathlib import Path
from tests.scenarios.desk import scenario_desk, told
import threading_rules

assert threading_rules.__file__.startswith(sys.argv[1])
FIRST = (
    b"From: anna@acme.example\\r\\nTo: help@desk.example\\r\\nSubject: Printer\\r\\n"
    b"Message-ID: <1a@acme.example>\\r\\n\\r\\nIt burns.\\r\\n"
)
SECOND = (
    b"From: anna@acme.example\\r\\nTo: help@desk.example\\r\\nSubject: Once more\\r\\n"
    b"Message-ID: <2b@acme.example>\\r\\nX-Example-Ticket: 1001\\r\\n\\r\\nIt still does.\\r\\n"
)
with scenario_desk(Path(sys.argv[1]) / "desk", config=sys.argv[2]) as desk:
    desk.send(FIRST)
    desk.send(SECOND)
    print(told(desk))
    print(desk.show(1001)["entries"][-1]["author"], desk.rows("why", "<2b@acme.example>"))
"""


def outcome(tmp_path: Path, *, on: bool, config: str = "") -> str:
    """What a desk with the copied rule makes of the two mails."""
    package = tmp_path / "threading_rules"
    shutil.copytree(ROOT / "threading_rules", package, ignore=shutil.ignore_patterns("__pycache__"))
    text = (package / "_skeleton.py").read_text(encoding="utf-8")
    copied = text.replace('name = "skeleton"', 'name = "example_ticket"').replace("on=True", f"on={on}")
    assert copied.count("example_ticket") == 1
    assert f"on={on}" in copied
    (package / "example_ticket.py").write_text(copied, encoding="utf-8")
    order = package / "__init__.py"
    registered = order.read_text(encoding="utf-8")
    registered = registered.replace(
        "import bare_number, in_reply_to", "import bare_number, example_ticket, in_reply_to"
    )
    registered = registered.replace(
        "    bare_number.RULE,\n", "    example_ticket.RULE,\n    bare_number.RULE,\n"
    )
    assert registered.count("example_ticket") == 2
    order.write_text(registered, encoding="utf-8")
    (tmp_path / "desk").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path), config],
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_copied_skeleton_finds_the_ticket_of_a_real_mail(tmp_path: Path) -> None:
    told = outcome(tmp_path, on=True)
    assert "in 2 reply done #1001" in told
    assert "X-Example-Ticket: 1001" in told


def test_rule_that_ships_switched_off_runs_only_where_it_is_named(tmp_path: Path) -> None:
    assert "in 2 request done #1002" in outcome(tmp_path, on=False)
    shutil.rmtree(tmp_path / "threading_rules")
    shutil.rmtree(tmp_path / "desk")
    named = '[threading]\nrules = ["example_ticket"]\n'
    assert "in 2 reply done #1001" in outcome(tmp_path, on=False, config=named)
