from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from flask import Flask

from backend.bundle import Bundle
from backend.classifier import Classifier, Probabilities
from backend.errors import ClientGone, DeadlineExceeded, Overloaded
from backend.inference import admission
from backend.inference.admission import Room
from backend.inference.cache import LocalCache
from backend.inference.deadline import Deadline
from backend.inference.engine import Engine
from backend.inference.scheduler import Scheduler
from tests.backend.tiny import tiny_bundle

FOR_EVER = Deadline()


@pytest.fixture
def classifier(tmp_path: Path) -> Classifier:
    """Return a tiny model."""
    return Classifier(tiny_bundle(tmp_path / "bundle", "1"))


@pytest.fixture
def engine() -> Iterator[Engine]:
    """Yield an engine with room for ten comments."""
    scheduler = Scheduler(batch_size=4)
    yield Engine(scheduler, Room(10), LocalCache(100))
    scheduler.stop()


@pytest.fixture
def app() -> Flask:
    """Return an application whose requests give back what they hold."""
    app = Flask("test")
    admission.init_app(app)
    return app


def ask(engine: Engine, classifier: Classifier, texts: Sequence[str]) -> Probabilities:
    """Return what the engine says of `texts`."""
    with engine.begin(classifier, texts, FOR_EVER) as work:
        return work.result()


def test_a_request_holds_room_for_its_comments_until_it_is_answered(
    engine: Engine, classifier: Classifier, app: Flask
) -> None:
    texts = [f"love {number}" for number in range(10)]
    with app.test_request_context():
        assert ask(engine, classifier, texts).shape == (10, 3)
        with app.test_request_context(), pytest.raises(Overloaded) as refusal:
            ask(engine, classifier, ["and another one"])
        assert 1 <= refusal.value.retry_after <= 60

    with app.test_request_context():
        assert ask(engine, classifier, ["and another one"]).shape == (1, 3)


def test_room_is_given_back_whatever_happens(
    engine: Engine, classifier: Classifier, app: Flask
) -> None:
    texts = [f"hate {number}" for number in range(10)]
    with (
        app.test_request_context(),
        pytest.raises(ZeroDivisionError),
        engine.begin(classifier, texts, FOR_EVER),
    ):
        raise ZeroDivisionError

    with app.test_request_context():
        assert ask(engine, classifier, texts).shape == (10, 3)


def test_what_is_too_late_is_not_begun(engine: Engine, classifier: Classifier) -> None:
    with pytest.raises(DeadlineExceeded):
        engine.begin(classifier, ["love"], Deadline(at=0))


def test_a_closed_connection_is_noticed_and_an_open_one_is_not_taken_for_it(
    engine: Engine, classifier: Classifier
) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        with engine.begin(classifier, ["love"], Deadline(connection=ours)) as work:
            work.result()
        theirs.sendall(b"GET / HTTP/1.1")
        with engine.begin(classifier, ["love"], Deadline(connection=ours)) as work:
            work.result()
        ours.recv(100)
        theirs.close()
        with pytest.raises(ClientGone):
            engine.begin(classifier, ["love"], Deadline(connection=ours))


def test_what_is_remembered_of_one_model_is_not_said_by_another(
    engine: Engine, classifier: Classifier, tmp_path: Path
) -> None:
    other = Classifier(tiny_bundle(tmp_path / "other", "2", weight=5.0))
    found = []
    for model in (classifier, other, classifier):
        with engine.begin(model, ["I love it"], FOR_EVER) as work:
            found.append(work.result())

    assert found[0].tolist() == found[2].tolist() != found[1].tolist()


def test_the_champions_labels_do_not_depend_on_what_they_are_batched_with(champion: Bundle) -> None:
    texts = [f"{'so ' * (number % 40)}I {'love' if number % 3 else 'hate'} it" for number in range(60)]
    model = Classifier(champion)
    alone = np.concatenate([model.probabilities([text]) for text in texts])
    scheduler = Scheduler(batch_size=32)
    try:
        with Engine(scheduler, Room(100), LocalCache(0)).begin(model, texts, FOR_EVER) as work:
            together = work.result()
    finally:
        scheduler.stop()

    np.testing.assert_allclose(together, alone, atol=1e-5)
    assert together.argmax(axis=1).tolist() == alone.argmax(axis=1).tolist()
