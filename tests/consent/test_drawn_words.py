# ruff: noqa: E501  (HTML stands here as programs write it)
"""What a reader of the HTML sees beside or in place of the word, and no text of the mail holds: asked once more.

Words that a sheet or a field draws, sizes that multiply, what lies above the word, what one program alone shows; and
the sheets of programs and pages that draw nothing, which go on counting.
"""

from __future__ import annotations

import pytest

from tests.consent.test_word_shown import alternative, held_and_asked_plainly
from tests.consent.world import World

#: a whole daemon with DNS and keys
pytestmark = pytest.mark.slow

YES = "<p>Yes, approved.</p>"
DRAWN = [
    f"<style>.y::after{{content:'only after Friday'}}</style>{YES}<p class=y></p>",
    f"<style>li{{list-style-type:'only after Friday'}}</style>{YES}<ul><li></ul>",
    f"<style>@counter-style x{{symbols:'only after Friday'}} li{{list-style-type:x}}</style>{YES}<ul><li></ul>",
    f"<style>q{{quotes:'only after Friday' ''}}</style>{YES}<q></q>",
    f"{YES}<ul><li style='list-style-type:\"only after Friday\"'></ul>",
    f"{YES}<textarea>only after Friday</textarea>",
    f"{YES}<input value='only after Friday'>",
    f"{YES}<input placeholder='only after Friday'>",
    f"{YES}<select><option>only after Friday</select>",
    f"{YES}<svg><text>only after Friday</text></svg>",
    f"{YES}<math><mi>only after Friday</mi></math>",
    f"{YES}<iframe srcdoc='only after Friday'></iframe>",
    f"{YES}<object data=x>only after Friday</object>",
    f"{YES}<xmp>only after Friday</xmp>",
    f"{YES}<xml>only after Friday</xml>",
    f"{YES}<div><template shadowrootmode=open>only after Friday</template></div>",
    f"{YES}<!--[if mso]><p>only after Friday</p><![endif]-->",
]
HIDDEN = [
    "<style>html{display:none}</style>" + YES, "<style>body{opacity:0}</style>" + YES, "<body text=white>" + YES,
    "<style>div{display:none; p{color:black}}</style><div>" + YES + "</div>",
    "<style>div{p{color:black} display:none}</style><div>" + YES + "</div>",
    "<style>x</styley>p{display:none}</style>" + YES,
    "<style>a{b:'}'}p{display:none}</style>" + YES,
    "<style>@font-face{font-family:arial;src:url(https://x.example/y)}</style><p style='font-family:arial'>Yes, approved.</p>",
    "<link rel='style&#115;heet' href=x>" + YES, "<meta http-equiv=Link content='<x.css>;rel=stylesheet'>" + YES,
    "<span style='font-size:.6em'>" * 10 + "Yes, approved." + "</span>" * 10,
    "<span style='font-size:smaller'>" * 20 + "Yes, approved." + "</span>" * 20,
    "<style>b{font-size:.8em}</style>" + "<b>" * 20 + "Yes, approved." + "</b>" * 20,
    "<small>" * 20 + "Yes, approved." + "</small>" * 20,
    YES + "<div style='margin-top:-100px;background:white;height:200px'></div>",
    YES + "<div style='position:absolute;top:0;background:white;height:200px'></div>",
    YES + "<div style='position:relative;top:-90px;background:white;height:200px'></div>",
    "<p style='text-decoration:underline;text-underline-offset:-.4em'>Yes, approved.</p>",
    "<p style='font-size-adjust:0'>Yes, approved.</p>", "<p style='color-scheme:only dark;color:windowtext'>Yes, approved.</p>",
    "<p style='mso-style-textfill-fill-alpha:0%'>Yes, approved.</p>", "<p style='mso-text-raise:500pt'>Yes, approved.</p>",
    "<p style='mso-highlight:black'>Yes, approved.</p>", "<p style='-ms-filter:\"alpha(opacity=0)\"'>Yes, approved.</p>",
    "<p style='-ms-transform:scale(0)'>Yes, approved.</p>",
]  # fmt: skip
PLAIN = [
    "<style>:root{color-scheme:light dark;supported-color-schemes:light dark}</style>" + YES,
    "<style>ul{list-style-type:disc} p{margin:0 0 10px} a::after{content:none}</style>" + YES,
    "<style>p{font-size:1em} .MsoNormal{font-size:11.0pt}</style>" + YES,
    "<p class=MsoListParagraph style='margin-left:36.0pt;text-indent:0'>Yes, approved.</p>",
    "<!--[if gte mso 9]><xml><o:shapedefaults v:ext='edit' spidmax='1026'/></xml><![endif]-->" + YES,
    "<!--[if mso]><style>p{margin:0}</style><![endif]-->" + YES,
    "<p><span style='mso-style-textfill-fill-color:#1F497D;mso-style-textfill-fill-alpha:100.0%;color:#1F497D'>Yes, approved.</span></p>",
    "<p style='mso-highlight:yellow;background:#ffff00'>Yes, approved.</p>",
    YES + "<p>Boss<span style='mso-ignore:vglayout;position:absolute;z-index:251659264;left:0px;margin-left:-8px'></span></p>",
    "<div style='font-size:90%'>" + YES + "</div>", "<input type=hidden value=x>" + YES, "<meta charset=utf-8>" + YES,
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(DRAWN)))
def test_words_that_are_drawn_beside_the_word_are_asked_about(world: World, number: int) -> None:
    asked = world.ask()
    held_and_asked_plainly(world, asked, alternative(asked, None, DRAWN[number]))


@pytest.mark.parametrize("number", range(len(HIDDEN)))
def test_a_word_that_is_hidden_by_what_stands_around_it_is_asked_about(world: World, number: int) -> None:
    asked = world.ask()
    held_and_asked_plainly(world, asked, alternative(asked, None, HIDDEN[number]))


@pytest.mark.parametrize("number", range(len(PLAIN)))
def test_what_draws_nothing_counts(world: World, number: int) -> None:
    asked = world.ask()
    world.send(alternative(asked, None, PLAIN[number]))
    assert world.phase(asked.number) == "received", PLAIN[number]


def test_a_word_behind_a_mark_that_turns_it_is_asked_about(world: World) -> None:
    for text in ("\u202eYes, approved.", "\u202dYes, approved.", "\u2067Yes, approved."):
        asked = world.ask()
        held_and_asked_plainly(world, asked, alternative(asked, text, f"<p>{text}</p>"))
