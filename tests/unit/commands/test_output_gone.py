"""Where nothing more can be written, a verb ends with a line or in silence, never with a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cases import cases
from tests.unit.commands.conftest import TestDesk

VERBS = [
    ("list",),
    ("list", "--json"),
    ("show", "1001"),
    ("search", "jams"),
    ("mail", "list"),
    ("list", "--"),
    ("take", "1001"),
]


@pytest.fixture
def ticket(desk: TestDesk) -> TestDesk:
    desk.mail("anna@acme.example", "Printer", "It jams.")
    return desk


def run(desk: TestDesk, words: tuple[str, ...], redirected: str) -> subprocess.CompletedProcess[str]:
    """The command in a shell that says where its output goes."""
    program = "import sys; sys.argv[0] = 'maild'; from maild.commands import main; main()"
    return subprocess.run(
        [
            "/bin/sh", "-c", f'exec "$@" {redirected}', "sh", sys.executable, "-c", program, "--config",
            str(desk.config), *words,
        ],
        capture_output=True, text=True, check=False, env={**os.environ, "MAILD_AGENT": "kata"},
    )  # fmt: skip


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@cases("words", VERBS)
def test_a_full_disk_is_said_in_one_line(ticket: TestDesk, words: tuple[str, ...]) -> None:
    done = run(ticket, words, ">/dev/full")
    assert (done.returncode, done.stderr) == (
        1,
        "maild: cannot write: No space left on device; is the disk full?\n",
    )


@pytest.mark.slow
@cases("words", VERBS)
def test_a_closed_output_is_an_output_nobody_reads(ticket: TestDesk, words: tuple[str, ...]) -> None:
    done = run(ticket, words, ">&-")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_closed_error_output_hides_the_line_and_not_the_code(ticket: TestDesk) -> None:
    done = run(ticket, ("show", "4242"), "2>&-")
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")


def test_an_act_on_a_full_disk_is_done(ticket: TestDesk) -> None:
    assert run(ticket, ("take", "1001"), ">/dev/full").returncode == 1
    assert ticket.show(1001)["owner"] == "kata"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["no/folder", "config.toml/x", "x" * 300])
@pytest.mark.parametrize("verb", [("mail", "export", "1", "-o"), ("contact", "show", "anna@acme.example", "--export"),
                                  ("backup",)])  # fmt: skip
def test_a_file_that_cannot_be_made_is_said_in_one_line(
    ticket: TestDesk, verb: tuple[str, ...], name: str
) -> None:
    """Where the disk cannot be written, too: it is one more word of the system's."""
    done = run(ticket, (*verb, str(ticket.config.parent / name)), "")
    assert done.returncode == (0 if verb[0] == "contact" and name == "no/folder" else 1)
    assert done.stderr.count("\n") == done.returncode, done.stderr
    assert done.stderr.startswith("maild: ") or not done.returncode


@pytest.mark.slow
def test_a_file_that_cannot_be_written_whole_is_gone_again(ticket: TestDesk) -> None:
    """Half a mail, or half a configuration that a second `init` would leave as it is."""
    folder = ticket.config.parent
    ticket.mail("anna@acme.example", "Long", "It jams again and again.\r\n" * 20_000)
    (folder / "new").mkdir()
    program = "import sys; sys.argv[0] = 'maild'; from maild.commands import main; main()"
    limited = 'trap "" XFSZ; ulimit -f "$0"; exec "$@"'
    long, fresh = folder / "long.eml", folder / "new" / "config.toml"
    for blocks, words, target in (
        ("100", ("--config", str(ticket.config), "mail", "export", "2", "-o", str(long)), long),
        ("1", ("--config", str(fresh), "init"), fresh),
    ):
        done = subprocess.run(
            ["/bin/sh", "-c", limited, blocks, sys.executable, "-c", program, *words],
            capture_output=True, text=True, check=False, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        )  # fmt: skip
        assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
        assert "File too large" in done.stderr
        assert not target.exists()
