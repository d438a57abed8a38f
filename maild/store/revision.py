"""The schema's version, by itself: what only reads asks for it before anything else."""

#: the newest revision under migrations/versions; a test holds it equal to Alembic's head
REVISION = "0018"
