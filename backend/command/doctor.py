"""`undertone doctor`: everything a server needs, tried for real, and what to do about what is missing.

Knows the parts that can be wrong and how to try each. A check returns what is well; what is not, it
raises with what to do. Knows nothing of how the parts are used.
"""

from __future__ import annotations

import json
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from backend.access import check as check_tokens
from backend.bundle import BundleError
from backend.command.settings import masked
from backend.server import PortTakenError, check_port
from backend.settings import Settings, load_settings
from backend.state import state_directory, state_path
from backend.tokens import Tokens

_PATIENCE_SECONDS = 3

Check = Callable[[Settings], str | None]


class AilmentError(ValueError):
    """Something is wrong; says what, and what to do."""

    def __init__(self, what: str, advice: str) -> None:
        super().__init__(f"{what}: {advice}")


@click.command
def command() -> None:
    """Check what a server needs, and say what to do about what is wrong.

    Tries the settings, the state directory, the tokens, the port, the champion, and, where they are
    set, the database, Redis and the registry. Ends with 1 if anything is wrong.
    """
    settings = load_settings()
    wrong = 0
    for name, found, is_well in _examine(settings):
        mark = click.style("ok   ", fg="green") if is_well else click.style("WRONG", fg="red")
        click.echo(f"{mark}  {name:15}  {found}")
        wrong += not is_well
    if wrong:
        click.echo(f"\n{wrong} of these {'is' if wrong == 1 else 'are'} wrong.", err=True)
        sys.exit(1)


def _examine(settings: Settings) -> Iterator[tuple[str, str, bool]]:
    """Return name, finding and health of each part; a part that is not in use has none."""
    for name, check in CHECKS.items():
        try:
            found = check(settings)
        # Expected failures only: each check turns what its library raises into one of these.
        except (ValueError, OSError) as error:
            yield name, str(error), False
        else:
            if found is not None:
                yield name, found, True


def _settings(settings: Settings) -> str:
    own = len(settings.model_fields_set)
    return f"{own} of {len(Settings.model_fields)} from the environment, the rest by default"


def _state(settings: Settings) -> str:
    directory = state_directory(settings)
    if directory.stat().st_mode & 0o022:
        raise AilmentError(f"others may write to {directory}", f"chmod go-w {directory}")
    return str(directory)


def _tokens(settings: Settings) -> str:
    check_tokens(settings)
    if not settings.needs_token:
        return f"none needed: only this machine reaches {settings.host}"
    valid = Tokens(state_directory(settings)).valid()
    return f"needed, and {len(valid)} valid"


def _port(settings: Settings) -> str:
    place = f"{settings.host} port {settings.port}"
    try:
        check_port(settings)
    except PortTakenError:
        if _is_undertone(settings):
            return f"an Undertone answers on {place}"
        raise
    return f"{place} is free"


def _is_undertone(settings: Settings) -> bool:
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}
    host = everywhere.get(settings.host, settings.host)
    address = f"http://{f'[{host}]' if ':' in host else host}:{settings.port}/health/live"
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(address, timeout=_PATIENCE_SECONDS) as answer:
            return bool(json.load(answer) == {"status": "live"})
    except (OSError, ValueError):
        return False


def _champion(settings: Settings) -> str:
    # Only here: onnxruntime takes a moment to import.
    from backend.command.champion import load_labeller

    try:
        labeller = load_labeller(settings)
    except BundleError as error:
        raise AilmentError(str(error), "set UNDERTONE_BUNDLE to a whole bundle, or unset it") from error
    (label,) = labeller.label(["I love this"]).labels
    if label != "positive":
        raise AilmentError(
            f"{labeller.model.name} calls 'I love this' {label}", "serve another champion"
        )
    return f"{labeller.model.name} {labeller.model.version} predicts"


def _database(settings: Settings) -> str | None:
    if settings.database is None:
        return None
    from sqlalchemy import text
    from sqlalchemy.exc import SQLAlchemyError

    from backend.history.database import Database, address

    shown = masked(settings.database.get_secret_value())
    database = Database(address(settings, state_path(settings)), _PATIENCE_SECONDS)
    try:
        with database.reading() as connection:
            connection.execute(text("select 1"))
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise AilmentError(
            f"{shown} does not answer ({masked(reason)})", "start it, or mend UNDERTONE_DATABASE"
        ) from error
    finally:
        database.close()
    return f"{shown} answers"


def _redis(settings: Settings) -> str | None:
    if settings.redis is None:
        return None
    import redis

    try:
        with redis.Redis.from_url(
            settings.redis, socket_timeout=_PATIENCE_SECONDS, socket_connect_timeout=_PATIENCE_SECONDS
        ) as client:
            client.ping()
    except redis.RedisError as error:
        raise AilmentError(
            f"{masked(settings.redis)} does not answer ({masked(str(error))})",
            "start it, or mend UNDERTONE_REDIS; until then each process counts for itself",
        ) from error
    return f"{masked(settings.redis)} answers"


def _registry(settings: Settings) -> str | None:
    address = settings.registry
    if address is None or not address.startswith(("http://", "https://")):
        return None
    try:
        with urllib.request.urlopen(f"{address.rstrip('/')}/health", timeout=_PATIENCE_SECONDS):
            return f"{masked(address)} answers"
    except urllib.error.HTTPError as error:
        reason = f"{error.code} for /health"
    except (OSError, ValueError) as error:
        reason = str(getattr(error, "reason", error))
    raise AilmentError(
        f"{masked(address)} does not answer ({reason})", "start it, or mend UNDERTONE_REGISTRY"
    )


def _fonts(settings: Settings) -> str:
    from matplotlib.font_manager import findSystemFonts

    names = {Path(path).name.lower() for path in findSystemFonts()}
    missing = [
        f"{what} (on Debian: {package})"
        for what, package, part in (
            ("emoji", "fonts-noto-color-emoji", "emoji"),
            ("Chinese, Japanese and Korean", "fonts-noto-cjk", "cjk"),
        )
        if not any(part in name for name in names)
    ]
    # Charts are drawn all the same, without the words that have no font.
    return f"charts lack fonts for {' and '.join(missing)}" if missing else "for emoji and CJK too"


CHECKS: dict[str, Check] = {
    "settings": _settings,
    "state directory": _state,
    "tokens": _tokens,
    "port": _port,
    "champion": _champion,
    "database": _database,
    "redis": _redis,
    "registry": _registry,
    "fonts": _fonts,
}
