"""Text cut where a reader sees one sign.

In Khmer script that is an orthographic syllable: a base letter with everything that hangs on it,
below, around and above. A code point alone is no sign there: a letter below its base takes two.
"""

import re
from typing import Final

from linkage.khmer_order import BASE, COENG

_CLUSTER: Final = re.compile(
    f"[{BASE}](?:{COENG}[{BASE}]|[\u17b6-\u17d3\u17dd])*|.[\u0300-\u036f]*", re.DOTALL
)


def clusters(text: str) -> list[str]:
    """Cut a text into its signs; together they are the text.

    >>> clusters("ស្រី សុខ")
    ['ស្រី', ' ', 'សុ', 'ខ']
    """
    return _CLUSTER.findall(text)
