"""The Maildir: whole files, one a mail, however often it is written."""

from __future__ import annotations

import mailbox
import os
from dataclasses import replace
from pathlib import Path

from maild.send.letter import Letter, SendResult
from maild.send.maildir import MaildirSender, file_name
from tests.unit.send.one import send_one

LETTER = Letter(7, "", ("anna@acme.example",), b"Subject: x\r\n\r\nHello\r\n", "<1@desk.example>")


async def test_bytes_stand_in_new_exactly_as_composed(tmp_path: Path) -> None:
    result = await send_one(MaildirSender(tmp_path / "out"), LETTER)
    files = list((tmp_path / "out" / "new").iterdir())
    assert [file.read_bytes() for file in files] == [LETTER.raw]
    assert [row.outcome for row in result.recipients] == ["sent"]
    assert list((tmp_path / "out" / "tmp").iterdir()) == []


async def test_same_mail_written_twice_is_one_file(tmp_path: Path) -> None:
    sender = MaildirSender(tmp_path)
    await send_one(sender, LETTER)
    await send_one(sender, replace(LETTER, again=True))
    assert len(list((tmp_path / "new").iterdir())) == 1


async def test_mail_that_a_reader_moved_on_is_not_written_again(tmp_path: Path) -> None:
    sender = MaildirSender(tmp_path)
    await send_one(sender, LETTER)
    name = file_name(LETTER)
    os.rename(tmp_path / "new" / name, tmp_path / "cur" / f"{name}:2,S")
    await send_one(sender, replace(LETTER, again=True))
    assert list((tmp_path / "new").iterdir()) == []


async def test_batch_is_in_order_of_the_outbox_for_a_mail_reader(tmp_path: Path) -> None:
    letters = [
        replace(LETTER, key=key, message_id=f"<{key}@x>", raw=b"N: %d\r\n\r\n" % key) for key in range(40)
    ]
    results: list[SendResult] = []
    await MaildirSender(tmp_path).send_many(letters, lambda _, result: results.append(result))
    box = mailbox.Maildir(tmp_path)
    assert [box[key]["N"] for key in sorted(box.keys())] == [str(n) for n in range(40)]
    assert len(results) == 40


async def test_folder_that_cannot_be_written_holds_the_mail_and_says_why(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    sender = MaildirSender(tmp_path / "file")
    result = await send_one(sender, LETTER)
    assert "cannot write to the Maildir" in result.unreachable
    assert "cannot write to the Maildir" in await sender.probe()


async def test_probe_of_a_good_folder_says_nothing(tmp_path: Path) -> None:
    assert await MaildirSender(tmp_path / "a" / "b").probe() == ""
