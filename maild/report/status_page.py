"""The known outages as a static page and a JSON feed, for a folder that a web server shows.

Names of companies never stand there: the page is for all customers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from html import escape
from zoneinfo import ZoneInfo

from maild.mail.word_files import words_of
from maild.model import LANGUAGES, OutageFacts
from maild.settings import DeskSettings

#: resolved outages stay on the page for so long
SHOWN_DAYS = 7

_PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="120">
<title>{title}</title>
<link rel="alternate" type="application/feed+json" href="feed.json" title="{title}">
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 44rem; margin: 0 auto; padding: 1rem; }}
header {{ border-bottom: .25rem solid {colour}; }}
article {{ border: 1px solid #8888; border-left: .4rem solid #c62828; border-radius: .3rem; }}
article {{ padding: 0 1rem; margin: 1rem 0; }}
article.over {{ border-left-color: #2e7d32; }}
p.words {{ white-space: pre-line; overflow-wrap: anywhere; }}
small, footer {{ opacity: .75; }}
</style>
</head>
<body>
<header><h1>{title}</h1><p>{summary}</p></header>
<main>
{articles}</main>
<footer><small>{as_of}</small></footer>
</body>
</html>
"""


def shown(outages: Iterable[OutageFacts], now: datetime) -> tuple[OutageFacts, ...]:
    """Those that last, newest first, then those that ended in the last days."""
    recent = now - timedelta(days=SHOWN_DAYS)
    kept = [o for o in outages if o.resolved_at is None or o.resolved_at >= recent]
    return tuple(sorted(kept, key=lambda o: (o.resolved_at is not None, -o.opened_at.timestamp(), -o.id)))


def html_page(outages: Sequence[OutageFacts], desk: DeskSettings, now: datetime) -> str:
    """index.html: times in the desk's zone, words in its language; everything escaped."""
    used = desk.language if desk.language in LANGUAGES else "en"
    words = words_of(used)["status"]
    visible = shown(outages, now)
    running = sum(o.resolved_at is None for o in visible)
    return _PAGE.format(
        language=used,
        title=escape(f"{desk.name}: {words['title']}"),
        colour=escape(desk.colour),
        summary=escape(words["some"] if running else words["none"]),
        articles="".join(_article(o, desk, words, now) for o in visible),
        as_of=escape(f"{words['as_of']} {_local(now, desk)}"),
    )


def _article(outage: OutageFacts, desk: DeskSettings, words: dict[str, str], now: datetime) -> str:
    over = outage.resolved_at is not None
    times = [f"{words['since']} {_local(outage.opened_at, desk)}"]
    if outage.resolved_at is not None:
        times.append(f"{words['over']} {_local(outage.resolved_at, desk)}")
    elif outage.eta is not None and outage.eta > now:
        times.append(f"{words['eta']} {_local(outage.eta, desk)}")
    look = ' class="over"' if over else ""
    text = f'<p class="words">{escape(outage.text)}</p>\n' if outage.text else ""
    return (
        f'<article id="outage-{outage.id}"{look}>\n<h2>{escape(outage.title)}</h2>\n{text}'
        f"<p><small>{escape(' · '.join(times))}</small></p>\n</article>\n"
    )


def _local(at: datetime, desk: DeskSettings) -> str:
    return f"{at.astimezone(ZoneInfo(desk.timezone)):%Y-%m-%d %H:%M}"


def json_feed(outages: Sequence[OutageFacts], desk: DeskSettings, now: datetime) -> str:
    """feed.json: JSON Feed 1.1 (jsonfeed.org), with `_maild` for what it has no field for."""
    items = [
        {
            "id": f"outage-{o.id}",
            "title": o.title,
            "content_text": o.text or o.title,
            "date_published": _iso(o.opened_at),
            **({"date_modified": _iso(o.resolved_at)} if o.resolved_at else {}),
            "_maild": {
                "state": "resolved" if o.resolved_at else "open",
                "eta": _iso(o.eta) if o.eta else None,
                "resolved_at": _iso(o.resolved_at) if o.resolved_at else None,
            },
        }
        for o in shown(outages, now)
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": desk.name,
        "language": desk.language,
        "items": items,
        "_maild": {"as_of": _iso(now), "open": sum(i["_maild"]["state"] == "open" for i in items)},  # type: ignore[index]
    }
    return json.dumps(feed, ensure_ascii=False, indent=1) + "\n"


def atom_feed(outages: Sequence[OutageFacts], desk: DeskSettings, url: str, now: datetime) -> str:
    """status.atom: RFC 4287, an entry an outage. `url`: what the page's addresses begin with."""
    visible = shown(outages, now)
    changed = max((o.resolved_at or o.opened_at for o in visible), default=now)
    entries = "".join(
        f"<entry><id>{escape(f'{url}/status#outage-{o.id}')}</id><title>{escape(o.title)}</title>"
        f"<published>{_iso(o.opened_at)}</published><updated>{_iso(o.resolved_at or o.opened_at)}</updated>"
        f'<link href="{escape(url)}/status"/><content type="text">{escape(o.text or o.title)}</content></entry>\n'
        for o in visible
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f"<id>{escape(url)}/status</id><title>{escape(desk.name)}</title><updated>{_iso(changed)}</updated>\n"
        f"<author><name>{escape(desk.name)}</name></author>"
        f'<link rel="self" href="{escape(url)}/status.atom"/>\n{entries}</feed>\n'
    )


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
