"""Variants: texts that nobody wrote, for a student to hear its teacher's opinion of.

Knows how to cut comments up, to join their halves and to mistype them. Knows nothing of teachers or
students. A variant depends on its text, its number and the texts of the same source, not on the order
of rows, so that adding some changes few others.
"""

from __future__ import annotations

import random
from bisect import bisect_left
from collections.abc import Sequence
from hashlib import blake2b

_DROPPED = 0.15
_MISTYPED = 0.05
_MOST_WORDS = 40


def hash_of(text: str, salt: str = "") -> int:
    """Return 48 bits of a hash of `text`, which stand for it in a table of a million texts."""
    digest = blake2b(text.encode("utf-8", "ignore"), digest_size=6, key=salt.encode())
    return int.from_bytes(digest.digest(), "big")


def variants(texts: Sequence[str], sources: Sequence[str], number: int) -> list[str]:
    """Return variant `number` of each of the `texts` (n,), which came from `sources` (n,).

    Every other one joins its beginning with another's end (a lesson on what outweighs what); the rest
    lacks words and has slips of the finger (word dropout and character noise; Tang et al. 2019 use the
    like for distillation).
    """
    ordered: dict[str, list[tuple[int, str]]] = {}
    for text, source in zip(texts, sources, strict=True):
        ordered.setdefault(source, []).append((hash_of(text), text))
    for entries in ordered.values():
        entries.sort()
    made = []
    for text, source in zip(texts, sources, strict=True):
        chance = random.Random(hash_of(text, str(number)))
        others = ordered[source]
        other = others[bisect_left(others, (chance.getrandbits(48),)) % len(others)][1]
        made.append(_joined(text, other, chance) if chance.random() < 0.5 else _thinned(text, chance))
    return made


def _joined(text: str, other: str, chance: random.Random) -> str:
    ours, theirs = text.split()[:_MOST_WORDS], other.split()[-_MOST_WORDS:]
    beginning = ours[: chance.randint(1, max(1, len(ours)))]
    end = theirs[chance.randint(0, max(0, len(theirs) - 1)) :]
    return " ".join(beginning + end)


def _thinned(text: str, chance: random.Random) -> str:
    words = text.split()
    kept = [word for word in words if chance.random() >= _DROPPED] or words[:1]
    return " ".join(_mistyped(word, chance) if chance.random() < _MISTYPED else word for word in kept)


def _mistyped(word: str, chance: random.Random) -> str:
    """Return `word` with two neighbouring letters swapped, or one doubled or left out."""
    at = chance.randrange(len(word))
    slips = (
        word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :],
        word[: at + 1] + word[at:],
        word[:at] + word[at + 1 :] or word,
    )
    return chance.choice(slips)
