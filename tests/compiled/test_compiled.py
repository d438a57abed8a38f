"""The compiled wheel: it is built as an operator builds it, and reads, decides and stops as the pure modules do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import hatch_build
from tests.compiled import tree
from tests.servers.needs import missing

pytestmark = pytest.mark.slow("a C compiler takes more than a minute")

#: tests that ask the compiled modules and replace nothing in them
SUITES = (
    "tests/unit/mail", "tests/unit/threading_rules", "tests/unit/ticket/test_classify.py",
    "tests/unit/ticket/test_calendars.py", "tests/scenarios/test_scenarios.py", "tests/corpus/test_figures.py",
)  # fmt: skip

#: as a worker's limit does: the signal's default ends the process while one call of compiled code is at work
AT_WORK = """
import signal
from maild.mail.newtext import new_text
text = "word and\\nFrom: a\\nSent: b\\n" * 1_000_000
signal.signal(signal.SIGPROF, signal.SIG_DFL)
signal.setitimer(signal.ITIMER_PROF, 0.05)
new_text(text)
"""

#: a mail that needs several times what its worker may take of the processor, and one by the usual limits
LIMITED = """
import asyncio
from maild.mail.parse import ParseLimits
from maild.settings import LimitSettings, Settings
from maild.work import workers
from maild.work.workers import Capped, WorkerPool

workers.WALL = 100_000  # however busy the host is: here the processor's time alone counts
HEAD = b"From: <anna@acme.example>\\r\\nSubject: Printer\\r\\n\\r\\n"

async def main():
    short, usual = WorkerPool(Settings(limits=LimitSettings(workers=1, parse_seconds=0.02))), WorkerPool(Settings())
    try:
        await short.parse(HEAD + b"From: a\\nSent: b\\nTo: c, d\\nhello world\\n" * 200_000, ParseLimits())
    except Capped as capped:
        print(capped)
    print((await usual.parse(HEAD + b"It does not print.\\r\\n", ParseLimits())).subject)
    await short.close()
    await usual.close()

asyncio.run(main())
"""

#: all that goes between the daemon and its workers for one mail
SENT = """
import pickle, tempfile
from pathlib import Path
from tests.bounds.desk import NOW, REQUEST, StepDesk
from tests.harness.by_hand import UNSIGNED, MailByHand

with tempfile.TemporaryDirectory() as folder, StepDesk(Path(folder)) as desk, desk.store.write() as tx:
    mail = MailByHand(tx, desk.settings, desk.signer, REQUEST.replace(b"first", b"second"), NOW, "anna@acme.example")
    mail.read()
    facts = mail.facts(tx)
    plan = mail.decide(facts)
    for value in (desk.settings, mail.found, mail.envelope, facts, UNSIGNED, desk.signer, plan):
        back = pickle.loads(pickle.dumps(value))
        assert repr(back) == repr(value) or type(value).__repr__ is object.__repr__, type(value)
        print(type(value).__name__)
"""

#: what stands in the quarantine beside a mail that a fault of ours held up
FAULT = """
from maild.mail.text.subjects import base_subject
base_subject(None, "")
"""


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if wanted := hatch_build.missing():
        missing(f"maild cannot be compiled here, there is no {'; no '.join(wanted)}")
    folder = tmp_path_factory.mktemp("compiled")
    made = tree.make(folder)
    assert len(made) == len(hatch_build.modules()) + 1  # with what they share
    return folder


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Python in that folder, whatever else is installed."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=env | {"PYTHONPATH": str(folder), "PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
    )


def test_suites_hold(compiled: Path) -> None:
    done = run(
        compiled, "-m", "pytest", "-q", "-p", "tests.compiled.proof", "-p", "no:cacheprovider", "--few",
        "-m", "not wire and not slow and not torture and not fuzz", *SUITES,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6_000:] + done.stderr[-2_000:]


def test_both_forms_read_the_same(compiled: Path) -> None:
    """Of each mail the same, or the same error; nothing that a stranger nests deep ends the process."""
    ours, pure = (run(folder, "-m", "tests.compiled.answers") for folder in (compiled, hatch_build.ROOT))
    assert (ours.returncode, pure.returncode) == (0, 0), ours.stderr[-2_000:] + pure.stderr[-2_000:]
    read, known = ours.stdout.splitlines(), pure.stdout.splitlines()
    assert len(read) == len(known) > 1_000
    assert [line for line, right in zip(read, known, strict=True) if line != right] == []


def test_a_signal_ends_compiled_code_while_it_works(compiled: Path) -> None:
    assert run(compiled, "-c", AT_WORK).returncode == -signal.SIGPROF


def test_worker_with_compiled_code_keeps_its_limits(compiled: Path) -> None:
    done = run(compiled, "-c", LIMITED)
    assert done.stdout.splitlines() == ["it took more than 0.02 s of the processor", "Printer"], done.stderr
    done = run(
        compiled, "-m", "pytest", "-q", "-p", "tests.compiled.proof", "-p", "no:cacheprovider",
        "tests/unit/work/test_workers.py", "tests/unit/work/test_ingest.py",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6_000:] + done.stderr[-2_000:]


def test_what_goes_to_workers_and_back_stays_what_it_is(compiled: Path) -> None:
    done = run(compiled, "-c", SENT)
    assert done.stdout.split()[-1:] == ["Plan"], done.stderr


def test_a_fault_of_compiled_code_names_file_and_line(compiled: Path) -> None:
    done = run(compiled, "-c", FAULT)
    assert done.returncode == 1
    assert 'maild/mail/text/subjects.py", line ' in done.stderr
    assert "TypeError" in done.stderr


def test_pure_modules_are_refused_as_proof() -> None:
    done = run(
        hatch_build.ROOT,
        "-m",
        "pytest",
        "-q",
        "-p",
        "tests.compiled.proof",
        "--collect-only",
        "tests/compiled",
    )
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "not the compiled modules: maild.mail." in done.stderr
