"""Latin spellings of Khmer names as consonant and vowel units.

A spelling is cut into the letter groups that French-flavoured practice writes for one sound: `chh`,
`ng`, `oeu`. A vowel unit takes in a following `y`, `v`, `w` or `r` that no vowel follows, for these
colour the vowel (`or`, `ay`, `ov`) as often as they are heard. Doubled letters count once.
"""

import re
from typing import Final

_DOUBLED: Final = re.compile(r"([b-df-hj-np-tv-xz])\1+")
_UNIT: Final = re.compile(
    r"(?P<consonant>chh|ch|ck|kh|gh|th|dh|ph|bh|nh|ng|sh|zh|[bcdfghjklmnpqrstvxz]|y(?=[aeiou]))"
    r"|(?P<vowel>(?:[aeiou]|y(?![aeiou]))+(?:[rv](?![aeiouy]))?)"
    r"|(?P<digit>[0-9])"
)
_LIQUID: Final = frozenset("rl")
# Letter groups that may also be two sounds met at a syllable border: Sok-heng, Sath-ya.
_BORDERS: Final = re.compile(r"(?<=[aeiouyr])(chh|kh|th|ph|nh|ng|y)(?=[aeiou])")
# A written r that no vowel touches: Vichetr for វិចិត្រ.
_UNHEARD: Final = re.compile("(?<=[bcdghkpt])r$")
# One syllable with an r that only draws out its vowel: Hory for ហយ.
_DRAWN: Final = re.compile(r"[^aeiouy]{0,3}ory")
# Spellings of Muslim and Vietnamese names, and how a Khmer spells who hears them.
_ABROAD: Final = (
    (re.compile("^c$"), "ch"),  # the initial of Chea
    (re.compile("^gi(?=[aou])"), "y"),  # Giang យ៉ាង
    (re.compile("(?<=[aeiou])f$"), "h"),  # Yusof យូសុះ
    (re.compile("(?<=[fmr]a)(?=[ei]l$)"), "|"),  # Ismael អ៊ីស្មាអែល
)
# The same where the letters may as well be read as they stand.
_PERHAPS: Final = (
    (re.compile("(?<=[cdghkqtx])uye(?=[nt])"), "vie"),  # Nguyen ង្វៀន
    (re.compile("(?<=[aeiouy][^aeiouy])ia(?=[hm]?$)"), "iya"),  # Zakaria ហ្សាការីយ៉ា
)
# Whether any of these may apply: one look at a word in place of six.
_MAY_BE_ABROAD: Final = re.compile("^c$|^gi[aou]|uye|(?:f|ael|ail|ia|iam|iah)$")
CONSONANT_Y: Final = "Y"
CODA: Final = "-"


def readings(word: str) -> tuple[tuple[str, ...], ...]:
    """Return the few ways to cut a lower-case Latin word into units, the likeliest first.

    A consonant that closes a syllable is marked with a leading hyphen (`-k`); `Y` is the consonant.
    """
    plain = _UNHEARD.sub("", _DOUBLED.sub(r"\1", word.replace("w", "v")))
    if _DRAWN.fullmatch(plain):
        return tuple(_units(plain)), tuple(_units(plain.replace("ory", "oy")))
    split = _BORDERS.sub(lambda match: _divide(match[1]), plain)
    ways = dict.fromkeys((plain, split))
    if _MAY_BE_ABROAD.search(plain):
        heard = _rewritten(plain, _ABROAD)
        ways = dict.fromkeys((heard, plain, split, _rewritten(plain, _PERHAPS)))
    return tuple(tuple(_units(way)) for way in ways)


def _rewritten(word: str, rules: tuple[tuple[re.Pattern[str], str], ...]) -> str:
    for pattern, written in rules:
        word = pattern.sub(written, word)
    return word


def _divide(group: str) -> str:
    return group[:-1] + "|" + group[-1] if len(group) > 1 else group + "|"


def _units(word: str) -> list[str]:
    matches = list(_UNIT.finditer(word))
    units: list[str] = []
    for position, match in enumerate(matches):
        if match["consonant"] is None:
            units.append(match.group())
        else:
            group = match.group().replace("y", CONSONANT_Y)
            closes = position > 0 and matches[position - 1]["consonant"] is None
            follows = matches[position + 1 :]
            opens = bool(follows) and _opens(match, follows)
            units.append(CODA + group if closes and not opens else group)
    return units


def _opens(match: re.Match[str], follows: list[re.Match[str]]) -> bool:
    following = follows[0]
    if following.start() > match.end():
        return False
    if following["vowel"] is not None:
        return True
    return following.group() in _LIQUID and len(follows) > 1 and follows[1]["vowel"] is not None
