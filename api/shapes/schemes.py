"""The schemes, and the rules by which they cover."""

from typing import Self

from pydantic import BaseModel

from api.shapes.eligibility import WordsOut
from registry.entitlements.coverage import Rule, Rules, Words
from registry.schemes import Scheme
from registry.schemes.scheme import Unit


class RuleOut(BaseModel):
    """When a scheme covers a person on a day.

    `through` are schemes whose enrolment covers here as well; `categories` is null where all are
    covered; `under` is the age from which a category is covered no more.
    """

    gives: WordsOut
    list_lasts_days: int
    through: list[str]
    categories: list[str] | None
    under: dict[str, int]

    @classmethod
    def of(cls, rule: Rule) -> Self:
        """Rendered from the registry's rule."""
        return cls(
            gives=WordsOut.of(rule.gives),
            list_lasts_days=rule.list_lasts.days,
            through=list(rule.through),
            categories=None if rule.categories is None else sorted(rule.categories),
            under=dict(rule.under),
        )


class SchemeOut(BaseModel):
    """A scheme; one without a rule is never asked about."""

    code: str
    name: WordsOut
    unit: Unit
    rule: RuleOut | None


class SchemesOut(BaseModel):
    """All schemes, and those that pay for care: of the ones that cover, the first pays."""

    schemes: list[SchemeOut]
    payers: list[str]

    @classmethod
    def of(cls, schemes: list[Scheme], rules: Rules) -> Self:
        """Rendered from the registry's schemes and rules."""
        return cls(
            schemes=[
                SchemeOut(
                    code=scheme.code,
                    name=WordsOut.of(Words(scheme.name, scheme.name_km)),
                    unit=scheme.unit,
                    rule=_rule(rules.schemes.get(scheme.code)),
                )
                for scheme in schemes
            ],
            payers=list(rules.payers),
        )


def _rule(rule: Rule | None) -> RuleOut | None:
    return None if rule is None else RuleOut.of(rule)
