from __future__ import annotations

from tests.unit.commands.conftest import TestDesk


def own_folder(desk: TestDesk) -> None:
    desk.config.write_text(desk.config.read_text() + '\n[templates]\nfolder = "mine"\n')


def test_each_mail_is_listed_with_what_is_the_operators_own(desk: TestDesk) -> None:
    own_folder(desk)
    desk.run("template", "copy", "received.j2", "--lang", "hu")
    rows = {r["name"]: r["own"] for r in desk.run("template", "list", "--json").rows}
    assert rows["hu/received.j2"] is True
    assert rows["en/received.j2"] is False
    lines = [line.split("\t") for line in desk.run("template", "list").out.splitlines()]
    assert ["received", "en nl hu de fr", "hu/received.j2"] in lines


def test_preview_shows_the_operators_change_at_once(desk: TestDesk) -> None:
    own_folder(desk)
    desk.run("template", "copy", "closed", "--lang", "en")
    (desk.folder / "mine/en/closed.j2").write_text(
        "{% block title %}All done{% endblock %}{% block body %}Goodbye from us.{% endblock %}"
    )
    shown = desk.run("template", "preview", "closed", "--lang", "en").out
    assert shown.startswith("Subject: ")
    assert "Goodbye from us." in shown
    assert "Goodbye from us." not in desk.run("template", "preview", "closed", "--lang", "nl").out


def test_preview_in_a_language_that_there_is_not_names_those_that_there_are(desk: TestDesk) -> None:
    said = desk.refused("template", "preview", "received", "--lang", "xx")
    assert "there are no mails in 'xx'" in said
    assert all(one in said for one in ("en", "nl", "hu", "de", "fr"))


def test_preview_writes_html_to_a_file(desk: TestDesk) -> None:
    target = desk.folder / "mail.html"
    desk.run("template", "preview", "received", "--lang", "hu", "--html", "-o", str(target))
    assert "<html" in target.read_text(encoding="utf-8")[:500].lower()


def test_check_passes_the_shipped_texts_and_names_what_is_wrong_with_ones_own(desk: TestDesk) -> None:
    assert "fine" in desk.run("template", "check").out
    own_folder(desk)
    desk.run("template", "copy", "closed", "--lang", "en")
    (desk.folder / "mine/en/closed.j2").write_text("{% if %}")
    ran = desk.run("template", "check", ok=False)
    assert ran.code == 1
    assert "en/closed.j2: line 1" in ran.out


def test_copy_never_overwrites_and_stays_in_its_folder(desk: TestDesk) -> None:
    assert "[templates] folder" in desk.refused("template", "copy", "closed")
    own_folder(desk)
    desk.run("template", "copy", "words")
    assert "exists" in desk.refused("template", "copy", "words")
    for name in ("nothing", "../en/closed", "../../config.toml", "..", ""):
        assert "maild ships no" in desk.refused("template", "copy", name)
    assert "template list" in desk.refused("template", "preview", "nothing")
    assert not (desk.folder / "config.toml.j2").exists()
