"""All tables of the registry in one place, for migrations to compare with."""

from registry import (
    access,
    audit,
    batch_files,
    batches,
    client_assertions,
    clusters,
    decisions,
    deliveries,
    exchanges,
    findings,
    layouts,
    ledger,
    limits,
    links,
    message_keys,
    officers,
    pairs,
    persons,
    reviews,
    second_factor,
    signing_keys,
    source_records,
    staging,
    standing,
    subscriptions,
    uploads,
    web_sessions,
)
from registry.database import Row
from registry.indicators import snapshot
from registry.matching import models, record_keys

METADATA = Row.metadata
TABLES = (
    access.Client,
    audit.AuditEntry,
    audit.AuditWitness,
    client_assertions.UsedAssertion,
    officers.Officer,
    second_factor.RecoveryCode,
    signing_keys.SigningKey,
    web_sessions.WebSession,
    batches.Batch,
    batch_files.BatchFile,
    batches.RejectedRowEntry,
    clusters.EngineRow,
    decisions.Decision,
    deliveries.Delivery,
    exchanges.Exchange,
    exchanges.Partner,
    findings.Finding,
    layouts.SchemeLayout,
    ledger.Chunk,
    limits.UseCount,
    links.Link,
    models.StoredModel,
    record_keys.CommonKey,
    record_keys.KeyedRecord,
    record_keys.RecordKey,
    message_keys.MessageKey,
    pairs.ScoredPair,
    persons.Person,
    persons.PersonChange,
    reviews.Opinion,
    reviews.Review,
    source_records.RecordVersion,
    snapshot.FigureSnapshot,
    source_records.SourceRecord,
    staging.StagedStatement,
    standing.DecisionPart,
    standing.EngineLink,
    uploads.Upload,
    uploads.UploadPart,
    subscriptions.Subscription,
)


def is_of_the_queue(name: str | None) -> bool:
    """Whether a table is one of the job queue's own, which the models do not describe."""
    return name is not None and name.startswith("procrastinate_")
