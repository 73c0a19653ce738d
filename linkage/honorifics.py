"""Words put before a name for respect, which are no part of it.

A word that is also a name (តា Ta, នាង Neang) is an honorific only where two more parts follow, or
where it stands in a compound such as លោកតា.
"""

from typing import Final

from linkage.text import canonical

# Never a name of its own.
_ALWAYS_TEXT: Final = """
    លោក អ្នកស្រី លោកស្រី លោកតា លោកយាយ លោកគ្រូ អ្នកគ្រូ អ្នកនាង កញ្ញា ឧកញ៉ា ឯកឧត្តម លោកជំទាវ ជំទាវ
    ព្រះតេជគុណ វេជ្ជបណ្ឌិត បណ្ឌិត កុមារ កុមារី យុវជន ឧបាសក ឧបាសិកា ភិក្ខុ សាមណេរ
    mr mrs ms miss dr prof lok lokta lokyeay oknha madam sir hajj
"""
_ALWAYS: Final = frozenset(map(canonical, _ALWAYS_TEXT.split()))
# Also a family or given name.
_SOMETIMES_TEXT: Final = "អ្នក នាង តា យាយ ពូ មីង អ៊ំ អ៊ុំ"
_SOMETIMES: Final = frozenset(_SOMETIMES_TEXT.split())
_PREFIXES: Final = ("លោកតា", "លោកយាយ", "លោកស្រី", "អ្នកស្រី")
_COMPOUNDS: Final = (
    ("លោក", "តា"),
    ("លោក", "យាយ"),
    ("លោក", "ស្រី"),
    ("លោក", "គ្រូ"),
    ("អ្នក", "ស្រី"),
    ("អ្នក", "គ្រូ"),
    ("អ្នក", "នាង"),
    ("ឯក", "ឧត្តម"),
    ("lok", "ta"),
    ("lok", "yeay"),
    ("neak", "srey"),
)
_NAME_PARTS: Final = 2


def without_honorifics(words: list[str]) -> list[str]:
    """Return the words of a canonical name without the honorifics in front; never empty for a name.

    A word is dropped only while a name remains: at least one word after a sure honorific, two after
    one that may be a name.
    """
    while dropped := _leading(words):
        words = words[dropped:]
    prefix = next((start for start in _PREFIXES if words and words[0].startswith(start)), "")
    return [words[0].removeprefix(prefix), *words[1:]] if len(words) > 1 else words


def _leading(words: list[str]) -> int:
    if tuple(words[:2]) in _COMPOUNDS and len(words) > _NAME_PARTS:
        return 2
    if not words or len(words) == 1:
        return 0
    if words[0] in _ALWAYS:
        return 1
    return int(words[0] in _SOMETIMES and len(words) > _NAME_PARTS)
