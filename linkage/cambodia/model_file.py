"""Trained mixtures as JSON, byte for byte the same for the same model."""

import json
from dataclasses import fields
from typing import Final

import numpy as np

from linkage.agreement_codes import SIZE
from linkage.cambodia.evidence import COMPARISONS
from linkage.mixture import Mixture
from linkage.model import ModelMismatchError

FORMAT: Final = "cambodia-1"


def to_json(mixture: Mixture) -> str:
    """Write a trained mixture."""
    tables = {one.name: getattr(mixture, one.name).tolist() for one in fields(mixture)}
    content = {"format": FORMAT, "comparisons": COMPARISONS, **tables}
    return json.dumps(content, sort_keys=True, separators=(",", ":"))


def from_json(text: str) -> Mixture:
    """Read a trained mixture.

    Raises:
        ModelMismatchError: the text is no model of these comparisons.
    """
    try:
        content = json.loads(text)
        fits = content["format"] == FORMAT and tuple(content["comparisons"]) == COMPARISONS
        tables = {one.name: np.array(content[one.name], np.float64) for one in fields(Mixture)}
    except (KeyError, TypeError, ValueError) as error:
        raise ModelMismatchError(f"not a trained model: {error!r}") from error
    shape = (len(COMPARISONS), SIZE)
    if not fits or any(tables[name].shape != shape for name in ("match", "household", "stranger")):
        raise ModelMismatchError(f"not a trained model of format {FORMAT}")
    return Mixture(**tables)
