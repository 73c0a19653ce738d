"""Pairs of names, whether they are one name, and why: the yardstick of the name comparison.

`same` pairs score at least `SAME`, `different` pairs below `DIFFERENT`, and `look` pairs between:
those that a person should look at.
"""

from tests.linkage.name_cases.case import Case
from tests.linkage.name_cases.parts import PARTS
from tests.linkage.name_cases.peoples import PEOPLES
from tests.linkage.name_cases.siblings import SIBLINGS
from tests.linkage.name_cases.spellings import SPELLINGS
from tests.linkage.name_cases.writing import WRITING

__all__ = ["CASES", "SAME_CASES", "Case"]

CASES: list[Case] = [*SPELLINGS, *WRITING, *PARTS, *PEOPLES, *SIBLINGS]
SAME_CASES = [case for case in CASES if case.verdict == "same"]
