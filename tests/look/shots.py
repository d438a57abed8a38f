"""Pictures of the mails in headless Chromium, to be looked at: `python -m tests.look.shots [FOLDER]`.

Every notice in every language at 600 px in light mode, and a few on a phone's width and in the dark. The
pictures go to var/shots. `--all` takes each notice in all four settings.
"""

from __future__ import annotations

import argparse
import base64
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from maild.model import LANGUAGES
from maild.render.page import LOGO_CID
from maild.render.preview import preview
from maild.render.samples import NOTICES
from maild.settings import Settings

DARK = "--blink-settings=preferredColorScheme=0"
LIGHT = "--blink-settings=preferredColorScheme=1"
_FRAME = (
    '<!DOCTYPE html><meta charset="utf-8"><body style="margin:0">'
    '<iframe src="mail.html" width="{width}" height="{height}" style="border:0"></iframe>'
)


@dataclass(frozen=True, slots=True)
class Look:
    """One picture: which mail, how wide, in which mode."""

    notice: str
    language: str
    width: int = 680
    dark: bool = False

    @property
    def name(self) -> str:
        return f"{self.notice}-{self.language}-{self.width}{'-dark' if self.dark else ''}.png"


def chromium() -> str | None:
    """The browser's path, or None where there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def page(look: Look, settings: Settings | None = None, logo: bytes = b"") -> str:
    """The mail's HTML with an inline logo, as a browser can show it."""
    html = preview(look.notice, look.language, settings or Settings()).html
    picture = "data:image/png;base64," + base64.b64encode(logo).decode()
    return html.replace(f"cid:{LOGO_CID}", picture)


def shoot(looks: Iterable[Look], folder: Path, browser: str, height: int = 2400) -> list[Path]:
    """Take the pictures, one browser run each; returns their files. CalledProcessError when it fails."""
    folder.mkdir(parents=True, exist_ok=True)
    taken = []
    with tempfile.TemporaryDirectory() as work:
        for look in looks:
            mail, source = Path(work) / "mail.html", Path(work) / "frame.html"
            mail.write_text(page(look), "utf-8")
            # A window is never narrower than 500 px; a frame is, and media queries follow the frame.
            source.write_text(_FRAME.format(width=look.width, height=height), "utf-8")
            target = folder / look.name
            subprocess.run(
                [browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                 "--disable-dev-shm-usage", f"--user-data-dir={work}/profile", DARK if look.dark else LIGHT,
                 f"--window-size={max(look.width, 500)},{height}", f"--screenshot={target}", source.as_uri()],
                check=True, capture_output=True, timeout=60,
            )  # fmt: skip
            taken.append(target)
    return taken


def looks(every: bool) -> list[Look]:
    """Which pictures: each notice in each language, the busiest ones in all settings too."""
    found = [Look(notice, language) for notice in NOTICES for language in LANGUAGES]
    for notice in NOTICES if every else ("received", "resolved", "approval_request", "quote_request"):
        for language in LANGUAGES:
            found.append(Look(notice, language, dark=True))
            found.append(Look(notice, language, width=380))
            found.append(Look(notice, language, width=380, dark=True))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", default="var/shots", type=Path)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--notice", action="append", default=[])
    parser.add_argument("--language", action="append", default=[])
    given = parser.parse_args()
    browser = chromium()
    if browser is None:
        parser.error("no Chromium here: apt-get install chromium")
    wanted = [
        look
        for look in looks(given.all)
        if (not given.notice or look.notice in given.notice)
        and (not given.language or look.language in given.language)
    ]
    for path in shoot(wanted, given.folder, browser):
        print(path)


if __name__ == "__main__":
    main()
