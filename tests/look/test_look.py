"""The mails in a real browser: they fit a phone, follow the reader's light or dark, and stay legible."""

from __future__ import annotations

import html
import json
import re
import subprocess
from pathlib import Path

import pytest

from maild.model import LANGUAGES
from maild.render.samples import NOTICES
from tests.look.shots import DARK, LIGHT, Look, chromium, page, shoot
from tests.servers.needs import missing

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _browser() -> None:
    if chromium() is None:
        missing("no Chromium here: run tests/servers/install.sh as root")


_PROBE = """<!DOCTYPE html><meta charset="utf-8"><body>%s<pre id="out"></pre><script>
addEventListener("load", () => {
  const found = {};
  for (const frame of document.querySelectorAll("iframe")) {
    const page = frame.contentDocument, style = (at) => getComputedStyle(page.querySelector(at));
    found[frame.title] = {
      wide: page.documentElement.scrollWidth, ground: style(".sheet").backgroundColor,
      ink: style("h1").color, sheet: page.querySelector(".sheet").getBoundingClientRect().width,
    };
  }
  document.getElementById("out").textContent = JSON.stringify(found);
});
</script>"""


def measure(width: int, mode: str, folder: Path) -> dict[str, dict[str, str]]:
    """Every mail in a frame of that width: its scroll width, the sheet's width and colours."""
    frames = "".join(
        f'<iframe title="{notice}-{language}" width="{width}" height="600" style="border:0" '
        f'srcdoc="{html.escape(page(Look(notice, language)))}"></iframe>'
        for notice in NOTICES
        for language in LANGUAGES
    )
    source = folder / "probe.html"
    source.write_text(_PROBE % frames, "utf-8")
    done = subprocess.run(
        [str(chromium()), "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
         f"--user-data-dir={folder}/profile", mode, "--virtual-time-budget=20000", "--dump-dom", source.as_uri()],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    found = re.search(r'<pre id="out">(.*?)</pre>', done.stdout.decode("utf-8"), re.DOTALL)
    assert found
    result: dict[str, dict[str, str]] = json.loads(html.unescape(found.group(1)))
    assert len(result) == len(NOTICES) * len(LANGUAGES)
    return result


def brightness(colour: str) -> float:
    return sum(int(part) for part in re.findall(r"[0-9]+", colour)[:3]) / 3


def test_every_mail_fits_a_phone_and_is_light_in_light(tmp_path: Path) -> None:
    for name, seen in measure(360, LIGHT, tmp_path).items():
        assert int(seen["wide"]) <= 360, name
        assert brightness(seen["ground"]) > 240 > 60 > brightness(seen["ink"]), name


def test_every_mail_is_at_most_600_wide_and_dark_in_the_dark(tmp_path: Path) -> None:
    for name, seen in measure(900, DARK, tmp_path).items():
        assert float(seen["sheet"]) <= 600, name
        assert brightness(seen["ground"]) < 60 < 200 < brightness(seen["ink"]), name


def test_pictures_of_a_mail_differ_by_mode_and_width(tmp_path: Path) -> None:
    looks = [Look("received", "hu"), Look("received", "hu", dark=True), Look("received", "hu", width=380)]
    taken = shoot(looks, tmp_path, str(chromium()))
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in taken)
    assert len({path.read_bytes() for path in taken}) == 3
