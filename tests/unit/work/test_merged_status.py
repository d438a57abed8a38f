"""Several daemons on one page of health and one of metrics."""

from __future__ import annotations

import json
from typing import cast

import pytest
from prometheus_client.parser import text_string_to_metric_families

from maild.model import Json
from maild.work.children import Child
from maild.work.health import ChildAnswer, Health, PartHealth, PartState
from maild.work.merged_status import MergedStatus, merged_parts, merged_samples, worst
from maild.work.metrics import Metrics


class _Scripted:
    """A child that answers from a table; None: it does not answer."""

    def __init__(self, number: int, health: ChildAnswer | None, metrics: str = "") -> None:
        self.number, self.restarts = number, 0
        self._answers = {"health": health, "metrics": ChildAnswer(metrics=metrics)}

    async def ask(self, question: str, seconds: float) -> ChildAnswer | None:
        return self._answers[question]


def _health(
    state: PartState, *, status: int = 200, holds: tuple[str, ...] = (), detail: str = ""
) -> ChildAnswer:
    health = Health(state, {"ingest": PartHealth(state, detail)}, {"inbound_waiting": 3}, "p", holds)
    return ChildAnswer.of(ChildAnswer(1, status, health).line().encode())  # as it comes through the pipe


async def _page(*children: _Scripted) -> tuple[int, Json]:
    status, _, body = await MergedStatus(cast(list[Child], list(children))).health()
    return status, json.loads(body)


async def test_all_well_is_ok_and_names_who_holds_what() -> None:
    status, page = await _page(
        _Scripted(1, _health("ok", holds=("mailbox:a",))), _Scripted(2, _health("ok", holds=("deadlines",)))
    )
    assert (status, page["state"]) == (200, "ok")
    assert page["holds"] == ["deadlines", "mailbox:a"]
    assert page["counts"] == {"inbound_waiting": 3}
    assert [row["worker"] for row in page["processes"]] == [1, 2]


async def test_one_that_is_silent_or_failed_makes_it_degraded_not_down() -> None:
    status, page = await _page(_Scripted(1, None), _Scripted(2, _health("ok")))
    assert (status, page["state"]) == (200, "degraded")
    status, page = await _page(_Scripted(1, _health("failed", status=503)), _Scripted(2, _health("ok")))
    assert (status, page["state"], page["parts"]["ingest"]["state"]) == (200, "degraded", "failed")


async def test_nobody_well_is_503() -> None:
    status, page = await _page(_Scripted(1, None), _Scripted(2, _health("failed", status=503)))
    assert (status, page["state"]) == (503, "failed")


def test_a_part_that_is_well_is_shown_by_who_has_the_duty() -> None:
    other, own = (
        PartHealth("ok", "another daemon has this mailbox"),
        PartHealth("ok", "watching"),
    )
    assert merged_parts([{"imap:a": other}, {"imap:a": own}]) == {"imap:a": own}


@pytest.mark.parametrize(
    ("states", "shown"), [((), "ok"), (("ok", "starting"), "starting"), (("degraded", "failed"), "failed")]
)
def test_worst(states: tuple[PartState, ...], shown: PartState) -> None:
    assert worst(states) == shown


def test_metrics_of_several_are_valid_and_keep_every_sample_with_its_worker() -> None:
    pages = {}
    for worker in ("1", "2"):
        metrics = Metrics()
        metrics.accepted.labels('smtp "x"').inc(int(worker))
        metrics.sent.inc(3)
        pages[worker] = metrics.text().decode()
    families = {family.name: family for family in text_string_to_metric_families(merged_samples(pages))}
    accepted = [
        (one.labels["worker"], one.labels["source"], one.value)
        for one in families["maild_mails_accepted"].samples
    ]
    assert accepted == [("1", 'smtp "x"', 1.0), ("2", 'smtp "x"', 2.0)]
    assert [
        one.value for one in families["maild_recipients_sent"].samples if one.name.endswith("_total")
    ] == [3.0, 3.0]
