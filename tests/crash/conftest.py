"""A request that is held, for the tests that make an approval of it fail."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.consent.keys import sign
from tests.consent.world import World, records
from tests.servers.dns import DnsServer


@pytest.fixture(scope="module")
def dns() -> Iterator[DnsServer]:
    with DnsServer(records()) as server:
        yield server


@pytest.fixture(scope="module")
def held(dns: DnsServer, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """The folder of a desk that holds a request, and the signed approval of it."""
    folder = tmp_path_factory.mktemp("held")
    with World(folder, dns) as world:
        raw = sign(world.ask().reply())
        database = folder / "copy"
        database.mkdir()
        world.wait(
            lambda: (
                not world.read(lambda tx: tx.outbound.counts()["queued"] + tx.outbound.counts()["sending"])
            )
        )
        world.daemon.store.backup(database / "maild.db", {}, lambda *_: None)
    return database, raw
