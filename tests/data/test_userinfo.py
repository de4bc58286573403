"""Claims from *userinfo*, plain or signed, by a provider over HTTP; what a forged or foreign answer gives."""

from __future__ import annotations

import base64
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

from data.access import userinfo
from data.access.userinfo import UserinfoUnavailable

CLAIMS = {"sub": "s1", "iss": "x", "iat": 100, "nonce": "n"}
PERSON = {"sub": "s1", "email": "sacha@ars.example", "siret": "13000781600017"}
SECRET = "a client secret that both sides know of"
RSA, EC, FOREIGN = (
    RSAKey.generate_key(2048, {"kid": "a"}),
    ECKey.generate_key("P-256", {"kid": "b"}),
    RSAKey.generate_key(2048, {"kid": "a"}),
)


class Issuer(ThreadingHTTPServer):
    """Metadata, keys, and what a test puts at ``/userinfo``: content type and body, or a status."""

    answer: tuple[int, str, bytes] = (200, "application/json", b"{}")
    tokens: list[str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Pages(BaseHTTPRequestHandler):
    server: Issuer

    def do_GET(self) -> None:
        url = self.server.url
        metadata = {"issuer": url, "authorization_endpoint": f"{url}/auth", "userinfo_endpoint": f"{url}/userinfo",
                    "jwks_uri": f"{url}/jwks"}  # fmt: skip
        keys = KeySet([RSA, EC]).as_dict(private=False)
        pages = {"/.well-known/openid-configuration": metadata, "/jwks": keys}
        status, kind, body = 200, "application/json", json.dumps(pages.get(self.path)).encode()
        if self.path == "/userinfo":
            self.server.tokens.append(self.headers["Authorization"])
            status, kind, body = self.server.answer
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Location", f"{url}/jwks")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """A request is not an event."""


@pytest.fixture(scope="module")
def started() -> Iterator[Issuer]:
    with Issuer(("127.0.0.1", 0), _Pages) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def issuer(started: Issuer) -> Issuer:
    started.answer, started.tokens = Issuer.answer, []
    return started


def auth(issuer: Issuer) -> dict[str, str]:
    metadata = f"{issuer.url}/.well-known/openid-configuration"
    return {"server_metadata_url": metadata, "client_id": "vigistock", "client_secret": SECRET}


def complete(issuer: Issuer) -> dict[str, Any]:
    return userinfo.complete(CLAIMS, "a-token", auth(issuer))


def signed(issuer: Issuer, key: Any, algorithm: str, **changes: Any) -> None:
    claims = {**PERSON, "iss": issuer.url, "aud": "vigistock", "iat": 1, "exp": int(time.time()) + 60, **changes}
    header = {"alg": algorithm, **({"kid": key.kid} if key.kid else {})}
    token = jwt.encode(header, claims, key, algorithms=[algorithm])
    issuer.answer = (200, "application/jwt; charset=utf-8", token.encode())


def test_plain_claims_complete_those_of_the_token(issuer: Issuer) -> None:
    issuer.answer = (200, "application/json; charset=utf-8", json.dumps({**PERSON, "iat": 999, "nonce": "z"}).encode())
    assert complete(issuer) == {**PERSON, **CLAIMS}
    assert issuer.tokens == ["Bearer a-token"]


@pytest.mark.parametrize(
    ("key", "algorithm"), [(RSA, "RS256"), (EC, "ES256"), (OctKey.import_key(SECRET), "HS256")], ids=["RS", "ES", "HS"]
)
def test_signed_claims_are_verified(issuer: Issuer, key: Any, algorithm: str) -> None:
    signed(issuer, key, algorithm)
    assert complete(issuer)["siret"] == PERSON["siret"]
    assert complete(issuer)["iat"] == CLAIMS["iat"]


def confused(issuer: Issuer) -> None:
    """Signed by hand with our public key as a shared secret, which the library refuses to do."""
    claims = {**PERSON, "iss": issuer.url, "aud": "vigistock"}
    parts = [
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=")
        for part in ({"alg": "HS256", "kid": "a"}, claims)
    ]
    seal = hmac.new(RSA.as_pem(private=False), b".".join(parts), "sha256").digest()
    put(issuer, 200, "application/jwt", b".".join([*parts, base64.urlsafe_b64encode(seal).rstrip(b"=")]))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda issuer: signed(issuer, FOREIGN, "RS256"),
        lambda issuer: signed(issuer, OctKey.import_key("another secret, of somebody else"), "HS256"),
        confused,
        lambda issuer: signed(issuer, RSA, "RS256", aud="another-client"),
        lambda issuer: signed(issuer, RSA, "RS256", iss="https://ailleurs.example"),
        lambda issuer: signed(issuer, RSA, "RS256", exp=1),
        lambda issuer: signed(issuer, RSA, "RS256", sub="s2"),
        lambda issuer: put(issuer, 200, "application/jwt", b"eyJhbGciOiJub25lIn0.eyJzdWIiOiJzMSJ9."),
        lambda issuer: put(issuer, 200, "application/json", json.dumps({**PERSON, "sub": "s2"}).encode()),
        lambda issuer: put(issuer, 200, "application/json", b'{"email": "x@ansm.example"}'),
        lambda issuer: put(issuer, 200, "application/json", b"[]"),
        lambda issuer: put(issuer, 200, "text/html", b"<html>"),
        lambda issuer: put(issuer, 200, "application/json", b'{"sub": "s1", "x": "' + b"a" * 200_000 + b'"}'),
        lambda issuer: put(issuer, 302, "application/json", b""),
        lambda issuer: put(issuer, 401, "application/json", b'{"error": "invalid_token"}'),
    ],
    ids=["key", "secret", "confusion", "aud", "iss", "exp", "signed sub", "none", "sub", "no sub", "list", "html",
         "large", "redirect", "expired"],
)  # fmt: skip
def test_anything_doubtful_is_refused_without_naming_the_person(
    issuer: Issuer, spoil: Callable[[Issuer], None]
) -> None:
    spoil(issuer)
    with pytest.raises(UserinfoUnavailable) as refused:
        complete(issuer)
    assert "example" not in str(refused.value)


def put(issuer: Issuer, status: int, kind: str, body: bytes) -> None:
    issuer.answer = (status, kind, body)


def test_a_provider_that_does_not_answer(issuer: Issuer) -> None:
    silent = {"server_metadata_url": "http://127.0.0.1:9/.well-known/openid-configuration"}
    assert userinfo.answers(auth(issuer))
    assert not userinfo.answers(silent)
    with pytest.raises(UserinfoUnavailable):
        userinfo.complete(CLAIMS, "a-token", silent)
