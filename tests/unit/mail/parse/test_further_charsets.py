# fmt: off
"""Texts under the right label, a wrong one, an unknown one and none are read as they were written."""

from __future__ import annotations

from maild.mail.parse import parse_mail
from tests.cases import cases

#: (Content-Type, text, the charset that it is really in)
TEXTS = [
    ('text/plain; charset=us-ascii', 'Der Drucker in Zimmer 5 druckt nur noch grün und blaß, Größe fällt auf.', 'utf-8'),
    ('text/plain; charset=us-ascii', 'Der Drucker in Zimmer 5 druckt nur noch grün und blaß.', 'cp1252'),
    ('text/plain', 'A nyomtató megint elromlott, kérem, jöjjenek ki: őrült zajt csinál.', 'iso-8859-2'),
    ('text/plain; charset=iso-8859-1', 'A nyomtató megint elromlott, kérem, jöjjenek ki: őrült zajt csinál.', 'iso-8859-2'),
    ('text/plain; charset=iso-8859-1', 'L’imprimante affiche “erreur 49” – que faire ?', 'cp1252'),
    ('text/plain; charset=utf-8', "Le copieur a été déplacé, l'écran reste noir à l'étage.", 'cp1252'),
    ('text/plain; charset=utf-8', 'Drukarka nie działa, proszę o pilną pomoc, świeci się żółta lampka.', 'cp1250'),
    ('text/plain; charset=utf-8', 'Принтер не печатает, помогите, пожалуйста.', 'cp1251'),
    ('text/plain; charset=windows-1251', 'Принтер не печатает, помогите, пожалуйста.', 'utf-8'),
    ('text/plain; charset=koi8-r', 'Принтер не печатает, помогите, пожалуйста.', 'koi8-r'),
    ('text/plain; charset=x-unknown', 'Принтер не печатает, помогите, пожалуйста.', 'koi8-r'),
    ('text/plain; charset=x-user-defined', 'Yazıcı çalışmıyor, lütfen yardım edin, kâğıt sıkıştı.', 'iso-8859-9'),
    ('text/plain; charset=iso-8859-1', 'Yazıcı çalışmıyor, lütfen yardım edin, kâğıt sıkıştı, ışık yanıyor.', 'iso-8859-9'),
    ('text/plain; charset=iso-8859-9', 'Yazıcı çalışmıyor, lütfen yardım edin.', 'iso-8859-9'),
    ('text/plain; charset=iso-8859-7', 'Ο εκτυπωτής δεν λειτουργεί, παρακαλώ βοηθήστε.', 'iso-8859-7'),
    ('text/plain', 'Ο εκτυπωτής δεν λειτουργεί, παρακαλώ βοηθήστε.', 'iso-8859-7'),
    ('text/plain; charset=gb2312', '打印机不能打印，请帮忙看一下。', 'gbk'),
    ('text/plain', '打印机不能打印，请帮忙看一下，谢谢你们的帮助。', 'gbk'),
    ('text/plain; charset=big5', '印表機無法列印，請幫忙。', 'big5'),
    ('text/plain; charset=euc-kr', '프린터가 인쇄되지 않습니다. 도와주세요.', 'euc-kr'),
    ('text/plain; charset=ks_c_5601-1987', '프린터가 인쇄되지 않습니다. 똠방각하', 'cp949'),
    ('text/plain; charset=shift_jis', 'プリンタが動きません。①番です。', 'cp932'),
    ('text/plain; charset=iso-2022-jp', 'プリンタが動きません。', 'iso-2022-jp'),
    ('text/plain; charset=euc-jp', 'プリンタが動きません。至急お願いします。', 'euc-jp'),
    ('text/plain; charset=windows-1255', 'המדפסת לא מדפיסה, אנא עזרו.', 'cp1255'),
    ('text/plain; charset=windows-1256', 'الطابعة لا تطبع، الرجاء المساعدة.', 'cp1256'),
    ('text/plain; charset=tis-620', 'เครื่องพิมพ์ไม่ทำงาน ช่วยด้วย', 'tis-620'),
    ('text/plain; charset=utf8mb4', 'Der Drücker 🖨 klemmt', 'utf-8'),
    ('text/plain; charset="utf-8;"', 'Der Drücker klemmt', 'utf-8'),
    ('text/plain; charset=cp-850', 'Der Drücker klemmt', 'utf-8'),
    ('text/plain; charset=iso-8859-15', 'Das kostet 12 € im Geschäft', 'iso-8859-15'),
    ('text/plain; charset=iso-8859-1', 'Das kostet 12 € im Geschäft', 'cp1252'),
    ('text/plain; charset=macintosh', "Le copieur a été déplacé à l'étage", 'mac-roman'),
    ('text/plain; charset=windows-1252', 'Příliš žluťoučký kůň úpěl, tiskárna nefunguje', 'cp1250'),
    ('text/plain; charset=iso-8859-1', 'Imprimanta nu funcţionează, vă rog ajutaţi-mă să o repornesc', 'iso-8859-2'),
    ('text/plain; charset=utf-8', 'Skrivaren på våning två är trasig, färgen är för mörk', 'cp1252'),
    ('text/plain; charset=us-ascii', 'Tulostin ei toimi, väri on väärä, hätä on suuri', 'cp1252'),
]


@cases(("label", "text", "charset"), TEXTS)
def test_a_text_is_read_as_it_was_written(label: str, text: str, charset: str) -> None:
    head = f"From: Anna <anna@acme.example>\nSubject: x\nMIME-Version: 1.0\nContent-Type: {label}\n"
    raw = f"{head}Content-Transfer-Encoding: 8bit\n\n".encode() + text.encode(charset) + b"\n"
    assert parse_mail(raw).text.strip() == text
