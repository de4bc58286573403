"""What ProConnect asks of a client beyond the standard, and Streamlit does not send: long ``state`` and ``nonce``.

It refuses those under 32 characters (Authlib makes 30 and 20), and wants a ``state`` at the end of the session too.
"""

from __future__ import annotations

import secrets
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from authlib.integrations.starlette_client import StarletteOAuth2App
from streamlit.web.server.starlette import starlette_auth_routes as routes

_LONG_BYTES = 36  # 48 characters once written


def settle() -> None:
    """Once a process, before anybody signs in."""
    if hasattr(StarletteOAuth2App.create_authorization_url, "__wrapped__"):
        return
    _lengthen()
    _name_logout()


def _lengthen() -> None:
    short = StarletteOAuth2App.create_authorization_url

    @wraps(short)
    async def create_authorization_url(self: Any, redirect_uri: str | None = None, **kwargs: Any) -> Any:
        given = {"state": secrets.token_urlsafe(_LONG_BYTES), "nonce": secrets.token_urlsafe(_LONG_BYTES)}
        return await short(self, redirect_uri, **{**given, **kwargs})

    StarletteOAuth2App.create_authorization_url = create_authorization_url


def _name_logout() -> None:
    bare = vars(routes)["build_logout_url"]

    @wraps(bare)
    def build_logout_url(**kwargs: Any) -> str:
        # Nothing is done when the provider sends people back, so nothing has to recognise this state.
        return f"{bare(**kwargs)}&{urlencode({'state': secrets.token_urlsafe(_LONG_BYTES)})}"

    vars(routes)["build_logout_url"] = build_logout_url
