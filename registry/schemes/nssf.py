"""National Social Security Fund: memberships of workers, civil servants and others."""

import re

from registry.schemes.fields import Field
from registry.schemes.scheme import Scheme
from registry.schemes.values.coded import Codebook
from registry.schemes.values.identifiers import NumberForm

SCHEME = Scheme(
    code="nssf",
    name="National Social Security Fund (NSSF)",
    name_km="បេឡាជាតិសន្តិសុខសង្គម",
    headings={
        Field.RECORD_NUMBER: "Member No|member number|membership no|membership number|nssf no"
        "|nssf number|nssf id|លេខសមាជិក ប.ស.ស.|លេខ ប.ស.ស.|អត្តលេខ ប.ស.ស.",
        Field.CATEGORY: "Regime|member type|ប្រភេទសមាជិក|របប",
    },
    number=NumberForm(re.compile(r"\d{9}"), digits=9),
    categories=Codebook(
        {
            "worker": "worker|employee|private|កម្មករ|និយោជិត|កម្មករនិយោជិត",
            "civil_servant": "civil servant|public|public servant|មន្ត្រីរាជការ|មន្ត្រី",
            "self_employed": "self-employed|self employed|selfemployed|ស្វ័យនិយោជន៍|អ្នកប្រកបរបរដោយខ្លួនឯង",
            "dependant": "dependant|dependent|អ្នកក្នុងបន្ទុក",
        },
        problem="category.unknown",
    ),
)
