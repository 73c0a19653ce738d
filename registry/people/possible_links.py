"""Possible links: what a partition leaves to officers."""

import numpy as np

from registry.people import guards
from registry.people.grouping import Labels
from registry.people.guards import Reason
from registry.people.reviews import PossibleLink
from registry.people.scopes import Scope

REVIEW_WEIGHT = 0.0


def possible_links(scope: Scope, clusters: Labels) -> list[PossibleLink]:
    """The heaviest pair between each two certain parts, unless officers have spoken on these."""
    component, known = scope.group.component, scope.group.known
    labels = scope.group.certain(clusters)
    ends = np.sort(labels[np.column_stack([component.left, component.right])], axis=1)
    said = known.ends[~known.is_same]
    seen = {tuple(pair) for pair in np.sort(labels[said], axis=1).tolist()}
    order = np.lexsort((component.right, component.left, -component.weight))
    order = order[(ends[order, 0] != ends[order, 1]) & (component.weight[order] >= REVIEW_WEIGHT)]
    first: list[int] = []
    for at in order.tolist():
        pair = (int(ends[at, 0]), int(ends[at, 1]))
        if pair not in seen:
            seen.add(pair)
            first.append(at)
    left, right = component.left[first], component.right[first]
    reasons = guards.reason(scope.facts, left, right)
    sizes = np.bincount(labels, minlength=labels.size)
    rivals = np.bincount(labels[np.concatenate([left, right])], minlength=labels.size)
    waiting = []
    for number, at in enumerate(first):
        a, b = component.left[at], component.right[at]
        low, high = sorted((int(component.ids[a]), int(component.ids[b])))
        if (low, high) in scope.unsure:
            continue
        weight = float(component.weight[at])
        would = weight >= scope.group.bounds.link
        guard = reasons[number] if would else None
        reason = guard or (Reason.HELD_APART if would else Reason.POSSIBLE)
        candidates = int(max(rivals[labels[a]], rivals[labels[b]]))
        size = int(sizes[labels[a]] + sizes[labels[b]])
        waiting.append(PossibleLink(low, high, weight, reason, candidates, size))
    return waiting
