from __future__ import annotations

from pathlib import Path

import pytest

from backend.settings import Settings, SettingsError, load_settings


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"UNDERTONE_{name.upper()}", raising=False)


def test_the_defaults_serve_this_machine_alone() -> None:
    settings = load_settings()

    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.cors_origins == ("chrome-extension://*",)


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNDERTONE_PORT", "9000")
    monkeypatch.setenv("UNDERTONE_CORS_ORIGINS", "https://a.example, https://*.b.example")

    settings = load_settings()

    assert settings.port == 9000
    assert settings.cors_origins == ("https://a.example", "https://*.b.example")


def test_an_unknown_name_is_an_error_that_knows_the_right_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNDERTONE_PROT", "9000")

    with pytest.raises(
        SettingsError, match="UNDERTONE_PROT is not a setting: did you mean UNDERTONE_PORT"
    ):
        load_settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "http"),
        ("BATCH_SIZE", "0"),
        ("LOG_LEVEL", "loud"),
        ("CORS_ORIGINS", "*"),
        ("CORS_ORIGINS", "example.com"),
        ("MAX_BODY_BYTES", "1e99"),
        ("HISTORY", "perhaps"),
        ("DATABASE", "mysql://localhost/undertone"),
        ("DATABASE", "postgresql://localhost"),
        ("ALLOWED_HOSTS", "http://a.example"),
        ("ALLOWED_HOSTS", "a.example:80"),
        ("TRUSTED_PROXIES", "10.0.0.1/8"),
        ("TRUSTED_PROXIES", "proxy.example"),
        ("REDIS", "localhost:6379"),
        ("RATE_LIMIT", "0"),
        ("HEAD_TIMEOUT", "0"),
    ],
)
def test_a_bad_value_is_an_error_that_names_it(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"UNDERTONE_{name}", value)

    with pytest.raises(SettingsError, match=f"UNDERTONE_{name}"):
        load_settings()


def test_room_for_less_than_one_request_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNDERTONE_QUEUE_SIZE", "4999")

    with pytest.raises(SettingsError, match="UNDERTONE_QUEUE_SIZE is 4999, less than UNDERTONE_MAX_"):
        load_settings()


@pytest.mark.parametrize("address", ["models:/undertone@champion", "s3://bucket/prefix"])
def test_the_bundle_may_be_far_away(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("UNDERTONE_BUNDLE", address)
    assert load_settings().bundle == address

    monkeypatch.setenv("UNDERTONE_BUNDLE", "some/folder")
    assert load_settings().bundle == Path("some/folder")


@pytest.mark.parametrize(
    ("cores", "processes", "threads"), [(1, 1, 1), (2, 1, 2), (8, 2, 4), (64, 8, 8)]
)
def test_the_cores_are_shared_out(cores: int, processes: int, threads: int) -> None:
    settings = Settings()

    assert settings.processes(cores) == processes
    assert settings.threads_of_model(cores) == threads


@pytest.mark.parametrize("value", ["postgresql://u:hunter2@host", "u:hunter2@host/name"])
def test_a_password_is_never_shown(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("UNDERTONE_DATABASE", value)
    with pytest.raises(SettingsError) as refused:
        load_settings()
    monkeypatch.setenv("UNDERTONE_DATABASE", "postgresql://u:hunter2@host/name")

    assert "hunter2" not in str(refused.value)
    assert "hunter2" not in repr(load_settings())


@pytest.mark.parametrize(
    ("host", "needs_token"),
    [
        ("127.0.0.1", False),
        ("127.9.9.9", False),
        ("::1", False),
        ("localhost", False),
        ("0.0.0.0", True),
        ("::", True),
        ("192.168.1.5", True),
        ("localhost.example", True),
        ("::ffff:0.0.0.0", True),
    ],
)
def test_who_can_be_reached_by_others_needs_a_token(host: str, needs_token: bool) -> None:
    assert Settings(host=host).needs_token is needs_token


def test_who_is_behind_a_proxy_needs_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNDERTONE_TRUSTED_PROXIES", "127.0.0.1, fd00::/8")

    settings = load_settings()

    assert settings.needs_token
    assert [str(network) for network in settings.trusted_proxies] == ["127.0.0.1/32", "fd00::/8"]
