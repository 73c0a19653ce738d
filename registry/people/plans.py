"""Who every record of a group is to be: clusters matched with the persons that are remembered.

First the engine alone, as if nobody had ever decided anything; then decision by decision, in the
order in which they were made. What an undone decision did is thereby never done.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

import numpy as np

from registry.people.grouping import Group, Known, Labels
from registry.people.identities import Cluster, Person, Record, age, give_back, keep
from registry.people.standing import Memory


@dataclass(frozen=True)
class Plan:
    """Who is to be who; persons below 0 are to be registered, -1 first.

    Attributes:
        engine: current record → person by the engine alone.
        after: record → person; a record that is not current is here when a decision holds it.
        parts: decision → record → person after it.
        labels: int32[records], the final clusters.
        new: how many persons are to be registered.
    """

    engine: Mapping[Record, Person]
    after: Mapping[Record, Person]
    parts: Mapping[int, Mapping[Record, Person]]
    labels: Labels
    new: int


def plan(group: Group, memory: Memory) -> Plan:
    """Settle who every record of a group is, from what is remembered."""
    return _Planner(group, memory).plan()


@dataclass
class _Planner:
    group: Group
    memory: Memory
    new: int = 0
    parts: dict[int, dict[Record, Person]] = field(default_factory=dict)

    def plan(self) -> Plan:
        labels = self.group.cluster(Known.none())
        engine = self._engine(labels)
        after = dict(engine)
        labels = labels.copy()
        for rows, part, final in self._replays(engine):
            labels[rows] = rows[final]
            for row in rows.tolist():
                after.pop(self._id(row), None)
            after.update(part)
        return Plan(engine, after, self.parts, labels, self.new)

    def _id(self, row: int) -> Record:
        return int(self.group.component.ids[row])

    def _engine(self, labels: Labels) -> dict[Record, Person]:
        """Settle who the engine alone would say they are."""
        memory, component = self.memory, self.group.component
        current = component.ids[component.is_current].tolist()
        clusters = dict(zip(current, labels[component.is_current].tolist(), strict=True))
        holders = {record: memory.engine[record] for record in current if record in memory.engine}
        kept = keep(clusters, holders)
        taken = set(holders.values()) | memory.engine_elsewhere
        unseen = taken | memory.engine_known | memory.linked_elsewhere
        for known, away in ((memory.linked.items(), unseen), (memory.former, taken)):
            free = [row for row in known if row[0] in clusters and row[1] not in away]
            give_back(clusters, kept, free)
        self._register(clusters, kept)
        return {record: kept[cluster] for record, cluster in clusters.items()}

    def _register(self, clusters: Mapping[Record, Cluster], kept: dict[Cluster, Person]) -> None:
        """Let clusters without a person be new persons, in the order of clusters."""
        for cluster in sorted(set(clusters.values()) - kept.keys()):
            self.new += 1
            kept[cluster] = -self.new

    def _replays(
        self, engine: Mapping[Record, Person]
    ) -> Iterator[tuple[np.ndarray[tuple[int], np.dtype[np.int64]], dict[Record, Person], Labels]]:
        """Rows, persons and labels of each island in which somebody decided something."""
        if not self.group.known.number.size:
            return
        islands = self.group.islands()
        decided = np.unique(islands[self.group.known.ends[:, 0]])
        order = np.argsort(islands, kind="stable")
        starts = np.searchsorted(islands[order], decided)
        ends = np.searchsorted(islands[order], decided, side="right")
        rows = [order[start:end] for start, end in zip(starts, ends, strict=True)]
        groups = [self.group.take(part) for part in rows]
        owners = _owners(groups, self.memory, set(engine.values()))
        for at, group in enumerate(groups):
            free = {person for person, owner in owners.items() if owner == at}
            replay = _Replay(self, group, engine, free)
            yield rows[at], replay.run(), replay.labels


class _Replay:
    """One island, from what the engine says through its decisions in the order of making."""

    def __init__(
        self, planner: _Planner, group: Group, engine: Mapping[Record, Person], free: set[Person]
    ) -> None:
        self.planner = planner
        self.memory = planner.memory
        self.group = group
        self.records: list[Record] = group.component.ids.tolist()
        self.current = set(group.component.ids[group.component.is_current].tolist())
        self.holders = {record: engine[record] for record in self.records if record in engine}
        self.valid = set(self.holders.values()) | free
        ghosts = ((record, self.memory.engine.get(record)) for record in self.records)
        self.holders |= {
            record: person for record, person in ghosts
            if person is not None and record not in engine and person in free
        }  # fmt: skip
        self.before: list[tuple[Record, Person]] = []
        self.labels = np.empty(0, np.int32)

    def run(self) -> dict[Record, Person]:
        for count, number in enumerate(self.group.known.number.tolist(), start=1):
            self.labels = self.group.cluster(self.group.known.until(count))
            self._decide(number, dict(zip(self.records, self.labels.tolist(), strict=True)))
        living = {self.holders[record] for record in self.current}
        return {record: person for record, person in self.holders.items() if person in living}

    def _decide(self, number: int, clusters: Mapping[Record, Cluster]) -> None:
        part = {
            record: person for record, person in self.memory.parts.get(number, {}).items()
            if person in self.valid and record in clusters
        }  # fmt: skip
        claims = self.holders | part
        entered = self.memory.entered
        seniors = {record for record in claims if entered.get(record, number) < number}
        kept = keep(clusters, claims, seniors=seniors | part.keys())
        self.before += self.holders.items()
        for known in (self.memory.linked.items(), self.before, self.memory.held):
            give_back(clusters, kept, self._free(known, claims))
        self.planner._register({record: clusters[record] for record in self.current}, kept)  # noqa: SLF001 - one class in two
        self.holders = {
            record: kept[cluster] for record, cluster in clusters.items() if cluster in kept
        }
        self.valid |= set(self.holders.values())
        self.planner.parts[number] = self.holders

    def _free(
        self, known: Iterable[tuple[Record, Person]], claims: Mapping[Record, Person]
    ) -> list[tuple[Record, Person]]:
        taken = set(claims.values())
        return [
            (record, person) for record, person in known
            if record in self.current and person in self.valid and person not in taken
        ]  # fmt: skip


def _owners(groups: list[Group], memory: Memory, engine: set[Person]) -> dict[Person, int]:
    """The one island in which a person whom the engine gives nobody may still live.

    The one that holds most of the records linked to them now; among equals the first.
    """
    island = {
        record: at for at, group in enumerate(groups) for record in group.component.ids.tolist()
    }
    parts = (
        (record, person)
        for group in groups
        for number in group.known.number.tolist()
        for record, person in memory.parts.get(number, {}).items()
    )
    votes: Counter[tuple[Person, int]] = Counter()
    named = chain(memory.held, memory.engine.items(), parts)
    votes.update({(person, island[record]): 0 for record, person in named if record in island})
    votes.update(
        (person, island[record]) for record, person in memory.linked.items() if record in island
    )
    owners: dict[Person, int] = {}
    for person, at in sorted(votes, key=lambda claim: (-votes[claim], claim[1], age(claim[0]))):
        if person not in engine and person not in memory.elsewhere:
            owners.setdefault(person, at)
    return owners
