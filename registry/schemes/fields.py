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
    "|surname kh|surname khmer|last name kh|last name khmer|គោត្តនាមខ្មែរ|នាមត្រកូលខ្មែរ"
    "|គោត្តនាមជាអក្សរខ្មែរ|នាមត្រកូលជាអក្សរខ្មែរ|គោត្តនាមជាភាសាខ្មែរ|នាមត្រកូលជាភាសាខ្មែរ",
    Field.GIVEN_KHMER: "នាម|នាមខ្លួន|given name kh|given name khmer|first name kh|first name khmer"
    "|នាមខ្លួនខ្មែរ|នាមជាអក្សរខ្មែរ|នាមខ្លួនជាអក្សរខ្មែរ|នាមជាភាសាខ្មែរ|នាមខ្លួនជាភាសាខ្មែរ",
    Field.NAME_KHMER: "គោត្តនាម និងនាម|គោត្តនាម នាម|គោត្តនាម-នាម|នាមត្រកូល និងនាម|នាមត្រកូល និងនាមខ្លួន"
    "|ឈ្មោះ|ឈ្មោះខ្មែរ|ឈ្មោះពេញ|នាម និងគោត្តនាម|ឈ្មោះជាភាសាខ្មែរ|ឈ្មោះអក្សរខ្មែរ|name kh|name khmer"
    "|khmer name|full name khmer|full name kh|name in khmer"
    "|គោត្តនាម និងនាមខ្លួន|នាមគោត្តនាម|ឈ្មោះជាខ្មែរ|ឈ្មោះជាអក្សរខ្មែរ"
    "|គោត្តនាម និងនាមជាអក្សរខ្មែរ|គោត្តនាម និងនាមជាភាសាខ្មែរ|គោត្តនាម និងនាមខ្មែរ|ឈ្មោះសមាជិក"
    "|ឈ្មោះសមាជិកគ្រួសារ|ឈ្មោះអ្នកទទួលផល|ឈ្មោះអ្នកជំងឺ|ឈ្មោះជនមានពិការភាព|ឈ្មោះបុគ្គលិក|ឈ្មោះកម្មករនិយោជិត",
    Field.FAMILY_LATIN: "surname|last name|family name|family name en|family name latin"
    "|surname latin|surname en|last name en|last name latin|គោត្តនាមឡាតាំង|នាមត្រកូលឡាតាំង"
    "|គោត្តនាមជាអក្សរឡាតាំង|នាមត្រកូលជាអក្សរឡាតាំង",
    Field.GIVEN_LATIN: "given name|given names|first name|forename|given name en"
    "|given name latin|first name en|first name latin|នាមឡាតាំង|នាមខ្លួនឡាតាំង"
    "|នាមជាអក្សរឡាតាំង|នាមខ្លួនជាអក្សរឡាតាំង",
    Field.NAME_LATIN: "ឈ្មោះឡាតាំង|ឈ្មោះជាអក្សរឡាតាំង|អក្សរឡាតាំង|ឈ្មោះអក្សរឡាតាំង|name latin"
    "|latin name|name en|name english|english name|name in latin|name|full name"
    "|beneficiary name|patient name|ឈ្មោះជាឡាតាំង|ឈ្មោះអង់គ្លេស|ឈ្មោះជាភាសាអង់គ្លេស|គោត្តនាម និងនាមឡាតាំង"
    "|គោត្តនាម និងនាមជាអក្សរឡាតាំង",
    Field.SEX: "ភេទ|sex|gender|យេនឌ័រ",
    Field.BIRTH_DATE: "ថ្ងៃខែឆ្នាំកំណើត|ថ្ងៃ ខែ ឆ្នាំ កំណើត|ថ្ងៃកំណើត|ថ្ងៃខែកំណើត|date of birth|dob"
    "|birth date|birthday|d.o.b.|birthdate|កាលបរិច្ឆេទកំណើត|ថ.ខ.ឆ. កំណើត|ថ្ងៃខែឆ្នាំ",
    Field.BIRTH_YEAR: "ឆ្នាំកំណើត|year of birth|birth year|yob",
    Field.AGE: "អាយុ|អាយុ (ឆ្នាំ)|age|age years|age in years|អាយុជាឆ្នាំ|អាយុគិតជាឆ្នាំ",
    Field.VILLAGE: "កូដភូមិ|លេខកូដភូមិ|លេខសម្គាល់ភូមិ|លេខភូមិ|village code|village code ncdd|vill code"
    "|village id|geo code|address code|កូដអាសយដ្ឋាន|village|ភូមិ|commune code|កូដឃុំ|លេខកូដឃុំ"
    "|កូដឃុំសង្កាត់|address|អាសយដ្ឋាន|អាសយដ្ឋានបច្ចុប្បន្ន|ទីលំនៅ|ទីលំនៅបច្ចុប្បន្ន|លំនៅដ្ឋាន",
    Field.NATIONAL_ID: "លេខអត្តសញ្ញាណប័ណ្ណ|អត្តសញ្ញាណប័ណ្ណ|លេខអត្តសញ្ញាណប័ណ្ណសញ្ជាតិខ្មែរ|អត្តសញ្ញាណប័ណ្ណសញ្ជាតិខ្មែរ"
    "|លេខ អ.ត.|national id|national id no|national id number|nid|id card no"
    "|id card number|id card|national id card|id number|nid no|លេខអត្តសញ្ញាណប័ណ្ណសញ្ជាតិ"
    "|អត្តសញ្ញាណប័ណ្ណសញ្ជាតិ|លេខអត្តសញ្ញាណប័ណ្ណខ្មែរ|អត្តសញ្ញាណប័ណ្ណខ្មែរ",
    Field.BIRTH_CERTIFICATE: "លេខសំបុត្រកំណើត|សំបុត្រកំណើត|លេខសំបុត្របញ្ជាក់កំណើត|birth certificate"
    "|birth certificate no|birth certificate number|birth cert no|សំបុត្របញ្ជាក់កំណើត|លេខបញ្ជីកំណើត"
    "|លេខសំបុត្រកំណើតកុមារ",
    Field.EQUITY_CARD: "លេខប័ណ្ណសមធម៌|ប័ណ្ណសមធម៌|លេខប័ណ្ណក្រីក្រ|លេខបណ្ណសមធម៌|equity card"
    "|equity card no|equity card number|idpoor card|idpoor card no|idpoor card number"
    "|id poor card no|equity card id|បណ្ណសមធម៌|ប័ណ្ណក្រីក្រ|លេខប័ណ្ណគ្រួសារក្រីក្រ|លេខកូដប័ណ្ណសមធម៌",
    Field.PHONE: "លេខទូរស័ព្ទ|ទូរស័ព្ទ|ទូរសព្ទ|លេខទូរសព្ទ|phone|phone no|phone number|telephone|tel|mobile"
    "|mobile no|mobile phone|contact number|contact|លេខទំនាក់ទំនង|លេខទូរស័ព្ទទំនាក់ទំនង|ទូរស័ព្ទដៃ|លេខទូរស័ព្ទដៃ",
    Field.HOUSEHOLD: "លេខគ្រួសារ|លេខកូដគ្រួសារ|household|household no|household number"
    "|household id|hh id|hhid|family id|កូដគ្រួសារ|លេខសម្គាល់គ្រួសារ|អត្តលេខគ្រួសារ|លេខសៀវភៅគ្រួសារ",
    Field.RELATIONSHIP: "ទំនាក់ទំនងជាមួយមេគ្រួសារ|ទំនាក់ទំនង|ត្រូវជាមួយមេគ្រួសារ|ទំនាក់ទំនងនឹងមេគ្រួសារ|relationship"
    "|relationship to head|relation|relation to head|relationship to household head"
    "|relationship with head|ទំនាក់ទំនងជាមួយម្ចាស់ផ្ទះ|ទំនាក់ទំនងក្នុងគ្រួសារ|ទំនាក់ទំនងគ្រួសារ"
    "|ត្រូវជា|ត្រូវជាអ្វីជាមួយមេគ្រួសារ",
    Field.MOTHER: "លេខករណីម្តាយ|លេខម្តាយ|mother case no|mother case|mothers case|mother id"
    "|mother case number|mother record number|លេខកូដម្តាយ|លេខសម្គាល់ម្តាយ|លេខកូដករណីម្តាយ",
    Field.VALID_FROM: "ថ្ងៃចាប់ផ្តើម|ថ្ងៃមានសុពលភាព|start date|valid from|effective date"
    "|membership start|date of start|កាលបរិច្ឆេទចាប់ផ្តើម|ថ្ងៃចូលជាសមាជិក|សុពលភាពពីថ្ងៃ|មានសុពលភាពពីថ្ងៃ",
    Field.VALID_UNTIL: "ថ្ងៃផុតសុពលភាព|ថ្ងៃបញ្ចប់|ថ្ងៃផុតកំណត់|កាលបរិច្ឆេទផុតកំណត់|end date|valid until|valid to"
    "|expiry|expiry date|expires|expires on|ended on|expiration date|date of expiry"
    "|កាលបរិច្ឆេទផុតសុពលភាព|កាលបរិច្ឆេទបញ្ចប់|ផុតសុពលភាព|ថ្ងៃអស់សុពលភាព|សុពលភាពដល់ថ្ងៃ|មានសុពលភាពដល់ថ្ងៃ",
    Field.REGISTERED_ON: "ថ្ងៃចុះឈ្មោះ|កាលបរិច្ឆេទចុះឈ្មោះ|ថ្ងៃចុះបញ្ជី|ថ្ងៃចេញ|registered on"
    "|registration date|date registered|date of registration|registered|issued on"
    "|issue date|date issued|date of issue|កាលបរិច្ឆេទចុះបញ្ជី|ថ្ងៃខែឆ្នាំចុះឈ្មោះ|ថ្ងៃខែឆ្នាំចុះបញ្ជី|ថ្ងៃចេញប័ណ្ណ"
    "|កាលបរិច្ឆេទចេញប័ណ្ណ|ថ្ងៃសម្ភាស|ថ្ងៃសម្ភាសន៍|កាលបរិច្ឆេទសម្ភាស",
    Field.STATUS: "ស្ថានភាព|status|ស្ថានភាពសមាជិក|ស្ថានភាពប័ណ្ណ",
}
"""Headings known in every list, separated by `|`, the surest first; schemes add their own.

Of two columns that are about one field, the one with the surer heading is read: the code of a
village before its name, and that before the code of its commune.
"""
