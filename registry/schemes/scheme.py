"""What must be known of a scheme to read its list."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from registry.schemes.fields import Field
from registry.schemes.values.coded import Codebook
from registry.schemes.values.identifiers import NumberForm


@dataclass(frozen=True, kw_only=True)
class Scheme:
    """A scheme and the form of its list.

    Attributes:
        code: stable name, as `idpoor`.
        name: English name.
        name_km: Khmer name.
        headings: field → headings of this scheme's own, separated by `|`, the usual one first;
            they come before the vocabulary of all lists.
        number: form of the record numbers.
        categories: words of the category column; None when every category is kept as written.
        household: the fields that group rows into a household or case, the first with a value.
        relationships: category → relationship, for lists that say the one by the other.
    """

    code: str
    name: str
    name_km: str
    headings: Mapping[Field, str]
    number: NumberForm
    categories: Codebook | None = None
    household: tuple[Field, ...] = ()
    relationships: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def usual_heading(self, meaning: Field) -> str:
        """The heading that this scheme's lists usually have for a field."""
        return self.headings[meaning].split("|")[0]
