"""What the plots of reports show: names, numbers and words, put in order; `plots` draws them. Pure.

A chart is worth printing: sorted, labelled, its unit and period in the title, parts that differ in grey too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Protocol

from maild.report.figures import AGES, BacklogRow, VolumeRow
from maild.report.promises import PromiseRow
from maild.ticket.hours import Minutes
from maild.values import dataclass

#: bars of one chart; what is smaller stands together in the last one
MOST_BARS = 20
#: parts that can be told apart in grey
MOST_PARTS = 5


class Phrase(Protocol):
    """A phrase of the reader's language by its key in words.toml, and figures as it writes them."""

    def __call__(self, key: str, **values: Any) -> str: ...

    def number(self, value: Any) -> str: ...


class ChartKind(StrEnum):
    """How it is drawn."""

    BARS = "bars"  # lying, the longest first
    SHARES = "shares"  # lying, each of the same length: parts of a whole
    COLUMNS = "columns"  # standing, in the order of time


@dataclass(frozen=True, slots=True)
class Part:
    """One part of every bar: what it is, and its amount in each."""

    label: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """One plot. `labels`: what is written at the end of each bar; `empty`: what stands there where there is nothing."""

    kind: ChartKind
    title: str
    names: tuple[str, ...]
    parts: tuple[Part, ...]
    unit: str = ""
    labels: tuple[str, ...] = ()
    empty: str = ""

    def as_text(self) -> str:
        """The same for who cannot see it: "Acme 12, Beta 3"."""
        rows = [
            ", ".join(f"{part.label} {part.values[i]:g}" for part in self.parts if part.values[i])
            for i in range(len(self.names))
        ]
        return "; ".join(f"{name}: {row or 0}" for name, row in zip(self.names, rows, strict=True))


def hours_chart(rows: Iterable[tuple[str | None, Minutes]], when: str, say: Phrase) -> Chart:
    """Billed hours by name, the most first; what lies beyond prepaid hours apart."""
    sums: dict[str, list[float]] = {}
    for name, minutes in rows:
        one = sums.setdefault(name or say("report.nobody"), [0, 0])
        one[0] += minutes.billed - minutes.over
        one[1] += minutes.over
    ordered = _largest({name: value for name, value in sums.items() if sum(value)}, sum, say)
    inside = tuple(value[0] / 60 for _, value in ordered)
    beyond = tuple(value[1] / 60 for _, value in ordered)
    parts = [Part(say("report.part.billed"), inside)]
    if any(beyond):
        parts.append(Part(say("report.part.over"), beyond))
    return Chart(
        ChartKind.BARS, say("report.chart.time", when=when), tuple(name for name, _ in ordered), tuple(parts),
        say("report.hours"), tuple(say.number(round(sum(v) / 60, 2)) for _, v in ordered),
        say("report.nothing"),
    )  # fmt: skip


def promises_chart(rows: Iterable[PromiseRow], when: str, say: Phrase) -> Chart:
    """Promises of an answer that were kept, broken and still open, the company with the most broken ones first."""
    sums: dict[str, list[float]] = {}
    for row in rows:
        one = sums.setdefault(row.company or say("report.nobody"), [0, 0, 0])
        for i, n in enumerate((row.respond.kept, row.respond.missed, row.respond.open)):
            one[i] += n
    told = {name: value for name, value in sums.items() if sum(value)}
    ordered = _largest(told, lambda v: (v[1] / sum(v), sum(v)), say)
    return Chart(
        ChartKind.SHARES, say("report.chart.sla", when=when), tuple(name for name, _ in ordered),
        tuple(
            Part(say(f"report.part.{state}"), tuple(value[i] for _, value in ordered))
            for i, state in enumerate(("kept", "missed", "open"))
        ),
        say("report.percent"), tuple(f"{int(v[0])}/{int(sum(v[:2]))}" if sum(v[:2]) else "–" for _, v in ordered),
        say("report.nothing"),
    )  # fmt: skip


def volume_chart(rows: Iterable[VolumeRow], periods: Sequence[str], when: str, say: Phrase) -> Chart:
    """New tickets by time and kind; periods without any stand there too."""
    counts: Counter[tuple[str, str]] = Counter()
    kinds: Counter[str] = Counter()
    for row in rows:
        counts[row.period, row.kind] += row.tickets
        kinds[row.kind] += row.tickets
    shown = [
        kind for kind, _ in kinds.most_common(MOST_PARTS if len(kinds) <= MOST_PARTS else MOST_PARTS - 1)
    ]
    parts = [
        Part(say(f"kind.{kind}") or kind, tuple(float(counts[p, kind]) for p in periods)) for kind in shown
    ]
    if len(shown) < len(kinds):
        rest = tuple(
            float(sum(n for (p, k), n in counts.items() if p == one and k not in shown)) for one in periods
        )
        parts.append(Part(say("report.others"), rest))
    sums = [sum(part.values[i] for part in parts) for i in range(len(periods))]
    return Chart(
        ChartKind.COLUMNS, say("report.chart.volume", when=when), tuple(periods) if kinds else (), tuple(parts),
        say("report.tickets"), tuple(f"{n:g}" if n else "" for n in sums), say("report.nothing"),
    )  # fmt: skip


def backlog_chart(rows: Iterable[BacklogRow], when: str, say: Phrase) -> Chart:
    """Open tickets by team and age, the team with the most first."""
    by_team = {
        row.team or say("report.nobody"): [float(row.ages[name]) for name, _, _ in AGES] for row in rows
    }
    ordered = _largest(by_team, sum, say)
    return Chart(
        ChartKind.BARS, say("report.chart.backlog", when=when), tuple(name for name, _ in ordered),
        tuple(
            Part(say(f"report.age.{name}"), tuple(value[i] for _, value in ordered))
            for i, (name, _, _) in enumerate(AGES)
        ),
        say("report.tickets"), tuple(f"{sum(v):g}" for _, v in ordered), say("report.nothing"),
    )  # fmt: skip


def _largest(
    sums: Mapping[str, list[float]], size: Callable[[list[float]], Any], say: Phrase
) -> list[tuple[str, list[float]]]:
    """The largest first, names in order where they are equal; those beyond `MOST_BARS` as one."""
    ordered = sorted(sums.items(), key=lambda one: one[0])
    ordered.sort(key=lambda one: size(one[1]), reverse=True)
    if len(ordered) <= MOST_BARS:
        return ordered
    rest = ordered[MOST_BARS - 1 :]
    together = [sum(values) for values in zip(*(value for _, value in rest), strict=True)]
    return [*ordered[: MOST_BARS - 1], (f"{say('report.others')} ({len(rest)})", together)]
