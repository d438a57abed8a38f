"""The words of a decision in five languages: those that decide, what may stand beside them, and what makes them unclear.

The configuration adds to some ([approval.yes], [approval.no], [approval.accept], [approval.tails]).
"""

from __future__ import annotations


def listed(text: str) -> frozenset[str]:
    """Words that stand with blanks between."""
    return frozenset(text.split())


#: shipped words; [approval.yes] and [approval.no] add to them
YES: dict[str, tuple[str, ...]] = {
    "en": ("approve", "approved", "yes", "i approve", "yes i approve"),
    "nl": ("akkoord", "goedgekeurd", "ja", "ik ga akkoord"),
    "hu": ("jóváhagyom", "jóváhagyva", "engedélyezem", "engedélyezve", "igen"),
    "de": ("genehmigt", "einverstanden", "ja", "ich genehmige"),
    "fr": ("approuvé", "d'accord", "accord", "oui", "j'approuve"),
}
NO: dict[str, tuple[str, ...]] = {
    "en": ("reject", "rejected", "refuse", "refused", "no", "denied", "i refuse", "i reject"),
    "nl": ("afgekeurd", "nee", "neen", "geweigerd", "niet akkoord"),
    "hu": ("elutasítom", "elutasítva", "nem"),
    "de": ("abgelehnt", "nein", "nicht genehmigt", "nicht einverstanden"),
    "fr": ("refusé", "non", "pas d'accord", "je refuse"),
}
#: words that accept a quote or a cost, beside those of YES; [approval.accept] adds to them. "..." stands for a tail
ACCEPT: dict[str, tuple[str, ...]] = {
    "en": ("accept", "accepted", "agreed", "agree", "i agree"),
    "nl": ("akkoord met", "ga akkoord", "gaan akkoord", "ga akkoord met", "gaan akkoord met", "geaccepteerd"),
    "hu": ("elfogadom", "elfogadjuk", "elfogadva"),
    "de": ("annehmen", "angenommen", "nehme an", "nehmen an", "nehme ... an", "nehmen ... an"),
    "fr": ("accepté", "accepte", "acceptons", "j'accepte", "bon pour accord"),
}
PRONOUNS: dict[str, tuple[str, ...]] = {
    "en": ("i", "we"),
    "nl": ("ik", "wij", "we"),
    "hu": ("én", "mi"),
    "de": ("ich", "wir"),
    "fr": ("je", "nous"),
}
#: what a word may be said of; [approval.tails] adds to them
TAILS: dict[str, tuple[str, ...]] = {
    "en": (
        "it", "this", "the request", "this request", "your request", "your offer", "the offer", "this offer", "your quote",
        "the quote", "this quote", "your quotation", "the quotation", "the costs", "these costs",
    ),
    "nl": (
        "het verzoek", "dit verzoek", "de aanvraag", "de offerte", "uw offerte", "jullie offerte", "deze offerte",
        "het aanbod", "uw aanbod", "met de offerte", "met uw offerte", "met deze offerte", "met het aanbod",
        "met uw aanbod", "met het verzoek", "met dit verzoek", "de kosten", "met de kosten",
    ),
    "hu": (
        "a kérést", "a kérelmet", "az ajánlatot", "az árajánlatot", "ajánlatukat", "az ajánlatukat",
        "az árajánlatukat", "a költséget", "a költségeket",
    ),
    "de": (
        "die anfrage", "diese anfrage", "den antrag", "das angebot", "ihr angebot", "dieses angebot", "euer angebot",
        "die kosten", "mit dem angebot", "mit ihrem angebot", "mit den kosten",
    ),
    "fr": (
        "la demande", "cette demande", "l'offre", "votre offre", "cette offre", "le devis", "votre devis", "ce devis",
        "les frais", "pour l'offre", "pour le devis",
    ),
}  # fmt: skip
#: what may follow a yes alone
ONWARD: dict[str, tuple[str, ...]] = {
    "en": ("go ahead", "please go ahead", "please proceed", "proceed"),
    "nl": ("ga je gang", "ga uw gang", "gaat uw gang", "ga maar door"),
    "hu": ("mehet", "jöhet"),
    "de": ("bitte ausführen", "bitte umsetzen", "legen sie los"),
    "fr": ("allez-y", "vous pouvez y aller"),
}
GREETINGS: dict[str, tuple[str, ...]] = {
    "en": (
        "hi", "hello", "dear", "thanks", "thank you", "thank you very much", "many thanks", "thanks a lot", "thx", "cheers",
        "regards", "kind regards", "best regards", "warm regards", "best wishes", "best", "sincerely", "yours sincerely",
        "yours faithfully", "have a nice day", "have a nice weekend", "with kind regards", "with best regards",
    ),
    "nl": (
        "hallo", "beste", "dag", "dank", "dank u", "dank je", "dank u wel", "dank je wel", "bedankt", "alvast bedankt",
        "groet", "groeten", "groetjes", "met vriendelijke groet", "met vriendelijke groeten", "vriendelijke groet",
        "vriendelijke groeten", "mvg", "hartelijke groet", "hartelijke groeten", "fijne dag",
    ),
    "hu": (
        "szia", "sziasztok", "helló", "kedves", "tisztelt", "köszönöm", "köszönjük", "köszi", "köszönöm szépen", "üdv",
        "üdvözlettel", "üdvözlet", "tisztelettel", "szép napot", "további szép napot", "jó munkát", "előre is köszönöm",
    ),
    "de": (
        "hallo", "guten tag", "liebe", "lieber", "danke", "danke schön", "vielen dank", "besten dank", "gruß", "grüße",
        "viele grüße", "beste grüße", "liebe grüße", "mit freundlichen grüßen", "freundliche grüße", "mfg", "lg", "vg",
        "schönen tag", "schönes wochenende", "hochachtungsvoll",
    ),
    "fr": (
        "bonjour", "merci", "merci beaucoup", "merci d'avance", "cordialement", "bien cordialement", "salutations",
        "meilleures salutations", "bien à vous", "bonne journée", "bonne soirée", "bon week-end",
    ),
}  # fmt: skip
#: in a line of a signature they say that it is none: negation, condition, doubt
UNCLEAR = listed("""
    not don't dont doesn't isn't cannot can't cant won't never
    but however if unless except only maybe perhaps
    niet geen nooit maar echter mits tenzij behalve misschien alleen als
    ne se nincs sem de azonban viszont ha hacsak kivéve talán csak
    nicht kein keine keinen nie aber jedoch falls wenn außer vielleicht nur
    sofern pas jamais mais cependant si sauf peut-être seulement
""")
#: ... and of what a condition is made, beside those
CONDITIONS = listed("""
    until till after wait later tomorrow pending provided conditional conditionally
    cancel cancelled canceled stop hold false ask without too also wrong withdraw
    wacht wachten eerst morgen totdat nadat zonder ook vooralsnog
    várj várjon várjanak előbb holnap később amíg soha nélkül majd
    erst warte warten zuerst später vorerst nachdem bevor ohne auch niemals
    attendez attendre demain après jusqu'à seule seules sans aussi d'abord
""")
#: small words of names and addresses, which in another language are some of these; and initials
IN_NAMES = listed("de ne se")
INITIALS = listed("si ha als me")
#: who refuses in a signature says more than one word of a table; these stand in "Reg. No.", "non profit"
SHORT_NO = listed("no non nem nee neen nein")
#: with which a line adds to the one above it
ADDING = listed("and or plus en és vagy und oder et ou")
#: what is asked of anybody who reads a signature
INVITES = listed("linkedin follow connect book")
#: in a sentence that begins with the word they say that it asks for more than what was asked about
ADDS = listed("""
    also too additionally besides another plus
    ook eveneens tevens daarnaast nog
    szintén továbbá még valamint
    auch ebenfalls zudem ausserdem zusätzlich noch
    aussi également ainsi encore
""")
