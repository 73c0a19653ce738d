"""The rules of coverage as an installation sets them: one YAML file, checked whole.

Schemes that are configured by a description and have no rule in the file cover whoever is enrolled
and not ended, as long as the description says that a list lasts.
"""

from collections.abc import Mapping
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Final, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from registry.entitlements.coverage import Rule, Rules, Words
from registry.errors import Misconfigured
from registry.schemes import codes
from registry.schemes.mapped import load_schemes
from registry.schemes.scheme import Scheme
from registry.settings import Settings

PACKAGED: Final = "coverage_rules.yaml"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RuleDescription(_Part):
    """The rule of one scheme, as the file says it."""

    gives: str = Field(min_length=1, max_length=200)
    gives_km: str = Field(min_length=1, max_length=400)
    list_lasts_days: int = Field(ge=1, le=36_500)
    through: tuple[str, ...] = ()
    categories: frozenset[str] | None = None
    under: dict[str, int] = {}

    def rule(self) -> Rule:
        """As it is judged by."""
        return Rule(
            gives=Words(self.gives, self.gives_km),
            list_lasts=timedelta(days=self.list_lasts_days),
            through=self.through,
            categories=self.categories,
            under=MappingProxyType(dict(self.under)),
        )


class RulesDescription(_Part):
    """The content of a file of rules."""

    payers: tuple[str, ...] = ()
    schemes: dict[str, RuleDescription] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_only_its_schemes(self) -> Self:
        named = {*self.payers, *(each for rule in self.schemes.values() for each in rule.through)}
        if unknown := sorted(named - self.schemes.keys()):
            raise ValueError(f"there is no rule for {', '.join(unknown)}")
        if len(set(self.payers)) < len(self.payers):
            raise ValueError("payers: a scheme is named twice")
        return self


def load(path: Path | None = None, configured: Mapping[str, Scheme] | None = None) -> Rules:
    """The rules of a file, or the ones that come with the registry.

    Args:
        path: of the file; None for the packaged one.
        configured: the schemes that have descriptions, by code.

    Raises:
        Misconfigured: the file cannot be read or is not in order; names each place that is wrong.
    """
    schemes = configured or {}
    try:
        source = files("registry.entitlements") / PACKAGED if path is None else path
        described = RulesDescription.model_validate(yaml.safe_load(source.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise Misconfigured(f"The rules of coverage cannot be read: {error}") from error
    except ValidationError as error:
        told = "; ".join(
            f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()
        )
        raise Misconfigured(f"The rules of coverage are not in order: {told}") from error
    if unknown := sorted(described.schemes.keys() - set(codes(schemes))):
        raise Misconfigured(f"The rules of coverage name unknown schemes: {', '.join(unknown)}.")
    stated = {code: rule.rule() for code, rule in described.schemes.items()}
    usual = {code: _usual(scheme) for code, scheme in schemes.items() if code not in stated}
    return Rules(MappingProxyType({**stated, **usual}), described.payers)


def of_installation(settings: Settings) -> Rules:
    """The rules that an installation's settings name, its configured schemes included."""
    folder = settings.schemes
    configured = {} if folder is None else load_schemes(folder, taken=frozenset(codes()))
    return load(settings.coverage_rules, configured)


def _usual(scheme: Scheme) -> Rule:
    """The rule of a configured scheme that states none."""
    return Rule(
        Words(scheme.name, scheme.name_km), list_lasts=timedelta(days=scheme.stale_after_days)
    )
