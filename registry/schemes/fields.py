"""What a column of a list can be about."""

from enum import StrEnum


class Field(StrEnum):
    """The meaning of a column.

    `registered_on` is the day on which the scheme wrote the row down: both the statement's date
    and, where no other column says it, the first day of the enrolment.
    """

    RECORD_NUMBER = "record_number"
    FAMILY_KHMER = "family_khmer"
    GIVEN_KHMER = "given_khmer"
    NAME_KHMER = "name_khmer"
    FAMILY_LATIN = "family_latin"
    GIVEN_LATIN = "given_latin"
    NAME_LATIN = "name_latin"
    SEX = "sex"
    BIRTH_DATE = "birth_date"
    BIRTH_YEAR = "birth_year"
    AGE = "age"
    VILLAGE = "village"
    NATIONAL_ID = "national_id"
    BIRTH_CERTIFICATE = "birth_certificate"
    EQUITY_CARD = "equity_card"
    PHONE = "phone"
    HOUSEHOLD = "household"
    RELATIONSHIP = "relationship"
    MOTHER = "mother"
    CATEGORY = "category"
    VALID_FROM = "valid_from"
    VALID_UNTIL = "valid_until"
    REGISTERED_ON = "registered_on"
    STATUS = "status"


NAME_FIELDS = (
    Field.FAMILY_KHMER,
    Field.GIVEN_KHMER,
    Field.NAME_KHMER,
    Field.FAMILY_LATIN,
    Field.GIVEN_LATIN,
    Field.NAME_LATIN,
)

VOCABULARY: dict[Field, str] = {
    Field.FAMILY_KHMER: "គោត្តនាម|នាមត្រកូល|ត្រកូល|family name kh|family name khmer"
    "|surname kh|surname khmer|last name kh|last name khmer",
    Field.GIVEN_KHMER: "នាម|នាមខ្លួន|given name kh|given name khmer|first name kh|first name khmer",
    Field.NAME_KHMER: "គោត្តនាម និងនាម|គោត្តនាម នាម|គោត្តនាម-នាម|នាមត្រកូល និងនាម|នាមត្រកូល និងនាមខ្លួន"
    "|ឈ្មោះ|ឈ្មោះខ្មែរ|ឈ្មោះពេញ|នាម និងគោត្តនាម|ឈ្មោះជាភាសាខ្មែរ|ឈ្មោះអក្សរខ្មែរ|name kh|name khmer"
    "|khmer name|full name khmer|full name kh|name in khmer",
    Field.FAMILY_LATIN: "surname|last name|family name|family name en|family name latin"
    "|surname latin|surname en|last name en|last name latin|គោត្តនាមឡាតាំង|នាមត្រកូលឡាតាំង",
    Field.GIVEN_LATIN: "given name|given names|first name|forename|given name en"
    "|given name latin|first name en|first name latin|នាមឡាតាំង|នាមខ្លួនឡាតាំង",
    Field.NAME_LATIN: "ឈ្មោះឡាតាំង|ឈ្មោះជាអក្សរឡាតាំង|អក្សរឡាតាំង|ឈ្មោះអក្សរឡាតាំង|name latin"
    "|latin name|name en|name english|english name|name in latin|name|full name"
    "|beneficiary name|patient name",
    Field.SEX: "ភេទ|sex|gender",
    Field.BIRTH_DATE: "ថ្ងៃខែឆ្នាំកំណើត|ថ្ងៃ ខែ ឆ្នាំ កំណើត|ថ្ងៃកំណើត|ថ្ងៃខែកំណើត|date of birth|dob"
    "|birth date|birthday|d.o.b.|birthdate",
    Field.BIRTH_YEAR: "ឆ្នាំកំណើត|year of birth|birth year|yob",
    Field.AGE: "អាយុ|អាយុ (ឆ្នាំ)|age|age years|age in years",
    Field.VILLAGE: "កូដភូមិ|លេខកូដភូមិ|village code|village|village id|address code|address"
    "|geo code|commune code|កូដអាសយដ្ឋាន|កូដឃុំ|village code ncdd|vill code",
    Field.NATIONAL_ID: "លេខអត្តសញ្ញាណប័ណ្ណ|អត្តសញ្ញាណប័ណ្ណ|លេខអត្តសញ្ញាណប័ណ្ណសញ្ជាតិខ្មែរ|អត្តសញ្ញាណប័ណ្ណសញ្ជាតិខ្មែរ"
    "|លេខ អ.ត.|national id|national id no|national id number|nid|id card no"
    "|id card number|id card|national id card|id number|nid no",
    Field.BIRTH_CERTIFICATE: "លេខសំបុត្រកំណើត|សំបុត្រកំណើត|លេខសំបុត្របញ្ជាក់កំណើត|birth certificate"
    "|birth certificate no|birth certificate number|birth cert no",
    Field.EQUITY_CARD: "លេខប័ណ្ណសមធម៌|ប័ណ្ណសមធម៌|លេខប័ណ្ណក្រីក្រ|លេខបណ្ណសមធម៌|equity card"
    "|equity card no|equity card number|idpoor card|idpoor card no|idpoor card number"
    "|id poor card no|equity card id",
    Field.PHONE: "លេខទូរស័ព្ទ|ទូរស័ព្ទ|ទូរសព្ទ|លេខទូរសព្ទ|phone|phone no|phone number|telephone|tel|mobile"
    "|mobile no|mobile phone|contact number|contact",
    Field.HOUSEHOLD: "លេខគ្រួសារ|លេខកូដគ្រួសារ|household|household no|household number"
    "|household id|hh id|hhid|family id",
    Field.RELATIONSHIP: "ទំនាក់ទំនងជាមួយមេគ្រួសារ|ទំនាក់ទំនង|ត្រូវជាមួយមេគ្រួសារ|ទំនាក់ទំនងនឹងមេគ្រួសារ|relationship"
    "|relationship to head|relation|relation to head|relationship to household head"
    "|relationship with head",
    Field.MOTHER: "លេខករណីម្តាយ|លេខម្តាយ|mother case no|mother case|mothers case|mother id"
    "|mother case number|mother record number",
    Field.VALID_FROM: "ថ្ងៃចាប់ផ្តើម|ថ្ងៃមានសុពលភាព|start date|valid from|effective date"
    "|membership start|date of start",
    Field.VALID_UNTIL: "ថ្ងៃផុតសុពលភាព|ថ្ងៃបញ្ចប់|ថ្ងៃផុតកំណត់|កាលបរិច្ឆេទផុតកំណត់|end date|valid until|valid to"
    "|expiry|expiry date|expires|expires on|ended on|expiration date|date of expiry",
    Field.REGISTERED_ON: "ថ្ងៃចុះឈ្មោះ|កាលបរិច្ឆេទចុះឈ្មោះ|ថ្ងៃចុះបញ្ជី|ថ្ងៃចេញ|registered on"
    "|registration date|date registered|date of registration|registered|issued on"
    "|issue date|date issued|date of issue",
    Field.STATUS: "ស្ថានភាព|status",
}
"""Headings known in every list, separated by `|`; schemes add their own."""
