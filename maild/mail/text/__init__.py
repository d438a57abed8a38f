"""One home for what every room must read in the same way: characters that nobody sees (`characters`), text made
fit to keep or to show (`clean`), addresses (`addresses`), subjects with their tags and prefixes (`subjects`).

Pure, below everything else; the wire rooms may import it, too. A list of these kinds that stands anywhere else
will differ from the one here sooner or later: tests/unit/mail/text holds the users to it.
"""
