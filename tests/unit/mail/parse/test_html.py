"""HTML as people read it, hidden words, and markup that wants to be slow."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.mail.parse.html import html_to_text
from maild.mail.text.marks import HEAD_OPEN, QUOTE_CLOSE, QUOTE_OPEN
from tests.cases import cases
from tests.timing import grows_as_its_size


@cases(
    ("html", "text"),
    [
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("<div>one</div><div>two</div>", "one\ntwo"),
        ("one<br>two<br/>three", "one\ntwo\nthree"),
        ("one<br><br>two", "one\n\ntwo"),
        ("<div>one</div><div><br></div><div>two</div>", "one\n\ntwo"),
        ("a  b\n c&nbsp;d", "a b c d"),
        ("<b>bo</b>ld <i>it</i>alic", "bold italic"),
        ("5 &lt; 6 &amp; &#8364; &hellip;", "5 < 6 & € …"),
        ("5 < 6 and 7 > 6", "5 < 6 and 7 > 6"),
        ("<ul><li>one<li>two</ul>", "- one\n- two"),
        ("<ol start=3><li>c</li><li>d</li></ol>", "3. c\n4. d"),
        ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "- a\n  - b\n- c"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c<td>d</table>", "a\tb\nc\td"),
        ('<a href="https://x.example/a">here</a>', "here <https://x.example/a>"),
        ('<a href="https://x.example/">x.example</a>', "x.example"),
        ('<a href="mailto:a@b.com">a@b.com</a>', "a@b.com"),
        ('<a href="mailto:a@b.com">Anna</a>', "Anna <a@b.com>"),
        ('<a href="javascript:alert(1)">x</a> <a href="#top">up</a>', "x up"),
        ("<blockquote>q<br>r</blockquote>a", "> q\n> r\n\na"),
        ("<blockquote>q<blockquote>r</blockquote></blockquote>", "> q\n> > r"),
        ('<blockquote style="border: none; padding: 0">indented</blockquote>', "indented"),
        ("<pre>  a\n    b</pre>", "  a\n    b"),
        ("<style>p{}</style><script>alert('<p>')</script><title>t</title>x", "x"),
        ("<!-- <p>secret</p> -->x<!--[if mso]>y<![endif]-->", "x"),
        ("<![if !mso]>x<![endif]>", "x"),
        ("<!DOCTYPE html><?xml version='1'?>x", "x"),
        ('<img alt="logo" src="http://x/y.png">', "[image: logo]"),
        ('<img width="1" height="1" alt="pixel" src="http://x/y.gif">', ""),
        ('<p title="a > b">x</p>', "x"),
        ('<p title="a>x', "x"),
        ("x<p", "x<p"),
        ("<o:p>&nbsp;</o:p>x", "x"),
        ("<p>un<b>closed", "unclosed"),
        ("</div></p>x</table>", "x"),
        ("zero\u200bwidth\u00adsoft", "zerowidthsoft"),
        ("", ""),
    ],
)
def test_markup_reads_as_text(html: str, text: str) -> None:
    assert html_to_text(html).text.strip("\n").replace("\n>\n", "\n") == text


HIDDEN = [
    '<div style="display:none">secret</div>',
    '<div style="DISPLAY : none !important">secret</div>',
    '<span style="visibility:hidden">secret</span>',
    '<span style="font-size:0">secret</span>',
    '<span style="font-size:0px;line-height:0">secret</span>',
    '<span style="font-size:1px">secret</span>',
    '<span style="opacity:0">secret</span>',
    '<div style="max-height:0;overflow:hidden">secret</div>',
    '<div style="height:0;overflow:hidden">secret</div>',
    '<div style="mso-hide:all">secret</div>',
    '<div style="color:#FFFFFF">secret</div>',
    '<div style="color:white;background:white">secret</div>',
    '<div style="color:#123456;background-color:#123456">secret</div>',
    '<div style="color:transparent">secret</div>',
    '<div style="text-indent:-9999px">secret</div>',
    '<div style="position:absolute;left:-5000px">secret</div>',
    "<div hidden>secret</div>",
    '<font color="white">secret</font>',
    '<font color="#ffffff">secret</font>',
    '<div style="display:none"><p><b>secret</b></p></div>',
    "<style>.p{display:none}</style><div class='x p'>secret</div>",
    "<style>@media screen{#p{display:none !important}}</style><div id=p>secret</div>",
    "<style>/* x */ div.p , .q { font-size : 0 }</style><div class=q>secret</div>",
]


@cases("html", HIDDEN)
def test_hidden_words_are_recognised(html: str) -> None:
    found = html_to_text(f"<p>open</p>{html}<p>also</p>")
    assert found.has_hidden
    assert "secret" in found.text
    assert "secret" not in found.visible
    assert "open" in found.visible
    assert "also" in found.visible


@pytest.mark.parametrize(
    "html",
    [
        '<div style="color:#000;background:#fff">open</div>',
        '<div style="color:#fff;background-color:#336699">open</div>',
        '<div style="font-size:10px;max-width:600px;height:0">open</div>',
        '<div style="opacity:0.9;line-height:0">open</div>',
        '<div style="font-size:11.0pt;margin-left:-5px">open</div>',
    ],
)
def test_ordinary_styles_hide_nothing(html: str) -> None:
    found = html_to_text(html)
    assert not found.has_hidden
    assert found.visible == "open"


@cases(
    "html",
    [
        '<p>new</p><div class="gmail_quote"><div>On Monday Bob '
        'wrote:</div><blockquote class="gmail_quote">old</blockquote></div>',
        '<p>new</p><div id="divRplyFwdMsg"><b>From:</b> Bob</div><div>old</div>',
        '<p>new</p><div id="x_appendonsend"></div><hr><div>old</div>',
        '<p>new</p><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><b>From:</b></div>old',
        '<p>new</p><div class="moz-cite-prefix">Bob wrote:</div><blockquote type="cite">old</blockquote>',
        '<p>new</p><blockquote type="cite">old</blockquote>',
        '<p>new</p><div class="yahoo_quoted">old</div>',
        '<p>new</p><div class="protonmail_quote">old</div>',
        '<p>new</p><hr id="stopSpelling">old',
    ],
)
def test_history_that_the_client_marked_stands_between_markers(html: str) -> None:
    lines = html_to_text(html).text.split("\n")
    start = next(i for i, line in enumerate(lines) if line in (QUOTE_OPEN, HEAD_OPEN))
    assert any("new" in line for line in lines[:start])
    assert any("old" in line for line in lines[start:])
    assert lines[-1] == QUOTE_CLOSE


LENGTH = 100_000
SLOW = {
    "<": "<",
    "comments": "<!--",
    "divs": "<div>",
    "attributes": "<a b=c ",
    "quotes": '<a b="',
    "other quotes": "<a b='>",
    "ampersands": "&",
    "entities": "&amp;",
    "quotations": "<blockquote>x",
    "end tags": "</div>",
    "styles": "<style>",
    "scripts": "<script>",
    "titles": "<title>",
    "cells": "<table><tr><td>",
    "links": "<a href=http://x>y",
    "items": "<ul><li>x",
    "declarations": "<!",
    "instructions": "<?",
    "slashes": "</",
    "blanks": " ",
    "breaks": "<br>",
    "equals": "<a =",
    "images": "<img alt=x>",
    "unbalanced": "<b><i></b>",
    "pre": "<pre>\n",
    "paragraphs": "<p class='a b c' style='color:red;font-size:12px'>word</p>",
}


@cases("piece", SLOW.values(), ids=SLOW.keys())
def test_a_lot_of_anything_is_read_in_time(piece: str) -> None:
    def reading(size: int) -> Callable[[], object]:
        html = (piece * (size // len(piece) + 1))[:size]
        return lambda: html_to_text(html)

    grows_as_its_size(reading, LENGTH // 4, piece)


def test_nested_markup_inside_a_style_sheet_is_read_in_time() -> None:
    def reading(size: int) -> Callable[[], object]:
        html = "<style>" + ".a{display:none}" * (3 * size) + "</style>" + "<style>" + "/*" * (5 * size)
        return lambda: html_to_text(html)

    grows_as_its_size(reading, 5_000)


@given(st.text(alphabet="<>/=\"'!-abp &;#x\n", max_size=200))
def test_any_markup_is_read(html: str) -> None:
    html_to_text(html)


@given(
    st.lists(
        st.text(alphabet=st.characters(categories=["Ll", "Lu", "Nd"]), min_size=1, max_size=12),
        min_size=1,
        max_size=20,
    )
)
def test_no_word_between_tags_is_lost(words: list[str]) -> None:
    html = "".join(f"<div><p>{word}</p><br></div>" for word in words)
    assert html_to_text(html).visible.split() == words
