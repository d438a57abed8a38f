"""Which words are the mail's own, and how they read.

Over 300 lines: a table of bodies as mail programs make them.
"""

from __future__ import annotations

import pytest

from maild.mail.parse import parse_mail
from tests.cases import cases
from tests.unit.mail.parse.mails import mail, multipart, part

PLAIN = part("text/plain; charset=utf-8", "The printer is broken.\r\n")
HTML = part("text/html; charset=utf-8", "<p>The printer is <b>broken</b>.</p>")


def text_of(entity: bytes) -> str:
    return parse_mail(mail(entity)).text.strip()


def names_of(entity: bytes) -> list[str]:
    return [a.name for a in parse_mail(mail(entity)).attachments]


def test_alternative_shows_the_plain_part() -> None:
    assert text_of(multipart("alternative", PLAIN, HTML)) == "The printer is broken."
    assert names_of(multipart("alternative", PLAIN, HTML)) == []


@pytest.mark.parametrize(
    "stub",
    [
        "",
        "   \r\n",
        "This is an HTML mail.",
        "Your mail program does not support HTML mails.",
        "Please view this mail in your browser",
    ],
)
def test_stub_gives_way_to_html(stub: str) -> None:
    html = part(
        "text/html; charset=utf-8", "<p>" + "The printer in the second floor is broken again. " * 5 + "</p>"
    )
    assert text_of(multipart("alternative", part("text/plain", stub), html)).startswith(
        "The printer in the second floor"
    )


def test_short_plain_text_is_no_stub() -> None:
    html = part(
        "text/html; charset=utf-8",
        "<html><head><style>p{color:red}</style></head><body><p>ok</p></body></html>",
    )
    assert text_of(multipart("alternative", part("text/plain", "ok"), html)) == "ok"


def test_html_only_becomes_readable() -> None:
    assert text_of(HTML) == "The printer is broken."


def test_texts_of_a_mixed_mail_stand_in_order() -> None:
    entity = multipart(
        "mixed", part("text/plain", "one"), part("text/html", "<p>two</p>"), part("text/plain", "three")
    )
    assert text_of(entity) == "one\n\ntwo\n\nthree"


def test_same_words_twice_side_by_side_are_shown_once() -> None:
    assert text_of(multipart("mixed", PLAIN, HTML)) == "The printer is broken."


def test_inline_image_of_html_stands_in_place() -> None:
    html = part("text/html", '<p>see <img src="cid:i1@x"> here</p>')
    image = part(
        'image/png; name="shot.png"',
        b"\x89PNG",
        "Content-ID: <i1@x>",
        "Content-Disposition: inline",
        encoding="base64",
    )
    entity = multipart("related", html, image)
    assert text_of(entity) == "see [image: shot.png] here"
    found = parse_mail(mail(entity)).attachments
    assert [(a.name, a.inline, a.content_id) for a in found] == [("shot.png", True, "i1@x")]


def test_unnamed_inline_image_is_kept_under_a_made_name() -> None:
    html = part("text/html", '<p>see <img src="cid:i1@x"></p>')
    entity = multipart(
        "related", html, part("image/png", b"\x89PNG", "Content-ID: <i1@x>", encoding="base64")
    )
    assert text_of(entity) == "see [image: image1.png]"
    assert names_of(entity) == ["image1.png"]


def test_images_of_the_unchosen_reading_are_kept() -> None:
    html = part("text/html", '<p>see <img src="cid:i1@x"></p>')
    related = multipart("related", html, part("image/png; name=a.png", b"x", "Content-ID: <i1@x>"))
    entity = multipart("alternative", part("text/plain", "see [cid:i1@x]"), related)
    assert text_of(entity) == "see [image: a.png]"
    assert names_of(entity) == ["a.png"]


def test_inline_image_between_texts_stands_in_place() -> None:
    image = part("image/jpeg; name=p.jpg", b"x", "Content-Disposition: inline; filename=p.jpg")
    entity = multipart("mixed", part("text/plain", "before"), image, part("text/plain", "after"))
    assert text_of(entity) == "before\n\n[image: p.jpg]\n\nafter"


def test_forwarded_mail_is_an_attachment_and_never_merged() -> None:
    inner = b"From: boss@acme.example\r\nSubject: =?utf-8?q?Approv=C3=A9?=\r\n\r\nAPPROVED\r\n"
    entity = multipart("mixed", part("text/plain", "see below"), part("message/rfc822", inner))
    assert text_of(entity) == "see below"
    assert names_of(entity) == ["Apprové.eml"]


def test_attached_text_is_no_body() -> None:
    log = part("text/plain; name=log.txt", "secret", 'Content-Disposition: attachment; filename="log.txt"')
    assert text_of(multipart("mixed", PLAIN, log)) == "The printer is broken."
    assert names_of(multipart("mixed", PLAIN, log)) == ["log.txt"]


def test_named_inline_text_is_the_body_when_there_is_no_other() -> None:
    entity = multipart(
        "mixed", part("text/plain; name=body.txt", "only words", "Content-Disposition: inline")
    )
    assert text_of(entity) == "only words"
    assert names_of(entity) == ["body.txt"]


def test_named_text_on_top_is_read_and_listed() -> None:
    entity = multipart("mixed", part("text/plain; name=mail.txt", "words"), part("text/plain", "list footer"))
    assert text_of(entity) == "words\n\nlist footer"
    assert names_of(entity) == ["mail.txt"]


def test_whole_mail_with_a_file_name_is_still_a_body() -> None:
    assert (
        text_of(part("text/plain; name=x.txt", "words", "Content-Disposition: inline; filename=x.txt"))
        == "words"
    )


def test_flowed_paragraphs_are_joined() -> None:
    body = "This is a \r\nlong line.\r\n> quoted \r\n> too\r\n-- \r\nAnna\r\n"
    assert text_of(part("text/plain; format=flowed", body)) == "This is a long line.\n> quoted too\n-- \nAnna"


def test_flowed_with_delsp_joins_without_a_blank() -> None:
    assert text_of(part("text/plain; format=flowed; delsp=yes", "Donau \r\ndampf\r\n")) == "Donaudampf"


@cases(
    ("declared", "actual"),
    [
        ("utf-8", "utf-8"),
        ("windows-1250", "cp1250"),
        ("iso-8859-2", "iso-8859-2"),
        ("ISO-8859-1", "utf-8"),
        ("us-ascii", "utf-8"),
        ("utf-8", "cp1250"),
        ("no-such-charset", "utf-8"),
        ("utf-8\0x", "utf-8"),
        ("", "utf-8"),
        ("", "cp1250"),
        ("us-ascii", "cp1250"),
        ("unknown-8bit", "cp1250"),
        ('"utf-8"', "utf-8"),
        ("windows-1250?", "cp1250"),
        ("base64", "utf-8"),
        ("idna", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-7", "utf-7"),
        ("iso-8859-1", "cp1250"),
    ],
)
def test_hungarian_words_survive_any_label(declared: str, actual: str) -> None:
    words = "Az árvíztűrő tükörfúrógép és a nyomtató nem működik, őszi esőben sem."
    label = f"; charset={declared}" if declared else ""
    assert text_of(part(f"text/plain{label}", words.encode(actual))) == words


@cases(
    ("declared", "actual", "words"),
    [
        ("gb2312", "gb18030", "打印机坏了，请帮忙。€"),
        ("iso-2022-jp", "iso-2022-jp", "プリンターが壊れました"),
        ("", "iso-2022-jp", "プリンターが壊れました"),
        ("shift_jis", "cp932", "プリンターが①壊れました"),
        ("", "euc_jp", "プリンターが壊れましたのでおねがいします"),
        ("", "gb18030", "打印机坏了，请帮忙。谢谢你的帮助"),
        ("ks_c_5601-1987", "cp949", "프린터가 고장났습니다"),
        ("big5", "big5", "印表機壞了"),
        ("koi8-r", "koi8-r", "Принтер не работает"),
        ("", "cp1251", "Добрый день, принтер не работает, помогите пожалуйста"),
        ("iso-8859-1", "cp1252", "It’s “broken” – 5 €"),
        ("", "cp1252", "Die Größe ist schön, Grüße"),
        ("", "cp1252", "L'été, bien sûr, ça marche où ?"),
        ("iso-8859-1", "latin-1", "L'été, bien sûr, où êtes-vous, déjà août"),
        ("iso-8859-1", "latin-1", "Informações: não há impressão"),
        ("iso-8859-1", "latin-1", "Tõesti väga õige, põder läks üle jõe"),
        ("", "iso-8859-2", "Zażółć gęślą jaźń, proszę"),
        ("", "cp1255", "המדפסת לא עובדת מיום שני, תודה"),
        ("iso-8859-1", "iso8859-8", "Printer HP: המסך שחור"),
        ("", "cp1256", "الطابعة لا تعمل منذ يوم الاثنين، شكرا"),
        ("utf-8", "iso8859-6", "الشاشة سوداء HP"),
        ("shift_jis", "euc_jp", "ﾌﾟﾘﾝﾀｶﾞｳｺﾞｷﾏｾﾝ"),
        ("euc-jp", "euc_jp", "ﾃｽﾄ ﾒｰﾙ"),
        ("shift_jis", "cp932", "ﾌﾟﾘﾝﾀｶﾞｳｺﾞｷﾏｾﾝ"),
        ("iso-8859-1", "cp1250", "Żółć"),
        ("iso-8859-1", "iso-8859-2", "łóżź"),
        # nearest neighbours: Cyrillic of the same bytes, four signs of a Western text
        ("", "cp1251", "жук"),
        ("iso-8859-1", "latin-1", "¿Qué? 5 m³, ½ ó ¾"),
        ("iso-8859-1", "latin-1", "Test: äöüß ÄÖÜ"),
        ("", "cp1250", "Příliš žluťoučký kůň úpěl ďábelské ódy"),
    ],
)
def test_words_of_the_world(declared: str, actual: str, words: str) -> None:
    label = f"; charset={declared}" if declared else ""
    assert text_of(part(f"text/plain{label}", words.encode(actual))) == words


def test_quoted_printable_damage_is_survived() -> None:
    entity = part("text/plain; charset=utf-8", "caf=C3=A9 =XY = \r\nend=", encoding="quoted-printable")
    assert text_of(entity).startswith("café =XY end")


@pytest.mark.parametrize(
    "encoding",
    ["Quoted-Printable", "quoted-printable;", "quoted_printable", '"quoted-printable"', " QUOTED-PRINTABLE "],
)
def test_spellings_of_the_transfer_encoding(encoding: str) -> None:
    assert text_of(part("text/plain; charset=utf-8", "=C3=A9", encoding=encoding)) == "é"


@pytest.mark.parametrize(
    "body",
    [
        "SGVsbG8gd29ybGQ=",
        "SGVsbG8gd29ybGQ",
        "SGVs\r\nbG8g\r\nd29ybGQ=\r\n",
        "SGVs!bG8gd29ybGQ=",
        "SGVsbG8gd29ybG Q=",
        "SGVsbG8=\r\nIHdvcmxk\r\n",
        "SGVsbG8gd29ybGQ=\r\n____________\r\nlist mailing list\r\nlist@x.org\r\n",
    ],
)
def test_base64_damage_is_mended(body: str) -> None:
    raw = mail(part("text/plain", body, "Content-Transfer-Encoding: base64"))
    assert parse_mail(raw).text.strip().startswith("Hello worl")


def test_text_under_a_base64_label_is_shown_as_it_is() -> None:
    assert text_of(
        part("text/plain", "Hello, this is no base64 at all", "Content-Transfer-Encoding: base64")
    ).startswith("Hello, this")


def test_uuencoded_file_in_a_text_becomes_an_attachment() -> None:
    entity = part("text/plain", "look:\r\nbegin 644 a.txt\r\n%:&5L;&\\\r\n`\r\nend\r\nbye\r\n")
    assert text_of(entity) == "look:\n[attachment: a.txt]\nbye"
    assert names_of(entity) == ["a.txt"]


def test_word_begin_in_a_text_is_no_file() -> None:
    words = "begin 644 of something\nand so on\nend"
    assert text_of(part("text/plain", words)) == words


def test_yenc_is_left_alone() -> None:
    words = "=ybegin line=128 size=5 name=a.bin\nr\x8f\x96\x96\x99\n=yend size=5"
    assert "=ybegin line=128" in text_of(part("text/plain; charset=iso-8859-1", words.encode("latin-1")))


def test_enriched_text_loses_its_commands() -> None:
    assert (
        text_of(
            part("text/enriched", "<bold>Hello</bold> <color><param>red</param>world</color>\r\n\r\n<<end")
        )
        == "Hello world\n<end"
    )


def test_rtf_only_mail_is_read() -> None:
    entity = part(
        "application/rtf",
        rb"{\rtf1\ansi\ansicpg1250{\fonttbl{\f0 Arial;}}\f0 Az \'e1rv\'edz.\par M\'e1sodik\u337 ?}",
    )
    assert text_of(entity) == "Az árvíz.\nMásodikő"


def test_markup_under_a_plain_label_is_read_as_html() -> None:
    assert text_of(part("text/plain", "<html><body><p>Hello</p></body></html>")) == "Hello"


def test_signed_mail_shows_its_body_and_lists_the_signature() -> None:
    signature = part("application/pgp-signature", "-----BEGIN PGP SIGNATURE-----")
    entity = multipart("signed", PLAIN, signature)
    assert text_of(entity) == "The printer is broken."
    assert names_of(entity) == ["signature.asc"]
    assert parse_mail(mail(entity)).encrypted == ""


def test_pgp_mime_is_noted_and_kept() -> None:
    data = part("application/octet-stream; name=encrypted.asc", "-----BEGIN PGP MESSAGE-----")
    entity = multipart("encrypted", part("application/pgp-encrypted", "Version: 1"), data)
    assert parse_mail(mail(entity)).encrypted == "pgp"
    assert names_of(entity) == ["encrypted.asc"]


def test_inline_pgp_is_noted() -> None:
    assert parse_mail(mail(part("text/plain", "-----BEGIN PGP MESSAGE-----\r\n\r\nabc"))).encrypted == "pgp"


def test_smime_is_noted_and_kept() -> None:
    entity = part("application/pkcs7-mime; smime-type=enveloped-data", b"\x30\x80", encoding="base64")
    assert parse_mail(mail(entity)).encrypted == "smime"
    assert names_of(entity) == ["smime.p7m"]


def test_invitation_is_understood_and_read() -> None:
    ics = (
        ""
        "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VTIMEZONE\r\nDTSTART:19700101T000000\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\n"
        "SUMMARY:Printer\\, second\r\n  floor\r\nDTSTART;TZID=Europe/Budapest:20261102T093000\r\nDTEND:20261102T083000Z\r\n"
        'ATTENDEE;CN="A: B";PARTSTAT=NEEDS-ACTION:mailto:a@b.com\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n'
    )
    found = parse_mail(mail(part("text/calendar; method=REQUEST; charset=utf-8", ics)))
    assert found.calendar is not None
    assert (found.calendar.method, found.calendar.summary) == ("REQUEST", "Printer, second floor")
    assert found.calendar.start == "2026-11-02 09:30 Europe/Budapest"
    assert found.calendar.end == "2026-11-02 08:30 UTC"
    assert found.text.startswith("Printer, second floor")


def test_answer_to_an_invitation_tells_its_state() -> None:
    ics = (
        ""
        "BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nSUMMARY:x\nATTENDEE;PARTSTAT=DECLINED:mailto:a@b.com\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    entity = multipart("alternative", part("text/plain", "No."), part("text/calendar; method=REPLY", ics))
    found = parse_mail(mail(entity))
    assert found.calendar is not None
    assert (found.calendar.method, found.calendar.reply_state) == ("REPLY", "DECLINED")
    assert found.text.strip() == "No."


def test_missing_end_boundary_keeps_the_last_part() -> None:
    entity = multipart(
        "mixed",
        part("text/plain", "one"),
        part("text/plain; name=a.txt", "two", "Content-Disposition: attachment"),
    )
    cut = entity[: entity.rindex(b"\r\n--")]
    assert text_of(cut) == "one"
    assert names_of(cut) == ["a.txt"]


def test_wrong_boundary_parameter_is_recovered_from_the_body() -> None:
    entity = multipart("mixed", part("text/plain", "one"), part("image/png; name=a.png", "x"))
    _head, _, body = entity.partition(b"\r\n\r\n")
    assert text_of(b"Content-Type: multipart/mixed; boundary=other\r\n\r\n" + body) == "one"
    assert names_of(b"Content-Type: multipart/mixed\r\n\r\n" + body) == ["a.png"]
    assert names_of(b"X-Lost: type\r\n\r\n" + body) == ["a.png"]


def test_multipart_without_any_boundary_is_shown_as_text() -> None:
    assert text_of(b"Content-Type: multipart/mixed; boundary=x\r\n\r\njust words\r\n") == "just words"


def test_text_with_markers_of_ours_cannot_pretend_to_be_quoted() -> None:
    found = parse_mail(mail(part("text/plain; charset=utf-8", "\ue000quote\r\nyes\r\n\ue001")))
    assert "\ue000" not in found.text
    assert "yes" in found.new_text


def test_hidden_words_do_not_count_for_consent() -> None:
    html = '<p>No, wait.</p><div style="display:none">APPROVED</div><p style="color:#fff">yes</p>'
    found = parse_mail(mail(part("text/html", html)))
    assert "APPROVED" not in found.visible_new_text
    assert "yes" not in found.visible_new_text
    assert "No, wait." in found.visible_new_text


def test_only_the_outermost_words_count_for_consent() -> None:
    inner = b"From: boss@acme.example\r\nSubject: x\r\n\r\nAPPROVED\r\n"
    found = parse_mail(mail(multipart("mixed", part("text/plain", "look"), part("message/rfc822", inner))))
    assert "APPROVED" not in found.visible_new_text


def test_what_consent_reads_keeps_the_invisible_characters_of_plain_text() -> None:
    found = parse_mail(mail(part("text/plain; charset=utf-8", "Appr\u200boved\r\n")))
    assert found.visible_new_text.strip() == "Appr\u200boved"
