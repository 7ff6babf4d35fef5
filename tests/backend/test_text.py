from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.text import normalise, tokenise


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("so   good\n\n!", "so good !"),
        ("&lt;3 &amp; more", "<3 & more"),
        ("<b>bold</b> and<br>new", "bold and new"),
        ("see https://example.com/a?b=c now", "see http now"),
        ("youtu.be/abc rocks", "http rocks"),
        ("@some.one-2 agreed", "@user agreed"),
        ("mail me@example.com", "mail me@example.com"),
        ("at 1:02:33 and 4:05", "at 0:00 and 0:00"),
        ("loooooove", "looove"),
        ("1000000", "1000000"),
        ("nice😂", "nice tears of joy"),
        ("😂😂😂😂", "tears of joy tears of joy"),
        ("👍🏽", "thumbs up"),
        ("❤️", "red heart"),
        ("🇯🇵", "flag flag"),
        (":face-blue-smiling:", "face blue smiling"),
        ("𝗯𝗼𝗹𝗱 ｗｉｄｅ", "bold wide"),
        ("a\u200bb\u202ec\x00d", "abc d"),
        ("\ud83d", ""),
        ("cafe\u0301", "café"),
    ],
)
def test_normalised(written: str, read: str) -> None:
    assert normalise(written) == read


@pytest.mark.parametrize(
    ("written", "tokens"),
    [
        ("I DON’T like it!!!", "i don't like it !!!"),
        ("yes, really... (maybe)", "yes really maybe"),
        (":) <3", ":) <3"),
        ("यह अच्छा है", "यह अच्छा है"),
    ],
)
def test_tokenised(written: str, tokens: str) -> None:
    assert tokenise(written) == tokens


@given(st.text(st.characters(), max_size=200))
def test_any_text_becomes_one_clean_line(text: str) -> None:
    line = normalise(text)

    line.encode("utf-8")
    assert line == " ".join(line.split())
    assert not any(character in line for character in "\x00\n\r\t\u202e\u200b")


@given(st.text(max_size=100))
def test_tokens_are_lower_case_and_apart(text: str) -> None:
    tokens = tokenise(text).split(" ")

    assert tokens == tokenise(text).split() or tokens == [""]
    assert all(token == token.lower() for token in tokens)
