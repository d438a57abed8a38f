"""`/healthz` and `/metrics` of several daemons under one parent, on one page."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from maild.work.children import Child
from maild.work.health import ChildAnswer, Health, PartHealth, PartState, parts_json
from maild.work.status import MakePage, Page, json_page

#: a daemon that has not answered by then is shown as one that does not
SECONDS = 5.0
_RANK: tuple[PartState, ...] = ("failed", "stopped", "degraded", "starting", "ok")
_SAMPLE = re.compile(r"^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{)?")


class MergedStatus:
    """Asks every daemon when somebody asks. Healthy as long as one is; `degraded` while one is not."""

    def __init__(self, children: Sequence[Child]) -> None:
        self._children = children
        self._registry = CollectorRegistry()
        restarts = Gauge(
            "maild_process_restarts", "How often a process ended unexpectedly.", ["worker"], registry=self._registry
        )  # fmt: skip
        for child in children:
            restarts.labels(str(child.number)).set_function(partial(_restarts, child))

    def pages(self) -> Mapping[str, MakePage]:
        """For `probes`."""
        return {"/healthz": self.health, "/metrics": self.metrics}

    async def _ask(self, question: str) -> list[ChildAnswer | None]:
        return await asyncio.gather(*(child.ask(question, SECONDS) for child in self._children))

    async def health(self) -> Page:
        """As that of one daemon, and `processes` with each one's own."""
        answers = await self._ask("health")
        each = [(answer and answer.health) or Health("failed") for answer in answers]
        healthy = any(answer and answer.status == 200 for answer in answers)
        state = worst(one.state for one in each) if healthy else "failed"
        merged = Health(
            "degraded" if healthy and state != "ok" else state,
            merged_parts([one.parts for one in each]),
            next((one.counts for one in each if one.counts), {}),
            " ".join(one.process for one in each if one.process),
            tuple(sorted(duty for one in each for duty in one.holds)),
        )
        processes = [
            {
                "worker": child.number, "pid": answer.pid if answer else None, "restarts": child.restarts,
                "process": one.process, "holds": one.holds, "state": one.state, "parts": parts_json(one.parts),
            }
            for child, answer, one in zip(self._children, answers, each, strict=True)
        ]  # fmt: skip
        return json_page(200 if healthy else 503, merged.to_json() | {"processes": processes})

    async def metrics(self) -> Page:
        """Each daemon's samples with its number as a label."""
        answers = await self._ask("metrics")
        pages = {
            str(child.number): answer.metrics
            for child, answer in zip(self._children, answers, strict=True)
            if answer
        }
        text = generate_latest(self._registry) + merged_samples(pages).encode()
        return 200, "text/plain; version=0.0.4; charset=utf-8", text


def _restarts(child: Child) -> float:
    return float(child.restarts)


def worst(states: Iterable[PartState]) -> PartState:
    """The state that a person should see of several."""
    return min(states, key=_RANK.index, default="ok")


def merged_parts(all_parts: Sequence[Mapping[str, PartHealth]]) -> dict[str, PartHealth]:
    """Each part in its worst state; of a part that is well, the word of who has the duty."""
    merged: dict[str, PartHealth] = {}
    for name in dict.fromkeys(name for parts in all_parts for name in parts):
        same = [parts[name] for parts in all_parts if name in parts]
        state = worst(part.state for part in same)
        merged[name] = min(
            (part for part in same if part.state == state),
            key=lambda part: "another daemon" in part.detail,
        )
    return merged


def merged_samples(pages: Mapping[str, str]) -> str:
    """Prometheus' text format of several workers: all samples of a metric stand together, each with `worker`."""
    heads: dict[str, list[str]] = {}
    samples: dict[str, list[str]] = {}
    for worker, page in pages.items():
        name = ""
        for line in page.splitlines():
            if line.startswith("#"):
                name = line.split(" ", 3)[2]
                if len(samples.setdefault(name, [])) == 0 and line not in heads.setdefault(name, []):
                    heads[name].append(line)
            elif line:
                label = f'worker="{worker}"'
                metric, brace, rest = _SAMPLE.split(line, 1)[1:]
                samples[name].append(f"{metric}{{{label},{rest}" if brace else f"{metric}{{{label}}}{rest}")
    return "".join("\n".join([*heads[name], *samples[name]]) + "\n" for name in heads)
