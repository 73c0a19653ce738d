"""Words that stand for one of a few values: sex, relationship, category."""

from collections.abc import Mapping
from functools import lru_cache

from registry.schemes.values.plain import fold, tidy
from registry.schemes.values.reading import NOTHING, Reading


class Codebook:
    """The words of one subject and the values they stand for.

    Args:
        words: value → the words for it, separated by `|`, in any script and case.
        problem: code of the problem of a word that is not among them.
    """

    def __init__(self, words: Mapping[str, str], problem: str) -> None:
        self._values = {
            fold(word): value for value, row in words.items() for word in row.split("|")
        }
        self._unknown = Reading(problem=problem)
        self.read = lru_cache(maxsize=1024)(self._read)

    def knowing(self, words: Mapping[str, str]) -> "Codebook":
        """A codebook that also knows these words, which come before its own."""
        more = Codebook(words, self._unknown.problem or "")
        more._values = self._values | more._values
        return more

    def _read(self, text: str) -> Reading:
        plain = tidy(text)
        if not plain:
            return NOTHING
        value = self._values.get(fold(plain))
        return self._unknown if value is None else Reading(value)


SEXES = Codebook(
    {
        "male": "male|m|man|boy|1|ប្រុស|ប|បុរស|ភេទប្រុស",
        "female": "female|f|woman|girl|2|ស្រី|ស|ស្ត្រី|នារី|ភេទស្រី",
    },
    problem="sex.unknown",
)

RELATIONSHIPS = Codebook(
    {
        "head": "head|household head|head of household|self|មេគ្រួសារ|ម្ចាស់ផ្ទះ|ខ្លួនឯង",
        "spouse": "spouse|husband|wife|husband/wife|ប្តី/ប្រពន្ធ|ប្តីប្រពន្ធ|ប្តី|ប្រពន្ធ|ភរិយា|ស្វាមី|សហព័ទ្ធ",
        "child": "child|son|daughter|son/daughter|កូន|កូនប្រុស|កូនស្រី|កូនបង្កើត|កូនចិញ្ចឹម",
        "parent": "parent|father|mother|father/mother|ឪពុក/ម្តាយ|ឪពុកម្តាយ|ឪពុក|ម្តាយ",
        "sibling": "sibling|brother|sister|brother/sister|បងប្អូន|បង|ប្អូន|បងប្អូនបង្កើត",
        "grandchild": "grandchild|grandson|granddaughter|ចៅ|ចៅប្រុស|ចៅស្រី",
        "other": "other|other relative|relative|non-relative|nephew|niece|nephew/niece|in-law"
        "|son-in-law|daughter-in-law|grandparent|grandfather|grandmother|uncle|aunt|cousin"
        "|ផ្សេងៗ|ផ្សេងទៀត|ផ្សេង|សាច់ញាតិ|ញាតិ|ក្មួយ|កូនប្រសា|កូនប្រសារ|ជីដូន/ជីតា|ជីតា|ជីដូន|យាយ|តា"
        "|ពូ|មីង|ឪពុកក្មេក|ម្តាយក្មេក|ឪពុកក្មេក/ម្តាយក្មេក|បងថ្លៃ|ប្អូនថ្លៃ|មិនមែនសាច់ញាតិ",
    },
    problem="relationship.unknown",
)
