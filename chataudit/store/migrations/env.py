"""What Alembic runs: the migrations, on the connection that it was given."""

from alembic import context

from chataudit.store.schema import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA, transactional_ddl=True)
context.run_migrations()
