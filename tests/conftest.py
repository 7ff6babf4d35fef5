"""What all tests share: nothing that they do is kept where the developer's own server keeps it."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def _user_data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Have another directory for the user's data, in this process and in those it starts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "XDG_DATA_HOME", str(tmp_path_factory.mktemp("user-data")))
        yield
