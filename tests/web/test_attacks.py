"""Every route by every role, deciding on the page, and forty attacks: each ends without effect, mail goes on.

Over 300 lines: a table of attacks on the page, on one daemon.
"""

from __future__ import annotations

import json
import math
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from starlette.routing import Route

from maild.web.site import Site
from tests.timing import PATIENCE
from tests.web.conftest import Browser, WebDesk
from tests.web.test_page import PNG, ask

pytestmark = pytest.mark.slow


@dataclass
class World:
    """A desk where tokens alone decide consents, Anna's ticket with a file, and what waits for the boss's word."""

    desk: WebDesk
    people: dict[str, Browser]
    ticket: int = 0
    approval: int = 0

    def entries(self) -> list[Any]:
        return [(e["id"], e["type"], e["text"]) for e in self.desk.ticket(self.ticket)["entries"]]

    def consent(self, number: int) -> Any:
        return self.desk.ticket(number)["consents"][-1]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    desk = WebDesk(tmp_path_factory.mktemp("attacked"), approval={"require": "token"})
    desk.start()
    try:
        names = {"nobody": "", "anna": "anna", "colleague": "peter", "boss": "boss"}
        people = {name: desk.browser(f"{who}@acme.example" if who else "") for name, who in names.items()}
        people["other company"] = desk.browser("carl@globex.example")
        # a session has 60 requests a minute: the sweep alone takes most of Anna's
        people["anna's tablet"] = desk.browser("anna@acme.example")
        made = World(desk, people)
        people["anna"].get("/new")
        answer = people["anna"].post(
            "/new",
            kind="incident",
            subject="Printer",
            text="It burns.",
            files=[("files", ("a.png", PNG, "image/png"))],
        )
        made.ticket = int(answer.headers["location"].partition("?")[0].rpartition("/")[2])
        made.approval = int(held(made)[1].removeprefix("C"))
        yield made
    finally:
        desk.stop()


def held(world: World) -> tuple[int, str]:
    """A request of Anna's that waits for the boss: its number and consent."""
    number = ask(
        world.desk, world.people["anna"], "Folder", "I need write access to the finance folder.", kind="permission",
        person="me", access="finance",
    )  # fmt: skip
    world.desk.wait(lambda: world.desk.ticket(number)["consents"])
    return number, world.consent(number)["id"]


# --------------------------------------------------------------------------------- every route, every role

ROLES = ("nobody", "other company", "colleague", "anna", "boss")
#: (method, path) -> what each of ROLES gets; {n} is Anna's ticket, {k} what waits for the boss, {f} her file
PUBLIC, SIGNED_IN = (200,) * 5, (303, 200, 200, 200, 200)
TABLE: dict[tuple[str, str], tuple[int, ...]] = {
    ("GET", "/"): (200, 303, 303, 303, 303),
    ("POST", "/sign-in"): PUBLIC,
    ("GET", "/in/{token}"): (410,) * 5,
    ("POST", "/in/{token}"): (410,) * 5,
    ("GET", "/tickets"): SIGNED_IN,
    ("GET", "/tickets/{number:int}"): (303, 404, 404, 200, 200),
    ("GET", "/tickets/{number:int}/files/{index:int}"): (303, 404, 404, 200, 200),
    ("POST", "/tickets/{number:int}/reply"): (303, 404, 404, 303, 303),
    ("POST", "/tickets/{number:int}/close"): (303, 404, 404, 303, 303),
    ("POST", "/tickets/{number:int}/reopen"): (303, 404, 404, 303, 303),
    ("POST", "/tickets/{number:int}/rating"): (303, 404, 404, 303, 303),
    ("GET", "/approvals/{key:int}"): (303, 404, 404, 404, 200),
    ("POST", "/approvals/{key:int}"): (303, 404, 404, 404, 303),
    ("GET", "/new"): SIGNED_IN,
    ("POST", "/new"): (303, 422, 422, 422, 422),
    ("GET", "/company"): (303, 404, 404, 404, 200),
    ("GET", "/status"): PUBLIC,
    ("GET", "/status.atom"): PUBLIC,
    ("GET", "/status.json"): PUBLIC,
    ("GET", "/style.css"): PUBLIC,
    # last: it ends the session
    ("POST", "/sign-out"): (303,) * 5,
}


def routes(world: World) -> set[tuple[str, str]]:
    app = Site(None, world.desk.settings, b"k" * 32).app()  # type: ignore[arg-type]
    found = set()
    for route in app._inner.routes:  # type: ignore[attr-defined]
        assert isinstance(route, Route)
        found |= {(method, route.path) for method in route.methods or () if method != "HEAD"}
    return found


def path_of(world: World, pattern: str) -> str:
    """The pattern with what is Anna's in it."""
    for name, value in (
        ("{number:int}", world.ticket), ("{index:int}", 1), ("{key:int}", world.approval), ("{token}", "k7qx2mpdk7qx2mpd"),
    ):  # fmt: skip
        pattern = pattern.replace(name, str(value))
    return pattern


def test_table_lists_every_route_there_is(world: World) -> None:
    assert routes(world) == set(TABLE)


@pytest.mark.parametrize(("method", "pattern"), [key for key in TABLE if key[1] != "/sign-out"])
@pytest.mark.parametrize("role", ROLES)
def test_route_by_role(world: World, role: str, method: str, pattern: str) -> None:
    browser, before = world.people[role], world.entries()
    path, wanted = path_of(world, pattern), TABLE[method, pattern][ROLES.index(role)]
    if method == "GET":
        found = browser.get(path)
    else:
        browser.get("/" if role == "nobody" else "/new")  # a page with a form of theirs
        found = browser.post(path, subject="", text="", address="x@nowhere.example")
    assert found.status_code == wanted, found.text[:300]
    if wanted == 404:
        for secret in ("Printer", "It burns", "finance", "anna@acme"):
            assert secret not in found.text
    if wanted == 303 and role == "nobody":
        assert found.headers["location"] == "/"
    if role in ("nobody", "other company", "colleague"):
        assert world.entries() == before


# ------------------------------------------------------------------------------------ deciding on the page


def test_approver_decides_on_the_page_where_a_token_is_enough_and_the_evidence_says_so(world: World) -> None:
    number, consent = held(world)
    boss, key = world.people["boss"], consent.removeprefix("C")
    assert f"/approvals/{key}" in boss.get("/tickets").text
    page = boss.get(f"/approvals/{key}").text
    assert "I need write access to the finance folder." in page
    assert "Approve" in page
    assert boss.post(f"/approvals/{key}").headers["location"].endswith("approvals.choose")
    assert world.consent(number)["state"] == "waiting"
    boss.get(f"/approvals/{key}")
    assert boss.post(f"/approvals/{key}", decision="yes").headers["location"].endswith("approvals.decided")
    found = world.consent(number)
    assert (found["state"], found["decided_by"]) == ("granted", "boss@acme.example")
    explained = world.desk.maild("approval", "explain", consent)
    assert "web" in explained
    assert boss.get(f"/approvals/{key}").status_code == 404, "what is decided waits for nobody"
    shown = world.desk.maild("show", str(number), "--json") + world.desk.maild("mail", "list", "--json")
    assert "maild-" not in shown


def test_approver_declines_on_the_page(world: World) -> None:
    number, consent = held(world)
    boss, key = world.people["boss"], consent.removeprefix("C")
    boss.get(f"/approvals/{key}")
    boss.post(f"/approvals/{key}", decision="no")
    assert world.consent(number)["state"] == "refused"
    assert world.desk.ticket(number)["phase"] == "rejected"


@pytest.mark.parametrize("role", ["nobody", "other company", "colleague", "anna"])
def test_nobody_else_decides(world: World, role: str) -> None:
    number, consent = held(world)
    browser = world.people[role]
    browser.get("/" if role == "nobody" else "/new")
    answer = browser.post(f"/approvals/{consent.removeprefix('C')}", decision="yes")
    assert answer.status_code in (303, 404)
    assert world.consent(number)["state"] == "waiting"
    assert world.desk.ticket(number)["phase"] == "awaiting_approval"


# ------------------------------------------------------------------------------------------ forty attacks

EVIL = [
    "<script>alert(1)</script>",
    "\u202efdp.exe",
    "{{ 7 * 7 }}",
    "' OR 1=1 --",
    "a\r\nBcc: eve@evil.example",
    "%00",
    "../" * 9,
]
NUMBERS = [
    "0",
    "-1",
    "99999999999999999999",
    "1e3",
    "%31",
    "1;drop",
    "..%2f..%2fetc%2fpasswd",
    "NaN",
    "１００１",
]
FILES = ["0", "-1", "99", "1.5", "..%2f..%2fconfig.toml", "%2e%2e"]


@pytest.mark.parametrize("number", NUMBERS)
def test_guessed_numbers_are_not_there(world: World, number: str) -> None:
    for path in (f"/tickets/{number}", f"/approvals/{number}"):
        assert world.people["other company"].get(path).status_code == 404


@pytest.mark.parametrize("index", FILES)
def test_guessed_files_are_not_there(world: World, index: str) -> None:
    assert world.people["anna"].get(f"/tickets/{world.ticket}/files/{index}").status_code == 404


@pytest.mark.parametrize("text", EVIL)
def test_hostile_words_stay_words(world: World, text: str) -> None:
    anna, before = world.people["anna"], len(world.entries())
    anna.get(f"/tickets/{world.ticket}")
    anna.post(f"/tickets/{world.ticket}/reply", text=f"x {text} y")
    page = anna.get(f"/tickets/{world.ticket}").text
    assert "<script>" not in page
    assert "49" not in page.partition("x {{")[2][:20]
    assert len(world.entries()) >= before
    assert not [one for one in world.desk.ticket(world.ticket)["outbound"] if "evil" in json.dumps(one["to"])]


@pytest.mark.parametrize(
    "cookie", ["", "x", "a" * 32, "a" * 5000, "../../x", "\u00e9", "maild_session=1; admin=1"]
)
def test_guessed_sessions_are_nobody(world: World, cookie: str) -> None:
    browser = world.desk.browser()
    browser.session.headers["Cookie"] = f"maild_session={cookie}".encode("latin-1", "replace").decode(
        "latin-1"
    )
    assert browser.get("/tickets").status_code == 303
    assert browser.get(f"/tickets/{world.ticket}").status_code == 303


@pytest.mark.parametrize("token", ["", "0" * 64, "é" * 64, "x" * 10_000])
@pytest.mark.parametrize("act", ["reply", "close", "reopen"])
def test_post_without_the_sessions_own_token_does_nothing(world: World, act: str, token: str) -> None:
    before = world.entries()
    answer = world.people["anna's tablet"].post(f"/tickets/{world.ticket}/{act}", token=token, text="x")
    assert answer.status_code in (403, 413)
    assert world.entries() == before


def test_post_from_a_page_elsewhere_has_no_token_to_send(world: World) -> None:
    before = world.entries()
    anna = world.people["anna's tablet"]
    answer = anna.session.post(
        f"{world.desk.url}/tickets/{world.ticket}/close", data={"text": "x"}, allow_redirects=False, timeout=PATIENCE,
        headers={"Origin": "https://evil.example", "Referer": "https://evil.example/"},
    )  # fmt: skip
    assert answer.status_code == 403
    assert world.entries() == before
    assert anna.get("/tickets").headers.get("access-control-allow-origin") is None


def test_methods_and_verbs_that_nobody_offers(world: World) -> None:
    for method in ("PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "OPTIONS"):
        found = world.people["anna"].session.request(
            method, f"{world.desk.url}/tickets/{world.ticket}", allow_redirects=False, timeout=PATIENCE
        )
        assert found.status_code in (400, 404, 405), method


def test_proxy_that_lies_about_the_address_gets_no_more_than_one_share(world: World) -> None:
    """A client that writes X-Forwarded-For itself is known by what our proxy added."""
    browser, seen = world.desk.browser(), []
    for n in range(70):
        browser.session.headers["X-Forwarded-For"] = f"10.9.8.{n}, 203.0.113.99"
        seen.append(browser.get("/status.json").status_code)
    assert seen.count(429) >= 5


def test_hundred_sign_ins_for_one_address_mail_ten_links_and_for_a_thousand_none(world: World) -> None:
    before = len(world.desk.links("peter@acme.example"))
    for n in range(100):
        browser = world.desk.browser()
        browser.get("/")
        address = "peter@acme.example" if n % 2 else f"p{n}@nowhere.example"
        assert browser.post("/sign-in", address=address).status_code == 200
    raw = b"From: anna@acme.example\r\nTo: help@desk.example\r\nSubject: Beside\r\n\r\nThe scanner is broken.\r\n"
    world.desk.send(raw)
    world.desk.wait(lambda: any(row["subject"] == "Beside" for row in world.desk.tickets()))
    assert len(world.desk.links("peter@acme.example")) - before <= 10


def test_thousand_sign_ins_from_one_client_are_cut_off_and_mail_nobody(world: World) -> None:
    """A thousand unknown addresses at once: the client has its sixty, the rest are refused before the database is asked,
    no mail is made of any, and a mail that comes meanwhile is answered."""
    browser, before = world.desk.browser(), {row["id"] for row in world.desk.outbox()}
    browser.get("/")
    begun = time.monotonic()
    codes = [browser.post("/sign-in", address=f"someone{n}@nowhere.example").status_code for n in range(1000)]
    # sixty in any minute, however long these thousand took
    assert codes.count(200) <= 60 * (1 + math.ceil((time.monotonic() - begun) / 60))
    assert set(codes) == {200, 429}
    raw = b"From: anna@acme.example\r\nTo: help@desk.example\r\nSubject: Meanwhile\r\n\r\nThe mouse is broken.\r\n"
    world.desk.send(raw)
    world.desk.wait(lambda: any(row["subject"] == "Meanwhile" for row in world.desk.tickets()))
    world.desk.wait(world.desk.settled)
    new = [row for row in world.desk.outbox() if row["id"] not in before]
    assert not [row for row in new if row["notice"] == "web_link"]
    assert [row["notice"] for row in new if row["to"] == ["anna@acme.example"]] == ["received"]


def test_slow_clients_hold_up_nobody(world: World) -> None:
    host, port = "127.0.0.1", world.desk.port("web")
    slow = [socket.create_connection((host, port), timeout=10) for _ in range(50)]
    try:
        for one in slow:
            one.sendall(b"POST /new HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\na")
        begun = time.monotonic()
        assert world.people["anna's tablet"].get("/tickets").status_code == 200
        assert time.monotonic() - begun < 20  # the slow ones are given longer than that
    finally:
        for one in slow:
            one.close()


BROKEN = [
    b"\x00" * 4096,
    b"GET / HTTP/9.9\r\n\r\n",
    b"GET " + b"/" * 100_000 + b" HTTP/1.1\r\n\r\n",
    b"POST /new HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\nzz\r\n",
]


def test_broken_requests_end_alone(world: World) -> None:
    for raw in BROKEN:
        with socket.create_connection(("127.0.0.1", world.desk.port("web")), timeout=10) as one:
            one.sendall(raw)
            one.settimeout(5)
            try:
                one.recv(4096)
            except (TimeoutError, ConnectionError):
                pass
    assert world.people["anna's tablet"].get("/tickets").status_code == 200


def test_mail_goes_on_beside_all_this(world: World) -> None:
    raw = b"From: anna@acme.example\r\nTo: help@desk.example\r\nSubject: Scanner\r\n\r\nIt does not work either.\r\n"
    world.desk.send(raw)
    world.desk.wait(
        lambda: any(row["subject"] == "Scanner" for row in world.desk.tickets()), what="the mail's ticket"
    )
