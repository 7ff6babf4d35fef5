"""What anyone may expect of the champion, whatever its figures (Ribeiro et al. 2020, CheckList)."""

from __future__ import annotations

import pytest

from backend.bundle import LABELS, read_bundle
from backend.classifier import Classifier
from backend.settings import Settings

CLASSIFIER = Classifier(read_bundle(Settings().bundle), threads=2)


def label(text: str) -> str:
    return LABELS[int(CLASSIFIER.probabilities([text])[0].argmax())]


def score(text: str) -> float:
    """Return the probability of positive less that of negative."""
    negative, _, positive = CLASSIFIER.probabilities([text])[0]
    return float(positive - negative)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I love this channel so much, best video ever!", "positive"),
        ("This made my day, thank you", "positive"),
        ("Absolutely beautiful, I cried happy tears", "positive"),
        ("This is the worst video I have ever seen", "negative"),
        ("What a disgusting and stupid thing to say", "negative"),
        ("I hate how they ruined this song", "negative"),
        ("The second part will be uploaded on Friday", "neutral"),
        ("Which camera did he use here?", "neutral"),
        ("They moved to Canada in 2019", "neutral"),
    ],
)
def test_plain_comments(text: str, expected: str) -> None:
    assert label(text) == expected


@pytest.mark.parametrize(
    ("plain", "negated"),
    [
        ("I like this", "I don't like this"),
        ("this is good", "this is not good"),
        ("I would recommend it", "I would never recommend it"),
        ("she is a great singer", "she is not a great singer at all"),
    ],
)
def test_negation_turns_praise_down(plain: str, negated: str) -> None:
    assert score(negated) < score(plain) - 0.3


@pytest.mark.parametrize(
    ("text", "expected"),
    [("😍😍😍", "positive"), ("❤️", "positive"), ("🤮🤮", "negative"), ("🤬🤬", "negative")],
)
def test_emoji_alone(text: str, expected: str) -> None:
    assert label(text) == expected


@pytest.mark.parametrize(("emoji", "sign"), [("❤️", 1), ("🔥", 1), ("🤮", -1), ("😡", -1)])
def test_emoji_shift_a_comment_their_way(emoji: str, sign: int) -> None:
    text = "this new song"

    assert sign * (score(f"{text} {emoji}") - score(text)) > 0


@pytest.mark.parametrize(
    ("weak", "strong", "sign"),
    [
        ("this is good", "this is really, really good", 1),
        ("nice video", "extremely nice video", 1),
        ("this is bad", "this is so incredibly bad", -1),
    ],
)
def test_intensifiers_do_not_weaken(weak: str, strong: str, sign: int) -> None:
    assert sign * score(strong) > sign * score(weak) - 0.05


@pytest.mark.parametrize(
    ("text", "misspelt"),
    [
        ("this is amazing, I love it", "this is amazng, I lovee it"),
        ("what a terrible video", "what a terrible vidoe"),
        ("so beautiful", "soooooo beautifullll"),
    ],
)
def test_typos_do_not_turn_a_comment_round(text: str, misspelt: str) -> None:
    assert label(misspelt) == label(text)


@pytest.mark.parametrize(
    "pattern", ["{} is a wonderful singer", "{} was late for the interview", "I can't stand {}"]
)
def test_a_name_does_not_matter(pattern: str) -> None:
    names = ("Maria", "John", "Aisha", "Wei", "Priya", "Carlos")
    scores = [score(pattern.format(name)) for name in names]

    assert len({label(pattern.format(name)) for name in names}) == 1
    assert max(scores) - min(scores) < 0.35


@pytest.mark.parametrize("text", ["this is great", "I hate this", "see the first part"])
def test_links_mentions_and_timestamps_do_not_matter(text: str) -> None:
    for addition in (" https://example.com/watch?v=abc", " @someone", " 1:23"):
        assert label(text + addition) == label(text)


@pytest.mark.parametrize("text", ["THIS IS AMAZING", "This is amazing", "this is amazing"])
def test_capitals_do_not_hide_praise(text: str) -> None:
    assert label(text) == "positive"


def test_probabilities_are_probabilities_for_anything() -> None:
    texts = ["", " ", "\x00", "\ud83d", "a" * 10_000, "😂" * 500, "שלום", "यह अच्छा है", "\u202eabc"]

    probabilities = CLASSIFIER.probabilities(texts)

    assert probabilities.shape == (len(texts), 3)
    assert abs(probabilities.sum(1) - 1).max() < 1e-5
    assert probabilities.min() >= 0
