"""The mail of a report with its plots: drawn, and shown before it goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from maild.commands import output
from maild.commands.session import Session

if TYPE_CHECKING:
    from maild.work.reporting import DrawnPlot, ReportContent


def drawn(here: Session, edition: ReportContent, language: str) -> list[DrawnPlot]:
    from maild.report import plots
    from maild.work import reporting

    if not plots.available():
        output.warn("maild: without plots: pip install 'maild[plot]'")
        return []
    words = reporting.words_of(here.settings, language)
    return [
        reporting.DrawnPlot(name, f"{chart.title}. {chart.as_text()}", plots.draw(chart))
        for name, chart in reporting.plots_of(edition, here.settings, words)
    ]


def preview(here: Session, edition: ReportContent, drawn: Mapping[str, Sequence[DrawnPlot]]) -> None:
    """The mail of each language as text."""
    from maild.notice.content import freeze
    from maild.render import render_notice
    from maild.steps import whole
    from maild.work import reporting

    for language, boxes in edition.readers.items():
        content = reporting.content_of(edition, here.settings, drawn[language], ["time.csv"])
        made = whole(render_notice(content.name, language, freeze(content), here.settings))
        output.say(
            output.safe_text(
                f"To: {', '.join(box.address for box in boxes)}\nSubject: {made.subject}\n\n{made.text}"
            )
        )
