"""Which elements a reader of the mail does not see: inline styles, attributes, and the mail's own style sheet.

For consent the question is "clearly visible?", so that a rule which hides in any circumstance (a media query too)
counts as hiding. Mail.text keeps hidden text; only the visible reading leaves it out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from maild.values import dataclass

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.S)
_SIMPLE = re.compile(r"(?:^|[\s>])([a-z][a-z0-9]*)?([.#])([\w-]{1,80})$", re.I)
_ZERO = re.compile(r"[0.]+(?:px|pt|em|rem|%|ex|vh|vw)?")
_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)")
_WHITE = frozenset(
    ("#fff", "#ffffff", "white", "rgb(255,255,255)", "#fefefe", "#fdfdfd", "rgba(255,255,255,1)", "window")
)
_MAX_SHEET = 200_000
_UNSEEN = re.compile(
    r"(?<![\w-])(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|max-height\s*:\s*0(?![.1-9])|"
    r"font-size\s*:\s*[01](?:px|pt)?\s*(?:;|!|\Z))"
)
_BORDER = re.compile("border(?:-top|-left)?(?:-style)?")
_LINES = ("solid", "dashed", "dotted", "double", "groove", "ridge", "inset", "outset")


@dataclass(frozen=True, slots=True)
class Styles:
    """Classes and ids that the mail's style sheet hides somewhere."""

    classes: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    dark: bool = False  # the page has a background other than white


def read_styles(html: str) -> Styles:
    """Hiding rules of all <style> elements. Only simple selectors (.class, #id, tag.class) are understood."""
    low = html.lower() if "<style" in html or "<STYLE" in html or "<Style" in html else ""
    if not low:
        return Styles()
    classes: set[str] = set()
    ids: set[str] = set()
    pos = taken = 0
    while taken < _MAX_SHEET and (at := low.find("<style", pos)) >= 0:
        end = low.find("</style", at)
        end = len(low) if end < 0 else end
        sheet = low[at : min(end, at + _MAX_SHEET)]
        taken += len(sheet)
        pos = end + 1
        body = _COMMENT.sub("", sheet.partition(">")[2])
        for piece in body.split("}"):
            selectors, brace, rules = piece.rpartition("{")
            if brace and hidden_style(rules):
                for selector in selectors.rpartition("{")[2].split(",")[:50]:
                    if match := _SIMPLE.search(selector.strip()[-200:]):
                        (classes if match.group(2) == "." else ids).add(match.group(3))
    return Styles(frozenset(classes), frozenset(ids))


def hides(name: str, attributes: Mapping[str, str], styles: Styles) -> bool:
    """True when an element with these attributes is not clearly visible."""
    if "hidden" in attributes and attributes["hidden"].lower() != "false":
        return True
    if "style" in attributes and hidden_style(attributes["style"][:4_000].lower()):
        return True
    own = attributes.get("class", "").lower().split()[:50] if styles.classes else []
    if any(css_class in styles.classes for css_class in own):
        return True
    if styles.ids and attributes.get("id", "").lower() in styles.ids:
        return True
    if name == "font":
        colour = attributes.get("color", "").strip().lower()
        return colour in _WHITE or attributes.get("size", "") == "0"
    return name == "input" and attributes.get("type", "").lower() == "hidden"


def hidden_style(style: str) -> bool:
    """True for declarations (lower case) that make their element unreadable."""
    if ":" not in style:
        return False
    rules: dict[str, str] = {}
    for declaration in style.split(";")[:60]:
        key, colon, value = declaration.partition(":")
        if colon:
            rules[key.strip()] = value.replace("!important", "").strip()
    if rules.get("display") == "none" or rules.get("visibility") in ("hidden", "collapse"):
        return True
    if rules.get("mso-hide") == "all":
        return True
    for key in ("font-size", "opacity", "max-height", "max-width", "height", "width"):
        value = rules.get(key, "")
        if not value or not _ZERO.fullmatch(value):
            continue
        if (
            key in ("font-size", "opacity")
            or rules.get("overflow", "").startswith("hidden")
            or key.startswith("max")
        ):
            return True
    if _tiny(rules.get("font-size", "")) or _far(rules):
        return True
    return _unseen_colour(rules)


def unseen(attributes: Mapping[str, str]) -> bool:
    """True for an element that no program shows, under any style sheet and on any ground. Counter-example: white words,
    which stand on a dark ground of some element around them."""
    if "hidden" in attributes and attributes["hidden"].lower() != "false":
        return True
    style = attributes.get("style", "")
    return bool(style) and _UNSEEN.search(style[:4_000].lower()) is not None


def has_border(style: str) -> bool:
    """Whether declarations (lower case) draw a line above their element or at its left, as clients part an answer from
    what it answers."""
    if "border" not in style:
        return False
    for declaration in style.split(";")[:60]:
        key, _, value = declaration.partition(":")
        if _BORDER.fullmatch(key.strip()) and any(line in value for line in _LINES):
            return True
    return False


def _tiny(size: str) -> bool:
    """Below three pixels or points nobody reads."""
    match = _NUMBER.match(size)
    if not match or not size.endswith(("px", "pt")):
        return False
    return float(match.group()) < 3


def _far(rules: Mapping[str, str]) -> bool:
    """Moved out of the window."""
    for key in ("text-indent", "left", "top", "margin-left", "margin-top"):
        match = _NUMBER.match(rules.get(key, ""))
        if match and float(match.group()[:12]) <= -500:
            return True
    return rules.get("clip", "").replace(" ", "").startswith("rect(0") and rules.get("position") == "absolute"


def _unseen_colour(rules: Mapping[str, str]) -> bool:
    colour = rules.get("color", "").replace(" ", "")
    if not colour:
        return False
    if colour == "transparent" or (colour.startswith("rgba(") and colour.endswith((",0)", ",0.0)"))):
        return True
    background = (rules.get("background-color") or rules.get("background") or "").replace(" ", "")
    if background:
        return background == colour or (colour in _WHITE and background in _WHITE)
    return colour in _WHITE
