"""Draws charts as PNG or SVG. Needs Matplotlib (`maild[plot]`), and takes it in only when something is drawn.

`python -m maild.report.plots` reads one chart as JSON and writes its picture: the daemon has it drawn in a process of
its own, since drawing takes a second of the processor and a hundred megabytes.
"""

from __future__ import annotations

import io
import json
import sys
from dataclasses import asdict
from typing import Any

from maild.errors import Refused
from maild.report.charts import Chart, ChartKind, Part

#: what a file may end with
FORMATS = ("png", "svg")
#: (colour, hatch): dark, light, middle ... each of another lightness, so that a copy in grey tells them apart
_LOOKS = (
    ("#1f4e79", ""),
    ("#f2c46d", "////"),
    ("#7fa6cf", "...."),
    ("#d9dee3", "xx"),
    ("#5b6670", "\\\\\\\\"),
)
_INK = "#22272d"
_WIDE = 8.0


def available() -> bool:
    """Whether there is a Matplotlib."""
    from importlib.util import find_spec

    return find_spec("matplotlib") is not None


def draw(chart: Chart, form: str = "png") -> bytes:
    """The picture's bytes. Refused where Matplotlib is missing or the format is none of `FORMATS`."""
    if form not in FORMATS:
        raise Refused(f"a plot is a .png or an .svg, not {form!r}")
    try:
        import matplotlib
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError:
        raise Refused("--plot needs matplotlib: pip install 'maild[plot]'") from None
    look: dict[Any, Any] = {
        # names are people's words, no formulas; the same figures give the same file
        "text.parse_math": False, "svg.hashsalt": "maild", "font.size": 10, "axes.edgecolor": _INK,
        "hatch.linewidth": 0.6, "hatch.color": _INK, "text.color": _INK, "axes.labelcolor": _INK,
    }  # fmt: skip
    with matplotlib.rc_context(look):
        figure = Figure(figsize=(_WIDE, _height(chart)), layout="constrained")
        FigureCanvasAgg(figure)
        axes = figure.add_subplot()
        axes.set_title(chart.title, loc="left", fontsize=12, fontweight="bold", wrap=True)
        if not chart.names:
            axes.text(0.5, 0.5, chart.empty, ha="center", va="center", transform=axes.transAxes)
            axes.set_axis_off()
        elif chart.kind is ChartKind.COLUMNS:
            _columns(axes, chart)
        else:
            _lying(axes, chart)
        out = io.BytesIO()
        metadata = {"Date": None} if form == "svg" else {"Software": None}
        figure.savefig(out, format=form, dpi=144, metadata=metadata)
    return out.getvalue()


def _height(chart: Chart) -> float:
    if chart.kind is ChartKind.COLUMNS or not chart.names:
        return 3.6
    return max(2.2, 1.4 + 0.34 * len(chart.names))


def _lying(axes: Any, chart: Chart) -> None:
    """Bars from the left, the first on top."""
    places = range(len(chart.names))
    sums = [sum(part.values[i] for part in chart.parts) for i in places]
    scale = [100 / total if total and chart.kind is ChartKind.SHARES else 1 for total in sums]
    begin = [0.0] * len(sums)
    for part, (colour, hatch) in zip(chart.parts, _LOOKS, strict=False):
        widths = [value * factor for value, factor in zip(part.values, scale, strict=True)]
        axes.barh(
            places,
            widths,
            left=begin,
            color=colour,
            hatch=hatch,
            label=part.label,
            edgecolor=_INK,
            linewidth=0.5,
        )
        begin = [a + b for a, b in zip(begin, widths, strict=True)]
    for place, end, label in zip(places, begin, chart.labels, strict=False):
        axes.annotate(label, (end, place), (4, 0), textcoords="offset points", va="center")
    axes.set_yticks(places, [_short(name) for name in chart.names])
    axes.invert_yaxis()
    axes.set_xlabel(chart.unit)
    axes.margins(x=0.08)
    _finish(axes, chart, "x")


def _columns(axes: Any, chart: Chart) -> None:
    """Columns in the order of time."""
    places = range(len(chart.names))
    begin = [0.0] * len(chart.names)
    for part, (colour, hatch) in zip(chart.parts, _LOOKS, strict=False):
        axes.bar(
            places, part.values, bottom=begin, color=colour, hatch=hatch, label=part.label, edgecolor=_INK, linewidth=0.5
        )  # fmt: skip
        begin = [a + b for a, b in zip(begin, part.values, strict=True)]
    for place, end, label in zip(places, begin, chart.labels, strict=False):
        axes.annotate(label, (place, end), (0, 3), textcoords="offset points", ha="center")
    step = max(1, len(chart.names) // 16)
    axes.set_xticks(
        list(places)[::step], [_short(name) for name in chart.names[::step]], rotation=30, ha="right"
    )
    axes.set_ylabel(chart.unit)
    axes.margins(y=0.12)
    _finish(axes, chart, "y")


def _finish(axes: Any, chart: Chart, along: str) -> None:
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.grid(axis=along, color="#c9ced4", linewidth=0.5)
    axes.set_axisbelow(True)
    if len(chart.parts) > 1:
        axes.figure.legend(loc="outside lower center", ncols=len(chart.parts), frameon=False)


def _short(name: str) -> str:
    return name if len(name) <= 28 else name[:27] + "…"


def to_json(chart: Chart) -> str:
    """A chart for the process that draws it."""
    return json.dumps(asdict(chart))


def from_json(text: str) -> Chart:
    """A chart from `to_json`."""
    given = json.loads(text)
    parts = tuple(Part(one["label"], tuple(one["values"])) for one in given.pop("parts"))
    names, labels = tuple(given.pop("names")), tuple(given.pop("labels"))
    return Chart(ChartKind(given.pop("kind")), names=names, parts=parts, labels=labels, **given)


if __name__ == "__main__":
    sys.stdout.buffer.write(draw(from_json(sys.stdin.read())))
