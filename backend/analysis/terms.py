"""The terms of a comment: words as people write them, and emoji.

Knows scripts, emoji and which words carry no feeling in which language. Knows nothing of sentiment.
Chinese, Japanese and Thai are written without spaces: there, an unbroken run of one script counts as
a word if it is short enough to be one.
"""

from __future__ import annotations

import html
import re
import unicodedata

from backend.analysis.stop_words import STOP_WORDS

_LONGEST = 30
_LONGEST_RUN = 6

_HAN = "々〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_HIRAGANA = "\u3041-\u309f"
_KATAKANA = "\u30a0-\u30ff\u31f0-\u31ff\uff66-\uff9f"
_SOUTH_EAST_ASIAN = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_UNSPACED = f"[{_HAN}]+|[{_HIRAGANA}]+|[{_KATAKANA}]+|[{_SOUTH_EAST_ASIAN}]+"
# \w leaves out the vowel signs of Devanagari and others; below U+0300 there are none.
_MARKS = "".join(filter(lambda c: unicodedata.category(c)[0] == "M", map(chr, range(0x300, 0x3000))))
_LETTERS = rf"(?:(?![{_HAN}{_HIRAGANA}{_KATAKANA}{_SOUTH_EAST_ASIAN}\d_])[\w{_MARKS}])+"

_PICTURE = "[\u203c\u2049\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]"
# What browsers draw in colour without being asked, of the signs that are older than emoji.
_COLOURFUL = re.compile(
    "[⌚⌛⏩-⏬⏰⏳☔☕♈-♓♿⚓⚡⚪⚫⚽⚾⛄⛅⛎⛔⛪⛲⛳⛵⛺⛽✅✊✋✨❌❎❓-❕❗➕-➗➰➿⬛⬜⭐⭕\U0001f000-\U0001faff]|.."
)
_LOOKS = "\ufe0e\ufe0f\U0001f3fb-\U0001f3ff"
_EMOJI = (
    "[\U0001f1e6-\U0001f1ff]{2}"
    rf"|(?![{_LOOKS}\U0001f1e6-\U0001f1ff]){_PICTURE}[{_LOOKS}]*(?:\u200d{_PICTURE}[{_LOOKS}]*)*"
)
_TERM = re.compile(
    r"(?:https?://|www\.)\S+"
    r"|</?[A-Za-z][^<>]{0,500}>"
    r"|(?<![\w@])@[\w.\-]+"
    rf"|\d[\d:.,]*[\w{_MARKS}]*"
    rf"|(?P<emoji>{_EMOJI})"
    rf"|(?P<unspaced>{_UNSPACED})"
    rf"|(?P<word>{_LETTERS}(?:['’]{_LETTERS})*)"
)
_LOOK = re.compile(f"[{_LOOKS}]")


def terms(text: str, language: str) -> set[str]:
    """Return the terms of `text`, case-folded, without the stop words of `language`.

    Links, markup, mentions, timestamps and numbers are left out. Skin tones of emoji are too, so that
    one feeling is one term. Where the language is not known, English stop words are left out.
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
    """Return `emoji` without skin tones; a sign from before emoji, such as ❤, asks to be a picture."""
    plain = _LOOK.sub("", emoji)
    return plain if _COLOURFUL.match(plain) else plain + "\ufe0f"
