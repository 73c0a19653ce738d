"""Names of the columns in which a statement is stored."""

from dataclasses import fields

from registry.schemes.statements import EnrolmentStatement, NormalisedPerson

PERSON_COLUMNS = tuple(field.name for field in fields(NormalisedPerson))
ENROLMENT_COLUMNS = tuple(field.name for field in fields(EnrolmentStatement))
VALUE_COLUMNS = (
    "content_sha256", "as_sent", "warnings", *PERSON_COLUMNS,
    *(f"enrolment_{name}" for name in ENROLMENT_COLUMNS),
)  # fmt: skip
STAGED_COLUMNS = ("batch_id", "row", "scheme_record_id", *VALUE_COLUMNS)
REJECTED_COLUMNS = ("batch_id", "row", "as_sent", "problems")
