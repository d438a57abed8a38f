"""The languages that the desk writes; alone, since what only looks at the configuration needs nothing else."""

LANGUAGES = ("en", "nl", "hu", "de", "fr")
