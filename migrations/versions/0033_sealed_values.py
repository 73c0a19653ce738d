"""National IDs, phones and birth certificates, rows and files as sent: sealed under data keys.

What is there is sealed in batches, and every table that held it is written anew, so that nothing of
it is left in its file. Stored keys of the engine were made without a secret: they are thrown away,
and the next run makes them anew. Lists that are being read, or are held, are read anew. WAL and
backups from before keep what they hold: see docs/operations.md.
"""

import base64
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any

import sqlalchemy as sa
from alembic import op

from registry import key_holder
from registry.key_holder import ENGINE, MATCH, SEAL, opened, said_of
from registry.sealer import Sealer

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

AT_ONCE = 20_000
ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
Change = Callable[[Sealer, Any], Any]


@dataclass(frozen=True)
class Column:
    """A column before and after: how what is in it is sealed, and opened again."""

    old: str
    kind: str
    new: str
    seal: Change
    open: Change
    is_needed: bool = True


@dataclass(frozen=True)
class Table:
    """A table, its primary key, and its columns that are sealed."""

    name: str
    keys: tuple[str, ...]
    columns: tuple[Column, ...]


def _json(name: str, what: str, *, is_needed: bool = True) -> Column:
    return Column(
        name, "jsonb", name, lambda sealer, text: sealer.seal(text.encode(), what),
        lambda sealer, sealed: sealer.open(sealed, what).decode(), is_needed,
    )  # fmt: skip


def _number(name: str, *, is_needed: bool = False) -> Column:
    return Column(
        name, "text", name, lambda sealer, text: sealer.seal_number(text, name),
        lambda sealer, sealed: sealer.open(sealed, name).decode(), is_needed,
    )  # fmt: skip


def _digest(old: str, new: str) -> Column:
    """Of a digest that was made one with a key, nothing but itself comes back."""
    return Column(
        old, "text", new, lambda sealer, text: sealer.digest_again(bytes.fromhex(text)),
        lambda _, digest: digest.hex(),
    )  # fmt: skip


WARNINGS = Column(
    "warnings", "jsonb", "warnings",
    lambda sealer, text: None if text == "[]" else sealer.seal(text.encode(), "problems"),
    lambda sealer, sealed: sealer.open(sealed, "problems").decode(), is_needed=False,
)  # fmt: skip
NUMBERS = ("national_id", "birth_certificate", "phone")
VERSIONS = Table(
    "record_version", ("id",),
    (_digest("content_sha256", "content_digest"), _json("as_sent", "as_sent"), WARNINGS,
     *map(_number, NUMBERS)),
)  # fmt: skip
TABLES = (
    VERSIONS,
    Table("batch", ("id",), (_number("sha256", is_needed=True),)),
    Table("rejected_row", ("batch_id", "row"),
          (_json("as_sent", "as_sent"), _json("problems", "problems"))),
    Table("batch_chunk", ("batch_id", "number"), (_json("problems", "problems"),)),
    Table("delivery", ("id",), (_json("body", "message", is_needed=False),)),
    Table("subscription", ("id",), (_json("asked", "question"),)),
    Table("kept_answer", ("caller", "key"),
          (_json("body", "answer", is_needed=False), _digest("request_sha256", "request_digest"))),
)  # fmt: skip
LONG = (("batch_file", ("batch_id", "piece")), ("upload_part", ("upload_id", "start")))
HASHED = {"record_version": NUMBERS, "batch": ("sha256",)}
FORGET = (
    """DELETE FROM batch_chunk c USING batch b
    WHERE b.id = c.batch_id AND b.status IN ('received', 'held')""",
    """DELETE FROM rejected_row x USING batch b
    WHERE b.id = x.batch_id AND b.status IN ('received', 'held')""",
    """UPDATE batch SET status = 'received', read_at = NULL, confirmed_at = NULL, rows_read = 0,
    rows_rejected = 0, records_ending = 0 WHERE status IN ('received', 'held')""",
    "TRUNCATE staged_chunk, record_key, keyed_record, common_key",
)
CAUSES = {
    "national_id": "kind = 'national_id_of_two'",
    "birth_certificate": "kind = 'birth_claimed_twice' AND cause <> 'cases'",
}
STANDING = "status NOT IN ('failed', 'cancelled')"


def upgrade() -> None:
    """Apply."""
    sealer = _make_keys()
    for statement in FORGET:
        op.execute(statement)
    for table in TABLES:
        _rewrite(table, [(one.old, one.new, "bytea", one.seal) for one in table.columns], sealer)
        for column in table.columns:
            op.alter_column(table.name, column.new, nullable=not column.is_needed)
    for name, keys in LONG:
        op.execute(f"ALTER TABLE {name} ALTER COLUMN content SET STORAGE EXTERNAL")
        _rewrite_long(name, keys, lambda content: sealer.seal(content, "list"))
    _hash_causes(sealer)
    op.execute("ALTER TABLE record_version ALTER COLUMN as_sent SET STORAGE EXTERNAL")
    for name, columns in HASHED.items():
        hashes = ", ".join(
            f"ADD COLUMN {column}_hash bytea"
            f" GENERATED ALWAYS AS (substring({column}, 3, 12)) STORED"
            for column in columns
        )
        op.execute(f"ALTER TABLE {name} {hashes}")
    _index("_hash")
    op.alter_column("batch", "sha256_hash", nullable=False)
    _leave_nothing()


def downgrade() -> None:
    """Take back."""
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT id, purpose, sealed FROM data_key")).all()
    keys = [(number, purpose, bytes(sealed)) for number, purpose, sealed in rows]
    sealer = Sealer(opened(keys, key_holder.of(connection).keyring()))
    for statement in FORGET:
        op.execute(statement)
    for name, columns in HASHED.items():
        for column in columns:
            op.drop_column(name, f"{column}_hash")
    for table in TABLES:
        _rewrite(table, [(one.new, one.old, one.kind, one.open) for one in table.columns], sealer)
        for column in table.columns:
            op.alter_column(table.name, column.old, nullable=not column.is_needed)
    op.execute("UPDATE record_version SET warnings = '[]' WHERE warnings IS NULL")
    op.alter_column("record_version", "warnings", nullable=False)
    for name, held in LONG:
        op.execute(f"ALTER TABLE {name} ALTER COLUMN content SET STORAGE EXTENDED")
        _rewrite_long(name, held, lambda content: sealer.open(content, "list"))
    _index("")
    op.drop_table("data_key")


def _make_keys() -> Sealer:
    """The table of data keys, with those of this installation."""
    op.create_table(
        "data_key",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column(
            "made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_key")),
    )
    op.execute("REVOKE ALL ON data_key FROM registry_api, registry_people")
    op.execute("GRANT SELECT ON data_key TO PUBLIC")
    connection = op.get_bind()
    ring, rows = key_holder.of(connection).keyring(), []
    put = sa.text("INSERT INTO data_key (purpose, sealed) VALUES (:purpose, :sealed)")
    for number, purpose in enumerate((SEAL, MATCH, ENGINE), start=1):
        key = os.urandom(32)
        plain = base64.b64encode(key)[:16] if purpose == ENGINE else key
        rows.append((number, purpose, ring.seal(plain, said_of(number))))
        connection.execute(put, {"purpose": purpose, "sealed": rows[-1][2]})
    return Sealer(opened(rows, ring))


def _hash_causes(sealer: Sealer) -> None:
    """Causes of findings that are numbers of people become their hashes."""
    connection = op.get_bind()
    put = sa.text("UPDATE finding SET cause = :hash WHERE id = :id")
    for field, which in CAUSES.items():
        found = connection.execute(sa.text(f"SELECT id, cause FROM finding WHERE {which}"))
        hashes = [{"id": one, "hash": sealer.hash(cause, field).hex()} for one, cause in found]
        if hashes:
            connection.execute(put, hashes)


def _index(behind: str) -> None:
    for name in ("national_id", "birth_certificate"):
        op.create_index(
            f"ix_record_version_{name}{behind}", "record_version", [f"{name}{behind}"],
            postgresql_where=sa.text(f"superseded_at IS NULL AND {name}{behind} IS NOT NULL"),
        )  # fmt: skip
    op.create_index(
        "uq_batch_file", "batch", ["scheme", f"sha256{behind}", "mode", "layout_digest"],
        unique=True, postgresql_where=sa.text(STANDING),
    )  # fmt: skip


def _leave_nothing() -> None:
    """Write tables anew whose files, and whose statistics, still hold what was there."""
    for table in ("finding", *(name for name, _ in LONG),
                  *(table.name for table in TABLES if table.name not in HASHED)):  # fmt: skip
        op.execute(f"CLUSTER {table} USING pk_{table}")
    for table in ("finding", *(table.name for table in TABLES)):
        op.execute(f"ANALYZE {table}")


def _rewrite(table: Table, columns: Sequence[tuple[str, str, str, Change]], sealer: Sealer) -> None:
    """Put columns in the place of others: old name, new name, its type, and what is made of it."""
    keys = ", ".join(f'"{name}"' for name in table.keys)
    add = ", ".join(f"ADD COLUMN rewritten_{new} {kind}" for _, new, kind, _ in columns)
    op.execute(f"ALTER TABLE {table.name} {add}")
    op.execute(f"CREATE TEMPORARY TABLE rewritten AS SELECT {keys} FROM {table.name} LIMIT 0")
    op.execute(f"ALTER TABLE rewritten {add}")
    _fill(table, columns, sealer)
    same = " AND ".join(f't."{name}" = r."{name}"' for name in table.keys)
    put = ", ".join(f"rewritten_{new} = r.rewritten_{new}" for _, new, _, _ in columns)
    op.execute("ANALYZE rewritten")
    op.execute(f"UPDATE {table.name} t SET {put} FROM rewritten r WHERE {same}")
    op.execute("DROP TABLE rewritten")
    for old, new, _, _ in columns:
        op.drop_column(table.name, old)
        op.alter_column(table.name, f"rewritten_{new}", new_column_name=new)


def _fill(table: Table, columns: Sequence[tuple[str, str, str, Change]], sealer: Sealer) -> None:
    """Read all rows, some at a time, and keep what is made of them."""
    driver = op.get_bind().connection.driver_connection
    is_sealed = columns[0][2] != "bytea"
    read = [f'"{name}"' for name in table.keys]
    read += [f'"{old}"' if is_sealed else f'"{old}"::text' for old, _, _, _ in columns]
    changes = [change for _, _, _, change in columns]
    width = len(table.keys)

    def line(row: Sequence[Any]) -> str:
        made = [
            None if value is None else change(sealer, bytes(value) if is_sealed else value)
            for value, change in zip(row[width:], changes, strict=True)
        ]
        return "\t".join(map(_field, (*row[:width], *made))) + "\n"

    with driver.cursor(name="to_rewrite") as cursor, driver.cursor() as writer:
        cursor.execute(f"SELECT {', '.join(read)} FROM {table.name}")
        while rows := cursor.fetchmany(AT_ONCE):
            writer.copy_expert("COPY rewritten FROM STDIN", StringIO("".join(map(line, rows))))


def _field(value: object) -> str:
    if value is None:
        return r"\N"
    return rf"\\x{value.hex()}" if isinstance(value, bytes) else str(value).translate(ESCAPES)


def _rewrite_long(table: str, keys: Sequence[str], change: Callable[[bytes], bytes]) -> None:
    """Change long contents in their place, one by one."""
    connection = op.get_bind()
    held = ", ".join(f'"{name}"' for name in keys)
    same = " AND ".join(f'"{name}" = :{name}' for name in keys)
    put = sa.text(f"UPDATE {table} SET content = :content WHERE {same}")
    for row in connection.execute(sa.text(f"SELECT {held} FROM {table}")).all():
        which = dict(zip(keys, row, strict=True))
        content = connection.scalar(sa.text(f"SELECT content FROM {table} WHERE {same}"), which)
        connection.execute(put, {**which, "content": change(bytes(content))})
