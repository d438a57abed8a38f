from __future__ import annotations

import re
from pathlib import Path

import pytest

import maild
from maild.model import LANGUAGES
from maild.notice.content import registry
from maild.render import Templates, render_notice, share
from maild.render.colours import contrast, ink_on, readable, safe
from maild.render.preview import check, list_templates, preview
from maild.settings import DeskSettings, Settings
from maild.steps import whole
from maild.ticket.phases import PHASE_NOTICE

SETTINGS = Settings()
SHIPPED = Templates()


def own(folder: Path, name: str, text: str) -> Templates:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return Templates(folder)


def said(title: str, body: str = "") -> str:
    """A notice's file that says this."""
    return f"{{% block title %}}{title}{{% endblock %}}\n{{% block body %}}\n{body}\n{{% endblock %}}\n"


def test_shipped_templates_have_no_problem() -> None:
    assert check(SHIPPED, everything=True) == []


def test_every_notice_is_said_in_each_language() -> None:
    for notice in registry():
        for language in LANGUAGES:
            assert SHIPPED.is_shipped(SHIPPED.notice_file(language, notice)), (notice, language)
    assert set(PHASE_NOTICE.values()) <= set(registry())


def test_no_file_is_shipped_that_no_mail_and_no_page_uses() -> None:
    used = {listed.name for listed in list_templates(SHIPPED)}
    folder = SHIPPED.shipped_folder
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    pages = {name for name in there if name.startswith("web/") or name.endswith("/web.toml")}
    assert there - pages == used
    sources = "".join(path.read_text("utf-8") for path in (Path(maild.__file__).parent / "web").glob("*.py"))
    sources += "".join((folder / name).read_text("utf-8") for name in pages if name.endswith(".html.j2"))
    for name in pages:
        stem = Path(name).name.removesuffix(".html.j2")
        assert f'"{stem}"' in sources or f'"{Path(name).name}"' in sources, name


def test_every_phrase_that_the_code_asks_for_exists() -> None:
    words = SHIPPED.words("en")
    for file in Path(share.__file__).parent.glob("*.py"):
        for key in re.findall(r'words\("([a-z_]+\.[a-z_.]+)"', file.read_text("utf-8")):
            assert words.has(key), (file.name, key)
        for key in re.findall(r'label\("([a-z_]+)"\)', file.read_text("utf-8")):
            assert words.has(f"label.{key}"), (file.name, key)


def test_own_file_overrides_one_file_alone(tmp_path: Path) -> None:
    templates = own(
        tmp_path, "en/received.j2", said("Hello from our own folder", "Your number is {{ number }}.")
    )
    found = whole(render_notice("received", "en", {"number": 7}, SETTINGS, templates))
    assert found.text.startswith("Hello from our own folder")
    assert "Your number is 7." in found.html
    assert found.warnings == ()
    assert whole(render_notice("closed", "en", {}, SETTINGS, templates)) == whole(
        render_notice("closed", "en", {}, SETTINGS, SHIPPED)
    )


@pytest.mark.parametrize(
    "broken",
    [
        "{% if %}",
        "{{ number",
        "{{ 1 / 0 }}",
        "{% include 'nothing' %}",
        "{{ number + 'x' }}",
        "{{ ''.__class__.__mro__[1].__subclasses__()() }}",
        "{{ range(10**9)|list }}",
    ],
)
def test_broken_own_template_falls_back_to_the_shipped_one_and_says_so(tmp_path: Path, broken: str) -> None:
    templates = own(tmp_path, "en/received.j2", said("Title", broken))
    found = whole(render_notice("received", "en", {"number": 7}, SETTINGS, templates))
    assert found.text == whole(render_notice("received", "en", {"number": 7}, SETTINGS, SHIPPED)).text
    assert len(found.warnings) == 1
    assert "en/received.j2" in found.warnings[0]
    assert "the shipped one was used" in found.warnings[0]
    assert any(problem.file == "en/received.j2" for problem in check(templates))


@pytest.mark.parametrize("layout", ["layout/mail.html.j2", "layout/mail.txt.j2"])
def test_broken_own_layout_falls_back_too(tmp_path: Path, layout: str) -> None:
    templates = own(tmp_path, layout, "{% for %}")
    found = whole(render_notice("received", "en", {"number": 7}, SETTINGS, templates))
    shipped = whole(render_notice("received", "en", {"number": 7}, SETTINGS, SHIPPED))
    assert (found.text, found.html) == (shipped.text, shipped.html)
    assert found.warnings


def test_the_line_that_fails_is_named(tmp_path: Path) -> None:
    for broken in ("{% block title %}{% endblock %}\n\n{{ 1", said("x", "\n{{ 1 / 0 }}")):
        found = whole(render_notice("received", "en", {}, SETTINGS, own(tmp_path, "en/received.j2", broken)))
        assert found.warnings[0].startswith(
            f"en/received.j2: line {broken[: broken.index('1')].count(chr(10)) + 1}: "
        )


def test_file_without_a_title_falls_back_and_says_so(tmp_path: Path) -> None:
    templates = own(tmp_path, "en/closed.j2", "Thank you\n\nAll is done.\n")
    found = whole(render_notice("closed", "en", {}, SETTINGS, templates))
    assert found.text == whole(render_notice("closed", "en", {}, SETTINGS, SHIPPED)).text
    assert "no block title" in found.warnings[0]
    problems = [problem.what for problem in check(templates)]
    assert any("line 1: stands outside of the blocks" in what for what in problems)


def test_block_left_out_is_said_as_everywhere(tmp_path: Path) -> None:
    templates = own(tmp_path, "en/closed.j2", "{% block title %}Done{% endblock %}")
    assert whole(
        render_notice("closed", "en", {"number": 7, "about": {"subject": "Printer"}}, SETTINGS, templates)
    ).subject == ("[#7] Printer")
    assert check(templates) == []


def test_html_of_one_mail_alone_may_be_the_operators(tmp_path: Path) -> None:
    own_html = (
        '{% extends "layout/mail.html.j2" %}{% block footer %}<tr><td>Since 1998</td></tr>{% endblock %}'
    )
    templates = own(tmp_path, "en/closed.html.j2", own_html)
    assert "Since 1998" in whole(render_notice("closed", "en", {}, SETTINGS, templates)).html
    assert "Since 1998" not in whole(render_notice("accepted", "en", {}, SETTINGS, templates)).html
    assert check(templates) == []


def test_check_names_blocks_that_nothing_asks_for_and_files_of_the_old_form(tmp_path: Path) -> None:
    own(tmp_path, "de/closed.txt.j2", "x")
    own(tmp_path, "de/closed.subject.j2", "x")
    templates = own(tmp_path, "en/closed.j2", said("Done") + "{% block tilte %}x{% endblock %}")
    found = {problem.file: problem.what for problem in check(templates)}
    assert found["en/closed.j2"].startswith("line 5: there is no block tilte")
    assert "stand in de/closed.j2" in found["de/closed.txt.j2"]
    assert "stand in de/closed.j2" in found["de/closed.subject.j2"]


def test_template_cannot_read_files(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("TOKEN")
    templates = own(tmp_path / "own", "en/received.j2", said("{% include '../../secret' %}"))
    found = whole(render_notice("received", "en", {}, SETTINGS, templates))
    assert "TOKEN" not in found.text
    assert found.warnings


def test_missing_language_falls_back_visibly() -> None:
    desk = Settings(desk=DeskSettings(language="de"))
    found = whole(render_notice("closed", "pl", {}, desk, SHIPPED))
    assert found.text.startswith("Ihre Anfrage ist abgeschlossen")
    assert found.language == "de"
    assert found.warnings == ("no templates in 'pl', sent in 'de'",)
    assert (
        whole(render_notice("closed", "pl", {}, Settings(desk=DeskSettings(language="xx")), SHIPPED)).language
        == "en"
    )
    assert whole(render_notice("closed", "", {}, desk, SHIPPED)).language == "de"


def test_language_of_the_operators_own_is_used_where_it_has_words(tmp_path: Path) -> None:
    own(tmp_path, "pl/words.toml", 'closing = "Z powazaniem,"\n')
    templates = own(tmp_path, "pl/closed.j2", said("Zgloszenie zamkniete"))
    found = whole(render_notice("closed", "pl", {}, SETTINGS, templates))
    assert found.text.startswith("Zgloszenie zamkniete")
    assert "Z powazaniem," in found.text
    other = whole(render_notice("accepted", "pl", {}, SETTINGS, templates))
    assert other.text.startswith("Your request has been accepted")
    assert other.warnings


def test_own_words_are_laid_over_the_shipped_ones(tmp_path: Path) -> None:
    templates = own(tmp_path, "de/words.toml", '[label]\nrespond_by = "Unser Wort"\nresolve_by = "{wrong}"\n')
    found = whole(
        render_notice(
            "received",
            "de",
            {"promise": {"respond_by": "2026-11-02T09:30:00Z", "resolve_by": "2026-11-02T10:30:00Z"}},
            SETTINGS,
            templates,
        )
    )
    assert "Unser Wort" in found.text
    assert "Lösung bis" in found.text
    assert "wrong" in found.warnings[0]
    assert [problem.file for problem in check(templates)] == ["de/words.toml"]


def test_unreadable_own_words_are_told(tmp_path: Path) -> None:
    templates = own(tmp_path, "de/words.toml", "closing = ")
    found = whole(render_notice("received", "de", {}, SETTINGS, templates))
    assert "Mit freundlichen Grüßen" in found.text
    assert "cannot be read" in found.warnings[0]


def test_check_names_unknown_names_and_misspelt_files(tmp_path: Path) -> None:
    own(tmp_path, "en/recieved.j2", "x")
    templates = own(tmp_path, "en/closed.j2", said("Closed {{ numbr }}"))
    found = {problem.file: problem.what for problem in check(templates)}
    assert "numbr" in found["en/closed.j2"]
    assert "no notice" in found["en/recieved.j2"]


def test_changed_own_file_is_seen_after_refresh(tmp_path: Path) -> None:
    templates = own(tmp_path, "en/closed.j2", said("First"))
    assert whole(render_notice("closed", "en", {}, SETTINGS, templates)).text.startswith("First")
    assert not templates.refresh()
    (tmp_path / "en/closed.j2").write_text(said("Second one"))
    assert templates.refresh()
    assert whole(render_notice("closed", "en", {}, SETTINGS, templates)).text.startswith("Second one")


def test_preview_shows_each_notice_and_refuses_others() -> None:
    assert "15789" in preview("received", "hu", SETTINGS).subject
    with pytest.raises(KeyError, match="there is no notice"):
        preview("recieved", "hu", SETTINGS)


def test_share_dir_is_the_package_in_a_wheel_and_the_checkout_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (share.share_dir() / "templates" / "layout").is_dir()
    package = tmp_path / "maild"
    (package / "_share" / "templates" / "layout").mkdir(parents=True)
    monkeypatch.setattr(maild, "__file__", str(package / "__init__.py"))
    share.share_dir.cache_clear()
    assert share.share_dir() == package / "_share"
    (package / "_share" / "templates" / "layout").rmdir()
    share.share_dir.cache_clear()
    with pytest.raises(FileNotFoundError, match="install maild again"):
        share.share_dir()
    share.share_dir.cache_clear()


@pytest.mark.parametrize("colour", ["#1f5fa8", "#ffe000", "#000000", "#ffffff", "#7a7a7a", "#d00000"])
def test_any_desk_colour_stays_readable(colour: str) -> None:
    assert contrast(ink_on(colour), colour) >= 4.5
    assert contrast(readable(colour, "#ffffff"), "#ffffff") >= 4.5
    assert contrast(readable(colour, "#262d36"), "#262d36") >= 4.5


def test_only_a_plain_hex_colour_is_taken() -> None:
    assert safe("#ABCDEF") == "#abcdef"
    assert safe("red") == safe("#fff") == safe("#1234567") == "#1f5fa8"
