"""The page in a real browser: every page, five languages, two widths and themes, by keyboard, read by axe-core."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, sync_playwright

from maild.model import LANGUAGES
from tests.servers.needs import program
from tests.web.conftest import WebDesk

pytestmark = pytest.mark.slow
#: HTML and style sheet of one page together
BUDGET = 60_000
#: each browser comes from an address of its own: one address has 60 requests a minute
CLIENTS = itertools.count(1)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    path = program("chromium", "chromium")
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
        )
        try:
            yield browser
        finally:
            browser.close()


@pytest.fixture(scope="module")
def numbers(desk: WebDesk) -> tuple[int, int]:
    """An incident with an answer and a file, and a request that waits for approval."""
    anna = desk.browser("anna@acme.example")
    found = []
    for kind, subject, more in (
        (
            "incident",
            "Nem megy a nyomtató a második emeleten, pedig tegnap még működött",
            {"scope": "Only me"},
        ),
        ("permission", "Finance", {"person": "me", "access": "write access to finance"}),
    ):
        anna.get(f"/new?kind={kind}")
        made = anna.post(
            "/new", kind=kind, subject=subject, text="x" * 400 + " please give me write access to it\n", **more,
            files=[("files", ("képernyőkép.png", b"\x89PNG" * 9000, "image/png"))],
        )  # fmt: skip
        assert made.status_code == 303
        desk.wait(partial(_number, desk, subject))
        found += _number(desk, subject)
    desk.maild("--as", "kata", "reply", str(found[0]), "-m", "Megnézzük!")
    desk.maild("outage", "open", "Mail is slow", "--eta", "2030-01-01 10:00")
    return found[0], found[1]


def _number(desk: WebDesk, subject: str) -> list[int]:
    return [t["number"] for t in desk.tickets() if t["subject"] == subject][:1]


def context(
    desk: WebDesk, chromium: Chromium, who: str, width: int, scheme: str, language: str = "en"
) -> BrowserContext:
    made = chromium.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme,  # type: ignore[arg-type]
        extra_http_headers={"X-Forwarded-For": f"198.51.100.{next(CLIENTS)}", "Accept-Language": language},
        java_script_enabled=True,
    )  # fmt: skip
    if who:
        cookie = desk.browser(who).session.cookies.get("maild_session")
        made.add_cookies([{"name": "maild_session", "value": str(cookie), "url": desk.url}])
    return made


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1000])
@pytest.mark.parametrize("who", ["anna@acme.example", "boss@acme.example", ""])
def test_every_page_fits_its_screen_and_axe_finds_nothing(
    desk: WebDesk, chromium: Chromium, numbers: tuple[int, int], who: str, width: int, scheme: str
) -> None:
    signed_in = [
        "/tickets",
        "/tickets?closed=1",
        *(f"/tickets/{n}" for n in numbers),
        "/new?kind=incident",
        "/new?kind=permission",
    ]
    consent = desk.ticket(numbers[1])["consents"][-1]["id"].removeprefix("C")
    paths = {
        "": ["/", "/status", "/nowhere", "/in/used"],
        "boss@acme.example": [*signed_in, "/company", f"/approvals/{consent}"],
    }.get(who, signed_in)
    with context(desk, chromium, who, width, scheme) as here:
        page = here.new_page()
        requested: list[str] = []
        page.on("request", lambda request: requested.append(request.url))
        for path in paths:
            answer = page.goto(desk.url + path)
            assert answer is not None
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            found = Axe().run(page)
            assert found.violations_count == 0, (path, [one["id"] for one in found.response["violations"]])
            style = here.request.get(desk.url + "/style.css").body()
            assert len(answer.body()) + len(style) < BUDGET
        assert all(url.startswith(desk.url) for url in requested)


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_speaks_the_browsers_language_before_and_the_persons_after(
    desk: WebDesk, chromium: Chromium, language: str
) -> None:
    with context(desk, chromium, "", 320, "light", language) as here:
        page = here.new_page()
        for path in ("/", "/status", "/nowhere"):
            page.goto(desk.url + path)
            assert page.locator("html").get_attribute("lang") == language
            assert not re.search(
                r"\b[a-z_]+\.[a-z_]+\b", page.locator("main").inner_text().replace("desk.example", "")
            ), path


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_in_the_pages_of_any_language_and_all_fit_a_phone(
    desk: WebDesk, chromium: Chromium, numbers: tuple[int, int], language: str
) -> None:
    desk.maild("contact", "edit", "boss@acme.example", "--language", language)
    consent = desk.ticket(numbers[1])["consents"][-1]["id"].removeprefix("C")
    with context(desk, chromium, "boss@acme.example", 320, "light", language) as here:
        page = here.new_page()
        for path in (
            "/tickets",
            f"/tickets/{numbers[0]}",
            "/new?kind=incident",
            "/company",
            f"/approvals/{consent}",
        ):
            answer = page.goto(desk.url + path)
            assert answer is not None
            assert answer.status == 200, path
            assert page.locator("html").get_attribute("lang") == language
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
            found = Axe().run(page)
            assert found.violations_count == 0, (path, [one["id"] for one in found.response["violations"]])
            style = here.request.get(desk.url + "/style.css").body()
            assert len(answer.body()) + len(style) < BUDGET
    desk.maild("contact", "edit", "boss@acme.example", "--language", "en")


def test_everything_works_without_scripts_and_by_keyboard_alone(desk: WebDesk, chromium: Chromium) -> None:
    with chromium.new_context(
        java_script_enabled=False, extra_http_headers={"X-Forwarded-For": "198.51.100.200"}
    ) as here:
        page = here.new_page()
        page.goto(desk.url + "/")
        page.keyboard.press("Tab")  # to the skip link
        for _ in range(6):
            if page.locator("#address:focus").count():
                break
            page.keyboard.press("Tab")
        known = len(desk.links("boss@acme.example"))
        page.keyboard.type("boss@acme.example")
        page.keyboard.press("Enter")
        page.wait_for_selector("[role=status]")
        desk.wait(lambda: len(desk.links("boss@acme.example")) > known)
        page.goto(desk.url + desk.links("boss@acme.example")[-1])
        page.locator("main button").press("Enter")
        page.wait_for_url("**/tickets")
        page.goto(desk.url + "/new?kind=question")
        page.locator("#subject").fill("By keyboard")
        page.locator("#text").fill("No mouse was used.")
        page.locator("main button").press("Enter")
        page.wait_for_url("**/tickets/*")
        assert "No mouse was used." in page.locator("main").inner_text()
        page.go_back()
        page.go_forward()
        assert "By keyboard" in page.locator("h1").inner_text()


def test_two_tabs_of_one_session_both_work_and_a_file_is_saved(
    desk: WebDesk, chromium: Chromium, numbers: tuple[int, int], tmp_path: Path
) -> None:
    with context(desk, chromium, "anna@acme.example", 1000, "light") as here:
        one, other = here.new_page(), here.new_page()
        for page in (one, other):
            page.goto(f"{desk.url}/tickets/{numbers[0]}")
        for page, words in ((one, "from the first tab"), (other, "from the second tab")):
            page.locator("#text").fill(words)
            page.locator("form[action$='/reply'] button").click()
            page.wait_for_url(re.compile(r"\?done=ticket\.sent$"))
        shown = other.locator("main").inner_text()
        assert "from the first tab" in shown
        assert "from the second tab" in shown
        with one.expect_download() as download:
            one.goto(f"{desk.url}/tickets/{numbers[0]}")
            one.locator(".files a").first.click()
        assert download.value.suggested_filename == "képernyőkép.png"
