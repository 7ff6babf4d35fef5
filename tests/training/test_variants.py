from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.training.conftest import comments
from training.variants import hash_of, variants

ROWS = comments(400)
TEXTS = [f"{text} number {number}" for number, text in enumerate(ROWS["text"])]
SOURCES = ["tweets", "videos"] * 200


def test_a_variant_is_the_same_every_time_and_another_one_differs() -> None:
    first = variants(TEXTS, SOURCES, 0)

    assert first == variants(TEXTS, SOURCES, 0)
    same = sum(a == b for a, b in zip(first, variants(TEXTS, SOURCES, 1), strict=True))
    assert same < 0.2 * len(TEXTS)


def test_a_text_more_or_less_changes_few_variants() -> None:
    before = dict(zip(TEXTS, variants(TEXTS, SOURCES, 0), strict=True))

    after = variants(["something new", *TEXTS[1:]], ["tweets", *SOURCES[1:]], 0)

    changed = sum(before[text] != variant for text, variant in zip(TEXTS[1:], after[1:], strict=True))
    assert changed < 10


def test_halves_are_joined_with_those_of_the_same_source() -> None:
    texts = [f"tweet{number} tweet" for number in range(50)] + [f"video{n} video" for n in range(50)]

    made = variants(texts, ["tweets"] * 50 + ["videos"] * 50, 0)

    assert not [text for text in made[:50] if "video" in text]
    joined = [text for text in made[:50] if text.count("tweet") > 2 or len(text.split()) > 2]
    assert 5 < len(joined) < 45


@settings(deadline=None)
@given(st.lists(st.text(max_size=80), min_size=1, max_size=10), st.integers(0, 5))
def test_any_text_has_a_variant(texts: list[str], number: int) -> None:
    made = variants(texts, ["one"] * len(texts), number)

    assert len(made) == len(texts)
    assert all(text.strip() for text, origin in zip(made, texts, strict=True) if origin.split())


def test_keys_differ_by_text_and_by_salt() -> None:
    assert len({hash_of(text) for text in TEXTS} | {hash_of(text, "0") for text in TEXTS}) == 800
