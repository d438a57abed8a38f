"""One daemon with real keys and DNS for all tests of a module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.consent.world import World, records
from tests.servers.dns import DnsServer


@pytest.fixture(scope="module")
def dns() -> Iterator[DnsServer]:
    with DnsServer(records()) as server:
        yield server


@pytest.fixture(scope="module")
def world(dns: DnsServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with World(tmp_path_factory.mktemp("desk"), dns) as made:
        yield made
