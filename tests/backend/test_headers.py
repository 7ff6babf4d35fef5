from __future__ import annotations

import pytest

from tests.backend.client import Client


@pytest.mark.parametrize("path", ["/docs", "/v1/model", "/nowhere", "/openapi.json"])
def test_every_answer_is_trusted_with_little(client: Client, path: str) -> None:
    headers = client.get(path).headers

    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert headers["Strict-Transport-Security"] is None
