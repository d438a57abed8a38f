"""Pictures of the mails in headless Chromium, to be looked at: `make pictures`, or `python -m tests.look.shots [FOLDER]`.

Every mail in every state in which it can be sent, in five languages, 360 and 640 px wide, light and dark, several
to a sheet; `index.html` beside the sheets is the contact sheet of all. The pictures go to var/pictures.
"""

from __future__ import annotations

import argparse
import base64
import html
import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from maild.model import LANGUAGES
from maild.notice.content import registry
from maild.render import Templates
from maild.render.page import LOGO_CID
from maild.render.preview import samples, show
from maild.settings import Settings

DARK = "--blink-settings=preferredColorScheme=0"
LIGHT = "--blink-settings=preferredColorScheme=1"
MODE = {"light": LIGHT, "dark": DARK}
MODES = tuple(MODE)
WIDTHS = (360, 640)
#: mails beside each other on one sheet
ROW = {360: 8, 640: 5}
#: pixels of a sheet's height: what Chromium draws in one picture, and few starts of it for many mails
TALLEST = 12_000
TEMPLATES = Templates()
_PROBE = r"""<!DOCTYPE html><meta charset="utf-8"><body>%s<pre id="out"></pre><script>
const light = (colour) => colour.match(/[0-9.]+/g).slice(0, 3).map(Number)
  .map((part) => part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4)
  .reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
const ground = (node) => {
  for (; node; node = node.parentElement) {
    const colour = getComputedStyle(node).backgroundColor;
    if (!/, 0\)$/.test(colour)) return colour;
  }
  return "rgb(255, 255, 255)";
};
/* WCAG 2.2, contrast of the worst of what is written */
const palest = (page) => {
  let worst = [21, ""];
  for (const node of page.body.querySelectorAll(":not(.preheader)")) {
    const text = [...node.childNodes].filter((one) => one.nodeType === 3).map((one) => one.data.trim()).join(" ").trim();
    if (!text || text === "\u00a0") continue;
    const [high, low] = [light(getComputedStyle(node).color), light(ground(node))].sort((a, b) => b - a);
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < worst[0]) worst = [ratio, text.slice(0, 40)];
  }
  return worst;
};
addEventListener("load", () => {
  const found = {};
  for (const frame of document.querySelectorAll("iframe")) {
    const page = frame.contentDocument, style = (at) => getComputedStyle(page.querySelector(at));
    found[frame.title] = {
      wide: page.documentElement.scrollWidth, tall: page.documentElement.scrollHeight,
      ground: style(".ground").backgroundColor, ink: style(".ink").color,
      sheet: page.querySelector(".sheet").getBoundingClientRect().width,
      palest: palest(page),
      button: Math.max(0, ...[...page.querySelectorAll(".yes a, .no a")].map((one) => one.offsetHeight)),
    };
  }
  document.getElementById("out").textContent = JSON.stringify(found);
});
</script>"""


@dataclass(frozen=True, slots=True)
class Look:
    """One mail in one state and language."""

    notice: str
    state: str
    language: str

    @property
    def name(self) -> str:
        return (
            f"{self.notice}.{self.state}.{self.language}" if self.state else f"{self.notice}.{self.language}"
        )


def chromium() -> str | None:
    """The browser's path, or None where there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def looks(languages: Sequence[str] = LANGUAGES) -> Iterator[Look]:
    """Every mail in every state and language."""
    for language in languages:
        for notice in registry():
            for state, _ in samples(TEMPLATES, language, notice):
                yield Look(notice, state, language)


def page(look: Look, settings: Settings | None = None, logo: bytes = b"") -> str:
    """The mail's HTML with an inline logo, as a browser can show it."""
    content = dict(samples(TEMPLATES, look.language, look.notice))[look.state]
    made = show(content, look.language, settings or Settings(), TEMPLATES).html
    return made.replace(f"cid:{LOGO_CID}", "data:image/png;base64," + base64.b64encode(logo).decode())


def _browse(browser: str, source: Path, *options: str) -> bytes:
    with tempfile.TemporaryDirectory() as profile:
        done = subprocess.run(
            [browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-dev-shm-usage",
             f"--user-data-dir={profile}", "--virtual-time-budget=20000", *options, source.as_uri()],
            check=True, capture_output=True, timeout=180,
        )  # fmt: skip
    return done.stdout


def _frame(look: Look, width: int, height: int) -> str:
    source = html.escape(page(look))
    return f'<iframe title="{look.name}" width="{width}" height="{height}" style="border:0" srcdoc="{source}"></iframe>'


def measure(wanted: Sequence[Look], width: int, mode: str, browser: str) -> dict[str, dict[str, Any]]:
    """Each mail in a frame of that width: its scroll width and height, the sheet's width, its colours, `palest`: the
    least contrast and where, `button`: the height of the tallest button's words; all in px."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "probe.html"
        source.write_text(_PROBE % "".join(_frame(look, width, 100) for look in wanted), "utf-8")
        seen = _browse(browser, source, mode, "--dump-dom").decode("utf-8")
    found = re.search(r'<pre id="out">(.*?)</pre>', seen, re.DOTALL)
    assert found
    result: dict[str, dict[str, Any]] = json.loads(html.unescape(found.group(1)))
    assert len(result) == len(wanted)
    return result


def shoot(
    wanted: Sequence[Look],
    folder: Path,
    browser: str,
    widths: Sequence[int] = WIDTHS,
    modes: Sequence[str] = MODES,
) -> list[Path]:
    """Sheets of the mails in the widths and modes; returns their files."""
    folder.mkdir(parents=True, exist_ok=True)
    taken: list[Path] = []
    for language, of_language in groupby(wanted, key=lambda look: look.language):
        mails = list(of_language)
        for width in widths:
            tall = {name: int(seen["tall"]) for name, seen in measure(mails, width, LIGHT, browser).items()}
            for number, rows in enumerate(_sheets(mails, tall, ROW[width])):
                for shown in modes:
                    target = folder / f"{language}-{width}-{number:02d}-{shown}.png"
                    _sheet(rows, width, MODE[shown], target, browser)
                    taken.append(target)
    pictures = "".join(f'<p>{path.name}<br><img src="{path.name}" loading="lazy"></p>' for path in taken)
    (folder / "index.html").write_text(f"<!DOCTYPE html><title>maild's mails</title>{pictures}", "utf-8")
    return taken


#: mails beside each other, and the height of the tallest
Row = tuple[Sequence[Look], int]


def _sheets(mails: Sequence[Look], tall: Mapping[str, int], columns: int) -> Iterator[list[Row]]:
    """The mails in rows, as many to a sheet as fit."""
    sheet: list[Row] = []
    for at in range(0, len(mails), columns):
        beside = mails[at : at + columns]
        height = max(tall[look.name] for look in beside)
        if sheet and _height([*sheet, (beside, height)]) > TALLEST:
            yield sheet
            sheet = []
        sheet.append((beside, height))
    if sheet:
        yield sheet


def _height(rows: Sequence[Row]) -> int:
    return sum(height + 30 for _, height in rows)


def _sheet(rows: Sequence[Row], width: int, mode: str, target: Path, browser: str) -> None:
    cells = "</tr><tr>".join(
        "".join(
            f'<td valign="top" style="padding:6px;font:12px sans-serif;">{look.name}<br>{_frame(look, width, height)}</td>'
            for look in beside
        )
        for beside, height in rows
    )
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "sheet.html"
        source.write_text(
            f'<!DOCTYPE html><meta charset="utf-8"><body style="margin:0;background:#888"><table cellspacing="0"><tr>{cells}'
            "</tr></table>",
            "utf-8",
        )
        _browse(
            browser,
            source,
            mode,
            f"--window-size={max(len(beside) for beside, _ in rows) * (width + 12)},{_height(rows)}",
            f"--screenshot={target}",
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", default="var/pictures", type=Path)
    parser.add_argument("--notice", action="append", default=[])
    parser.add_argument("--language", action="append", default=[])
    parser.add_argument("--width", action="append", default=[], type=int, choices=WIDTHS)
    parser.add_argument("--mode", action="append", default=[], choices=MODES)
    given = parser.parse_args()
    browser = chromium()
    if browser is None:
        parser.error("no Chromium here: apt-get install chromium")
    wanted = [
        look for look in looks(given.language or LANGUAGES) if not given.notice or look.notice in given.notice
    ]
    for path in shoot(wanted, given.folder, browser, given.width or WIDTHS, given.mode or MODES):
        print(path)


if __name__ == "__main__":
    main()
