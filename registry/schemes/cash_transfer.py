"""Cash transfer for pregnant women and children under two: a case a row."""

import re

from registry.schemes.fields import Field
from registry.schemes.scheme import Scheme
from registry.schemes.values.coded import Codebook
from registry.schemes.values.identifiers import NumberForm

SCHEME = Scheme(
    code="cash_transfer",
    name="Cash Transfer for Pregnant Women and Children under Two",
    name_km="ការឧបត្ថម្ភសាច់ប្រាក់សម្រាប់ស្ត្រីមានផ្ទៃពោះ និងកុមារអាយុក្រោម២ឆ្នាំ",
    headings={
        Field.RECORD_NUMBER: "លេខករណី|case no|case number|case id"
        "|លេខកូដករណី|លេខកូដអ្នកទទួលផល|លេខអ្នកទទួលផល",
        Field.CATEGORY: "ប្រភេទអ្នកទទួលផល|beneficiary type|type of beneficiary",
    },
    number=NumberForm(re.compile(r"CT\d{8}")),
    categories=Codebook(
        {
            "pregnant": "ស្ត្រីមានផ្ទៃពោះ|ស្រីមានផ្ទៃពោះ|ម្តាយ"
            "|pregnant woman|pregnant women|pregnant|mother",
            "child": "កុមារ|កុមារអាយុក្រោម២ឆ្នាំ|ទារក|child|child under two|infant",
        },
        problem="category.unknown",
    ),
    household=(Field.MOTHER, Field.RECORD_NUMBER),
    relationships={"pregnant": "mother", "child": "child"},
)
