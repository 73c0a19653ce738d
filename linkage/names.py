"""A person's name as parts, keys and similarity.

`similarity` and `keys` take names as written and are the simple door. For many names, analyse the
distinct values once (`linkage.name_table.analyse`) and compare codes with the kernels of
`linkage.name_kernels`; both give the same scores.

One scale serves all scripts. A score of 0.85 or more is what spellings of one name reach; a score
below 0.6 is what two different names have, siblings whose names alliterate included; between them
a person should look.
"""

from functools import lru_cache
from typing import Final

from linkage.name_kernels import name_similarity
from linkage.name_keys import keys
from linkage.name_table import NameTable, analyse, name_parts

__all__ = ["DIFFERENT", "SAME", "keys", "name_parts", "similarity"]

SAME: Final = 0.85
DIFFERENT: Final = 0.6


def similarity(first: str, second: str) -> float:
    """Return how alike two whole names are, from 0 to 1; any script on either side.

    Symmetric; 1 for names with the same canonical form. Parts may be in either order, joined or
    split, with honorifics in front; a name without any letter is like no other (0).
    """
    return max(0.0, float(name_similarity(_pair(*sorted((first, second))).arrays, 0, 1)))


@lru_cache(maxsize=4096)
def _pair(first: str, second: str) -> NameTable:
    return analyse([first, second])
