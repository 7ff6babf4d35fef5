"""Who really asks and how, when a proxy that is trusted hands a request on.

Knows `X-Forwarded-For` and `X-Forwarded-Proto`. Believes them only from a peer in a trusted network,
and of the addresses only what trusted proxies wrote: whatever a client sends in these header fields
changes nothing. (Werkzeug's `ProxyFix` counts hops instead, so it believes any peer, and a quotation
mark from the client makes it count wrong.) `Host` is for the proxy to hand on as it came.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from flask import Flask

from backend.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# Some proxies write the port too: 192.0.2.1:4711, [2001:db8::1]:4711.
_WITH_PORT = re.compile(r"([0-9.]+):[0-9]+|\[([0-9A-Fa-f:.]+)\](?::[0-9]+)?")


def init_app(app: Flask, settings: Settings) -> None:
    """Let `app` see the client behind the trusted proxies as the one who asks."""
    if settings.trusted_proxies:
        app.wsgi_app = TrustedProxies(app.wsgi_app, settings.trusted_proxies)  # type: ignore[method-assign]


class TrustedProxies:
    """A WSGI application that answers each request as the client's, behind proxies of `networks`."""

    def __init__(self, application: WSGIApplication, networks: Sequence[Network]) -> None:
        self._application = application
        self._networks = networks

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        peer = parse_address(environ.get("REMOTE_ADDR", ""))
        if peer is not None and self._trusts(peer):
            forwarded = environ.get("HTTP_X_FORWARDED_FOR", "")
            environ["REMOTE_ADDR"] = str(self.client(peer, forwarded.split(",")))
            scheme = environ.get("HTTP_X_FORWARDED_PROTO", "").rpartition(",")[2].strip().lower()
            if scheme in ("http", "https"):
                environ["wsgi.url_scheme"] = scheme
        return self._application(environ, start_response)

    def client(self, peer: Address, forwarded: Sequence[str]) -> Address:
        """Return the nearest address that is no trusted proxy's, or else the furthest there is."""
        nearest = peer
        for text in reversed(forwarded):
            address = parse_address(text)
            if address is None:
                break
            nearest = address
            if not self._trusts(address):
                break
        return nearest

    def _trusts(self, address: Address) -> bool:
        return any(address in network for network in self._networks)


def parse_address(text: str) -> Address | None:
    """Return the address that `text` spells, an IPv4 address in IPv6's clothes as what it is."""
    text = text.strip()
    match = _WITH_PORT.fullmatch(text)
    try:
        address = ipaddress.ip_address((match[1] or match[2]) if match else text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
