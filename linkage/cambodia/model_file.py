"""Trained models as JSON, byte for byte the same for the same model."""

import json
from dataclasses import fields
from typing import Any, Final

import numpy as np

from linkage.agreement_codes import SIZE
from linkage.cambodia.background import COUNTED, Background
from linkage.cambodia.evidence import COMPARISONS
from linkage.cambodia.trained import Model
from linkage.mixture import Mixture
from linkage.model import ModelMismatchError

FORMAT: Final = "cambodia-2"


def to_json(model: Model) -> str:
    """Write a trained model."""
    mixture, background = model.mixture, model.background
    content = {
        "format": FORMAT,
        "comparisons": COMPARISONS,
        "sources": model.sources,
        "records": model.records,
        "grown": background.grown,
        **{name: dict(getattr(background, name)) for name in COUNTED},
        **{one.name: getattr(mixture, one.name).tolist() for one in fields(mixture)},
    }
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def from_json(text: str) -> Model:
    """Read a trained model.

    Raises:
        ModelMismatchError: the text is no model of these comparisons.
    """
    try:
        content = json.loads(text)
        fits = content["format"] == FORMAT and tuple(content["comparisons"]) == COMPARISONS
        mixture = Mixture(
            **{one.name: np.array(content[one.name], np.float64) for one in fields(Mixture)}
        )
        model = Model(mixture, tuple(content["sources"]), content["records"], _background(content))
    except (KeyError, TypeError, ValueError) as error:
        raise ModelMismatchError(f"not a trained model: {error!r}") from error
    shapes = [mixture.match.shape, mixture.household.shape, mixture.stranger.shape]
    if not fits or any(shape != (len(COMPARISONS), SIZE) for shape in shapes):
        raise ModelMismatchError(f"not a trained model of format {FORMAT}")
    return model


def _background(content: dict[str, Any]) -> Background:
    return Background(grown=content["grown"], **{name: content[name] for name in COUNTED})
