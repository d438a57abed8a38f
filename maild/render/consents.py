"""Sections of the mails about written consent (SPEC, Written consent): who asks what, and how to answer."""

from __future__ import annotations

from collections.abc import Iterator

from maild.render.pagedata import ASKING, Json, Page, Section, name_of


def consent(page: Page) -> Iterator[Section]:
    """The request itself, what a yes means, how to answer and until when."""
    given = page.table("consent")
    asking = page.notice in ASKING
    if not given and not asking:
        return
    if rows := _rows(page, given):
        yield ("consent", "strong", "rows", page.words("head.consent"), rows, _verified(page, given, asking))
    request = str(given.get("request") or "").strip()
    if request:
        note = page.words("consent.request_cut") if given.get("request_cut") else ""
        yield ("request", "", "quote", page.words("head.request"), request, note)
    if asking:
        yield from _how(page, given)


def _rows(page: Page, given: Json) -> list[tuple[str, str]]:
    words = page.words
    rows = []
    if kind := words(f"consent.kind.{given.get('kind')}"):
        rows.append((page.label("consent_kind"), kind))
    asked_by = name_of({"name": given.get("requester_name"), "address": given.get("requester_address")})
    if asked_by:
        rows.append((page.label("asked_by"), asked_by))
    if given.get("amount") not in (None, ""):
        amount = f"{words.number(given['amount'])} {given.get('currency') or ''}".strip()
        rows.append((page.label("amount"), amount))
    if estimate := _estimate(page, given):
        rows.append((page.label("estimate"), estimate))
    if reason := _reason(page, given.get("reason")):
        rows.append((page.label("reason"), reason))
    if valid := words.day(given.get("valid_until"), page.zone):
        rows.append((page.label("valid_until"), valid))
    if until := words.when(given.get("expires_at"), page.zone):
        rows.append((page.label("expires_at"), until))
    return rows


def _estimate(page: Page, given: Json) -> str:
    minutes, quantum = given.get("estimate_minutes"), given.get("quantum_minutes")
    whole = page.words.duration(minutes)
    if not isinstance(minutes, int) or not isinstance(quantum, int) or quantum <= 0:
        return whole
    units = -(-minutes // quantum)
    return page.words("consent.units", whole=whole, n=units, quantum=quantum)


def _reason(page: Page, reason: object) -> str:
    """A reason given as text stands as it is; a code is said in the mail's language where we have words."""
    text = str(reason or "").strip()
    return page.words(f"reason.{text}") or ("" if _is_code(text) else text)


def _is_code(text: str) -> bool:
    """A name such as "subject_tag" is ours, not a sentence for customers."""
    return (
        text.isascii()
        and text == text.lower()
        and text.replace("_", "-").strip("-").count("-") > 0
        and " " not in text
    )


def _verified(page: Page, given: Json, asking: bool) -> str:
    if not asking or "requester_verified" not in given or page.notice == "approval_confirm":
        return ""
    return page.words("consent.verified" if given["requester_verified"] else "consent.unverified")


def _how(page: Page, given: Json) -> Iterator[Section]:
    words, kind = page.words, str(given.get("kind") or "")
    if page.notice == "approval_confirm":
        kind = "confirm"
    meaning = words(f"consent.means.{kind}") or words("consent.means.other")
    yield ("means", "", "text", words("head.means"), meaning, "")
    rows = [
        (page.label(f"{side}_words"), _choice(page, _decision_words(page, given, side)))
        for side in ("yes", "no")
    ]
    yield ("answer", "strong", "rows", words("head.answer"), rows, words("consent.answer_note"))


def _decision_words(page: Page, given: Json, side: str) -> list[str]:
    """Words of the request, else of the settings in this language, else those this language ships."""
    own = given.get(f"{side}_words")
    if isinstance(own, list) and own:
        return [str(word) for word in own]
    table = page.settings.approval.yes if side == "yes" else page.settings.approval.no
    return list(table.get(page.words.language, ()) or page.words.lists.get(f"consent.{side}_words", ()))


def _choice(page: Page, choice: list[str]) -> str:
    *most, last = choice or [""]
    return ", ".join(most) + page.words("format.or") + last if most else last


def outcome(page: Page) -> Iterator[Section]:
    """Why an answer was not accepted, or why a consent ended."""
    if page.notice not in ("approval_result", "approval_not_accepted", "rejected"):
        return
    if reason := _reason(page, page.data.get("reason")):
        yield ("reason", "warn", "text", page.words("head.reason"), reason, "")


def reference(page: Page) -> str:
    """The token line; it stands in the body only, never in a subject."""
    line = page.table("consent").get("reference_line")
    return str(line) if line else ""
