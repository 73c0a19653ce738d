"""All tables of the registry in one place, for migrations to compare with."""

from registry import access, audit, batches, links, matching, persons, reviews, source_records
from registry.database import Row

METADATA = Row.metadata
TABLES = (
    access.Client,
    audit.AuditEntry,
    batches.Batch,
    batches.BatchFile,
    batches.RejectedRowEntry,
    links.Link,
    matching.StoredModel,
    persons.Person,
    reviews.Review,
    source_records.RecordVersion,
    source_records.SourceRecord,
)
