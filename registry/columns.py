"""Names of the columns in which a statement is stored."""

from registry.schemes.statements import EnrolmentStatement, NormalisedPerson

PERSON_COLUMNS = NormalisedPerson._fields
ENROLMENT_COLUMNS = EnrolmentStatement._fields
VALUE_COLUMNS = (
    "content_sha256", "as_sent", "warnings", *PERSON_COLUMNS,
    *(f"enrolment_{name}" for name in ENROLMENT_COLUMNS),
)  # fmt: skip
STATEMENT_COLUMNS = ("batch_id", "row", "scheme_record_id", *VALUE_COLUMNS)
"""What the lines of statements hold, from parsing until they are taken."""
VERSION_COLUMNS = ("record_id", "batch_id", "row", *VALUE_COLUMNS)
REJECTED_COLUMNS = ("batch_id", "row", "as_sent", "problems")
