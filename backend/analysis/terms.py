"""The terms of a comment: words as people write them, and emoji.

Knows scripts, emoji and which words carry no feeling in which language. Knows nothing of sentiment.
Chinese, Japanese and Thai are written without spaces: there, an unbroken run of one script counts as
a word if it is short enough to be one.
"""

from __future__ import annotations

import html
import unicodedata

import regex

from backend.analysis.stop_words import STOP_WORDS

_LONGEST = 30
_LONGEST_RUN = 6

_EMOJI = (
    r"\p{Regional_Indicator}{2}"
    r"|(?![©®™])\p{Extended_Pictographic}[\p{Emoji_Modifier}\uFE0F]*"
    r"(?:\u200D\p{Extended_Pictographic}[\p{Emoji_Modifier}\uFE0F]*)*"
)
_UNSPACED = r"[\p{Han}々]+|\p{Hiragana}+|[\p{Katakana}ー]+|[\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]+"
_LETTERS = r"(?:(?![\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}])[\p{L}\p{M}])+"
_TERM = regex.compile(
    r"(?:https?://|www\.)\S+"
    r"|(?<![\w@])@[\w.\-]+"
    r"|\d[\d:.,]*[\p{L}\p{M}]*"
    rf"|(?P<emoji>{_EMOJI})"
    rf"|(?P<unspaced>{_UNSPACED})"
    rf"|(?P<word>{_LETTERS}(?:['’]{_LETTERS})*)"
)
_LOOKS = regex.compile(r"[\p{Emoji_Modifier}\uFE0F]")
_PICTURE_BY_ITSELF = regex.compile(r"\p{Emoji_Presentation}|.{2}")


def terms(text: str, language: str) -> set[str]:
    """Return the terms of `text`, case-folded, without the stop words of `language`.

    Links, mentions, timestamps and numbers are left out. Skin tones of emoji are too, so that one
    feeling is one term. Where the language is not known, English stop words are left out.
    """
    stop = STOP_WORDS.get(language, STOP_WORDS["en"])
    found: set[str] = set()
    for match in _TERM.finditer(unicodedata.normalize("NFC", html.unescape(text))):
        kind, written = match.lastgroup, match[0]
        if kind == "emoji":
            found.add(_plain_emoji(written))
        elif kind == "unspaced":
            if 2 <= len(written) <= _LONGEST_RUN:
                found.add(written)
        elif kind == "word":
            word = written.casefold().replace("’", "'")
            if 2 <= len(word) <= _LONGEST and not _says_nothing(word, stop):
                found.add(word)
    return found


def _says_nothing(word: str, stop: frozenset[str]) -> bool:
    """Whether `word`, or what stands before its apostrophe ("they're", "d'accord"), is in `stop`."""
    return word in stop or ("'" in word and word.partition("'")[0] in stop)


def _plain_emoji(emoji: str) -> str:
    plain = _LOOKS.sub("", emoji)
    return plain if _PICTURE_BY_ITSELF.match(plain) else plain + "\ufe0f"
