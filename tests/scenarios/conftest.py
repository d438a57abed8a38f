"""A desk's folder with its database and companies is made once and copied."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from maild.demo.simulated import SimulatedDesk
from tests.scenarios.desk import scenario_desk


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk that has not seen a mail yet."""
    folder = tmp_path_factory.mktemp("prepared")
    with scenario_desk(folder):
        pass
    return folder


@pytest.fixture
def desk(request: pytest.FixtureRequest, tmp_path: Path, prepared: Path) -> Iterator[SimulatedDesk]:
    """A desk of the test's own; `@pytest.mark.parametrize("desk", [CONFIG], indirect=True)` adds configuration."""
    with scenario_desk(tmp_path, config=getattr(request, "param", ""), prepared=prepared) as made:
        yield made
