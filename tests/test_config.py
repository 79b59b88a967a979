from __future__ import annotations

from pathlib import Path

import pytest

from geo_app.config import SETTINGS, Settings, SettingsError, load_settings


def test_without_anything_given_the_defaults_hold() -> None:
    assert load_settings({}) == Settings()


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "geo.toml"
    file.write_text('port = 9000\nhost = "0.0.0.0"\nallowed_hosts = ["map.example", "10.0.0.7"]\n')
    settings = load_settings({"GEO_PORT": "9001"}, file)
    assert (settings.port, settings.host, settings.allowed_hosts) == (9001, "0.0.0.0", ("map.example", "10.0.0.7"))


def test_lists_and_switches_are_read_from_text() -> None:
    settings = load_settings({"GEO_ALLOWED_HOSTS": "a.example, b.example,", "GEO_PLAIN_HTTP": "yes"})
    assert (settings.allowed_hosts, settings.plain_http) == (("a.example", "b.example"), True)


@pytest.mark.parametrize(
    ("name", "value"), [("GEO_PORT", "eight"), ("GEO_PLAIN_HTTP", "perhaps"), ("GEO_SIGHT_M", "50 m")]
)
def test_a_value_that_cannot_be_read_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        load_settings({name: value})


def test_a_misspelt_key_in_the_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "geo.toml"
    file.write_text("prot = 9000\n")
    with pytest.raises(SettingsError, match="prot"):
        load_settings({}, file)


@pytest.mark.parametrize("content", [b"port = ", b"\xff\xfe"])
def test_a_file_that_is_no_toml_says_so(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "geo.toml"
    file.write_bytes(content)
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings({"GEO_SETTINGS": str(file)})


def test_every_setting_has_a_name_and_a_help() -> None:
    assert len({setting.name for setting in SETTINGS}) == len(SETTINGS)
    assert all(setting.help.endswith(".") for setting in SETTINGS)
