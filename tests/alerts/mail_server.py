"""A real SMTP server on loopback: what it received, whom it refuses, how it breaks."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session

from tests.browser.server import free_port

PASSWORD = "epreuve-42"


@dataclass
class MailServer:
    """``received``: (recipient, message). ``refused``: addresses answered 550. ``hang_ups``: connections cut at MAIL."""

    port: int
    authority: Path
    received: list[tuple[str, EmailMessage]] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    hang_ups: int = 0
    encrypted: list[bool] = field(default_factory=list)

    async def handle_MAIL(self, server: Any, _session: Session, envelope: Envelope, address: str, options: list) -> str:  # noqa: N802
        if self.hang_ups:
            self.hang_ups -= 1
            server.transport.close()
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Session, envelope: Envelope, address: str, _options: list
    ) -> str:
        if address in self.refused:
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        content = message_from_bytes(envelope.content, policy=policy.default)
        self.received += [(address, content) for address in envelope.rcpt_tos]
        self.encrypted.append(session.ssl is not None)
        return "250 taken"

    def of(self, address: str) -> list[EmailMessage]:
        return [message for recipient, message in self.received if recipient == address]


@contextmanager
def mail_server(folder: Path, *, starttls: bool = True, tls: bool = False, login: bool = False) -> Iterator[MailServer]:
    """Listening until the block is left; its certificate is signed by an authority of the test."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    opened = MailServer(free_port(), folder / "ca.pem")
    controller = Controller(
        opened,
        hostname="127.0.0.1",
        port=opened.port,
        ssl_context=context if tls else None,
        tls_context=context if starttls else None,
        require_starttls=starttls,
        authenticator=_known if login else None,
        auth_required=login,
        auth_require_tls=False,  # aiosmtpd means STARTTLS: it would not offer it inside TLS
    )
    controller.start()
    try:
        yield opened
    finally:
        controller.stop()


def _known(
    _server: Any, _session: Session, _envelope: Envelope, _mechanism: str, credentials: LoginPassword
) -> AuthResult:
    return AuthResult(
        success=credentials.login == b"vigistock" and credentials.password == PASSWORD.encode(), handled=False
    )
