"""All tables of the registry in one place, for migrations to compare with."""

from registry import data_keys
from registry.access import (
    client_assertions,
    idempotence,
    limits,
    officer_identities,
    officers,
    principals,
    provider_sign_in,
    second_factor,
    signing_keys,
    web_sessions,
)
from registry.auditing import audit
from registry.database import Row
from registry.indicators import snapshot
from registry.lists import batch_files, batches, layouts, ledger, staging, uploads
from registry.matching import known_words, models, record_keys
from registry.partners import deliveries, exchanges, message_keys, subscriptions
from registry.people import decisions, engines, links, news, pairs, persons, reviews, standing
from registry.records import source_records
from registry.reviewing import findings

METADATA = Row.metadata
TABLES = (
    principals.Client,
    audit.AuditEntry,
    audit.AuditWitness,
    client_assertions.UsedAssertion,
    officers.Officer,
    officer_identities.OfficerIdentity,
    provider_sign_in.SignInAttempt,
    second_factor.RecoveryCode,
    signing_keys.SigningKey,
    web_sessions.WebSession,
    data_keys.DataKey,
    batches.Batch,
    batch_files.BatchFile,
    batches.RejectedRowEntry,
    engines.EngineRow,
    decisions.Decision,
    deliveries.Delivery,
    exchanges.Exchange,
    exchanges.Partner,
    findings.Finding,
    findings.FindingRun,
    layouts.SchemeLayout,
    ledger.Chunk,
    idempotence.KeptAnswer,
    limits.UseCount,
    links.Link,
    models.StoredModel,
    known_words.NameWord,
    record_keys.CommonKey,
    record_keys.KeyedRecord,
    record_keys.RecordKey,
    message_keys.MessageKey,
    pairs.ScoredPair,
    news.PersonNews,
    persons.Person,
    persons.PersonChange,
    reviews.Opinion,
    reviews.Review,
    source_records.RecordVersion,
    snapshot.FigureSnapshot,
    source_records.SourceRecord,
    staging.StagedChunk,
    standing.DecisionPart,
    standing.EngineLink,
    uploads.Upload,
    uploads.UploadPart,
    subscriptions.Subscription,
)


def is_of_the_queue(name: str | None) -> bool:
    """Whether a table is one of the job queue's own, which the models do not describe."""
    return name is not None and name.startswith("procrastinate_")
