"""The Cambodian model: the evidence that the country's lists of people need, and its use.

`people` reads normalised records, `train` learns a model from them without any truth, `link` finds
the persons among them, `explain` shows what the weight of a pair is made of.
"""

from linkage.cambodia.explanation import Explanation, explain
from linkage.cambodia.links import Links, link, weigh
from linkage.cambodia.model_file import from_json, to_json
from linkage.cambodia.people import People, people
from linkage.cambodia.searching import weigh_one
from linkage.cambodia.trained import Model
from linkage.cambodia.training import Evidence, compare, train

__all__ = [
    "Evidence",
    "Explanation",
    "Links",
    "Model",
    "People",
    "compare",
    "explain",
    "from_json",
    "link",
    "people",
    "to_json",
    "train",
    "weigh",
    "weigh_one",
]
