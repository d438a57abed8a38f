"""What was made of a mail goes when the mail is done: garbage that waits for the collector fills the processor's caches."""

from __future__ import annotations

import gc

from maild.notice.content import freeze, registry
from maild.render import Templates, render_notice
from maild.render.preview import samples
from maild.settings import Settings
from maild.steps import whole


def test_rendering_leaves_nothing_to_the_collector() -> None:
    templates, settings = Templates(), Settings()
    mails = [(notice, freeze(next(samples(templates, "en", notice))[1])) for notice in registry()]

    def garbage(notice: str, data: dict[str, object]) -> int:
        whole(render_notice(notice, "en", data, settings, templates))
        return gc.collect()

    for notice, data in mails:  # what is kept of a template is made now
        whole(render_notice(notice, "en", data, settings, templates))
    gc.disable()
    gc.collect()
    gc.freeze()  # what others made need not be gone through each time
    try:
        assert {notice: left for notice, data in mails if (left := garbage(notice, data))} == {}
    finally:
        gc.unfreeze()
        gc.enable()
