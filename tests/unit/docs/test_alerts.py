"""The rules for Prometheus name metrics that there are."""

from __future__ import annotations

import re
from pathlib import Path

from maild.work.metrics import Metrics
from maild.work.status import _GAUGES

ROOT = Path(__file__).resolve().parents[3]


def test_every_alert_looks_at_a_metric_that_is_served() -> None:
    wanted = set(re.findall(r"\bmaild_[a-z_]+", (ROOT / "deploy" / "alerts.yml").read_text()))
    metrics = Metrics()
    metrics.imap_state({"support": lambda: 1.0})
    served = set(re.findall(r"^# TYPE (maild_\w+)", metrics.text().decode(), re.MULTILINE))
    served |= {f"maild_{name}" for name in _GAUGES}
    source = "".join(
        (ROOT / "maild" / "work" / f"{name}.py").read_text() for name in ("status", "merged_status")
    )
    served |= set(re.findall(r'"(maild_\w+)"', source))
    assert wanted <= served
    assert len(wanted) > 8
