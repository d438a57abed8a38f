"""Polish."""

from __future__ import annotations

from maild.mail.languages.table import Language, phrases

TABLE = Language(
    code="pl",
    openers=phrases("w dniu | dnia | w wiadomości z"),
    verbs=phrases("napisał | napisała | napisał(a) | napisał/a | pisze | napisano | napisali"),
    from_labels=phrases("od | nadawca"),
    sent_labels=phrases("wysłano | data | wysłane | data wysłania | wysłana | wysłany"),
    to_labels=phrases("do | dw | udw | cc | odbiorca | kopia | adresat"),
    subject_labels=phrases("temat | dotyczy"),
    original=phrases("""
        wiadomość oryginalna | oryginalna wiadomość | treść oryginalnej wiadomości | wiadomość źródłowa |
        oryginalny termin | wiadomosc oryginalna
    """),
    forwarded=phrases("""
        przekazana wiadomość | wiadomość przekazana dalej | treść przekazanej wiadomości |
        przekazana dalej wiadomość | początek przekazywanej wiadomości | początek przekazanej wiadomości |
        forwarded message | wiadomość przekazana
    """),
    mobile=phrases("""
        wysłane z | wysłano z | wysłana z | pobierz aplikację outlook | pobierz outlook |
        uzyskaj aplikację outlook | wysłane przez | wysłano przy
    """),
    closings=phrases("""
        pozdrawiam | z poważaniem | pozdrawiam serdecznie | serdecznie pozdrawiam |
        serdeczne pozdrowienia | pozdrowienia | z pozdrowieniami | z wyrazami szacunku |
        łączę pozdrowienia | pzdr | pozdr | z szacunkiem | miłego dnia | dziękuję i pozdrawiam |
        dziękuję, pozdrawiam | best regards / pozdrawiam
    """),
    thanks=phrases("""
        dziękuję | dzięki | z góry dziękuję | dziękuję bardzo | bardzo dziękuję | dziękujemy |
        z góry dziękujemy
    """),
    disclaimers=phrases("""
        ta wiadomość | niniejsza wiadomość | treść tej wiadomości | treść niniejszej |
        informacje zawarte | informacja zawarta | niniejszy e-mail | niniejszy email | wiadomość ta |
        niniejsza korespondencja | jeśli nie są | jeżeli nie jest | jeśli nie jest | klauzula poufności |
        zastrzeżenie | pomyśl o środowisku | zanim wydrukujesz | administratorem danych |
        administratorem pani | sąd rejonowy | nip: | wolne od wirusów
    """),
    disclaimer_words=phrases("""
        poufn | adresat | wyłącznie | omyłkow | zabronion | ujawni | nadawc | usunięci | usunąć |
        rozpowszechnia | kopiowan | odbiorc | prawnie
    """),
    inline_hints=phrases("""
        patrz niżej | poniżej w | odpowiedzi poniżej | na czerwono | na niebiesko | w tekście | w treści |
        poniższa wiadomość | przesyłam | przekazuję
    """),
    reply_prefixes=phrases("re | odp"),
    forward_prefixes=phrases("fw | fwd | pd | przek"),
    vacation_subjects=phrases("""
        automatyczna odpowiedź | odpowiedź automatyczna | autoodpowiedź | poza biurem | nieobecność |
        nieobecny | nieobecna | urlop | jestem na urlopie | wiadomość automatyczna |
        potwierdzenie otrzymania
    """),
    vacation_phrases=phrases("""
        jestem poza biurem | jestem na urlopie | będę nieobecn | jestem nieobecn | przebywam na urlopie |
        wiadomość wygenerowana automatycznie | w pilnych sprawach
    """),
    more_labels=phrases("załączniki | ważność | priorytet"),
)
