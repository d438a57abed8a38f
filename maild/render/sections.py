"""What a mail shows below its sentences, as sections that the text and the HTML layout both lay out.

A section is a tuple `(id, tone, style, heading, body, note)`. `tone`: "" or "strong" (the promise) or
"warn" (a disturbance). `style` says what `body` is: "rows" [(label, value)], "list" [text],
"text" and "quote" text, "steps" [(when, headline, text)], "parts" [(title, text)]. Since both twins read
the same sections, they cannot differ in content.
"""

from __future__ import annotations

from collections.abc import Iterator

from maild.render.pagedata import TO_OTHERS, Page, Section, name_of

#: how much of one older step is repeated in a history
STEP_CHARACTERS = 1200
STEPS = 40


def said(page: Page) -> Iterator[Section]:
    """The agent's words of this step: the news of most mails."""
    message = page.text("message")
    if message:
        actor = page.text("actor")
        heading = page.words("head.message_by", name=actor) if actor else page.words("head.message")
        yield ("message", "", "quote", heading, message, "")


def alert(page: Page) -> Iterator[Section]:
    lines = page.data.get("lines")
    if isinstance(lines, list) and lines:
        yield ("lines", "strong", "list", "", [str(line) for line in lines], "")


def scheduled(page: Page) -> Iterator[Section]:
    when = page.words.when(page.data.get("scheduled_for"), page.zone)
    if when:
        yield (
            "scheduled",
            "strong",
            "rows",
            page.words("head.scheduled"),
            [(page.label("when"), when)],
            "",
        )


#: after the work no promise is open, and an approver was promised nothing
_NO_PROMISE = TO_OTHERS | {"resolved", "closed", "rejected", "merged", "outage_resolved"}


def promise(page: Page) -> Iterator[Section]:
    """Respond by, call back by, resolve by, and why the time counts as it does."""
    if page.notice in _NO_PROMISE:
        return
    given, words = page.table("promise"), page.words
    rows = [
        (page.label(key), when)
        for key in ("call_back_by", "respond_by", "resolve_by")
        if (when := words.when(given.get(key), page.zone))
    ]
    if not rows:
        return
    if given.get("service_level"):
        rows.append((page.label("service_level"), str(given["service_level"])))
    received, note = words.when(given.get("received_at"), page.zone), ""
    if given.get("outside_hours"):
        note = words("promise.outside_at", when=received) if received else words("promise.outside")
    elif received:
        rows.insert(0, (page.label("received_at"), received))
    yield ("promise", "strong", "rows", words("head.promise"), rows, note)


def outages(page: Page) -> Iterator[Section]:
    parts = []
    for row in page.rows("outages"):
        eta = page.words.when(row.get("eta"), page.zone)
        text = str(row.get("text") or "").strip()
        if text == page.text("message"):  # said above already
            text = ""
        if eta and page.notice != "outage_resolved":
            text = f"{text}\n{page.words('outage.eta', when=eta)}".strip()
        parts.append((str(row.get("title") or ""), text))
    if not parts:
        return
    if page.notice == "outage_resolved":
        yield ("outages", "", "parts", page.words("head.outage_over"), parts, "")
    else:
        note = page.words("outage.note") if page.notice == "received" else ""
        yield ("outages", "warn", "parts", page.words("head.outages"), parts, note)


def hints(page: Page) -> Iterator[Section]:
    """The one polite question: what would help us, by the kind of the request."""
    codes, kind, words = page.data.get("hints"), page.data.get("kind") or "", page.words
    if not isinstance(codes, list):
        return
    asks = [words(f"ask.{kind}.{code}") or words(f"ask.{code}") for code in codes]
    asks = [ask for ask in asks if ask]
    if asks:
        yield ("hints", "", "list", words("head.hints"), asks, words("hints.note"))


_NEXT = {
    "received": "wait", "accepted": "wait", "in_progress": "wait", "waiting_customer": "answer_us",
    "awaiting_approval": "approve", "scheduled": "wait", "closed": "nothing", "rejected": "nothing",
    "reopened": "wait", "no_contract": "wait", "suspended": "wait", "complaint": "wait", "adopted": "wait",
    "unknown_sender": "wait", "outage_update": "wait", "merged": "wait", "project": "wait",
    "phone_permission": "answer_us",
}  # fmt: skip


#: these say themselves what comes next, or their reader is not the requester
_NO_NEXT = TO_OTHERS | {"not_entitled", "resolved", "outage_resolved"}


def next_step(page: Page) -> Iterator[Section]:
    words = page.words
    code = page.data.get("next")
    if code is None and page.data.get("phase") in ("awaiting_approval", "waiting_customer"):
        code = "approve" if page.data["phase"] == "awaiting_approval" else "answer_us"
    if page.notice in _NO_NEXT or (page.notice == "reply" and code != "answer_us"):
        return
    if not isinstance(code, str) or not words.has(f"next.{code}"):
        code = _NEXT.get(page.notice, "")
    text = words(f"next.{code}") if code else ""
    if code == "approve":
        names = [row.get("name") or row.get("address") or "" for row in page.rows("approvers")]
        if any(names):
            text = words("next.approve_by", names=", ".join(filter(None, names)))
    if text:
        yield ("next", "", "text", words("head.next"), text, "")


def out_of_scope(page: Page) -> Iterator[Section]:
    shipped = page.words("out_of_scope.text") if page.data.get("out_of_scope") else ""
    text = page.text("out_of_scope_text") or shipped
    if text:
        yield ("out_of_scope", "warn", "text", page.words("head.out_of_scope"), text, "")


def who_may(page: Page) -> Iterator[Section]:
    people = [name_of(row) for row in page.rows("who_may")]
    if people:
        yield ("who_may", "", "list", page.words("head.who_may"), people, "")


def oncall(page: Page) -> Iterator[Section]:
    given, words = page.table("oncall"), page.words
    rows = [
        (page.label(f"oncall_{key}"), str(given[key])) for key in ("phone", "code") if given.get(key)
    ]  # fmt: skip
    if rows:
        note = words("oncall.note") if given.get("code") else words("oncall.note_no_code")
        yield ("oncall", "", "rows", words("head.oncall"), rows, note)


def facts(page: Page) -> Iterator[Section]:
    """The request as it stands with us."""
    data, words = page.data, page.words
    rows: list[tuple[str, str]] = []
    if data.get("number"):
        rows.append((page.label("number"), f"#{data['number']}"))
    if page.echo and page.text("subject"):
        rows.append((page.label("subject"), page.text("subject")))
    if page.text("company_name"):
        rows.append((page.label("company"), page.text("company_name")))
    for key in ("kind", "phase") if page.notice in TO_OTHERS else ("kind", "severity", "phase"):
        if name := words(f"{key}.{data.get(key)}"):
            rows.append((page.label(key), name))
    if page.text("owner") and page.notice not in TO_OTHERS:
        rows.append((page.label("actor"), page.text("owner")))
    for key in ("follow_up_of", "merged_into", "project"):
        if data.get(key):
            number = data[key]
            rows.append((page.label(key), f"#{number}" if str(number).isdecimal() else str(number)))
    minutes = page.table("last_minutes")
    if raw := words.duration(minutes.get("raw")):
        billed = words.duration(minutes.get("billed"))
        worked = words("time.worked_billed", raw=raw, billed=billed) if billed else raw
        rows.append((page.label("time"), worked))
    if rows:
        heading = words("head.facts_other" if page.notice in TO_OTHERS else "head.facts")
        yield ("facts", "", "rows", heading, rows, "")


def attachments(page: Page) -> Iterator[Section]:
    """What arrived with the mail; names are the sender's words and wait for `echo`."""
    files, words = page.rows("attachments"), page.words
    if not files:
        return
    heading = words.count("head.attachments", len(files))
    if not page.echo:
        yield ("attachments", "", "text", "", heading, "")
        return
    items = []
    for row in files:
        size = words.size(row.get("size"))
        name = str(row.get("name") or words("attachment.unnamed"))
        items.append(f"{name} ({size})" if size else name)
    yield ("attachments", "", "list", heading, items, "")


def on_file(page: Page) -> Iterator[Section]:
    known, words = page.table("on_file"), page.words
    rows = [(page.label(key), str(known[key])) for key in ("name", "phone") if known.get(key)]
    addresses = known.get("addresses")
    if isinstance(addresses, list) and addresses:
        rows.append((page.label("addresses"), ", ".join(map(str, addresses))))
    if rows:
        yield ("on_file", "", "rows", words("head.on_file"), rows, words("on_file.note"))


def history(page: Page) -> Iterator[Section]:
    """Everything done so far, the latest first."""
    words, steps = page.words, []
    for row in page.rows("history")[:STEPS]:
        kind, author = str(row.get("type") or ""), str(row.get("author") or "")
        phase = words(f"phase.{row.get('phase')}")
        form = f"step.{kind}" if words.has(f"step.{kind}") else "step.other"
        if kind == "phase" and not phase:
            form = "step.other"
        headline = words(form if author else form + "_nobody", name=author, phase=phase)
        text = str(row.get("text") or "").strip()
        if kind == "consent":  # our log's own words, in its language; what came of it is the phase
            text, headline = "", f"{headline} - {phase}" if phase else headline
        elif kind in ("mail", "call") and not page.echo:
            text = ""
        if len(text) > STEP_CHARACTERS:
            text = text[:STEP_CHARACTERS].rstrip() + " […]"
        steps.append((words.short_when(row.get("at"), page.zone), headline, text))
    if steps:
        yield ("history", "", "steps", words("head.history"), steps, "")


def their_words(page: Page) -> Iterator[Section]:
    """The customer's own text, only where the notice says that it may be repeated."""
    text = page.text("text")
    if text and page.data.get("echo"):
        heading = page.words("head.text_other" if page.notice in TO_OTHERS else "head.text")
        yield ("text", "", "quote", heading, text, "")
