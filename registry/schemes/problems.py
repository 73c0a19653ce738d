"""What can be wrong with a cell, said in English and Khmer.

Codes are stable: others count and translate by them. An error rejects its row; anything else is a
warning, and the row is taken with the cell as sent.
"""

from dataclasses import dataclass
from typing import Final

RECORD_NUMBER_MISSING: Final = "record_number.missing"
RECORD_NUMBER_REPEATED: Final = "record_number.repeated"
NAME_MISSING: Final = "name.missing"
LEGACY_ENCODING: Final = "text.legacy_encoding"
TOO_MANY_CELLS: Final = "row.too_many_cells"
TOO_FEW_CELLS: Final = "row.too_few_cells"

ERRORS: Final = frozenset(
    {
        RECORD_NUMBER_MISSING,
        RECORD_NUMBER_REPEATED,
        NAME_MISSING,
        LEGACY_ENCODING,
        TOO_MANY_CELLS,
    }
)

SENTENCES: Final[dict[str, tuple[str, str]]] = {
    RECORD_NUMBER_MISSING: (
        "The row has no record number.",
        "ជួរនេះគ្មានលេខកំណត់ត្រា។",
    ),
    RECORD_NUMBER_REPEATED: (
        "The record number {value} is already used in row {detail}.",
        "លេខកំណត់ត្រា {value} មានរួចហើយនៅជួរទី {detail}។",
    ),
    "record_number.pattern": (
        "The record number {value} does not have the usual form.",
        "លេខកំណត់ត្រា {value} មិនមានទម្រង់ធម្មតាទេ។",
    ),
    "number.pattern": (
        "The number {value} does not have the form that this scheme's numbers have.",
        "លេខ {value} មិនមានទម្រង់ដូចលេខរបស់កម្មវិធីនេះទេ។",
    ),
    "household.two_heads": (
        "The household already has a head, in row {detail}.",
        "គ្រួសារនេះមានមេគ្រួសាររួចហើយ នៅជួរទី {detail}។",
    ),
    "birth_date.before_mother": (
        "The birth date {value} is earlier than that of the mother, in row {detail}.",
        "ថ្ងៃខែឆ្នាំកំណើត {value} មុនថ្ងៃកំណើតរបស់ម្តាយ នៅជួរទី {detail}។",
    ),
    NAME_MISSING: (
        "The row has no name.",
        "ជួរនេះគ្មានឈ្មោះ។",
    ),
    "name.script": (
        "The name {value} is not in the script that this column should have.",
        "ឈ្មោះ {value} មិនសរសេរជាអក្សរដែលជួរឈរនេះត្រូវការទេ។",
    ),
    LEGACY_ENCODING: (
        "The text {value} is in an old font encoding (Limon): convert the list to Khmer Unicode.",
        "អត្ថបទ {value} ប្រើពុម្ពអក្សរចាស់ (លីមន)៖ សូមបម្លែងបញ្ជីទៅជាខ្មែរយូនីកូដ។",
    ),
    TOO_MANY_CELLS: (
        "The row has more cells than there are headings: a separator may stand inside a value.",
        "ជួរនេះមានក្រឡាច្រើនជាងចំណងជើង៖ ប្រហែលមានសញ្ញាខណ្ឌនៅក្នុងតម្លៃណាមួយ។",
    ),
    TOO_FEW_CELLS: (
        "The row has fewer cells than there are headings: the rest is taken as empty.",
        "ជួរនេះមានក្រឡាតិចជាងចំណងជើង៖ ក្រឡាដែលនៅសល់ចាត់ទុកថាទទេ។",
    ),
    "sex.unknown": (
        "The sex {value} is not known: write male or female.",
        "ភេទ {value} មិនស្គាល់ទេ៖ សូមសរសេរ ប្រុស ឬ ស្រី។",
    ),
    "birth_date.unreadable": (
        "The birth date {value} cannot be read: write day/month/year.",
        "ថ្ងៃខែឆ្នាំកំណើត {value} អានមិនបាន៖ សូមសរសេរ ថ្ងៃ/ខែ/ឆ្នាំ។",
    ),
    "birth_date.impossible": (
        "The birth date {value} cannot be: there is no such day, or it is too long ago.",
        "ថ្ងៃខែឆ្នាំកំណើត {value} មិនអាចមាន៖ គ្មានថ្ងៃនេះ ឬយូរពេក។",
    ),
    "birth_date.future": (
        "The birth date {value} is in the future.",
        "ថ្ងៃខែឆ្នាំកំណើត {value} ស្ថិតនៅអនាគត។",
    ),
    "birth_date.after_statement": (
        "The birth date {value} is later than the date of registration, {detail}.",
        "ថ្ងៃខែឆ្នាំកំណើត {value} ក្រោយថ្ងៃចុះឈ្មោះ {detail}។",
    ),
    "birth_date.conflict": (
        "The birth date says another year than the year of birth, {value}.",
        "ថ្ងៃខែឆ្នាំកំណើតមិនត្រូវនឹងឆ្នាំកំណើត {value} ទេ។",
    ),
    "age.impossible": (
        "The age {value} cannot be: write a number of years.",
        "អាយុ {value} មិនអាចមាន៖ សូមសរសេរចំនួនឆ្នាំ។",
    ),
    "age.undated": (
        "The age {value} says nothing without the date on which it was stated.",
        "អាយុ {value} ប្រើមិនបានទេ ព្រោះគ្មានថ្ងៃដែលបានប្រាប់អាយុនេះ។",
    ),
    "village.unknown": (
        "The village code {value} is not in the gazetteer.",
        "កូដភូមិ {value} មិនមានក្នុងបញ្ជីភូមិឃុំទេ។",
    ),
    "village.unreadable": (
        "The village code {value} cannot be read: write its 8 digits.",
        "កូដភូមិ {value} អានមិនបាន៖ សូមសរសេរលេខ ៨ ខ្ទង់។",
    ),
    "national_id.pattern": (
        "The national ID number {value} does not have 9 digits.",
        "លេខអត្តសញ្ញាណប័ណ្ណ {value} មិនមាន ៩ ខ្ទង់ទេ។",
    ),
    "national_id.placeholder": (
        "The national ID number {value} is one digit repeated, not a number of a card.",
        "លេខអត្តសញ្ញាណប័ណ្ណ {value} ជាលេខតែមួយសរសេរដដែលៗ មិនមែនលេខប័ណ្ណទេ។",
    ),
    "birth_certificate.pattern": (
        "The birth certificate number {value} is not a number.",
        "លេខសំបុត្រកំណើត {value} មិនមែនជាលេខទេ។",
    ),
    "equity_card.pattern": (
        "The equity card number {value} does not have the usual form, as 05090203-8107.",
        "លេខប័ណ្ណសមធម៌ {value} មិនមានទម្រង់ធម្មតា ដូចជា 05090203-8107 ទេ។",
    ),
    "phone.invalid": (
        "The telephone number {value} has too few or too many digits.",
        "លេខទូរស័ព្ទ {value} មានខ្ទង់តិចពេក ឬច្រើនពេក។",
    ),
    "relationship.unknown": (
        "The relationship {value} is not known.",
        "ទំនាក់ទំនង {value} មិនស្គាល់ទេ។",
    ),
    "category.unknown": (
        "The category {value} is not one of this scheme's.",
        "ប្រភេទ {value} មិនមែនជារបស់កម្មវិធីនេះទេ។",
    ),
    "valid_from.unreadable": (
        "The start date {value} cannot be read: write day/month/year.",
        "ថ្ងៃចាប់ផ្តើម {value} អានមិនបាន៖ សូមសរសេរ ថ្ងៃ/ខែ/ឆ្នាំ។",
    ),
    "valid_from.impossible": (
        "The start date {value} cannot be: there is no such day.",
        "ថ្ងៃចាប់ផ្តើម {value} មិនអាចមាន៖ គ្មានថ្ងៃនេះទេ។",
    ),
    "valid_until.unreadable": (
        "The end date {value} cannot be read: write day/month/year.",
        "ថ្ងៃបញ្ចប់ {value} អានមិនបាន៖ សូមសរសេរ ថ្ងៃ/ខែ/ឆ្នាំ។",
    ),
    "valid_until.impossible": (
        "The end date {value} cannot be: there is no such day.",
        "ថ្ងៃបញ្ចប់ {value} មិនអាចមាន៖ គ្មានថ្ងៃនេះទេ។",
    ),
    "valid_until.before_start": (
        "The end date {value} is earlier than the start, {detail}.",
        "ថ្ងៃបញ្ចប់ {value} មុនថ្ងៃចាប់ផ្តើម {detail}។",
    ),
    "registered_on.unreadable": (
        "The date of registration {value} cannot be read: write day/month/year.",
        "ថ្ងៃចុះឈ្មោះ {value} អានមិនបាន៖ សូមសរសេរ ថ្ងៃ/ខែ/ឆ្នាំ។",
    ),
    "registered_on.impossible": (
        "The date of registration {value} cannot be: there is no such day.",
        "ថ្ងៃចុះឈ្មោះ {value} មិនអាចមាន៖ គ្មានថ្ងៃនេះទេ។",
    ),
    "registered_on.future": (
        "The date of registration {value} is in the future.",
        "ថ្ងៃចុះឈ្មោះ {value} ស្ថិតនៅអនាគត។",
    ),
}


@dataclass(frozen=True, slots=True)
class CellProblem:
    """One thing that is wrong with one cell.

    Attributes:
        column: heading of the cell as the file has it; "" when the whole row is meant.
        value: the cell as sent.
        code: stable name of the problem, as `birth_date.future`.
        detail: what the cell is at odds with, where there is such a thing.
    """

    column: str
    value: str
    code: str
    detail: str = ""

    @property
    def is_error(self) -> bool:
        """Whether the row cannot be taken."""
        return self.code in ERRORS

    @property
    def message(self) -> str:
        """The problem in an English sentence."""
        return SENTENCES[self.code][0].format(value=self.value, detail=self.detail)

    @property
    def message_km(self) -> str:
        """The problem in a Khmer sentence."""
        return SENTENCES[self.code][1].format(value=self.value, detail=self.detail)

    def as_json(self) -> dict[str, str]:
        """All there is to say of the problem, for storing and for telling over the wire."""
        return {
            "column": self.column,
            "value": self.value,
            "code": self.code,
            "message": self.message,
            "message_km": self.message_km,
        }
