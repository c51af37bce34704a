"""The migrations of the database, in Alembic's form."""
