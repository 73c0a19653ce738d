"""All tables of the registry in one place, for migrations to compare with."""

from registry import (
    access,
    audit,
    batches,
    clusters,
    decisions,
    findings,
    links,
    matching,
    pairs,
    persons,
    reviews,
    source_records,
    standing,
)
from registry.database import Row

METADATA = Row.metadata
TABLES = (
    access.Client,
    audit.AuditEntry,
    batches.Batch,
    batches.BatchFile,
    batches.RejectedRowEntry,
    clusters.EngineRow,
    decisions.Decision,
    findings.Finding,
    links.Link,
    matching.StoredModel,
    pairs.ScoredPair,
    persons.Person,
    persons.PersonChange,
    reviews.Opinion,
    reviews.Review,
    source_records.RecordVersion,
    source_records.SourceRecord,
    standing.DecisionPart,
    standing.EngineLink,
)
