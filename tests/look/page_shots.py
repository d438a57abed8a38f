"""`python -m tests.look.page_shots`: the customers' page as pictures into docs/pictures: each on a phone and on a desk,
light and dark, side by side. Made to be looked at."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.servers.needs import program
from tests.web.conftest import WebDesk

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"
VIEWS = ((360, "light"), (360, "dark"), (1000, "light"), (1000, "dark"))
HEIGHT = 900


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        desk = WebDesk(Path(folder))
        desk.start()
        try:
            _shoot(desk)
        finally:
            desk.stop()


def _shoot(desk: WebDesk) -> None:
    anna = desk.browser("anna@acme.example")
    numbers = []
    for kind, subject, text, more in (
        ("incident", "The printer in accounting prints blank pages", "Since this morning, on every tray.", {"scope": "Me"}),
        (
            "permission", "Access to Payroll", "I need write access to Payroll, please.",
            {"person": "me", "access": "Payroll"},
        ),
    ):  # fmt: skip
        anna.get(f"/new?kind={kind}")
        made = anna.post("/new", kind=kind, subject=subject, text=text, **more)
        numbers.append(int(made.headers["location"].partition("?")[0].rpartition("/")[2]))
    desk.maild("contract", "edit", "acme", "--hours-included", "2")
    desk.maild("--as", "kata", "log", str(numbers[0]), "1h20", "-m", "driver")
    desk.maild("--as", "kata", "reply", str(numbers[0]), "-m", "I set the driver back; does it print now?")
    desk.maild("outage", "open", "Mail is slow", "--eta", "2030-01-01 10:00")
    consent = desk.ticket(numbers[1])["consents"][-1]["id"].removeprefix("C")
    pages = {
        "sign-in": ("", "/"), "tickets": ("anna@acme.example", "/tickets"),
        "ticket": ("anna@acme.example", f"/tickets/{numbers[0]}"), "new": ("anna@acme.example", "/new?kind=incident"),
        "approval": ("boss@acme.example", f"/approvals/{consent}"), "company": ("boss@acme.example", "/company"),
        "status": ("", "/status"),
    }  # fmt: skip
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=program("chromium", "chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        cookies = {
            who: desk.browser(who).session.cookies.get("maild_session")
            for who in {w for w, _ in pages.values() if w}
        }
        for name, (who, path) in pages.items():
            shots = []
            for width, scheme in VIEWS:
                with browser.new_context(
                    viewport={"width": width, "height": HEIGHT}, color_scheme=scheme,  # type: ignore[arg-type]
                    extra_http_headers={"Accept-Language": "en"},
                ) as here:  # fmt: skip
                    if who:
                        here.add_cookies(
                            [{"name": "maild_session", "value": str(cookies[who]), "url": desk.url}]
                        )
                    page = here.new_page()
                    page.goto(desk.url + path)
                    shots.append(Image.open(io.BytesIO(page.screenshot())).convert("RGB"))
            sheet = Image.new("RGB", (sum(s.width for s in shots) + 30 * 3, HEIGHT), "#888888")
            at = 0
            for shot in shots:
                sheet.paste(shot, (at, 0))
                at += shot.width + 30
            small = sheet.resize((sheet.width * 6 // 10, sheet.height * 6 // 10)).quantize(96)
            small.save(PICTURES / f"page-{name}.png", optimize=True)
        browser.close()


if __name__ == "__main__":
    main()
