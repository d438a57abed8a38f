"""Real servers as fixtures: started once, missing ones skip here and fail in CI (tests/servers/needs.py)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from tests.servers.dovecot import Dovecot
from tests.servers.postfix import Postfix
from tests.store import postgres

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """Dovecot for all tests; each takes a `user` of its own. A test that stops it starts it again."""
    server = Dovecot()
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture
def user() -> str:
    """The name of a mailbox that no other test uses."""
    return f"user{next(_numbers)}"


@pytest.fixture(scope="session")
def postfix_server() -> Iterator[Postfix]:
    server = Postfix()
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture
def postfix(postfix_server: Postfix) -> Iterator[Postfix]:
    """Postfix that takes everything again after the test; mailboxes keep what came, so use fresh addresses."""
    yield postfix_server
    postfix_server.answer({})


@pytest.fixture
def database() -> Iterator[str]:
    """The URL of an empty database of PostgreSQL."""
    with postgres.running(postgres.needed()) as url:
        yield postgres.new_database(url)
