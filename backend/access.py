"""Who asks, and whether they may: bearer tokens and the scope that each view needs.

Knows how a view says what it needs, and how RFC 6750 says no. Knows nothing of how tokens are kept. A
view that says nothing needs the scope that fewest tokens have, so that what is forgotten stays shut.

    read     ask about comments and read what is kept
    write    add to what is kept
    admin    remove from it, and see how the server does
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, g, request

from backend.errors import MissingScope, NotReady, UnknownToken
from backend.refusals import may_refuse
from backend.settings import Settings
from backend.state import state_path
from backend.tokens import Scope, Token, TokenFileError, Tokens

_EXTENSION = "undertone_tokens"
_ATTRIBUTE = "undertone_scope"

_log = logging.getLogger(__name__)

View = TypeVar("View", bound=Callable[..., Any])


class NoTokenError(ValueError):
    """The server needs tokens and has none, so nobody could use it."""


def check(settings: Settings) -> None:
    """Make sure that a server which needs tokens has one.

    Raises:
        NoTokenError: says why it needs one and how to make it.
        StateError: there is no place where the tokens could be.
        TokenFileError: the tokens can't be read.
    """
    if not settings.needs_token:
        return
    tokens = Tokens(state_path(settings))
    if not tokens.valid():
        raise NoTokenError(
            f"requests need a token where others may reach the server, and {tokens.path} has none that "
            "is valid: make one with `undertone token create NAME`, or listen on 127.0.0.1"
        )


def needs(scope: Scope | None) -> Callable[[View], View]:
    """Declare the scope that the decorated view needs; None opens it to everybody."""

    def note(view: View) -> View:
        setattr(view, _ATTRIBUTE, scope)
        return view

    return note


def scope_of(view: Callable[..., Any]) -> Scope | None:
    """Return the scope that `view` needs, None if it is open to everybody."""
    scope: Scope | None = getattr(view, _ATTRIBUTE, "admin")
    return scope


def is_guarded(app: Flask) -> bool:
    """Return whether `app` asks for tokens."""
    return _EXTENSION in app.extensions


def asking() -> Token | None:
    """Return the valid token of the current request, if it has one."""
    token: Token | None = g.get("token")
    return token


def asked_view() -> Callable[..., Any] | None:
    """Return the view that the current request is for; None where a view is not what it asks for."""
    if request.method == "OPTIONS" or request.endpoint is None:
        return None
    return current_app.view_functions[request.endpoint]


def identify(app: Flask, settings: Settings) -> None:
    """Find out who makes each request of `app`, if it asks for tokens."""
    needs(None)(app.view_functions["static"])
    if settings.needs_token:
        app.extensions[_EXTENSION] = Tokens(state_path(settings))
        app.before_request(_identify)


def enforce(app: Flask, settings: Settings) -> None:
    """Refuse the requests of `app` whose token does not allow them, if it asks for tokens."""
    if settings.needs_token:
        app.before_request(_enforce)
        may_refuse(app, 401, 403, 503)


def _identify() -> None:
    given = request.authorization
    view = asked_view()
    if view is None or scope_of(view) is None or given is None or given.type != "bearer":
        return
    tokens: Tokens = current_app.extensions[_EXTENSION]
    try:
        g.token = tokens.find(given.token or "")
    except TokenFileError as error:
        _log.error("no token is accepted: %s", error)
        raise NotReady("The server can't read its tokens.") from None
    if g.token:
        _note_use(tokens, g.token)


def _note_use(tokens: Tokens, token: Token) -> None:
    try:
        tokens.note_use(token)
    except OSError as error:
        _log.warning("the use of token %s is not noted: %s", token.name, error.strerror)


def _enforce() -> None:
    view = asked_view()
    scope = scope_of(view) if view else None
    if scope is None:
        return
    token = asking()
    if token is None and request.authorization is None:
        raise UnknownToken("Send one as `Authorization: Bearer ...`.")
    if token is None:
        raise UnknownToken(
            "This one is unknown, has expired, or was revoked.", fault=', error="invalid_token"'
        )
    if scope not in token.scopes:
        raise MissingScope(scope)
