"""Which person each cluster of records is: the rules by which an SP ID stays, goes and comes back.

An SP ID goes with the part that holds most of its records. Where several come together the oldest
stays, so that the order in which persons are merged is nothing. A part that has none gets back one
that its records had before and nobody holds now; else a new one.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from itertools import chain

Record = int
Cluster = int
Person = int
"""An id above 0, or below for a person still to be registered: -1 the first, -2 the next."""


def age(person: Person) -> tuple[bool, int]:
    """Persons in the order of their registration; those still to come are the youngest."""
    return person < 0, abs(person)


def keep(
    clusters: Mapping[Record, Cluster],
    holders: Mapping[Record, Person],
    *,
    seniors: Collection[Record] = (),
) -> dict[Cluster, Person]:
    """Let every person stay with the cluster that holds most of their records.

    Among clusters that hold as many, the one with the lower number counts. Where several persons
    come to one cluster the oldest stays.

    Args:
        clusters: record → cluster; a cluster's number says its place in the order of clusters.
        holders: record → person until now; records that have none are absent.
        seniors: records that decide where a person goes, whatever other records there are.
    """
    votes = Counter((person, clusters[record]) for record, person in holders.items())
    weighty = Counter(
        (person, clusters[record]) for record, person in holders.items() if record in seniors
    )
    best: dict[Person, tuple[int, int, int]] = {}
    for (person, cluster), count in votes.items():
        claim = (weighty[person, cluster], count, -cluster)
        best[person] = max(claim, best.get(person, claim))
    kept: dict[Cluster, Person] = {}
    for person in sorted(best, key=age, reverse=True):
        kept[-best[person][2]] = person
    return kept


def give_back(
    clusters: Mapping[Record, Cluster],
    kept: dict[Cluster, Person],
    former: Iterable[tuple[Record, Person]],
) -> None:
    """Give clusters without a person one that their records had before, the most frequent first.

    Args:
        clusters: record → cluster.
        kept: cluster → person; what is given back is added.
        former: records with persons that they had before and that are free to come back.
    """
    busy = set(kept.values())
    votes = Counter((person, clusters[record]) for record, person in former if person not in busy)
    for person, cluster in sorted(votes, key=lambda claim: (-votes[claim], age(claim[0]), claim)):
        if cluster not in kept and person not in busy:
            kept[cluster] = person
            busy.add(person)


def destinations(
    were: Iterable[tuple[Record, Person]], now: Mapping[Record, Person]
) -> dict[Person, Person | None]:
    """Where an SP ID that nobody holds leads: to who most of its records are now.

    Among equal shares the oldest; None where no record of theirs is anybody's now.
    """
    votes = Counter((person, now.get(record)) for record, person in were)
    led: dict[Person, Person | None] = {}
    for person, target in sorted(votes, key=lambda claim: (-votes[claim], age(claim[1] or 0))):
        if target is not None:
            led.setdefault(person, target)
    missing = {person for person, _ in votes} - led.keys()
    return dict(chain(led.items(), ((person, None) for person in missing)))
