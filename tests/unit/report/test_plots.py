"""Plots: what they show is put in order, their pictures are real and say the same in grey."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from itertools import pairwise

import pytest

from maild.errors import Refused
from maild.render import templates_for
from maild.report import charts, plots
from maild.report.charts import ChartKind
from maild.report.figures import BacklogRow, VolumeRow
from maild.report.plots import _LOOKS
from maild.report.promises import PromiseCount, PromiseRow
from maild.settings import Settings
from maild.ticket.hours import Minutes

SAY = templates_for(Settings()).words("en")
HUNGARIAN = templates_for(Settings()).words("hu")
HOURS: list[tuple[str | None, Minutes]] = [
    ("acme", Minutes(billed=90, over=30)),
    ("$x^2$ <b>", Minutes(billed=600)),
    (None, Minutes(billed=15)),
    ("idle", Minutes()),
]


def test_longest_bar_is_first_and_what_is_over_stands_apart() -> None:
    chart = charts.hours_chart(HOURS, "2026-10", SAY)
    assert chart.names == ("$x^2$ <b>", "acme", "none")
    assert [part.values for part in chart.parts] == [(10.0, 1.0, 0.25), (0.0, 0.5, 0.0)]
    assert "2026-10" in chart.title
    assert "Hours" in chart.title
    assert chart.labels == ("10", "1.5", "0.25")
    assert charts.hours_chart(HOURS, "2026-10", HUNGARIAN).labels == ("10", "1,5", "0,25")


def test_company_that_was_let_down_most_is_first() -> None:
    rows = [
        PromiseRow(name, None, kept + missed, PromiseCount(kept, missed), PromiseCount(), PromiseCount(), {})
        for name, kept, missed in (("good", 9, 0), ("bad", 1, 3), ("fair", 3, 1), ("quiet", 0, 0))
    ]
    chart = charts.promises_chart(rows, "2026-10", SAY)
    assert (chart.kind, chart.names) == (ChartKind.SHARES, ("bad", "fair", "good"))
    assert chart.labels == ("1/4", "3/4", "9/9")


def test_periods_without_tickets_stand_there_too_and_rare_kinds_together() -> None:
    rows = [VolumeRow("2026-W46", None, f"kind{n}", 10 - n) for n in range(8)]
    chart = charts.volume_chart(rows, ["2026-W45", "2026-W46", "2026-W47"], "2026-11", SAY)
    assert chart.names == ("2026-W45", "2026-W46", "2026-W47")
    assert len(chart.parts) == charts.MOST_PARTS
    assert chart.parts[-1].label == "others"
    assert sum(part.values[1] for part in chart.parts) == sum(10 - n for n in range(8))
    assert chart.labels == ("", "52", "")


def test_many_companies_are_a_few_bars_and_the_others_together() -> None:
    rows = [(f"c{n:03}", Minutes(billed=60 * (n + 1))) for n in range(200)]
    chart = charts.hours_chart(rows, "2026-10", SAY)
    assert len(chart.names) == charts.MOST_BARS
    assert chart.names[-1] == f"others ({200 - charts.MOST_BARS + 1})"
    assert sum(chart.parts[0].values) == sum(n + 1 for n in range(200))


def test_picture_is_as_wide_as_a_page_needs_and_names_are_words_and_no_formulas() -> None:
    chart = charts.hours_chart([*HOURS, (r"$\frac{1}$", Minutes(billed=60))], "x", SAY)
    made = plots.draw(chart)
    assert made.startswith(b"\x89PNG")
    assert int.from_bytes(made[16:20], "big") >= 1000  # the first field of the first chunk (PNG, 11.2.2)
    assert plots.draw(chart) == made, "the same figures give the same file"


@pytest.mark.slow("draws each of twenty pictures anew")
@pytest.mark.parametrize("form", plots.FORMATS)
def test_every_kind_is_drawn_also_over_nothing(form: str) -> None:
    backlog = BacklogRow("L1", 7, 0, 0, 0, {"day": 1, "week": 2, "month": 0, "older": 4}, 1, 40)
    for chart in (
        charts.hours_chart(HOURS, "2026-10", SAY),
        charts.hours_chart([], "2026-10", SAY),
        charts.promises_chart([], "2026-10", SAY),
        charts.volume_chart([], ["2026-W45"], "2026-10", SAY),
        charts.backlog_chart([backlog], "2026-10", SAY),
    ):
        made = plots.draw(chart, form)
        assert made.startswith(b"\x89PNG" if form == "png" else b"<?xml")
        assert plots.draw(chart, form) == made, "the same figures give the same file"


def test_parts_differ_in_grey_too() -> None:
    """Luminance of the fills (ITU-R BT.601) or the hatch tells neighbours apart."""
    greys = [
        sum(int(c[i : i + 2], 16) * f for i, f in ((1, 0.299), (3, 0.587), (5, 0.114))) for c, _ in _LOOKS
    ]
    hatches = [hatch for _, hatch in _LOOKS]
    assert len(set(hatches)) == len(hatches)
    assert all(abs(a - b) > 40 for a, b in pairwise(greys))
    assert len(_LOOKS) == charts.MOST_PARTS


@pytest.mark.slow("starts a process that imports a library for drawing")
def test_process_that_draws_gives_the_same_picture() -> None:
    chart = charts.hours_chart(HOURS, "2026-10", SAY)
    command = [sys.executable, "-m", "maild.report.plots"]
    done = subprocess.run(command, input=plots.to_json(chart).encode(), capture_output=True, check=True)
    assert done.stdout == plots.draw(chart)
    assert plots.from_json(plots.to_json(chart)) == chart


def test_other_formats_are_refused() -> None:
    with pytest.raises(Refused, match="png"):
        plots.draw(replace(charts.hours_chart([], "x", SAY)), "exe")
