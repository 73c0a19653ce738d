"""The words for lists: where a batch is in its life, what a column is about."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from api.pages.languages import message
from registry.lists.batches import BatchStatus, Mode
from registry.schemes.fields import Field

STATUSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        BatchStatus.DRAFT: message("waits for you to look at it"),
        BatchStatus.RECEIVED: message("is being read"),
        BatchStatus.HELD: message("held: waits for your word"),
        BatchStatus.PARSED: message("is being linked"),
        BatchStatus.LINKED: message("done"),
        BatchStatus.FAILED: message("could not be taken"),
        BatchStatus.CANCELLED: message("cancelled"),
    }
)
SIGNS: Final[Mapping[str, str]] = MappingProxyType(
    {
        BatchStatus.DRAFT: "maybe",
        BatchStatus.RECEIVED: "",
        BatchStatus.HELD: "maybe",
        BatchStatus.PARSED: "",
        BatchStatus.LINKED: "yes",
        BatchStatus.FAILED: "no",
        BatchStatus.CANCELLED: "",
    }
)
MODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        Mode.DELTA: message("Rows that are new or changed"),
        Mode.SNAPSHOT: message("The whole list: who is not on it any more, leaves the scheme"),
    }
)
FIELDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        Field.RECORD_NUMBER: message("Record number"),
        Field.FAMILY_KHMER: message("Family name in Khmer"),
        Field.GIVEN_KHMER: message("Given name in Khmer"),
        Field.NAME_KHMER: message("Name in Khmer"),
        Field.FAMILY_LATIN: message("Family name in Latin letters"),
        Field.GIVEN_LATIN: message("Given name in Latin letters"),
        Field.NAME_LATIN: message("Name in Latin letters"),
        Field.SEX: message("Sex"),
        Field.BIRTH_DATE: message("Birth date"),
        Field.BIRTH_YEAR: message("Birth year"),
        Field.AGE: message("Age"),
        Field.VILLAGE: message("Village code"),
        Field.NATIONAL_ID: message("National ID"),
        Field.BIRTH_CERTIFICATE: message("Birth certificate"),
        Field.EQUITY_CARD: message("Equity card"),
        Field.PHONE: message("Phone"),
        Field.HOUSEHOLD: message("Household number"),
        Field.RELATIONSHIP: message("Relationship to the head"),
        Field.MOTHER: message("Record number of the mother"),
        Field.CATEGORY: message("Category"),
        Field.VALID_FROM: message("First day"),
        Field.VALID_UNTIL: message("Last day"),
        Field.REGISTERED_ON: message("Day of registration"),
        Field.STATUS: message("Status"),
    }
)
