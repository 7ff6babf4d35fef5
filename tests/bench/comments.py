"""What is sent: made-up comments, of the lengths that comments have, and no two of them alike.

Knows how people write under videos. That none comes twice matters: a server may remember what it has
labelled, and would be asked here what nobody has asked it before.
"""

from __future__ import annotations

import random

from backend.text import normalise

_LONGEST = 150
_VOCABULARY = """
    the a this that these those it its is was are were be been being and or but so because if when
    while after before since until although i me my you your he his she her we our they their who what
    which where why how not no never always often still just only even really very too quite almost
    maybe probably honestly literally actually finally video videos channel song music album voice
    guitar drums bass intro ending scene episode season series movie film trailer actor actress
    character story plot script editing camera lighting sound quality audio mic thumbnail title clip
    short stream live game level boss player team match goal coach recipe sauce bread chicken pan oven
    camera phone battery screen laptop price review unboxing tutorial lesson teacher student school
    math code bug update version algorithm comment comments section reply like subscribe notification
    ad ads sponsor minute minutes second hour day week month year years ago today tomorrow tonight
    morning night time first last next old new good great amazing awesome brilliant beautiful lovely
    best better bad worse worst boring annoying terrible awful horrible fine okay weird strange funny
    hilarious sad happy angry tired scared proud wrong right true fake real long short loud quiet slow
    fast easy hard love loved loving hate hated like liked enjoy enjoyed watch watched watching listen
    listened hear heard see saw seen look looks looked feel feels felt think thought know knew make
    made makes making take took need needed want wanted wait waited waiting keep keeps kept come came
    go goes went get got give gave say said tell told explain explained learn learned play played cry
    cried laugh laughed miss missed remember forgot deserve deserves ruin ruined skip skipped please
    thanks thank sorry wow lol bro dude man guys people everyone nobody someone kid kids mom dad sister
    brother friend family wife husband dog cat house car city country world life heart soul mind work
    job money part thing things way place reason point moment childhood memories summer winter
"""
_WORDS = tuple(_VOCABULARY.split())
_SPICE = (
    "😂", "😂😂😂", "❤️", "🔥🔥", "😍", "😭", "👏👏👏", "💀", "🙏", "😡", "🤮", "👍🏽", "🎉",
    "@someone", "@the_real-channel", "2:47", "1:02:33", "https://youtu.be/watch?v=abc",
    "&quot;wow&quot;", "sooooo", "LOVE", "!!!", "???", "...", ":)", ":(", "<3", "WHAT", "10/10", "2024",
)  # fmt: skip


class Comments:
    """An endless supply. The same `seed` and the same order of asking give the same comments."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._seen: set[str] = set()
        self._kept: dict[str, list[list[str]]] = {}

    def batches(self, purpose: str, count: int, size: int) -> list[list[str]]:
        """Return `count` lists of `size` comments, the same for whoever names the same purpose."""
        if purpose not in self._kept:
            self._kept[purpose] = [[self._next() for _ in range(size)] for _ in range(count)]
        return self._kept[purpose]

    def forget(self) -> None:
        """Have new comments for every purpose from now on."""
        self._kept.clear()

    def _next(self) -> str:
        """Return a new comment; half have fewer than twelve words, some many more."""
        length = 1 + min(_LONGEST, int(self._random.lognormvariate(2.4, 0.9)))
        words = self._random.choices(_WORDS, k=length)
        if self._random.random() < 0.3:
            words.insert(self._random.randint(0, length), self._random.choice(_SPICE))
        while (key := normalise(" ".join(words)).lower()) in self._seen:
            words.append(self._random.choice(_WORDS))
        self._seen.add(key)
        return " ".join(words)
