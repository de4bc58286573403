"""Delivery to the SMTP server: bounded attempts, never in clear unless configured, refusals reported in French."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_exponential

from data.settings import AlertSettings

_PAUSE_S = 30  # longest pause between two attempts


@dataclass
class Outcome:
    """``sent``: recipients whose message was accepted. ``refused``: SMTP code by recipient. ``failure``: why it stopped."""

    sent: list[str] = field(default_factory=list)
    refused: dict[str, int] = field(default_factory=dict)
    failure: str = ""


def deliver(mail: AlertSettings, messages: Mapping[str, EmailMessage], on_sent: Callable[[str], None]) -> Outcome:
    """Each message to its recipient, one connection per attempt; ``on_sent`` is called at once, its exceptions stop everything."""
    outcome = Outcome()
    tries = Retrying(
        stop=stop_after_attempt(mail.smtp_attempts),
        wait=wait_exponential(max=_PAUSE_S),
        retry=retry_if_exception(_may_pass),
        reraise=True,
    )
    try:
        for attempt in tries:
            with attempt:
                _one_try(mail, messages, on_sent, outcome)
    except (OSError, UnicodeEncodeError) as failure:  # SMTPException is an OSError
        outcome.failure = _sentence(mail, failure)
    return outcome


def _one_try(
    mail: AlertSettings, messages: Mapping[str, EmailMessage], on_sent: Callable[[str], None], outcome: Outcome
) -> None:
    waiting = [address for address in messages if address not in outcome.sent and address not in outcome.refused]
    with _connected(mail) as server:
        for address in waiting:
            try:
                _hand_over(server, mail.sender, address, messages[address])
            except smtplib.SMTPRecipientsRefused as refusal:
                outcome.refused[address] = refusal.recipients[address][0]
                continue
            except smtplib.SMTPDataError as refusal:
                outcome.refused[address] = refusal.smtp_code
                continue
            on_sent(address)
            outcome.sent.append(address)


def _hand_over(server: smtplib.SMTP, sender: str, address: str, message: EmailMessage) -> None:
    for name, value in (
        ("Date", formatdate(localtime=True)),
        ("Message-ID", make_msgid(domain=sender.partition("@")[2])),
    ):
        del message[name]
        message[name] = value
    server.send_message(message, sender, [address])


@contextmanager
def _connected(mail: AlertSettings) -> Iterator[smtplib.SMTP]:
    """A session ready to send. Raises OSError; nothing is sent to a server that will not encrypt."""
    trusted = ssl.create_default_context(cafile=mail.smtp_ca_file)
    server: smtplib.SMTP
    if mail.smtp_security == "tls":
        server = smtplib.SMTP_SSL(mail.smtp_host, mail.smtp_port, timeout=mail.smtp_seconds, context=trusted)
    else:
        server = smtplib.SMTP(mail.smtp_host, mail.smtp_port, timeout=mail.smtp_seconds)
    try:
        if mail.smtp_security == "starttls":
            server.starttls(context=trusted)
        if mail.smtp_user:
            server.login(mail.smtp_user, mail.smtp_password.get_secret_value())
        yield server
        with suppress(OSError):  # everything was accepted already
            server.quit()
    finally:
        server.close()


def _may_pass(failure: BaseException) -> bool:
    """Worth another attempt: the network, a server that hangs up, a temporary error code."""
    if isinstance(failure, ssl.SSLError | smtplib.SMTPNotSupportedError):
        return False
    if isinstance(failure, smtplib.SMTPResponseException):
        return 400 <= failure.smtp_code < 500
    if isinstance(failure, smtplib.SMTPSenderRefused | smtplib.SMTPAuthenticationError):
        return False
    return isinstance(failure, OSError)


def _sentence(mail: AlertSettings, failure: Exception) -> str:
    server = f"le serveur de messagerie {mail.smtp_host}:{mail.smtp_port}"
    if isinstance(failure, UnicodeEncodeError):
        return f"l'identifiant ou le mot de passe de {server[3:]} contient un caractère accentué, que le protocole n'admet pas"
    if isinstance(failure, smtplib.SMTPNotSupportedError):
        return f"{server} ne propose pas ce qui est demandé (chiffrement STARTTLS ou identification) ; rien n'est envoyé en clair"
    if isinstance(failure, ssl.SSLError):
        return f"le certificat ou le chiffrement de {server[3:]} n'est pas accepté ({type(failure).__name__})"
    if isinstance(failure, smtplib.SMTPAuthenticationError):
        return f"{server} refuse l'identification (code {failure.smtp_code})"
    if isinstance(failure, smtplib.SMTPResponseException):  # its text may hold addresses: only the code is shown
        return f"{server} refuse (code {failure.smtp_code})"
    return f"{server} ne répond pas ({type(failure).__name__})"
