"""The one normaliser: what a comment looks like before any model reads it.

Knows how people write comments (emoji, markup, links, mentions, stretched words) and how to say that
in words that a model's vocabulary holds. Knows nothing of models, labels or languages. Training and
serving call the same functions; `NORMALISER_VERSION` is stamped into every bundle, so change it with
any change of what `normalise` or `tokenise` return.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

NORMALISER_VERSION = 1

_MARKUP = re.compile(r"</?(?:a|b|br|i|s|u|em|strong|del|span)(?:\s[^<>]*)?/?>", re.IGNORECASE)
# A label has at most 63 characters; without that bound "a-a-a-..." would take quadratic time.
_URL = re.compile(
    r"(?:https?://|www\.)\S+|(?<![\w-])[\w-]{1,63}\.(?:com|net|org|ly|be|gg|co|tv)/\S+",
    re.IGNORECASE,
)
_MENTION = re.compile(r"(?<![\w@])@[\w.-]*\w")
_TIMESTAMP = re.compile(r"(?<![\d:])\d{1,2}(?::[0-5]\d){1,2}(?![\d:])")
_CUSTOM_EMOJI = re.compile(r":_?([a-zA-Z]+(?:-[a-zA-Z]+)+):")
_REPEATED = re.compile(r"([^\s\d])\1{3,}")
# Not \w: it leaves out the vowel signs of Devanagari, Thai and others.
_LETTERS = r"[^\s!-/:-@\[-`{-~¡-¿\u2010-\u205e\u3000-\u3011]+"
_TOKEN = re.compile(
    rf"@user|[<>]?[:;=8xX][-']?[)(\]\[dDpPoO/\\|*3]+(?!\w)|<3+|{_LETTERS}(?:['’]{_LETTERS})*|[!?]+",
)

# Letters in disguise: mathematical bold and script letters, and full-width forms.
_DISGUISED = re.compile("[\U0001d400-\U0001d7ff\uff01-\uff5e]")

# What changes an emoji's look but not its feeling.
_MODIFIERS = frozenset("\u200d\u2640\u2642\ufe0e\ufe0f\u20e3") | frozenset(
    chr(code) for code in range(0x1F3FB, 0x1F400)
)
_FLAG_LETTERS = frozenset(chr(code) for code in range(0x1F1E6, 0x1F200))

# Unicode's names are for typographers; these say what people mean by the sign.
_SPOKEN = {
    "❤": "red heart",
    "♥": "red heart",
    "♡": "heart",
    "☺": "smiling",
    "☹": "frowning",
    "👍": "thumbs up",
    "👎": "thumbs down",
    "🙏": "folded hands",
    "🔥": "fire",
    "💯": "hundred points",
    "👏": "clapping hands",
    "✨": "sparkles",
    "🤣": "rolling laughing",
    "😂": "tears of joy",
    "😅": "sweat smile",
    "🥹": "holding back tears",
    "🥺": "pleading eyes",
    "🤡": "clown",
    "💀": "skull",
    "☠": "skull",
    "🗿": "stone face",
    "😍": "heart eyes",
    "😡": "angry",
    "😠": "angry",
    "🤬": "angry swearing",
    "😮": "surprised",
    "😱": "screaming in fear",
    "🙄": "rolling eyes",
    "😐": "neutral",
    "🤮": "vomiting",
    "🤢": "nauseated",
    "🖤": "black heart",
    "🤍": "white heart",
}
_NOISE = re.compile(r"\b(?:face with|with|face|sign|symbol|person|emoji|black|white|heavy)\b")


def normalise(text: str) -> str:
    """Return `text` as one line of plain words and punctuation.

    NFC; HTML entities and simple markup undone; control and invisible characters and lone surrogates
    dropped; URLs become ``http``, mentions ``@user``, timestamps ``0:00``; a character repeated more
    than three times is kept three times; each emoji becomes words with spaces around them, a run of
    the same emoji being said twice at most. Never fails, for any string; may return ``""``.
    """
    text = html.unescape(text) if "&" in text else text
    text = _MARKUP.sub(" ", text) if "<" in text else text
    text = unicodedata.normalize("NFC", text.encode("utf-8", "ignore").decode("utf-8"))
    text = _DISGUISED.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    text = _URL.sub(" http ", text)
    text = _MENTION.sub("@user", text) if "@" in text else text
    if ":" in text:
        text = _CUSTOM_EMOJI.sub(lambda match: f" {match[1].replace('-', ' ')} ", text)
        text = _TIMESTAMP.sub("0:00", text)
    text = text if text.isascii() and text.isprintable() else _speak_emoji(text)
    text = _REPEATED.sub(r"\1\1\1", text)
    return " ".join(text.split())


def tokenise(text: str) -> str:
    """Return the normalised, lower-cased tokens of `text`, joined by single spaces.

    Words keep inner apostrophes; emoticons and runs of ``!`` and ``?`` are tokens; other punctuation
    is dropped. A linear model's vectoriser splits on spaces alone, which exports to ONNX exactly.
    """
    return " ".join(match[0].replace("’", "'").lower() for match in _TOKEN.finditer(normalise(text)))


def _speak_emoji(text: str) -> str:
    pieces: list[str] = []
    last, run = "", 0
    for character in text:
        if character in _MODIFIERS:
            continue
        spoken = _speak(character)
        if spoken == character:
            last = "" if not character.isspace() else last
            pieces.append(character)
            continue
        run = run + 1 if spoken == last else 1
        last = spoken or last
        if run <= 2 or not spoken.strip():
            pieces.append(spoken)
    return "".join(pieces)


@lru_cache(maxsize=8192)
def _speak(character: str) -> str:
    """Return the words for one character: itself, ``""`` if invisible, or an emoji's name in spaces."""
    if character in _SPOKEN:
        return f" {_SPOKEN[character]} "
    if character in _FLAG_LETTERS:
        return " flag "
    category = unicodedata.category(character)
    if category == "Cc":
        return " "
    if category in ("Cf", "Cs", "Co"):
        return ""
    if category == "So" or (category == "Cn" and character >= "\U0001f000"):
        name = unicodedata.name(character, "emoji").lower().replace("-", " ")
        spoken = " ".join(_NOISE.sub(" ", name).split()) or name
        return f" {spoken} "
    return character
