"""All tables of the registry in one place, for migrations to compare with."""

from registry import (
    access,
    audit,
    batch_files,
    batches,
    ledger,
    links,
    matching,
    persons,
    reviews,
    source_records,
    staging,
)
from registry.database import Row

METADATA = Row.metadata
TABLES = (
    access.Client,
    audit.AuditEntry,
    batches.Batch,
    batch_files.BatchFile,
    batches.RejectedRowEntry,
    ledger.Chunk,
    links.Link,
    matching.StoredModel,
    persons.Person,
    reviews.Review,
    source_records.RecordVersion,
    source_records.SourceRecord,
    staging.StagedStatement,
)


def is_of_the_queue(name: str | None) -> bool:
    """Whether a table is one of the job queue's own, which the models do not describe."""
    return name is not None and name.startswith("procrastinate_")
