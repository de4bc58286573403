"""Claims about a person beyond the id token, from the identity provider's *userinfo* end point, plain or signed.

ProConnect keeps e-mail and SIRET out of the id token and answers here with a signed JWT, for 60 seconds after sign-in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import requests
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OctKey

TIMEOUT_S = 10
LARGEST_BYTES = 100_000
_PUBLIC = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
_SHARED = ("HS256", "HS384", "HS512")
# Claims about the sign-in itself: they come from the id token alone, userinfo may not change them.
_ID_TOKEN_ONLY = frozenset({"iss", "sub", "aud", "iat", "exp", "nonce", "auth_time", "acr", "amr"})


class UserinfoUnavailable(Exception):
    """The end point gave no claims that can be trusted; the message holds nothing about the person."""


def complete(claims: Mapping[str, Any], access_token: str, auth: Mapping[str, Any]) -> dict[str, Any]:
    """Claims of the id token, completed. ``auth``: section of the secrets. Raises UserinfoUnavailable."""
    try:
        extra = _userinfo_claims(access_token, auth)
    except (requests.RequestException, JoseError, ValueError, KeyError) as error:
        raise UserinfoUnavailable(f"userinfo : {type(error).__name__}") from error
    # Mandatory check of the specification: an answer about another person is refused.
    if not claims.get("sub") or extra.get("sub") != claims["sub"]:
        raise UserinfoUnavailable("userinfo : « sub » ne correspond pas à celui du jeton")
    return {**claims, **{name: value for name, value in extra.items() if name not in _ID_TOKEN_ONLY}}


def answers(auth: Mapping[str, Any]) -> bool:
    """Whether the provider can be reached and publishes a sign-in address."""
    try:
        return bool(_json(_get(str(auth["server_metadata_url"]))).get("authorization_endpoint"))
    except (requests.RequestException, ValueError, KeyError):
        return False


def _userinfo_claims(access_token: str, auth: Mapping[str, Any]) -> dict[str, Any]:
    provider = _json(_get(str(auth["server_metadata_url"])))
    answer = _get(str(provider["userinfo_endpoint"]), access_token)
    if answer.headers.get("Content-Type", "").partition(";")[0].strip().lower() == "application/jwt":
        return _verified(answer.text.strip(), provider, auth)
    return _json(answer)


def _verified(token: str, provider: Mapping[str, Any], auth: Mapping[str, Any]) -> dict[str, Any]:
    """Claims of a signed answer: its key decides the algorithm family, never the answer itself."""
    if token.count(".") != 2:
        raise ValueError("not a signed token")
    if jwt_algorithm(token) in _SHARED:
        decoded = jwt.decode(token, OctKey.import_key(str(auth["client_secret"])), algorithms=list(_SHARED))
    else:
        keys: Any = _json(_get(str(provider["jwks_uri"])))
        decoded = jwt.decode(token, KeySet.import_key_set(keys), algorithms=list(_PUBLIC))
    registry = jwt.JWTClaimsRegistry(
        leeway=60,
        iss={"essential": True, "value": str(provider["issuer"])},
        aud={"essential": True, "value": str(auth["client_id"])},
    )
    registry.validate(decoded.claims)
    return dict(decoded.claims)


def jwt_algorithm(token: str) -> str:
    """Algorithm named by the header of a token, not yet verified."""
    return str(jws.extract_compact(token.encode()).headers().get("alg"))


def _get(url: str, access_token: str = "") -> requests.Response:
    headers = {"Accept": "application/json, application/jwt"}
    if access_token:
        headers["Authorization"] = f"Bearer {access_token}"
    # A redirection would carry the token to an address that is not configured.
    answer = requests.get(url, headers=headers, timeout=TIMEOUT_S, allow_redirects=False)
    if answer.status_code != requests.codes.ok or len(answer.content) > LARGEST_BYTES:
        raise ValueError(f"unexpected answer {answer.status_code}")
    return answer


def _json(answer: requests.Response) -> dict[str, Any]:
    value = answer.json()
    if not isinstance(value, dict):
        raise ValueError("not an object")  # noqa: TRY004 – one kind of failure for the caller
    return value
