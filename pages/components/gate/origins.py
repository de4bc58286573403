"""Whether a web socket is opened by a page of this server. Nobody is asked: the answer is in the request."""

from __future__ import annotations

from urllib.parse import urlsplit

_SCHEMES = frozenset({"http", "https"})


def is_own(origin: str | None, host: str | None) -> bool:
    """The page's origin is the name and port the browser asked for; behind the proxy, ``Host`` is the public name.

    Without an origin it is no browser: nobody's session can be used, since the framework reads no cookie then.
    """
    if origin is None:
        return True
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    is_whole = origin.isascii() and f"{parts.scheme}://{parts.netloc}".lower() == origin.lower()
    return is_whole and parts.scheme in _SCHEMES and parts.netloc.lower() == (host or "").lower() != ""
