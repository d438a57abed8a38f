# ruff: noqa: E501
"""Whole mails as each client writes them: plain, HTML alone and both, in nine languages, with what a reader must find.

Every client is a function (letter) -> (plain text or None, HTML or None, header fields); `samples` makes the raw
MIME of them in several structures. Written from how the clients behave; names and domains are reserved ones.

Over 300 lines: a table of mails.
"""

from __future__ import annotations

import base64
import html
import quopri
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.header import Header

from tests.corpus.mails import words

NAME, ADDRESS = "Help Desk", "help@desk.example"
ME = "ann@acme.example"


@dataclass(frozen=True)
class Letter:
    language: str
    answer: tuple[str, ...]
    signature: tuple[str, ...] = ()
    disclaimer: str = ""
    quote: tuple[str, ...] = ()
    style: str = "top"  # top, bottom, inline

    @property
    def subject(self) -> str:
        return f"{words.REPLY_PREFIX[self.language]} [#15789] {words.SUBJECTS[self.language]}"

    def attribution(self, client: str) -> str:
        table = words.ATTRIBUTION[client]
        return table.get(self.language, table["en"]).format(n=NAME, a=ADDRESS)

    def mobile(self, app: str) -> str:
        return words.MOBILE[app].get(self.language, words.MOBILE[app]["en"])

    def head(self, *, date: bool = False) -> list[tuple[str, str]]:
        who, sent, to, subject, date_label = words.LABELS[self.language]
        return [
            (who, f"{NAME} <{ADDRESS}>"),
            (date_label if date else sent, words.DATES[self.language]),
            (to, f"{words.NAMES[self.language]} <{ME}>"),
            (subject, f"[#15789] {words.SUBJECTS[self.language]}"),
        ]


@dataclass(frozen=True)
class Sample:
    name: str
    language: str
    raw: bytes
    new: str  # what the person wrote
    subject: str
    attachments: tuple[str, ...] = ()
    in_text: tuple[str, ...] = field(default_factory=tuple)  # what the whole text must hold


Made = tuple[str | None, str | None, dict[str, str]]


# ------------------------------------------------------------------------------------------------ pieces


def quoted(lines: tuple[str, ...] | list[str], mark: str = "> ") -> list[str]:
    return [(mark + line).rstrip() for line in lines]


def plain_body(
    letter: Letter, attribution: list[str], *, dashes: bool = True, app: str = "", mark: str = "> "
) -> str:
    """The text body of a client that quotes with marks."""
    tail: list[str] = []
    if letter.signature:
        tail += ["", *(["-- "] if dashes else []), *letter.signature]
    if app:
        tail += ["", app]
    if letter.disclaimer:
        tail += ["", letter.disclaimer]
    if not letter.quote:
        return "\n".join([*letter.answer, *tail]) + "\n"
    if letter.style == "bottom":
        return "\n".join([*attribution, *quoted(letter.quote, mark), "", *letter.answer, *tail]) + "\n"
    if letter.style == "inline":
        half = len(letter.quote) // 2
        parts = [*attribution, *quoted(letter.quote[:half], mark), "", letter.answer[0], ""]
        parts += [*quoted(letter.quote[half:], mark), "", *letter.answer[1:], *tail]
        return "\n".join(parts) + "\n"
    return "\n".join([*letter.answer, *tail, "", *attribution, *quoted(letter.quote, mark)]) + "\n"


def block_body(
    letter: Letter, separator: list[str], *, app: str = "", date: bool = False, quote_mark: str = ""
) -> str:
    """The text body of a client that puts a header block above the whole mail."""
    out = [*letter.answer]
    if letter.signature:
        out += ["", *letter.signature]
    if app:
        out += ["", app]
    if letter.disclaimer:
        out += ["", letter.disclaimer]
    if letter.quote:
        out += ["", *separator, *(f"{label} {value}" for label, value in letter.head(date=date)), ""]
        out += quoted(letter.quote, quote_mark) if quote_mark else list(letter.quote)
    return "\n".join(out) + "\n"


def divs(lines: tuple[str, ...] | list[str]) -> str:
    return "".join(
        f"<div>{html.escape(line, quote=False)}</div>" if line else "<div><br></div>" for line in lines
    )


def brs(lines: tuple[str, ...] | list[str]) -> str:
    return "<br>\r\n".join(html.escape(line, quote=False) for line in lines)


def mso(lines: tuple[str, ...] | list[str]) -> str:
    return "".join(
        f'<p class="MsoNormal"><span lang="EN-US" style="font-size:11.0pt;mso-fareast-language:EN-US">'
        f"{html.escape(line, quote=False) or '&nbsp;'}<o:p></o:p></span></p>\r\n"
        for line in lines
    )


def mixed_html(
    letter: Letter, attribution: str, open_quote: str, close_quote: str, body: Callable[..., str]
) -> str:
    """Answers of a client that quotes in blockquotes: above, below, between."""
    if not letter.quote:
        return body(letter.answer)
    if letter.style == "bottom":
        return attribution + open_quote + body(letter.quote) + close_quote + body(letter.answer)
    if letter.style == "inline":
        half = len(letter.quote) // 2
        return (
            attribution + open_quote + body(letter.quote[:half]) + close_quote + body(letter.answer[:1])
            + open_quote + body(letter.quote[half:]) + close_quote + body(letter.answer[1:])
        )  # fmt: skip
    return body(letter.answer) + "<br>" + attribution + open_quote + body(letter.quote) + close_quote


# ----------------------------------------------------------------------------------------------- clients


def gmail_web(letter: Letter) -> Made:
    said = letter.attribution("gmail")
    plain = plain_body(letter, textwrap.wrap(said, 78))
    link = html.escape(said).replace(
        html.escape(f"<{ADDRESS}>"), f'&lt;<a href="mailto:{ADDRESS}">{ADDRESS}</a>&gt;'
    )
    signature = ""
    if letter.signature:
        signature = (
            '<br clear="all"><div><br></div><span class="gmail_signature_prefix">-- </span><br>'
            f'<div dir="ltr" class="gmail_signature" data-smartmail="gmail_signature"><div dir="ltr">{brs(letter.signature)}</div></div>'
        )
    if letter.disclaimer:
        signature += f'<br><div style="font-size:8pt">{html.escape(letter.disclaimer)}</div>'
    quote_open = '<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">'
    if letter.style == "top" or not letter.quote:
        page = f'<div dir="ltr">{divs(letter.answer)}{signature}</div>'
        if letter.quote:
            page += (
                f'<br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">{link}<br></div>'
                f'{quote_open}<div dir="ltr">{divs(letter.quote)}</div></blockquote></div>'
            )
    else:
        body = mixed_html(
            letter, f'<div class="gmail_quote"><div dir="ltr" class="gmail_attr">{link}<br></div>', quote_open, "</blockquote>",
            divs,
        )  # fmt: skip
        page = f'<div dir="ltr">{body}</div>{signature}</div>'
    return plain, page + "\r\n", {"X-Received": "by 2002:a05 with SMTP id x"}


def gmail_android(letter: Letter) -> Made:
    said = letter.attribution("gmail")
    plain = plain_body(letter, [said], dashes=False)
    page = f'<div dir="auto">{divs(letter.answer)}</div>'
    if letter.signature:
        page = (
            f'<div dir="auto">{divs(letter.answer)}<div dir="auto"><br></div>{divs(letter.signature)}</div>'
        )
    if letter.quote:
        page += (
            f'<br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">{html.escape(said)}<br></div><blockquote '
            f'class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px #ccc solid;padding-left:1ex">{divs(letter.quote)}'
            "</blockquote></div>"
        )
    return plain, page, {}


def outlook_desktop(letter: Letter) -> Made:
    head = "".join(
        f'<b><span lang="EN-US" style="font-size:11.0pt;font-family:&quot;Calibri&quot;,sans-serif">{label}</span></b>'
        f"<span> {html.escape(value)}<br></span>"
        for label, value in letter.head()
    )
    page = (
        '<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
        'xmlns:w="urn:schemas-microsoft-com:office:word"><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8">'
        '<meta name="Generator" content="Microsoft Word 15 (filtered medium)"><style><!--\r\n@font-face {font-family:Calibri;}\r\n'
        "p.MsoNormal, li.MsoNormal {margin:0cm;font-size:11.0pt;}\r\n--></style><!--[if gte mso 9]><xml>"
        '<o:shapedefaults v:ext="edit" spidmax="1026" /></xml><![endif]--></head><body lang="EN-US" link="#0563C1">'
        f'<div class="WordSection1">{mso(letter.answer)}'
    )
    if letter.signature:
        page += mso(("", *letter.signature))
    if letter.disclaimer:
        page += mso(("", letter.disclaimer))
    if letter.quote:
        page += (
            f'{mso(("",))}<div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">'
            f'<p class="MsoNormal">{head}<o:p></o:p></p></div></div>{mso(("",))}{mso(letter.quote)}'
        )
    page += "</div></body></html>"
    plain = block_body(letter, [])
    return (
        plain,
        page,
        {"X-Mailer": "Microsoft Outlook 16.0", "Thread-Index": "AdoE1pZ3n0J1l8EhQ0W0m3k2Y2xjZA=="},
    )


def outlook_2010_german_line(letter: Letter) -> Made:
    plain, page, fields = outlook_desktop(letter)
    assert page is not None
    return plain, page.replace("#E1E1E1 1.0pt", "#B5C4DF 1.0pt"), fields


def outlook_quoting_line(letter: Letter) -> Made:
    """Outlook set up to quote with a blue line on the left: the border stands on a div around everything."""
    head = "".join(f"<b>{label}</b> {html.escape(value)}<br>" for label, value in letter.head())
    page = f'<html><body><div class="WordSection1">{mso(letter.answer)}{mso(("", *letter.signature)) if letter.signature else ""}'
    if letter.quote:
        page += (
            '<div style="border:none;border-left:solid blue 1.5pt;padding:0cm 0cm 0cm 4.0pt"><div><div style="border:none;'
            f'border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal">{head}</p></div></div>'
            f"{mso(letter.quote)}</div>"
        )
    return None, page + "</div></body></html>", {}


def owa(letter: Letter) -> Made:
    """Outlook on the web and new Outlook."""
    font = 'style="font-family: Calibri, Helvetica, sans-serif; font-size: 12pt; color: rgb(0, 0, 0);"'
    shown = "".join(
        f'<div class="elementToProof" {font}>{html.escape(line, quote=False) or "<br>"}</div>'
        for line in letter.answer
    )
    page = f'<html><head><style type="text/css" style="display:none;"> P {{margin-top:0;margin-bottom:0;}} </style></head><body dir="ltr">{shown}'
    if letter.signature:
        page += f'<div id="Signature"><div>{brs(("", *letter.signature))}</div></div>'
    if letter.disclaimer:
        page += f"<div><p>{html.escape(letter.disclaimer)}</p></div>"
    if letter.quote:
        head = "<br>".join(f"<b>{label}</b> {html.escape(value)}" for label, value in letter.head())
        page += (
            '<div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr">'
            f'<font face="Calibri, sans-serif" style="font-size:11pt" color="#000000">{head}</font><div>&nbsp;</div></div>'
            f"<div>{divs(letter.quote)}</div>"
        )
    plain = block_body(letter, ["________________________________"])
    return plain, page + "</body></html>", {"X-MS-Has-Attach": ""}


def outlook_mobile(letter: Letter) -> Made:
    get = letter.mobile("outlook")
    page = f'<html><body><div dir="auto">{divs(letter.answer)}</div>'
    if letter.signature:
        page += f'<div id="ms-outlook-mobile-body-separator-line"><br></div><div id="ms-outlook-mobile-signature">{divs(letter.signature)}</div>'
    page += (
        f'<div id="ms-outlook-mobile-signature"><div></div><a href="https://aka.ms/o0ukef">{get}</a></div>'
    )
    if letter.quote:
        head = "<br>".join(f"<b>{label}</b> {html.escape(value)}" for label, value in letter.head())
        page += (
            '<hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri">'
            f"{head}</font><div>&nbsp;</div></div>{divs(letter.quote)}"
        )
    plain = block_body(letter, ["________________________________"], app=f"{get}<https://aka.ms/o0ukef>")
    return plain, page + "</body></html>", {}


def outlook_mac(letter: Letter) -> Made:
    head = "".join(
        f'<b><span style="font-size:12.0pt;color:black">{label} </span></b><span>{html.escape(value)}<br></span>'
        for label, value in letter.head(date=True)
    )
    page = f'<html><body lang="EN-US"><div class="WordSection1">{mso(letter.answer)}{mso(("", *letter.signature)) if letter.signature else ""}'
    if letter.quote:
        page += (
            '<div style="border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0in 0in 0in">'
            f'<p class="MsoNormal">{head}<o:p></o:p></p></div>{mso(letter.quote)}'
        )
    return block_body(letter, [], date=True), page + "</div></body></html>", {}


def apple_mac(letter: Letter) -> Made:
    said = letter.attribution("apple")
    body = mixed_html(
        letter, f'<div><br><blockquote type="cite"><div>{html.escape(said)}</div><br class="Apple-interchange-newline"></blockquote></div>',
        '<div><blockquote type="cite">', "</blockquote></div>", divs,
    )  # fmt: skip
    page = f'<html><head></head><body style="overflow-wrap: break-word;">{body}'
    if letter.signature and letter.style != "top":
        page += f"<br>{divs(letter.signature)}"
    elif letter.signature:
        page = page.replace(
            "<br><div><br><blockquote", f"<br>{divs(letter.signature)}<div><br><blockquote", 1
        )
        if not letter.quote:
            page += f"<br>{divs(letter.signature)}"
    plain = plain_body(letter, ["> " + said, "> "] if letter.style == "top" else [said, ""], dashes=False)
    return plain, page + "</body></html>", {"X-Mailer": "Apple Mail (2.3826.200.121)"}


def apple_ios(letter: Letter) -> Made:
    said = letter.attribution("apple")
    phone = letter.mobile("iphone")
    page = (
        f'<html><head></head><body dir="auto">{divs(letter.answer)}<div dir="ltr"><br></div>'
        f'{divs(letter.signature)}<div dir="ltr">{phone}</div>'
    )
    if letter.quote:
        page += f'<div dir="ltr"><br><blockquote type="cite">{html.escape(said)}<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">{divs(letter.quote)}</div></blockquote>'
    plain = plain_body(letter, ["> " + said, "> "], dashes=False, app=phone)
    return plain, page + "</body></html>", {"X-Mailer": "iPhone Mail (22G86)"}


def thunderbird(letter: Letter) -> Made:
    said = letter.attribution("thunderbird")
    body = mixed_html(
        letter, f'<div class="moz-cite-prefix">{said}<br></div>', '<blockquote type="cite" cite="mid:1@desk.example">',
        "</blockquote>", lambda lines: "".join(f"<p>{html.escape(line, quote=False)}</p>" if line else "" for line in lines),
    )  # fmt: skip
    signature = (
        f'<pre class="moz-signature" cols="72">-- \n{html.escape(chr(10).join(letter.signature))}</pre>'
        if letter.signature
        else ""
    )
    if letter.style == "top" and letter.quote and signature:
        body = body.replace('<div class="moz-cite-prefix">', signature + '<div class="moz-cite-prefix">', 1)
    else:
        body += signature
    page = f'<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8"></head><body>{body}</body></html>'
    return plain_body(letter, [said]), page, {"User-Agent": "Mozilla Thunderbird"}


def yahoo(letter: Letter) -> Made:
    said = letter.attribution("yahoo")
    page = (
        '<html><head></head><body><div class="ydp1yahoo-style-wrap" style="font-family:Helvetica Neue;"><div></div>'
        f'<div dir="ltr" data-setdir="false">{divs(letter.answer)}</div><div><br></div>'
        + (f'<div class="ydp1signature">{divs(letter.signature)}</div>' if letter.signature else "")
        + "</div>"
    )
    if letter.quote:
        page += (
            f'<div id="ydp2yahoo_quoted_1234567" class="ydp2yahoo_quoted"><div style="color:#26282a;"><div>{html.escape(said)}</div>'
            f'<div><br></div><div><br></div><div><div id="ydp2yiv1">{divs(letter.quote)}</div></div></div></div>'
        )
    plain = plain_body(
        letter, [f"    {said}  ", " "], dashes=False, mark=" " if letter.style == "top" else "> "
    )
    return plain, page + "</body></html>", {"X-Mailer": "WebService/1.1.24562 YMailNorrin"}


def proton(letter: Letter) -> Made:
    said = letter.attribution("proton")
    page = f'<div style="font-family: Arial, sans-serif; font-size: 14px;">{divs(letter.answer)}</div>'
    if letter.signature:
        page += f'<div class="protonmail_signature_block"><div class="protonmail_signature_block-user">{divs(letter.signature)}</div></div>'
    if letter.quote:
        page += f'<div class="protonmail_quote">{html.escape(said)}<br><blockquote class="protonmail_quote" type="cite">{divs(letter.quote)}</blockquote><br></div>'
    return plain_body(letter, [said, ""], dashes=False), page, {}


def fastmail(letter: Letter) -> Made:
    said = letter.attribution("fastmail")
    page = (
        f"<!DOCTYPE html><html><head><style>p.MsoNormal{{margin:0}}</style></head><body>{divs(letter.answer)}"
    )
    if letter.signature:
        page += f'<div id="sig1"><div class="signature">--</div>{divs(letter.signature)}</div>'
    if letter.quote:
        page += f'<div>{said}</div><blockquote type="cite" id="qt" style="">{divs(letter.quote)}</blockquote>'
    return plain_body(letter, [said]), page + "</body></html>", {"User-Agent": "Cyrus-JMAP/3.11"}


def roundcube(letter: Letter) -> Made:
    said = letter.attribution("roundcube")
    body = mixed_html(
        letter, f'<p id="reply-intro">{said}</p>',
        '<blockquote type="cite" style="padding: 0 0.4em; border-left: #1010ff 2px solid; margin: 0">', "</blockquote>",
        lambda lines: "".join(f"<p>{html.escape(line, quote=False)}</p>" for line in lines if line),
    )  # fmt: skip
    signature = f'<div id="signature">--<br>{brs(letter.signature)}</div>' if letter.signature else ""
    if letter.style == "top" and letter.quote:
        body = body.replace('<p id="reply-intro">', signature + '<p id="reply-intro">', 1)
    else:
        body += signature
    return (
        plain_body(letter, [said]),
        f"<html><body style='font-size: 10pt'>{body}</body></html>",
        {"User-Agent": "Roundcube Webmail/1.6"},
    )


def zimbra(letter: Letter) -> Made:
    head = "".join(f"<b>{label} </b>{html.escape(value)}<br>" for label, value in letter.head())
    page = f'<html><body><div style="font-family: arial">{divs(letter.answer)}'
    if letter.signature:
        page += f'<div><br></div><div data-marker="__SIG_POST__"><div>{brs(letter.signature)}</div></div>'
    if letter.quote:
        page += (
            '<div><br></div><hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__"><blockquote style="border-left:2px solid '
            f'#1010FF;margin-left:5px;padding-left:5px;color:#000">{head}</blockquote></div><div data-marker="__QUOTED_TEXT__"><blockquote '
            f'style="border-left:2px solid #1010FF;margin-left:5px">{divs(letter.quote)}</blockquote></div>'
        )
    original = {"de": "Ursprüngliche Mail", "fr": "Mail original"}.get(
        letter.language, words.ORIGINAL[letter.language]
    )
    plain = block_body(letter, [f"----- {original} -----"])
    return plain, page + "</div></body></html>", {"X-Mailer": "Zimbra 10.0"}


def notes(letter: Letter) -> Made:
    said = {"en": "wrote", "de": "schrieb", "nl": "schreef", "fr": "a écrit"}.get(letter.language, "wrote")
    plain = block_body(letter, [f'-----"{NAME}" <{ADDRESS}> {said}: -----'])
    head = "<br>".join(f"{label} {html.escape(value)}" for label, value in letter.head(date=True))
    page = f'<html><body><font face="Default Sans Serif,Verdana,Arial">{brs(letter.answer)}<br>'
    if letter.signature:
        page += f"<br>{brs(letter.signature)}<br>"
    if letter.quote:
        page += (
            f'<br><font color="#990099">-----{html.escape(f"{chr(34)}{NAME}{chr(34)} <{ADDRESS}>")} {said}: -----</font><div class="iNotesHistory" '
            f'style="padding-left:5px;"><div style="padding-right:0px;padding-left:5px;border-left:solid black 2px;">{head}<br><br>{brs(letter.quote)}</div></div>'
        )
    return plain, page + "</font></body></html>", {"X-Mailer": "HCL Notes Release 12.0"}


def notes_classic(letter: Letter) -> Made:
    labels = dict(
        zip(("from", "sent", "to", "subject"), (pair for pair in letter.head(date=True)), strict=True)
    )
    out = [*letter.answer, ""]
    if letter.signature:
        out += [*letter.signature, ""]
    if letter.quote:
        for key in ("from", "to", "sent", "subject"):
            label, value = labels[key]
            out.append(f"{label}\t{value}")
        out += ["", "", "", *letter.quote]
    return "\n".join(out) + "\n", None, {"X-Mailer": "Lotus Notes Release 8.5.3"}


def samsung(letter: Letter) -> Made:
    app = letter.mobile("samsung")
    separator = f"-------- {words.ORIGINAL[letter.language]} --------"
    page = f'<html><body dir="auto">{divs(letter.answer)}<div dir="auto"><br></div>{divs(letter.signature)}<div id="composer_signature" dir="auto"><div style="font-size:85%;color:#575757">{app}</div></div>'
    if letter.quote:
        head = "".join(f"<div>{label} {html.escape(value)} </div>" for label, value in letter.head(date=True))
        page += (
            '<div dir="auto"><br></div><!-- originalMessage --><div align="left" dir="auto" style="font-size:100%;color:#000000">'
            f"<div>{separator}</div>{head}<div><br></div></div>{divs(letter.quote)}"
        )
    return block_body(letter, [separator], app=app, date=True), page + "</body></html>", {}


def k9(letter: Letter) -> Made:
    said, app = letter.attribution("k9"), letter.mobile("k9")
    page = f'<!DOCTYPE html><html><body><div dir="auto">{brs(letter.answer)}</div>'
    page += f'<div style="white-space: pre-wrap"><div class="k9mail-signature">-- <br>{app}</div></div>'
    if letter.quote:
        page += (
            f'<br><br><div class="gmail_quote"><div dir="auto">{html.escape(said)}</div><blockquote class="gmail_quote" style="margin: 0pt 0pt '
            f'0pt 0.8ex; border-left: 1px solid rgb(204, 204, 204); padding-left: 1ex;">{brs(letter.quote)}</blockquote></div>'
        )
    tail = Letter(letter.language, letter.answer, (app,), "", letter.quote, letter.style)
    return plain_body(tail, [said]), page + "</body></html>", {"User-Agent": "K-9 Mail for Android"}


def exchange_plain(letter: Letter) -> Made:
    return block_body(letter, ["________________________________________"]), None, {}


def outlook_plain(letter: Letter) -> Made:
    separator = f"-----{words.ORIGINAL[letter.language]}-----"
    return block_body(letter, [separator]), None, {"X-Mailer": "Microsoft Outlook 16.0"}


def evolution(letter: Letter) -> Made:
    said = letter.attribution("evolution")
    body = mixed_html(
        letter, f"<div>{said}</div>",
        '<blockquote type="cite" style="margin:0 0 0 .8ex; border-left:2px #729fcf solid;padding-left:1ex">', "</blockquote>", divs,
    )  # fmt: skip
    signature = (
        f"<div><span><pre>-- <br></pre><div>{brs(letter.signature)}</div></span></div>"
        if letter.signature
        else ""
    )
    if letter.style == "top" and letter.quote:
        body = body.replace(f"<div>{said}</div>", signature + f"<div>{said}</div>", 1)
    else:
        body += signature
    return plain_body(letter, [said]), f"<html><body>{body}</body></html>", {"User-Agent": "Evolution 3.54"}


def mutt(letter: Letter) -> Made:
    return plain_body(letter, [letter.attribution("mutt")]), None, {"User-Agent": "Mutt/2.2.13"}


def the_bat(letter: Letter) -> Made:
    return plain_body(letter, [letter.attribution("bat"), ""]), None, {"X-Mailer": "The Bat! (v11.3)"}


#: client -> (function, styles it is used in, whether its quoting marks lines)
CLIENTS: dict[str, tuple[Callable[[Letter], Made], tuple[str, ...]]] = {
    "gmail web": (gmail_web, ("top", "bottom", "inline")),
    "gmail android": (gmail_android, ("top",)),
    "outlook desktop": (outlook_desktop, ("top",)),
    "outlook 2010": (outlook_2010_german_line, ("top",)),
    "outlook line": (outlook_quoting_line, ("top",)),
    "outlook web": (owa, ("top",)),
    "outlook mobile": (outlook_mobile, ("top",)),
    "outlook mac": (outlook_mac, ("top",)),
    "apple mail": (apple_mac, ("top", "inline")),
    "apple ios": (apple_ios, ("top",)),
    "thunderbird": (thunderbird, ("top", "bottom", "inline")),
    "yahoo": (yahoo, ("top",)),
    "proton": (proton, ("top",)),
    "fastmail": (fastmail, ("top",)),
    "roundcube": (roundcube, ("top", "bottom", "inline")),
    "zimbra": (zimbra, ("top",)),
    "notes": (notes, ("top",)),
    "notes classic": (notes_classic, ("top",)),
    "samsung": (samsung, ("top",)),
    "k-9": (k9, ("top", "bottom")),
    "exchange plain": (exchange_plain, ("top",)),
    "outlook plain": (outlook_plain, ("top",)),
    "evolution": (evolution, ("top", "bottom", "inline")),
    "mutt": (mutt, ("top", "bottom", "inline")),
    "the bat": (the_bat, ("top", "bottom")),
}


# ------------------------------------------------------------------------------------------------- MIME


def encoded(value: str) -> str:
    return value if value.isascii() else Header(value, "utf-8").encode()


def part(kind: str, text: str, *, charset: str = "utf-8", how: str = "qp", extra: str = "") -> bytes:
    data = text.replace("\r\n", "\n").replace("\n", "\r\n").encode(charset, "replace")
    if how == "qp":
        name, body = (
            "quoted-printable",
            quopri.encodestring(data.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n"),
        )
    elif how == "base64":
        name, body = "base64", base64.encodebytes(data).replace(b"\n", b"\r\n")
    else:
        name, body = "8bit", data
    head = f"Content-Type: {kind}; charset={charset}{extra}\r\nContent-Transfer-Encoding: {name}\r\n\r\n"
    return head.encode() + body


def multipart(kind: str, parts: list[bytes], boundary: str, extra: str = "") -> bytes:
    out = f'Content-Type: multipart/{kind}; boundary="{boundary}"{extra}\r\n\r\n'.encode()
    for each in parts:
        out += f"--{boundary}\r\n".encode() + each + b"\r\n"
    return out + f"--{boundary}--\r\n".encode()


def head_of(letter: Letter, fields: dict[str, str], number: int) -> bytes:
    lines = {
        "From": f"{encoded(words.NAMES[letter.language])} <{ME}>",
        "To": f"{NAME} <{ADDRESS}>",
        "Subject": encoded(letter.subject),
        "Date": "Mon, 2 Nov 2026 11:02:03 +0100",
        "Message-ID": f"<{number}.{letter.language}@acme.example>",
        "In-Reply-To": "<1@desk.example>",
        "MIME-Version": "1.0",
        **fields,
    }
    return "".join(f"{name}: {value}\r\n" for name, value in lines.items()).encode()


PNG = b'Content-Type: image/png; name="logo.png"\r\nContent-Transfer-Encoding: base64\r\nContent-ID: <logo1>\r\nContent-Disposition: inline; filename="logo.png"\r\n\r\niVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==\r\n'
PDF = b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename*=utf-8''sz%C3%A1mla%20%E2%82%AC.pdf\r\n\r\nJVBERi0xLjQK\r\n"


def bodies_of(made: Made, number: int) -> Iterator[tuple[str, bytes, tuple[str, ...]]]:
    """(structure, body with its Content-Type, attachment names) in the structures that the client has."""
    plain, page, _ = made
    how = ("qp", "base64", "8bit")[number % 3]
    if plain is not None:
        yield "plain", part("text/plain", plain, how=how), ()
    if page is not None:
        yield "html", part("text/html", page, how=how), ()
    if plain is not None and page is not None:
        both = multipart(
            "alternative", [part("text/plain", plain, how=how), part("text/html", page, how=how)], "=_alt"
        )
        yield "both", both, ()
        related = multipart("related", [both, PNG], "=_rel", '; type="multipart/alternative"')
        yield "attached", multipart("mixed", [related, PDF], "=_mix"), ("logo.png", "számla €.pdf")


def letters(language: str, styles: tuple[str, ...]) -> Iterator[tuple[str, Letter]]:
    quote = words.DESK[language]
    signatures = words.SIGNATURES[language]
    for number, answer in enumerate(words.ANSWERS[language]):
        for style in styles:
            if style == "inline" and len(answer) < 2:
                continue
            yield f"{style} {number} bare", Letter(language, answer, (), "", quote, style)
            yield (
                f"{style} {number} signed",
                Letter(language, answer, signatures[number % 2], "", quote, style),
            )
        disclaimer = words.DISCLAIMERS.get(language, "")
        if disclaimer:
            yield f"top {number} disclaimer", Letter(language, answer, signatures[1], disclaimer, quote)
        yield f"new {number}", Letter(language, answer, signatures[number % 2])


def samples(
    clients: tuple[str, ...] | None = None, languages: tuple[str, ...] = words.LANGUAGES
) -> Iterator[Sample]:
    number = 0
    for client in clients or tuple(CLIENTS):
        make, styles = CLIENTS[client]
        for language in languages:
            for kind, letter in letters(language, styles):
                made = make(letter)
                for structure, body, names in bodies_of(made, number):
                    if letter.style != "top" and structure == "html" and client in ("yahoo",):
                        continue
                    number += 1
                    yield Sample(
                        f"{client} {language} {kind} {structure}", language, head_of(letter, made[2], number) + body,
                        "\n".join(letter.answer), letter.subject, names, (*letter.answer[:1], *letter.quote[:1]),
                    )  # fmt: skip
