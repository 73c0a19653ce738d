"""The Cambodian model: the evidence that the country's lists of people need, and its use.

`people` reads normalised records, `Index` puts them in blocks, `train` learns a model from them
without any truth, `link` finds the persons among them, `explain` shows what the weight of a pair is
made of.
"""

from linkage.cambodia.around import are_backed, may_matter, pairs_among, pairs_of
from linkage.cambodia.explanation import Explanation, explain
from linkage.cambodia.index import Index
from linkage.cambodia.links import Links, link, weigh
from linkage.cambodia.model_file import from_json, to_json
from linkage.cambodia.options import Options
from linkage.cambodia.pairs import Evidence, compare
from linkage.cambodia.people import Kept, People, people
from linkage.cambodia.searching import weigh_described, weigh_one
from linkage.cambodia.trained import Model
from linkage.cambodia.training import train

__all__ = [
    "Evidence",
    "Explanation",
    "Index",
    "Kept",
    "Links",
    "Model",
    "Options",
    "People",
    "are_backed",
    "compare",
    "explain",
    "from_json",
    "link",
    "may_matter",
    "pairs_among",
    "pairs_of",
    "people",
    "to_json",
    "train",
    "weigh",
    "weigh_described",
    "weigh_one",
]
