"""Names of the columns in which a statement is stored."""

from registry.schemes.statements import EnrolmentStatement, NormalisedPerson

PERSON_COLUMNS = NormalisedPerson._fields
ENROLMENT_COLUMNS = EnrolmentStatement._fields
SEALED_COLUMNS = ("national_id", "birth_certificate", "phone")
"""Numbers of people, which are sealed; a column of their hashes (`_hash`) stands beside each."""
VALUE_COLUMNS = (
    "content_digest", "as_sent", "warnings", *PERSON_COLUMNS,
    *(f"enrolment_{name}" for name in ENROLMENT_COLUMNS),
)  # fmt: skip
VERSION_COLUMNS = ("record_id", "batch_id", "row", *VALUE_COLUMNS)
REJECTED_COLUMNS = ("batch_id", "row", "as_sent", "problems")
