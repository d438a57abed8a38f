"""Ways out for mail: a Maildir, an SMTP relay. Knows nothing of tickets or of the database."""
