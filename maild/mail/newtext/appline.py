"""Lines that apps add to what a person wrote: "Sent from my iPhone", "Get Outlook for Android".

What follows the phrase must name a device, an app or a network, or nothing. Known counter-example: "Sent from my
phone they look fine." is the person's sentence.
"""

from __future__ import annotations

from maild.mail.languages.table import phrases
from maild.mail.newtext.lines import BLANK, TEXT, Scan
from maild.mail.newtext.phrasebook import MOBILE, starts_with, words

_LONGEST = 160
_LAST = 12  # filled lines at the end of a segment that are looked at
_FREE = 3  # words beside those below that may follow: names of devices that nobody knows yet
_WORDS = 12

#: what such lines are made of, in the languages that they come in
_DEVICE = frozenset(
    phrases("""
        superhuman | mailspring |
        iphone | ipad | ipod | ios | android | samsung | galaxy | blackberry | outlook | yahoo | proton | huawei | nokia |
        xiaomi | redmi | pixel | motorola | moto | htc | sony | xperia | oneplus | oppo | honor | lg | windows | gmail |
        gmx | web | de | aol | airmail | tuta | tutanota | spark | bluemail | fairemail | aquamail | mail | email | app |
        phone | mobile | cell | smartphone | tablet | device | handheld | wireless | telekom | vodafone | orange |
        verizon | att | network | lte | handy | mobiltelefon | mobilgerät | gerät | telefon | telefonom | mobilom |
        mobil | androidos | készülék | készülékemről | készülékről | telefonomról | mobilomról | telefoon |
        mobiel | mobiele |
        toestel | apparaat | smarttelefon | téléphone | portable | mobiltelefonom | appareil | móvil | celular | cellulare |
        secure | sicher | sichere | sicheren | biztonságos | maillel | levelezővel | beveiligd | beveiligde | sécurisé |
        messagerie | dispositivo | telefono | teléfono | telemóvel | puhelin | telefonu | mobilu | mobilního |
        telefonen | mobilen
    """)
)
_SMALL = frozenset(
    phrases("""
        my | the | a | an | from | for | with | using | via | on | of | in | and | new | pro | max | plus | mini | secure |
        meinem | meiner | mein | von | vom | mit | über | der | die | das | dem | aus | gesendet | verschickt |
        versendet | geschickt | diese | nachricht | wurde | mijn | van | vanaf | met | de | het | een | verzonden |
        verstuurd | mon | ma | depuis | de | du | le | la | envoyé | avec | un | une | à | partir | az | a | egy |
        saját | küldve | küldtem | írtam | küldött | mi | desde | enviado | dal | mio | inviato | da | meu | mojego |
        wysłane | z | odesláno | mého | från | min | skickat | sendt | fra | lähetetty
    """)
)
_SENT = frozenset(
    phrases("""
        secured | sent | gesendet | geschickt | verschickt | versendet | verzonden | verstuurd | gestuurd | envoyé | küldve |
        elküldve | küldött | enviado | inviato | wysłano | wysłane | odesláno | odoslané | skickat | sendt | lähetetty |
        trimis | отправлено | надіслано
    """)
)
_EXCUSE = (
    "typo", "brevity", "short reply", "kürze", "kurz", "tippfehler", "typefout", "beknopt", "kortheid", "fautes",
    "concision", "brièveté", "brevité", "elütés", "rövid", "breve", "brevedad", "brevità", "brevidade", "zwięzł",
    "stručn", "korthet", "kortfatt", "lyhy", "кратк",
)  # fmt: skip


def app_lines_start(scan: Scan, filled: list[int], cut: int) -> int:
    """Take such lines off the end of the filled lines before `cut`."""
    while cut and is_app_line(scan.bare[filled[cut - 1]]):
        cut -= 1
    return cut


def elide_app_lines_within(scan: Scan, filled: list[int]) -> None:
    """An app's line may also stand above what the person wrote below it; only the surest ones go."""
    for i in filled[-_LAST:]:
        bare = scan.bare[i]
        if len(bare) < 60 and bare[-1] not in ".!?" and is_app_line(bare) and _alone(scan, i):
            scan.gone[i] = 1


def is_app_line(bare: str) -> bool:
    """Whether a line is one that an app adds."""
    if len(bare) > _LONGEST or bare[-1] in "?？":
        return False
    low = bare.strip("*_-–—~[(<|> ").lower()
    phrase = starts_with(low, MOBILE)
    if phrase is not None:
        return _names_device(low[len(phrase) :])
    spoken = words(low) if len(low) < 100 else []
    if len(spoken) > 2 and not _SENT.isdisjoint(spoken) and not _DEVICE.isdisjoint(spoken):
        return _names_device(low)
    # Outlook's advertisement differs with every version and language.
    return "outlook" in low and (
        "aka.ms/" in low or (low.count(" ") < 8 and ("ios" in low or "android" in low))
    )


def _names_device(rest: str) -> bool:
    spoken = words(rest)
    if "http" in rest or (len(spoken) < 2 * _WORDS and any(excuse in rest for excuse in _EXCUSE)):
        return True
    strange = sum(word not in _DEVICE and word not in _SMALL for word in spoken)
    # a full stop after words that name no device ends a sentence
    return len(spoken) <= _WORDS and strange <= (1 if rest.rstrip()[-1:] in (".", "!") else _FREE)


def _alone(scan: Scan, index: int) -> bool:
    above = index == 0 or scan.kinds[index - 1] == BLANK
    return above and (index + 1 >= len(scan.kinds) or scan.kinds[index + 1] != TEXT)
