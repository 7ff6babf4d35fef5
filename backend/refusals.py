"""What a request may be refused with before any view is asked.

Knows the statuses that the parts around the views have noted, for the document of the contract. Knows
nothing of why.
"""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask

_EXTENSION = "undertone_refusals"


def may_refuse(app: Flask, *statuses: int, open_too: bool = False) -> None:
    """Note that any route of `app` may be refused so; with `open_too` those that need no scope too."""
    app.extensions.setdefault(_EXTENSION, []).append((statuses, open_too))


def refusals(app: Flask, *, is_open: bool) -> Iterator[int]:
    """Return the statuses that a route of `app` may be refused with; `is_open`: it needs no scope."""
    for statuses, open_too in app.extensions.get(_EXTENSION, ()):
        if open_too or not is_open:
            yield from statuses
