"""What of an HTML mail every reader surely sees as it stands: the reading in which a decision word must stand.

`css` knows the usual ways of hiding. There are many more (clip-path, transform, a colour on its own ground, a counter
that writes "not", a class of a sheet that nobody fetches), so that here the law is turned around: an element whose
name, attributes or style are not on these lists is not plainly shown, and neither is what is struck out. What shows
words that no text of ours holds (`::before`, a field of a form, a drawing), or may lie above others (`position`, a
negative margin), makes all of the mail not plain. It errs to leaving words out, and what asks for a consent then asks
again.

Over 300 lines: one list of what is plain, with what each of its values may be.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from maild.values import dataclass


def _listed(text: str) -> list[str]:
    return text.split()


#: elements that show their content as it stands
ELEMENTS = frozenset(
    _listed("""
    a address article b big blockquote body br caption center cite code col colgroup dd div dl dt em font
    footer h1 h2 h3 h4 h5 h6 head header hr html i img label li main meta o:p ol p pre q section span strong
    table tbody td tfoot th thead tr tt u ul wbr
    """)
)
#: elements that show what no text of a mail holds, or hold what some readers show and others do not
_DRAWING = frozenset(
    _listed("""
    applet audio canvas embed frame frameset iframe isindex keygen math meter object portal progress select svg template
    textarea video
    """)
)
#: ends of names that nobody needs to write: a rule for them is a rule for all
_IMPLIED = frozenset(("html", "body", "head", "tbody", "*"))
_WORDS = {
    "display": ("block", "inline", "inline-block", "table", "table-row", "table-cell", "table-row-group", "list-item",
                "inherit", "initial"),
    "visibility": ("visible", "inherit"),
    "opacity": ("1", "1.0"),
    "position": ("static", "relative"),
    "direction": ("ltr", "inherit"),
    "unicode-bidi": ("normal",),
    "float": ("none", "left"),
    "text-transform": ("none", "initial", "inherit"),
    "text-decoration": ("none", "underline", "none !important", "inherit", "initial"),
    "text-decoration-line": ("none", "underline"),
    "text-decoration-thickness": ("initial", "auto"),
    "text-decoration-style": ("initial", "solid"),
    "text-decoration-color": ("initial", "currentcolor"),
    "letter-spacing": ("normal", "0", "0px", "0pt", "inherit"),
    "word-spacing": ("normal", "0", "0px", "0pt", "inherit"),
    "vertical-align": ("baseline", "top", "middle", "bottom", "inherit"),
    "text-shadow": ("none",),
    "text-underline-offset": ("auto", "from-font", "initial", "inherit"),
    "font-size-adjust": ("none", "initial", "inherit"),
    "-webkit-text-stroke-width": ("0", "0px", "initial", "inherit"),
    "quotes": ("none", "auto", "initial", "inherit"),
    "color-scheme": ("normal", "light", "light dark", "light only", "only light"),
    "supported-color-schemes": ("normal", "light", "light dark", "light only", "only light"),
    "overflow": ("visible",),
}  # fmt: skip
#: properties that hide nothing, whatever they say
_HARMLESS = frozenset(
    _listed("""
    behavior border-collapse border-spacing box-sizing break-before caret-color clear cursor hyphens
    line-break list-style list-style-type min-height min-width orphans outline overflow-wrap page
    page-break-after page-break-before size speak tab-size table-layout
    text-align text-align-last text-size-adjust text-wrap text-wrap-mode user-select
    white-space white-space-collapse widows word-break word-wrap
    """)
)
_HARMLESS_BEGINS = tuple(
    _listed("""
    border font-variant font-style font-weight font-stretch font-kerning font-feature font-optical
    font-language -webkit-text-size -webkit-nbsp -webkit-line-break -ms-text-size -ms-interpolation
    -ms-word -ms-hyphens -moz-text-size panose -webkit-tap
    """)
)
_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(px|pt|em|rem|ex|%|cm|mm|in|pc)?")
#: the smallest that is read with ease, in the unit's own measure
_LEAST = {"px": 7.0, "pt": 6.0, "em": 0.5, "rem": 0.5, "%": 50.0, "": 7.0}
_FAR = {
    "px": 200.0,
    "pt": 150.0,
    "em": 15.0,
    "rem": 15.0,
    "cm": 6.0,
    "mm": 60.0,
    "in": 2.5,
    "pc": 15.0,
    "%": 40.0,
    "ex": 30.0,
    "": 200.0,
}
#: margins that let an element lie above the one before
_OVER = {
    "px": 10.0,
    "pt": 8.0,
    "em": 0.6,
    "rem": 0.6,
    "cm": 0.3,
    "mm": 3.0,
    "in": 0.1,
    "pc": 0.6,
    "%": 2.0,
    "ex": 1.2,
}
_MOVING = frozenset(
    _listed("""
    bottom inset inset-block inset-block-end inset-block-start inset-inline inset-inline-end inset-inline-start left
    outline-offset right rotate scale top transform translate
    """)
)
#: pixels of letters as they usually stand, and the fewest that are read
_USUAL, FEWEST_PIXELS = 16.0, 6.0
_PIXELS = {"px": 1.0, "pt": 4 / 3, "em": 1.0, "rem": _USUAL, "%": 0.01, "ex": 0.5, "cm": 37.8, "mm": 3.78, "in": 96.0,
           "pc": 16.0}  # fmt: skip
_SMALLER = {"small": 0.83, "sub": 0.83, "sup": 0.83, "big": 1.2}
_SIZES = frozenset(
    _listed("""
    inherit initial large larger medium small smaller unset x-large x-small xx-large
    """)
)
_PICTURES = ("wingdings", "webdings", "symbol", "dingbats", "barcode", "blank", "redacted")
_NAMED = {
    "black": 0.0, "windowtext": 0.0, "navy": 0.0, "blue": 0.1, "darkblue": 0.0, "maroon": 0.1, "purple": 0.1, "green": 0.2,
    "darkgreen": 0.1, "red": 0.3, "darkred": 0.1, "gray": 0.5, "grey": 0.5, "dimgray": 0.4, "inherit": 0.0, "initial": 0.0,
    "unset": 0.0, "currentcolor": 0.0, "teal": 0.3, "brown": 0.3,
}  # fmt: skip
_NO_GROUND = frozenset(
    (
        "",
        "none",
        "transparent",
        "white",
        "inherit",
        "initial",
        "unset",
        "window",
        "repeat",
        "scroll",
        "0% 0%",
        "yellow",
        "lightyellow",
        "whitesmoke",
        "ivory",
        "snow",
    )
)
_RGB = re.compile(r"rgba?\(([0-9]{1,3}),([0-9]{1,3}),([0-9]{1,3})(?:,([0-9.]{1,5}))?\)")
_HEX = re.compile(r"#([0-9a-f]{6}|[0-9a-f]{3})")
_SELECTOR = re.compile(r"((?:o:)?[a-z][a-z0-9-]*+)?((?:[.#][\w-]++)*+)((?:::?[a-z-]++)*+)", re.I)
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.S)
_SHEET_END = re.compile(r"</style(?=[\s/>])")
#: what fetches rules, or draws words of its own
_FOREIGN = ("@import", "@counter-style", "@property", "@font-feature-values")
_SAID = re.compile(r"\"[^\"\n]*\"?|'[^'\n]*'?")
_MOST_SHEET, _MOST_RULES = 60_000, 600


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the mail's style sheets do that is not on the lists: to these names, classes and ids, or to `all`."""

    names: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()
    all: bool = False


def read_sheet(html: str) -> Sheet:
    """Of all <style> elements. A sheet that is fetched, draws words or letters of its own, nests its rules or is too long
    to be read may do anything."""
    low = html.lower()
    names: set[str] = set()
    classes: set[str] = set()
    pos, rules = 0, 0
    while (at := low.find("<style", pos)) >= 0:
        ended = _SHEET_END.search(low, at)
        end = len(low) if ended is None else ended.start()
        if end - at > _MOST_SHEET or any(one in low[at:end] for one in _FOREIGN):
            return Sheet(all=True)
        pos = end + 1
        body = _COMMENT.sub("", low[at:end].partition(">")[2]).replace("<!--", "").replace("-->", "")
        if any("{" in said or "}" in said for said in _SAID.findall(body)):
            return Sheet(all=True)
        for piece in body.split("}"):
            selectors, brace, declared = piece.rpartition("{")
            rules += 1
            if rules > _MOST_RULES:
                return Sheet(all=True)
            around, nests, selectors = selectors.rpartition("{")
            selectors = selectors.strip()
            if (
                (nests and not around.strip().startswith("@"))
                or (not brace and ":" in piece)
                or draws(declared)
            ):
                return Sheet(all=True)
            if selectors.startswith("@font-face") and ("src" in declared or "url" in declared):
                return Sheet(all=True)  # a font of their own draws what letters it likes
            if not brace or (is_plain(declared) and not _shrinks(declared)):
                continue
            if selectors.startswith(("@font-face", "@page", "@list", "@-ms-viewport")):
                continue
            for selector in selectors.split(","):
                match = _SELECTOR.fullmatch((selector.split() or [""])[-1].rpartition(">")[2])
                if match is None or not (match[1] or match[2]):
                    return Sheet(all=True)
                marks = match[2].replace("#", ".").split(".")[1:]
                if marks:
                    classes.update(marks)
                elif match[1] in _IMPLIED:
                    return Sheet(all=True)
                else:
                    names.add(match[1])
    return Sheet(frozenset(names), frozenset(classes))


def shows_plainly(name: str, attributes: Mapping[str, str], sheet: Sheet) -> bool:
    """Whether an element with these attributes (names in lower case) shows what it holds as it stands."""
    if sheet.all or name not in ELEMENTS or name in sheet.names or "hidden" in attributes:
        return False
    own = (*attributes.get("class", "").lower().split()[:50], attributes.get("id", "").lower())
    if sheet.classes and any(one in sheet.classes for one in own):
        return False
    if attributes.get("dir", "ltr").lower() not in ("ltr", "auto", ""):
        return False
    ground = attributes.get("bgcolor", "").strip().lower()
    if "background" in attributes or (ground and not _light(ground)):
        return False
    if name == "body" and (text := attributes.get("text", "").strip().lower()) and not _dark(text):
        return False
    if name == "font":
        colour = attributes.get("color", "").strip().lower()
        if (colour and not _dark(colour)) or attributes.get("size", "3").strip() in ("0", "-7", "-6"):
            return False
        if any(one in attributes.get("face", "").lower() for one in _PICTURES):
            return False
    style = attributes.get("style", "")
    return not style or (len(style) <= 4_000 and is_plain(style.lower()))


def spoils(name: str, attributes: Mapping[str, str]) -> bool:
    """Whether an element shows words that no text of ours holds, fetches a style sheet, or may lie above others."""
    if name in _DRAWING or (name == "input" and attributes.get("type", "").lower() != "hidden"):
        return True
    if name == "link":
        return "stylesheet" in attributes.get("rel", "").lower()
    if name == "meta":
        return attributes.get("http-equiv", "").strip().lower() in ("link", "refresh", "default-style")
    style = attributes.get("style", "")
    return bool(style) and draws(style[:4_000].lower())


def draws(style: str) -> bool:
    """Whether declarations (lower case) show words of their own, or may lay their element above others. Pictures that
    Word lets float in a signature do not."""
    floats = "mso-ignore" in style
    for declaration in style.split(";"):
        key, _, value = declaration.partition(":")
        key, value = key.strip(), value.replace("!important", "").strip()
        if key == "content":
            said = value not in ("none", "normal", "''", '""')
        elif key in ("quotes", "list-style", "list-style-type", "list-style-image"):
            said = any(mark in value for mark in "\"'(")
        elif key == "position":
            said = value not in _WORDS["position"] and not floats
        elif key in _MOVING:
            said = value not in ("auto", "none", "0", "0px", "initial", "inherit") and not floats
        elif key.startswith("margin"):
            said = not floats and any(map(_draws_near, _NUMBER.finditer(value)))
        else:
            said = False
        if said:
            return True
    return False


def _draws_near(number: re.Match[str]) -> bool:
    """A negative margin of more than half a line."""
    return _value(number) < -_OVER.get(number[1] or "", 0.0)


def size_of(name: str, attributes: Mapping[str, str], outer: float) -> float:
    """The size of an element's letters in pixels, inside one of `outer`: sizes that are said of another multiply."""
    size = outer * _SMALLER.get(name, 1.0)
    style = attributes.get("style", "").lower() if attributes else ""
    if "font" not in style:
        return size
    for declaration in style[:4_000].split(";"):
        key, _, value = declaration.partition(":")
        if key.strip() in ("font-size", "font"):
            value = value.replace("!important", "").strip()
            number = next((m for m in _NUMBER.finditer(value) if m[1] in _PIXELS), None)
            if "smaller" in value.split():
                size = outer * _SMALLER["small"]
            elif number is not None:
                size = _value(number) * _PIXELS[number[1]] * (outer if number[1] in ("em", "%", "ex") else 1)
            elif any(one in _SIZES for one in value.split()) and "inherit" not in value:
                size = _USUAL
    return size


def _shrinks(style: str) -> bool:
    """Whether a rule makes letters smaller than those around: its elements may stand in each other."""
    return size_of("", {"style": style}, _USUAL) < _USUAL and any(
        unit in style for unit in ("em", "%", "ex", "smaller")
    )


def is_plain(style: str) -> bool:
    """Whether each declaration (lower case) is on the lists."""
    if "\\" in style or "/*" in style:
        return False
    for declaration in style.split(";"):
        key, colon, value = declaration.partition(":")
        if colon and not _allowed(key.strip(), value.replace("!important", "").strip()):
            return False
        if not colon and key.strip():
            return False
    return True


def _allowed(key: str, value: str) -> bool:
    if key.startswith("mso-"):
        return _allowed_in_word(key.removeprefix("mso-"), value)
    if key in _WORDS:
        return value in _WORDS[key]
    if key in _HARMLESS or key.startswith(_HARMLESS_BEGINS):
        return True
    if key == "color":
        return _dark(value)
    if key in (
        "background",
        "background-color",
        "background-image",
        "background-repeat",
        "background-position",
    ):
        return all(_light(one) for one in _parts(value))
    if key == "font-family":
        return not any(one in value for one in _PICTURES)
    if key in ("font-size", "font", "line-height"):
        return _large_enough(key, value)
    if key.startswith(("margin", "padding")) or key == "text-indent":
        return all(_near(one) for one in value.split())
    if key in ("width", "height", "max-width"):
        return value in ("auto", "inherit", "initial") or not _is_zero(value)
    return False


def _allowed_in_word(key: str, value: str) -> bool:
    """What Word reads of its own properties (without `mso-`): most say nothing of what is seen."""
    if key in ("hide", "element", "char-type"):
        return not any(one in value for one in ("all", "comment", "symbol"))
    if key in ("highlight", "shading"):
        return _light(value)
    if key.endswith("alpha"):
        return value.startswith("100")
    if key.endswith(("-color", "color-alt")):
        return value == "auto" or _dark(value)
    if key.endswith("raise"):
        number = _NUMBER.fullmatch(value)
        return number is not None and abs(_value(number)) <= 12
    if key.endswith("font-size") and not key.startswith("bidi"):
        return _large_enough("font-size", value)
    if key.endswith("font-family") and not key.startswith(("bidi", "fareast", "generic")):
        return not any(one in value for one in _PICTURES)
    return True


def _parts(value: str) -> list[str]:
    return value.replace(", ", ",").split()


def _large_enough(key: str, value: str) -> bool:
    if value in _SIZES or value == "normal":
        return True
    numbers = [m for m in _NUMBER.finditer(value) if key != "font" or m[1]]
    if not numbers:
        return False
    unit = numbers[0][1] or ""
    least = 0.8 if key == "line-height" and not unit else _LEAST.get(unit, 0.25)
    return _value(numbers[0]) >= least and "/0" not in value


def _near(value: str) -> bool:
    if value in ("auto", "0", "inherit", "initial", "normal"):
        return True
    number = _NUMBER.fullmatch(value)
    return number is not None and 0 <= _value(number) <= _FAR.get(number[1] or "", 0.0)


def _is_zero(value: str) -> bool:
    number = _NUMBER.fullmatch(value)
    return number is None or _value(number) < 10


def _value(number: re.Match[str]) -> float:
    return float(number.group().removesuffix(number[1] or "")[:12])


def _dark(colour: str) -> bool:
    """A colour that stands out on a light ground."""
    shade = _NAMED.get(colour) if colour in _NAMED else _luminance(colour)
    return shade is not None and shade <= 0.62


def _light(ground: str) -> bool:
    if ground in _NO_GROUND:
        return True
    shade = _luminance(ground)
    return shade is not None and shade >= 0.85


def _luminance(colour: str) -> float | None:
    """From 0, black, to 1; None for what cannot be read, or is seen through."""
    colour = colour.replace(" ", "")
    if match := _RGB.fullmatch(colour):
        if match[4] is not None and match[4] not in ("1", "1.0"):
            return None
        red, green, blue = (int(match[i]) for i in (1, 2, 3))
    elif match := _HEX.fullmatch(colour):
        full = match[1] if len(match[1]) == 6 else "".join(c * 2 for c in match[1])
        red, green, blue = (int(full[i : i + 2], 16) for i in (0, 2, 4))
    else:
        return None
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255
