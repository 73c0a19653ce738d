"""IDPoor: poor and at-risk households, every member a row."""

import re

from registry.schemes.fields import Field
from registry.schemes.scheme import Scheme, Unit
from registry.schemes.values.coded import Codebook
from registry.schemes.values.identifiers import NumberForm

SCHEME = Scheme(
    code="idpoor",
    name="Identification of Poor Households (IDPoor)",
    name_km="អត្តសញ្ញាណកម្មគ្រួសារក្រីក្រ",
    headings={
        Field.RECORD_NUMBER: "លេខសមាជិក|លេខសមាជិកគ្រួសារ|member id|household member no"
        "|household member number|idpoor member no|លេខកូដសមាជិក"
        "|លេខកូដសមាជិកគ្រួសារ|លេខសម្គាល់សមាជិក",
        Field.CATEGORY: "កម្រិតក្រីក្រ|កម្រិតភាពក្រីក្រ|poverty level|poor level|idpoor level"
        "|កម្រិតនៃភាពក្រីក្រ|កម្រិតគ្រួសារក្រីក្រ",
    },
    number=NumberForm(re.compile(r"\d{8}-\d{4}-\d{2}")),
    categories=Codebook(
        {
            "poor_1": "ក្រ១|ក្រ ១|ក្រីក្រ១|ក្រីក្រកម្រិត១|poor 1|poor level 1|idpoor 1|level 1|1",
            "poor_2": "ក្រ២|ក្រ ២|ក្រីក្រ២|ក្រីក្រកម្រិត២|poor 2|poor level 2|idpoor 2|level 2|2",
            "at_risk": "ងាយរងគ្រោះ|ងាយរងហានិភ័យ|at risk|at-risk|vulnerable",
        },
        problem="category.unknown",
    ),
    household=(Field.EQUITY_CARD, Field.HOUSEHOLD),
    unit=Unit.HOUSEHOLD,
)
