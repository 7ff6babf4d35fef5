"""An image takes over from another while the service is asked without a pause, or it does not."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest

from release.health import Check
from release.rollout import LostError, Rollout, RolloutError
from tests.backend.client import Client
from tests.backend.load import Load, until
from tests.backend.tiny import says_the_opposite, tiny_bundle
from tests.ops.processes import Image, Processes, front
from tests.server import PATIENCE_SECONDS

pytestmark = pytest.mark.slow

CHECK = Check(PATIENCE_SECONDS)
ASKED = ["I love this"]


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Processes]:
    """Yield a fleet with the images that the tests roll out, a server of `one` running."""
    folder = tmp_path_factory.mktemp("fleet")

    def bundle(name: str, **changes: object) -> dict[str, str]:
        return {"bundle": str(tiny_bundle(folder / name, name, **changes).directory)}  # type: ignore[arg-type]

    sleeps = (sys.executable, "-c", "import time; time.sleep(600)")
    images = {
        "one": Image(bundle("one")),
        "two": Image(bundle("two")),
        "ends at once": Image({"bundle": "/nowhere"}),
        "never answers": Image({}, command=sleeps),
        "answers wrongly": Image(bundle("wrong", change=says_the_opposite)),
        "not behind the front": Image(bundle("unrouted"), routed=False),
    }
    fleet = Processes(folder, images)
    try:
        for server in fleet.start("one", 1):
            CHECK(server.address)
        yield fleet
    finally:
        fleet.stop(fleet.servers())


def soon_tired_of(front: str) -> Check:
    """Return a check that gives servers the time that they need, and the front a second."""

    class Tired(Check):
        def __call__(self, address: str, *others: Any) -> None:
            Check(1 if address == front else PATIENCE_SECONDS)(address, *others)

    return Tired(0)


def quietly(line: str) -> None:
    """Say nothing."""


def images(fleet: Processes) -> list[str]:
    return [server.image for server in fleet.servers()]


def versions(load: Load) -> list[str]:
    """Return which models answered, in order; none of the answers may be a failure."""
    assert load.failures == []
    assert {answer.status for answer in load.answers} == {200}
    return [answer.json["model"]["version"] for answer in load.answers]


@pytest.mark.parametrize(
    ("image", "reason"),
    [
        ("ends at once", "has ended"),
        ("never answers", "not ready in 5 seconds"),
        ("answers wrongly", "labels 4 of 12 obvious comments as people do"),
        ("that is not there", "there is no image"),
    ],
)
def test_an_unfit_image_does_not_go_live_and_the_one_before_goes_on(
    fleet: Processes, image: str, reason: str
) -> None:
    before, said = fleet.servers(), list[str]()
    patience = 5 if image == "never answers" else PATIENCE_SECONDS

    with (
        front(fleet) as address,
        Load(Client(address), 1, ASKED, pause=0.05) as load,
        pytest.raises(RolloutError, match=reason) as raised,
    ):
        Rollout(fleet, Check(patience), said.append, address).to(image)

    assert not isinstance(raised.value, LostError)
    assert fleet.servers() == before
    assert ("/nowhere" in "".join(said)) == (image == "ends at once"), "its own last words are said"
    assert image not in fleet.settled
    assert set(versions(load)) == {"one"}, "the front led to what was being tried"


def test_a_service_that_is_not_well_after_the_change_is_put_back(fleet: Processes) -> None:
    with front(fleet) as address:
        with pytest.raises(RolloutError, match="was rolled back") as raised:
            Rollout(fleet, soon_tired_of(address), quietly, address).to("not behind the front")
        assert not isinstance(raised.value, LostError)
        assert images(fleet) == ["one"]
        assert fleet.settled[-1] == "one"
        CHECK(address)


def test_a_good_image_takes_over_and_no_request_fails(fleet: Processes) -> None:
    said: list[str] = []
    with front(fleet) as address, Load(Client(address), 2, ASKED, pause=0.05) as load:
        Rollout(fleet, CHECK, said.append, address).to("two", 2)
        until(lambda: versions(load)[-1] == "two", "the new one answers")

    assert images(fleet) == ["two", "two"]
    assert fleet.settled[-1] == "two"
    assert versions(load)[0] == "one"
    assert said[0] == "serving now: 1 of one; trying two"
    assert said[-1] == "two serves"


def test_the_first_image_of_all_needs_none_before_it(fleet: Processes) -> None:
    fleet.stop(fleet.servers())

    Rollout(fleet, CHECK, quietly).to("two", 1)

    assert images(fleet) == ["two"]


def test_one_that_can_not_be_put_back_is_said_to_be_lost(fleet: Processes) -> None:
    with front(fleet) as address:
        del fleet.images["two"]
        with pytest.raises(LostError, match=r"two could not be put back: .* no image two"):
            Rollout(fleet, soon_tired_of(address), quietly, address).to("not behind the front", 1)
