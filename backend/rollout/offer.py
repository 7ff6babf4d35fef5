"""From a source to the store: what is offered becomes the champion, or is refused.

Knows the order of the checks. A bundle that passed them once and is still there whole is not fetched or
tried again, so the way back to the champion before is short.
"""

from __future__ import annotations

from backend.bundle import CARD, parse_card
from backend.rollout import trial
from backend.rollout.source import Source
from backend.rollout.store import Champion, Store


def take(source: Source, store: Store, *, tried: bool = False) -> bool:
    """Make what `source` offers the champion of `store`; return whether it was not before.

    One process at a time does; others wait for it.

    `tried` says that it needs no trial, because it came with this program.

    Raises:
        SourceError: the source does not answer; the champion stays.
        BundleError: what it offers can't be served; the champion stays.
    """
    version = source.version()
    before = store.champion()
    if before and before.version == version and store.has(before.identity):
        return False
    with store.writing():
        identity = parse_card(source.card(), f"{source}/{CARD}").identity
        if not store.has(identity):
            with store.aside() as folder:
                bundle = source.copy(folder)
                if not tried:
                    trial.attempt(folder)
                identity = bundle.identity
                store.keep(bundle)
        store.crown(Champion(identity, version))
    return before is None or before.identity != identity
