"""What a mail costs in several versions of maild, in turns: ratios that other work on the machine moves little.

    python -m bench.pairs TREE [TREE ...] [--form new|html|both|reply] [--rounds N]

Each TREE is a checkout (`git worktree add --detach /tmp/before COMMIT`); the others are compared to the first.
Each version runs in a process of its own with this interpreter's packages, and they take turns batch by batch,
so that what slows the machine slows all of them. Figures are CPU microseconds a mail, the mean of the quarter of
batches that went fastest, and calls of functions a mail, which no other program changes.
What arrives: `new` is the plain request of `bench.load`, `html` and `both` (plain and HTML) say the same as a mail
program writes it, `reply` is an answer to the acknowledgement that quotes it.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

BATCH = 32
FORMS = ("new", "html", "both", "reply")
#: neither the disk nor what only some versions name apart: these do the same in every version. `whole` is all from the
#: claim to the recorded answer, with the transactions' ends and the Maildir
COMPARED = (
    "needs_worker",
    "parse",
    "authenticate",
    "keys",
    "facts",
    "decide",
    "apply",
    "outbox claim",
    "compose",
    "save",
    "record",
)


class Version:
    """One tree's process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.batches: list[dict[str, float]] = []

    def ask(self, word: str) -> dict[str, float]:
        """Let it take one batch."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(word + "\n")
        self._process.stdin.flush()
        answer: dict[str, float] = json.loads(self._process.stdout.readline())
        return answer

    def microseconds(self, stage: str) -> float:
        """A mail's share of one stage."""
        figures = sorted(batch.get(stage, 0.0) for batch in self.batches)
        count = max(1, len(figures) // 4)
        return sum(figures[:count]) / count / BATCH * 1e6


@contextmanager
def _started(tree: str, form: str) -> Iterator[Version]:
    script = Path(__file__).with_name("taking_turns.py")
    process = subprocess.Popen(
        [sys.executable, str(script), str(Path(tree).resolve()), form],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=tree,
        text=True,
    )
    try:
        yield Version(process)
    finally:
        assert process.stdin
        process.stdin.close()
        process.wait(60)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("trees", nargs="+", metavar="TREE")
    parser.add_argument("--form", choices=FORMS, default="new")
    parser.add_argument("--rounds", type=int, default=40)
    options = parser.parse_args()
    with ExitStack() as running:
        versions = [running.enter_context(_started(tree, options.form)) for tree in options.trees]
        for version in versions:
            version.ask("warm")
        calls = [version.ask("calls")["calls"] / BATCH for version in versions]
        for turn in range(options.rounds):
            for version in versions if turn % 2 else reversed(versions):
                version.batches.append(version.ask("measured"))
    rows = [(name, [version.microseconds(name) for version in versions]) for name in COMPARED]
    rows.append(("together", [sum(column) for column in zip(*(figures for _, figures in rows), strict=True)]))
    rows.append(("whole", [version.microseconds("whole") for version in versions]))
    for name, figures in [*rows, ("calls", calls)]:
        first = figures[0]
        others = "".join(
            f"{figure:10.1f} " + (f"x{figure / first:.2f}" if first else "") for figure in figures[1:]
        )
        print(f"{name:16}{first:10.1f}{others}")


if __name__ == "__main__":
    main()
