"""Settings of the server on which safety stands: what each must be, whoever changes the file."""

from __future__ import annotations

import tomllib

import pytest
from streamlit import config

from tests.browser.server import PROJECT

WANTED = {
    "server.address": "127.0.0.1",
    "server.enableXsrfProtection": True,
    "server.enableCORS": True,
    "server.enableStaticServing": False,
    "server.enableAgentApi": False,
    "server.fileWatcherType": "none",
    "server.runOnSave": False,
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.toolbarMode": "minimal",
    "client.disableDataExport": True,
    "client.allowedOrigins": [],
    "browser.gatherUsageStats": False,
    "logger.level": "warning",
}
AT_MOST = {
    "server.maxUploadSize": 1,
    "server.maxMessageSize": 50,
    "server.maxWidgetStateSize": 2,
    "global.minCachedMessageSize": 2500,
}


def _written() -> dict[str, object]:
    text = (PROJECT / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    return {
        f"{section}.{key}": value for section, options in tomllib.loads(text).items() for key, value in options.items()
    }


@pytest.mark.parametrize(("option", "value"), WANTED.items())
def test_option(option: str, value: object) -> None:
    assert _written()[option] == value
    assert option in config.get_config_options(), "an option that Streamlit no longer knows protects nothing"


@pytest.mark.parametrize(("option", "most"), AT_MOST.items())
def test_bound(option: str, most: int) -> None:
    assert 0 < int(str(_written()[option])) <= most
    assert option in config.get_config_options()
