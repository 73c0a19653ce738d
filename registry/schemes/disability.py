"""Disability identification: one row a person with a disability ID."""

import re

from registry.schemes.fields import Field
from registry.schemes.scheme import Scheme
from registry.schemes.values.coded import Codebook
from registry.schemes.values.identifiers import NumberForm

SCHEME = Scheme(
    code="disability",
    name="Disability Identification",
    name_km="អត្តសញ្ញាណកម្មជនមានពិការភាព",
    headings={
        Field.RECORD_NUMBER: "DisabilityIDNo|disability id|disability id number"
        "|disability card no|លេខប័ណ្ណពិការភាព|លេខប័ណ្ណសម្គាល់ពិការភាព"
        "|លេខប័ណ្ណជនមានពិការភាព|លេខសម្គាល់ជនមានពិការភាព",
        Field.CATEGORY: "Severity|disability level|degree|កម្រិតពិការភាព|កម្រិតនៃពិការភាព",
    },
    number=NumberForm(re.compile(r"\d{4}D\d{6}")),
    categories=Codebook(
        {
            "mild": "mild|light|ស្រាល",
            "medium": "medium|moderate|មធ្យម",
            "severe": "severe|serious|ធ្ងន់|ធ្ងន់ធ្ងរ",
        },
        problem="category.unknown",
    ),
)
