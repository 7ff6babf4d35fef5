from __future__ import annotations

import sys
import tracemalloc

import numpy as np
import pytest
import redis

from backend.inference.breaker import Breaker
from backend.inference.cache import LocalCache, Tiers, key_of
from backend.inference.redis_cache import RedisCache
from backend.memory import BYTES_OF_AN_ENTRY
from tests.services import running_redis

ROW = np.array([0.1, 0.2, 0.7], dtype="<f4").tobytes()


def key(number: int) -> bytes:
    return key_of("0123456789abcdef", str(number))


def test_the_predictions_used_last_are_kept() -> None:
    cache = LocalCache(3)
    cache.put({key(number): ROW for number in range(3)})
    cache.get([key(0)])

    cache.put({key(3): ROW})

    assert cache.get([key(number) for number in range(4)]).keys() == {key(0), key(2), key(3)}


def test_a_size_of_nothing_keeps_nothing() -> None:
    cache = LocalCache(0)
    cache.put({key(1): ROW})

    assert cache.get([key(1)]) == {}


def test_two_models_and_two_texts_have_keys_of_their_own() -> None:
    keys = {key_of(identity, text) for identity in ("a" * 16, "b" * 16) for text in ("x", "\ud800", "")}

    assert len(keys) == 6
    assert {len(each) for each in keys} == {16}


@pytest.mark.skipif(sys.implementation.name != "cpython", reason="other objects have other sizes")
def test_an_entry_takes_no_more_room_than_is_said() -> None:
    entries = 50_000
    tracemalloc.start()
    cache = LocalCache(entries)
    for number in range(2 * entries):
        cache.put({key_of("a" * 16, "a long comment " * 100 + str(number)): bytes(bytearray(ROW))})
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert len(cache) == entries
    assert taken / entries < BYTES_OF_AN_ENTRY


def test_a_nearer_cache_learns_from_a_farther_one() -> None:
    near, far = LocalCache(10), LocalCache(10)
    far.put({key(1): ROW})

    assert Tiers([near, far]).get([key(1), key(2)]) == {key(1): ROW}
    assert near.get([key(1)]) == {key(1): ROW}


def test_processes_share_what_redis_keeps_and_believe_only_probabilities() -> None:
    with running_redis() as server, redis.Redis.from_url(server.address) as client:
        RedisCache(server.address).put({key(number): ROW for number in range(2500)})
        for number, value in enumerate(
            [b"", b"x" * 12, np.array([2, 0, 0], dtype="<f4").tobytes(), b"\xff" * 12]
        ):
            client.set(b"undertone:prediction:" + key(number), value)
        client.delete(b"undertone:prediction:" + key(4))
        client.rpush(b"undertone:prediction:" + key(4), "a list")

        found = RedisCache(server.address).get([key(number) for number in range(2600)])

        assert found == {key(number): ROW for number in range(5, 2500)}
        assert 0 < client.ttl(b"undertone:prediction:" + key(5)) <= 7 * 24 * 3600


def test_a_service_that_does_not_answer_is_left_alone_for_longer_and_longer() -> None:
    now = 0.0
    breaker = Breaker(clock=lambda: now)

    assert breaker.failed() is True, "the first failure is news"
    assert not breaker.may_try()
    now = 1.1
    assert breaker.may_try()
    assert not breaker.may_try(), "one tries, the others don't wait with it"
    assert breaker.failed() is False
    now = 2.5
    assert not breaker.may_try(), "the second pause is twice as long"
    now = 3.2
    assert breaker.may_try()
    breaker.succeeded()
    assert breaker.may_try()
    assert breaker.may_try()
    assert breaker.failed() is True
