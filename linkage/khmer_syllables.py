"""Khmer words as sounded pieces: onset letters, vowels by series, codas and silent letters.

Khmer spelling leaves the syllable to the reader: a letter without a vowel sign is an onset with
its inherent vowel or the coda of the syllable before. Here a run of bare letters is shared out from
its right end (coda, onset, coda ...), stacks of Pali and Sanskrit loans are split in two syllables,
and what may or may not be sounded is a piece of its own, so that it can be skipped at a price.

The vowel of a syllable is read by the *series* of its onset: `1` (a-series) or `2` (o-series). A
sonorant of the second series after a first-series syllable may be read either way (សម័យ samay,
សុវណ្ណ sovann): that is series `3`.
"""

import re
from collections.abc import Iterator
from enum import Enum
from typing import Final, NamedTuple

COENG: Final = "\u17d2"
BANTOC: Final = "\u17cb"
TOANDAKHIAT: Final = "\u17cd"
ROBAT: Final = "\u17cc"
SAMYOK: Final = "\u17d0"
NIKAHIT: Final = "\u17c6"
REAHMUK: Final = "\u17c7"
YUUKALEAPINTU: Final = "\u17c8"
MUUSIKATOAN: Final = "\u17c9"
TRIISAP: Final = "\u17ca"
REPEAT: Final = "ៗ"
CLOSED: Final = "."
LOOSE: Final = ","
VELAR: Final = "ក"
PALATAL: Final = "ច"
_PALATALS: Final = frozenset("ចឆជឈ")
_VELARS: Final = frozenset("កខគឃ")

_SECOND_SERIES: Final = frozenset("គឃងជឈញឌឍទធនពភមយរលវ")
_SONORANTS: Final = frozenset("ងញណនមយរលវឡ")
_LATE_SERIES_SONORANTS: Final = _SONORANTS & _SECOND_SERIES
_SPLIT_FIRST: Final = frozenset("ងញណនម")
_SPLIT_PAIRS: Final = frozenset(
    {"ក្ខ", "ច្ឆ", "ជ្ឈ", "ត្ថ", "ទ្ធ", "ព្ភ", "គ្ឃ", "ដ្ឋ", "ឌ្ឍ", "ប្ផ", "ស្ស", "ល្ល", "យ្យ"}
)
# Signs that voice a letter, that make it a coda, that close a syllable, that silence a coda.
_VOICED: Final = frozenset({NIKAHIT, REAHMUK, YUUKALEAPINTU, SAMYOK})
_SHUT: Final = frozenset({BANTOC, TOANDAKHIAT, ROBAT})
_CLOSING: Final = frozenset({NIKAHIT, REAHMUK, YUUKALEAPINTU, BANTOC, TOANDAKHIAT})
_HUSHED: Final = frozenset({TOANDAKHIAT, ROBAT})
_INDEPENDENT: Final = frozenset("ឥឦឧឩឪឯឰឱឳ")
_LIQUID_VOWELS: Final = {"ឫ": "\u17b9", "ឬ": "\u17ba", "ឭ": "\u17b9", "ឮ": "\u17ba"}
_SAME_LETTERS: Final = str.maketrans("ឫឬឭឮឲឝឞ", "ររលលឱសស")
_CLUSTER: Final = re.compile(
    f"(?P<base>[ក-ឳ])(?P<robat>{ROBAT})?(?P<subscripts>(?:{COENG}[ក-ឳ])*)"
    f"(?P<shifter>[{MUUSIKATOAN}{TRIISAP}]*)(?P<vowel>[\u17b6-\u17c5]*)(?P<signs>[\u17c6-\u17d1]*)"
    f"|(?P<repeat>{REPEAT})"
)


class Role(Enum):
    """What a piece is to its syllable."""

    ONSET = "onset"
    VOWEL = "vowel"
    CODA = "coda"
    SILENT = "silent"
    OPTIONAL = "optional"


class Piece(NamedTuple):
    """One sounded, or possibly sounded, piece of a Khmer word.

    `sign` is the Khmer letter or vowel sign ("" is the inherent vowel); `series` is 1, 2 or 3 for a
    vowel and 0 for a consonant.
    """

    role: Role
    sign: str
    series: int = 0


class _Cluster(NamedTuple):
    """An orthographic syllable."""

    letters: str
    shifter: str = ""
    vowel: str = ""
    signs: str = ""
    is_coda: bool = False
    is_below: bool = False
    is_loose: bool = False

    @property
    def is_bare(self) -> bool:
        """Whether no vowel is written, so that the cluster may be a coda."""
        if self.vowel or self.shifter or not _VOICED.isdisjoint(self.signs):
            return False
        return self.letters[0] not in _INDEPENDENT


def pieces(word: str) -> tuple[Piece, ...]:
    """Return the pieces of one canonical Khmer word, in the order in which they are sounded.

    Characters that are no Khmer letters are passed over.
    """
    clusters = _assign_codas(list(_split_stacks(_clusters(word))))
    return tuple(_sounded(clusters))


def _clusters(word: str) -> list[_Cluster]:
    found: list[_Cluster] = []
    for match in _CLUSTER.finditer(word):
        if match["repeat"]:
            found += found
        else:
            found.append(_cluster(match))
    return found


def _cluster(match: re.Match[str]) -> _Cluster:
    letters = match["base"] + match["subscripts"].replace(COENG, "")
    vowel = _LIQUID_VOWELS.get(letters[0], "") + match["vowel"]
    return _Cluster(letters.translate(_SAME_LETTERS), match["shifter"], vowel, match["signs"])


def _split_stacks(clusters: list[_Cluster]) -> Iterator[_Cluster]:
    """Share a stack that carries a vowel between two syllables: សន្ធា is san-thea."""
    for position, cluster in enumerate(clusters):
        before = clusters[position - 1] if position else None
        if before is not None and not cluster.is_bare and _is_split(cluster, before):
            yield _Cluster(cluster.letters[0], is_coda=True)
            yield _second_half(cluster)
        else:
            yield cluster


def _second_half(cluster: _Cluster) -> _Cluster:
    """Return the onset of a split stack; ta below ta keeps its mark, for it may be read d."""
    letters = cluster.letters[1:]
    return cluster._replace(letters=letters, is_below=cluster.letters[0] == letters[0] == "ត")


def _is_split(cluster: _Cluster, before: _Cluster) -> bool:
    """Whether a stack closes the syllable before it with its first letter.

    A nasal over an obstruent does, and one letter over itself or its aspirate; after a letter that
    has no vowel of its own to end on, a nasal over anything does (ពន្លក pon-lok), and ក over ត.
    """
    first, second = cluster.letters[:1], cluster.letters[1:2]
    if not second:
        return False
    if first == second or f"{first}{COENG}{second}" in _SPLIT_PAIRS:
        return True
    if before.is_bare and first + second == "កត":
        return True
    after_nasal = before.is_bare or (second not in _SONORANTS and second != "ស")
    return first in _SPLIT_FIRST and (after_nasal or first + second in {"មរ", "មល"})


def _assign_codas(clusters: list[_Cluster]) -> list[_Cluster]:
    """Decide from the right which bare clusters are codas; a stack read as onset is split."""
    decided: list[_Cluster] = []
    for position in range(len(clusters) - 1, -1, -1):
        cluster = clusters[position]
        before = clusters[position - 1] if position else None
        is_coda = _is_coda(cluster, before, decided[-1] if decided else None)
        if before is not None and cluster.is_bare and not is_coda and _is_split(cluster, before):
            decided.append(_second_half(cluster))
            decided.append(_Cluster(cluster.letters[0], is_coda=True))
        else:
            loose = is_coda and bool(decided) and _is_loose(cluster, decided[-1])
            changed = is_coda or loose
            decided.append(
                cluster._replace(is_coda=is_coda, is_loose=loose) if changed else cluster
            )
    return decided[::-1]


def _is_coda(cluster: _Cluster, before: _Cluster | None, after: _Cluster | None) -> bool:
    if cluster.is_coda:
        return True
    if before is None or not cluster.is_bare or cluster.letters[0] == "អ":
        return False
    if not _SHUT.isdisjoint(cluster.signs):
        return True
    if _is_closed(before) and not (cluster.letters == "ង" and NIKAHIT in before.signs):
        return False
    return after is None or not after.is_coda


def _is_loose(coda: _Cluster, after: _Cluster) -> bool:
    """Whether a coda may also open a syllable with the inherent vowel: ra-ta-na, rat-na."""
    return _SHUT.isdisjoint(coda.signs) and not (coda.is_coda or after.is_bare)


def _is_closed(cluster: _Cluster) -> bool:
    return cluster.is_coda or not _CLOSING.isdisjoint(cluster.signs)


def _sounded(clusters: list[_Cluster]) -> Iterator[Piece]:
    series = 0
    for position, cluster in enumerate(clusters):
        after = clusters[position + 1] if position + 1 < len(clusters) else None
        if cluster.is_coda:
            yield from _coda(cluster, clusters[position - 1], series)
        else:
            series = _series(cluster, series)
            yield from _onset(cluster)
            last = after is None and position > 0
            yield from _vowel(cluster, after, series, is_final=last)


def _series(cluster: _Cluster, before: int) -> int:
    if MUUSIKATOAN in cluster.shifter:
        return 1
    if TRIISAP in cluster.shifter:
        return 2
    governing = [letter for letter in cluster.letters if letter not in _SONORANTS]
    letter = governing[-1] if governing else cluster.letters[0]
    if letter in _LATE_SERIES_SONORANTS and before in {1, 3}:
        return 3
    return 2 if letter in _SECOND_SERIES else 1


def _onset(cluster: _Cluster) -> Iterator[Piece]:
    letters = cluster.letters
    if letters[0] == "ហ" and letters[1:2] in {"វ", "ស", "គ"} and letters[1:]:
        yield Piece(Role.ONSET, letters[:2])
        letters = letters[2:]
    for position, letter in enumerate(letters):
        if letter in _INDEPENDENT or (letter == "អ" and position == 0):
            continue
        popped = letter == "ប" and (MUUSIKATOAN in cluster.shifter or len(letters) > 1)
        below = (position > 0 or cluster.is_below) and letter == "ត"
        yield Piece(Role.ONSET, letter + (MUUSIKATOAN if popped else COENG if below else ""))


def _vowel(
    cluster: _Cluster, after: _Cluster | None, series: int, *, is_final: bool
) -> Iterator[Piece]:
    if cluster.letters[0] in _INDEPENDENT:
        cluster = cluster._replace(vowel=cluster.letters[0] + cluster.vowel)
    marks = "".join(sorted(_VOICED.intersection(cluster.signs))) if cluster.signs else ""
    tail = ""
    if after is not None and after.is_coda:
        tail = _tail(cluster, after, "" if marks else BANTOC)
    elif is_final and cluster.vowel in {"\u17b7", "\u17bb"} and not marks:
        tail = "$"
    yield Piece(Role.VOWEL, cluster.vowel + marks + tail, series)
    for sign in marks:
        if sign != SAMYOK:
            yield Piece(Role.CODA, sign)


def _tail(cluster: _Cluster, coda: _Cluster, bantoc: str) -> str:
    """Return what in the coda changes how the vowel is read.

    A glide or r melts into it, bantoc shortens it; an inherent vowel before a velar is its own
    sound (ភក្តី pheakdei), and before a coda that may also be the next onset another (រតនា ratana).
    E before a palatal is nearly i (ពេជ្រ pich).
    """
    if _is_glide(coda):
        return coda.letters
    shortened = bantoc if BANTOC in coda.signs else ""
    if cluster.vowel == "\u17c1" and coda.letters[0] in _PALATALS:
        return PALATAL
    if cluster.vowel or not bantoc:
        return shortened
    if coda.letters[0] in _VELARS:
        return shortened + VELAR
    return shortened or (LOOSE if coda.is_loose else CLOSED)


def _is_glide(cluster: _Cluster) -> bool:
    return cluster.letters in {"យ", "វ", "រ"} and TOANDAKHIAT not in cluster.signs


def _coda(cluster: _Cluster, before: _Cluster, series: int) -> Iterator[Piece]:
    silent = len(cluster.letters) == 1 and not _HUSHED.isdisjoint(cluster.signs)
    if not _is_glide(cluster) or before.is_coda:
        yield Piece(Role.SILENT if silent else Role.CODA, cluster.letters[0])
    for letter in cluster.letters[1:]:
        yield Piece(Role.SILENT, letter)
    if cluster.is_loose:
        yield Piece(Role.OPTIONAL, "", series)
