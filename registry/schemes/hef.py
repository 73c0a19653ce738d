"""Health Equity Fund: registrations of patients at public facilities."""

import re

from registry.schemes.fields import Field
from registry.schemes.scheme import Scheme
from registry.schemes.values.identifiers import NumberForm

SCHEME = Scheme(
    code="hef",
    name="Health Equity Fund (HEF)",
    name_km="មូលនិធិសមធម៌សុខាភិបាល",
    headings={
        Field.RECORD_NUMBER: "patient no|patient number|patient id|hef no|លេខអ្នកជំងឺ|លេខកូដអ្នកជំងឺ"
        "|លេខសម្គាល់អ្នកជំងឺ|លេខចុះឈ្មោះអ្នកជំងឺ",
        Field.CATEGORY: "patient type|ប្រភេទអ្នកជំងឺ",
    },
    number=NumberForm(re.compile(r"P\d{13}")),
)
