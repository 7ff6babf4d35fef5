"""The champion in this process, for the commands that need no server."""

from __future__ import annotations

from backend.cores import available_cores
from backend.labelling import Labeller
from backend.rollout.start import champion, prepare
from backend.settings import Settings


def load_labeller(settings: Settings) -> Labeller:
    """Return the labeller of the champion that the settings name, with every core of the machine.

    Raises:
        BundleError: the champion's bundle is corrupt or can't be loaded.
        StateError: there is nowhere to keep it.
    """
    return Labeller(
        champion(settings, prepare(settings)),
        settings.inference_threads or available_cores(),
        settings.batch_size,
        settings.max_comment_characters,
    )
