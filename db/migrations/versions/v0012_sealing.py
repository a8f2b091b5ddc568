"""Documents are sealed, each with a key of its own; keys of what is erased are noted, so that they are destroyed after the commit."""

from alembic import op

revision = "0012"
down_revision = "0011"

STATEMENTS = (
    "ALTER TABLE attachment ADD COLUMN is_sealed BOOLEAN DEFAULT 0 NOT NULL",
    "ALTER TABLE retention_run ADD COLUMN journal_no INTEGER",
    "CREATE TABLE erased_key (uid VARCHAR NOT NULL, CONSTRAINT pk_erased_key PRIMARY KEY (uid))",
    """CREATE TRIGGER attachment_key AFTER DELETE ON attachment WHEN old.is_sealed BEGIN
       INSERT OR IGNORE INTO erased_key (uid) VALUES (old.uid); END""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
