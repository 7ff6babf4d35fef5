"""Comments are divided into batches so that little is padded and few calls are made."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from backend.batching import MOST_TOKENS, TOKENS_OF_A_CALL, fitting


def batches(lengths: Sequence[int], most: int = 32) -> list[list[int]]:
    """Return all of `lengths`, divided."""
    divided, left = [], sorted(lengths)
    while left:
        count = fitting(left, most)
        divided.append(left[:count])
        left = left[count:]
    return divided


def cost(batch: Sequence[int]) -> int:
    """Return what running `batch` costs, in tokens."""
    return TOKENS_OF_A_CALL + len(batch) * max(batch)


def test_comments_of_one_length_go_together_up_to_the_most() -> None:
    assert [len(batch) for batch in batches([10] * 70)] == [32, 32, 6]


def test_a_long_comment_does_not_pad_the_short_ones() -> None:
    assert batches([5] * 31 + [64]) == [[5] * 31, [64]]


def test_a_little_padding_is_cheaper_than_a_call() -> None:
    assert batches([5, 6, 6, 7]) == [[5, 6, 6, 7]]


def test_no_batch_outgrows_the_cache_unless_one_comment_does() -> None:
    assert max(len(batch) * max(batch) for batch in batches([64] * 40)) <= MOST_TOKENS
    assert batches([MOST_TOKENS + 1] * 2) == [[MOST_TOKENS + 1]] * 2


@pytest.mark.parametrize("lengths", [range(1, 33), [3, 9, 27] * 20, [1] * 5 + list(range(20, 64, 3))])
def test_it_is_nearly_as_cheap_as_the_best_division(lengths: Sequence[int]) -> None:
    ordered = sorted(lengths)
    best = [0]
    for end in range(1, len(ordered) + 1):
        best.append(
            min(best[start] + cost(ordered[start:end]) for start in range(max(0, end - 32), end))
        )

    assert sum(map(cost, batches(ordered))) <= 1.05 * best[-1]
