"""Tests against the distribution's Dovecot and Postfix."""
