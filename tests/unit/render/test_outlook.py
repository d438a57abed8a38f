"""Classic Outlook draws a mail with Word's engine, which cannot run here. What is known not to work in it (layout by
CSS, paddings but of cells, margins of tables and pictures, maximal widths, line heights but as a minimum, pixels on a
scaled screen) is kept out of every mail, or has beside it what does work.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from html.parser import HTMLParser

import pytest

from maild.model import LANGUAGES
from maild.notice.content import registry
from maild.render import Templates
from maild.render.preview import samples, show
from maild.settings import Settings
from tests.cases import cases

SHIPPED = Templates()
WITH_LOGO = replace(Settings(), desk=replace(Settings().desk, logo="logo.png"))
CELLS = {"td", "th"}
#: what Word knows no length by, or nothing of at all
FOREIGN = re.compile(
    r"[0-9](?:rem|em|vw|vh|fr)\b|\b(?:calc|var|min|max|clamp|url)\(|\b(?:flex|grid|float|position|background-image)\b"
    r"|display:(?!none|block|inline-block)"
)


@dataclass(frozen=True)
class Element:
    """One start tag. `within`: an `[if mso]` comment stands open around it that gives a fixed width."""

    tag: str
    attributes: dict[str, str]
    within: bool

    @property
    def styles(self) -> dict[str, str]:
        pairs = (one.partition(":") for one in self.attributes.get("style", "").split(";"))
        return {name.strip(): value.strip() for name, _, value in pairs if name.strip()}


class Page(HTMLParser):
    """A mail's elements as Word sees them."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.fixed = 0
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}, self.fixed > 0))

    def handle_comment(self, data: str) -> None:
        if data.startswith("[if mso]>"):
            self.fixed += len(re.findall(r'<table [^>]*width="[0-9]+"', data)) - data.count("</table>")


def is_laid_out_by_tables(page: Page) -> None:
    for one in page.elements:
        assert one.tag not in {"ul", "ol", "li", "section", "button", "form", "svg", "video"}, one
        assert not FOREIGN.search(one.attributes.get("style", "")), one
        assert "background" not in one.attributes, one
        if one.tag == "table":
            assert {"cellpadding", "cellspacing", "border"} <= set(one.attributes), one


def pads_cells_alone(page: Page) -> None:
    for one in page.elements:
        if any(name.startswith("padding") for name in one.styles):
            assert one.tag in CELLS | {"body"}, one


def sets_margins_of_paragraphs_alone(page: Page) -> None:
    for one in page.elements:
        if any(name.startswith("margin") for name in one.styles):
            assert one.tag in {"p", "h1", "body"}, one
        assert one.tag not in {"p", "h1"} or "margin" in one.styles, one  # Word's own are large


def fixes_the_width_where_others_have_a_maximum(page: Page) -> None:
    for one in page.elements:
        if "max-width" in one.styles:
            assert one.within or (one.tag == "img" and one.attributes["width"].isdigit()), one
    assert page.fixed == 0, "an [if mso] table stays open"


def names_grounds_as_attributes_too(page: Page) -> None:
    for one in page.elements:
        if ground := one.styles.get("background"):
            assert one.attributes.get("bgcolor") == ground, one


def sizes_pictures_by_attributes(page: Page) -> None:
    for one in page.elements:
        if one.tag == "img":
            assert {"alt", "border"} <= set(one.attributes), one
            assert {"width", "height"} & set(one.attributes), one


LAWS: tuple[Callable[[Page], None], ...] = (
    is_laid_out_by_tables,
    pads_cells_alone,
    sets_margins_of_paragraphs_alone,
    fixes_the_width_where_others_have_a_maximum,
    names_grounds_as_attributes_too,
    sizes_pictures_by_attributes,
)


@cases("language", LANGUAGES)
@cases("notice", registry())
def test_mail_keeps_to_what_word_can_draw(notice: str, language: str) -> None:
    for state, content in samples(SHIPPED, language, notice):
        source = show(content, language, WITH_LOGO, SHIPPED).html
        page = Page(source)
        for law in LAWS:
            law(page)
        head = source.partition("</head>")[0]
        assert "<o:PixelsPerInch>96<" in head, state  # else a scaled screen enlarges half of it
        assert "mso-line-height-rule: exactly" in head, state
        assert 'xmlns:o="urn:schemas-microsoft-com:office:office"' in head, state


@pytest.mark.parametrize(
    ("law", "broken"),
    [
        (is_laid_out_by_tables, '<td style="display:flex;">'),
        (is_laid_out_by_tables, '<td style="background:url(a.png);">'),
        (is_laid_out_by_tables, '<p style="margin:1rem;">'),
        (is_laid_out_by_tables, '<table width="100%">'),
        (pads_cells_alone, '<a style="padding:9px;">'),
        (sets_margins_of_paragraphs_alone, '<table style="margin:4px;">'),
        (sets_margins_of_paragraphs_alone, "<p>"),
        (fixes_the_width_where_others_have_a_maximum, '<div style="max-width:600px;">'),
        (fixes_the_width_where_others_have_a_maximum, '<!--[if mso]><table width="600"><tr><td><![endif]-->'),
        (names_grounds_as_attributes_too, '<td style="background:#ffffff;">'),
        (sizes_pictures_by_attributes, '<img src="cid:a" alt="" border="0" style="height:24px;">'),
    ],
)
def test_each_of_these_laws_fails_on_what_breaks_it(law: Callable[[Page], None], broken: str) -> None:
    with pytest.raises(AssertionError):
        law(Page(broken))
