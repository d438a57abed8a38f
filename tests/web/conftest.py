"""A desk with its page, and browsers of several people."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import update

from maild.demo.mailbox import raw_in
from maild.model import Json
from maild.store import Store, Tx
from maild.store.tables import WEB_LINK
from tests.harness.configuration import Rows
from tests.harness.people import ANNA, BOSS, CARL, company, contact
from tests.timing import PATIENCE, came
from tests.wire.desk import WireDesk

PEOPLE = company("globex", "Globex", "", CARL) + company(
    "acme", "Acme Kft.", "en", ANNA, {**BOSS, "roles": ["reference", "approver", "billing"]},
    contact("peter@acme.example", "Peter"),
)  # fmt: skip


_clients = itertools.count(1)


class Browser:
    """One person's browser. Paths, not addresses."""

    def __init__(self, desk: WebDesk) -> None:
        self.desk = desk
        self.session = requests.Session()
        self.session.trust_env = False
        # each of them comes from an address of its own, behind a proxy that the desk trusts
        self.session.headers["X-Forwarded-For"] = f"203.0.{next(_clients) % 256}.{next(_clients) % 256}"
        self.last = ""

    def get(self, path: str, **more: object) -> requests.Response:
        found = self.session.get(self.desk.url + path, allow_redirects=False, timeout=PATIENCE, **more)  # type: ignore[arg-type]
        self.last = found.text if "html" in found.headers.get("content-type", "") else self.last
        return found

    def csrf(self) -> str:
        """The token of the page looked at last."""
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', self.last)
        return found.group(1) if found else ""

    def post(
        self, path: str, *, files: Any = None, token: str | None = None, **fields: str
    ) -> requests.Response:
        data = {"csrf": self.csrf() if token is None else token, **fields}
        return self.session.post(
            self.desk.url + path, data=data, files=files, allow_redirects=False, timeout=PATIENCE
        )

    def sign_in(self, address: str) -> Browser:
        """By the mailed link, as a person would."""
        link = self.desk.link_for(address, self)
        assert self.get(link).status_code == 200
        assert self.post(link).status_code == 303
        return self


class WebDesk(WireDesk):
    """A daemon with its page."""

    def __init__(self, folder: Path, *, approval: Rows | None = None, **web: object) -> None:
        page = {
            "listen": "127.0.0.1:0",
            "url": "http://help.example",
            "trusted_proxies": ["127.0.0.1"],
            **web,
        }
        super().__init__(
            folder, web=page, server={"http": ""}, survey={"ask": "closed"}, approval=approval or {}
        )
        self.with_companies(PEOPLE)

    @property
    def url(self) -> str:
        """Where the page listens; links in mails begin with [web] url."""
        return f"http://127.0.0.1:{self.port('web')}"

    def now(self) -> datetime:
        return datetime.now(UTC)

    def write(self, change: Callable[[Tx], object]) -> None:
        """Change the database beside the daemon."""
        with Store.open(self.settings) as store, store.write() as tx:
            change(tx)

    def ticket(self, number: int) -> Json:
        """As `show --json`."""
        return self.show(number)

    def browser(self, address: str = "") -> Browser:
        made = Browser(self)
        return made.sign_in(address) if address else made

    def link_for(self, address: str, browser: Browser) -> str:
        """The path of a fresh link, out of the mail."""
        known = len(self.links(address))
        browser.get("/")
        assert browser.post("/sign-in", address=address).status_code == 200
        found = came(lambda: self.links(address)[known:], lambda: "no link came")
        self.write(_an_hour_ago)
        return found[-1]

    def links(self, address: str) -> list[str]:
        """Paths of the links in all mails to an address, oldest first."""
        found = []
        for raw in raw_in(self.folder / "out"):
            if f"<{address}>".encode() in raw or f"To: {address}".encode() in raw:
                text = raw.replace(b"=\r\n", b"").replace(b"=\n", b"")
                found += re.findall(rb"http://help\.example(/in/[a-z0-9]+)", text)[:1]
        return [one.decode() for one in found]


def _an_hour_ago(tx: Tx) -> None:
    """Links of earlier tests do not count against the ten an hour."""
    now = datetime.now(UTC)
    tx.execute(update(WEB_LINK).values(created_at=now - timedelta(hours=2)))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebDesk]:
    made = WebDesk(tmp_path_factory.mktemp("page"))
    made.start()
    try:
        yield made
    finally:
        made.stop()
