"""How a daemon is: what `/healthz` shows, and what a daemon under a parent answers to its questions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import field
from typing import Final, Literal

from maild.model import Json, JsonObject
from maild.ticket.codec import Codec
from maild.values import dataclass

#: how a part of a daemon, or all of it, is
PartState = Literal["starting", "ok", "degraded", "failed", "stopped"]


@dataclass(frozen=True, slots=True)
class PartHealth:
    """One part."""

    state: PartState
    detail: str = ""


_PART: Final = Codec(PartHealth)


@dataclass(frozen=True, slots=True)
class Health:
    """A whole daemon. `counts`: what waits and how long, by name; `process`: its name; `holds`: its duties."""

    state: PartState
    parts: Mapping[str, PartHealth] = field(default_factory=dict)
    counts: Mapping[str, float] = field(default_factory=dict)
    process: str = ""
    holds: tuple[str, ...] = ()

    def to_json(self) -> JsonObject:
        """As `/healthz` shows it."""
        return {
            "state": self.state, "parts": parts_json(self.parts), "counts": dict(self.counts),
            "process": self.process, "holds": list(self.holds),
        }  # fmt: skip

    @classmethod
    def of(cls, plain: Json) -> Health:
        """What `to_json` made."""
        parts = {name: _PART.load(part) for name, part in plain["parts"].items()}
        return cls(plain["state"], parts, plain["counts"], plain["process"], tuple(plain["holds"]))


def parts_json(parts: Mapping[str, PartHealth]) -> JsonObject:
    """The parts by their names."""
    return {name: _PART.dump(part) for name, part in parts.items()}


@dataclass(frozen=True, slots=True)
class ChildAnswer:
    """One line of a daemon to its parent: what it was asked for, else only that it lives. `status`: of HTTP."""

    pid: int | None = None
    status: int = 0
    health: Health | None = None
    metrics: str = ""

    def line(self) -> str:
        """As it goes through the pipe, without the line's end."""
        health = self.health.to_json() if self.health else None
        return json.dumps({"pid": self.pid, "status": self.status, "health": health, "metrics": self.metrics})

    @classmethod
    def of(cls, line: bytes) -> ChildAnswer:
        """Read a line. ValueError where it is none of these."""
        plain = json.loads(line)
        health = Health.of(plain["health"]) if plain["health"] else None
        return cls(plain["pid"], plain["status"], health, plain["metrics"])
