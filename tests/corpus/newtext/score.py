"""Prints, for each language, how many cases are good and how many of the people's words are kept.

python -m tests.corpus.newtext.score [--show]
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from itertools import chain

from maild.mail.newtext import new_text
from tests.corpus.newtext import clients, written


def score(*, show: bool) -> list[tuple[str, int, float, float]]:
    """Rows (language, cases, share of good ones, share of words kept)."""
    cases: Counter[str] = Counter()
    good: Counter[str] = Counter()
    words: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for case in chain(clients.cases(), written.cases()):
        found = new_text(case.text, html_marks=case.html_marks, setting=case.setting)
        wanted = Counter(case.wanted.split())
        cases[case.language] += 1
        words[case.language][0] += (wanted & Counter(found.text.split())).total()
        words[case.language][1] += wanted.total()
        if found.text.split() == case.wanted.split():
            good[case.language] += 1
        elif show:
            print(
                f"== {case.language} {case.name} ({found.confidence})\n{found.text}\n-- wanted\n{case.wanted}\n"
            )
    return [(code, cases[code], good[code] / cases[code], words[code][0] / words[code][1]) for code in cases]


def main() -> None:
    print("language  cases    good    kept")
    for code, count, good, kept in score(show="--show" in sys.argv):
        print(f"{code:8} {count:6} {good:7.1%} {kept:7.1%}")


if __name__ == "__main__":
    main()
