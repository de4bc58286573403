"""Settings: ``vigistock.toml``, overridden by ``VIGISTOCK_…`` environment variables. Whatever is wrong is one French sentence."""

from __future__ import annotations

import os
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from connectors.base import HEADERS
from connectors.reading.http import HttpLimits
from data import environment
from data.files import PROJECT
from data.strict.bounds import setting
from data.strict.reading import hides
from data.strict.sentences import refused, unknown

__all__ = ["PARIS", "PROJECT", "Settings"]

PARIS = ZoneInfo("Europe/Paris")
FIRST_YEAR, LAST_YEAR = 2000, 2100  # of a moment that may be replayed, and of a meeting
_AUDIENCE = re.compile(r"ansm|ansm_steward|cap|dgs|ars-[0-9]{2}")
_ADDRESS = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+", re.ASCII)
_DATED = re.compile(r"\d{4}-\d\d-\d\d")
_JOURNALS = ("sqlite", "postgresql+psycopg")


def _not_empty(value: object) -> object:
    if isinstance(value, str) and not value.strip():
        raise ValueError("valeur vide refusée (attendu : un texte ou un chemin)")
    return value


def _web_address(value: str) -> str:
    if value and not re.fullmatch(r"https?://[^\s/]\S*", value):
        raise ValueError(refused(value, "une adresse qui commence par http:// ou https://"))
    return value


def _known_moment(value: object) -> object:
    """A date, not a number of seconds; any year outside these would date what is received for ever."""
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) and _DATED.match(value) else value
    except ValueError:
        moment = None
    if not isinstance(moment, datetime) or not FIRST_YEAR <= moment.year < LAST_YEAR:
        raise ValueError(refused(value, f"un moment de {FIRST_YEAR} à {LAST_YEAR - 1}, comme 2026-11-22T06:10"))
    return moment


def _folder(path: Path) -> Path:
    if path.exists() and not path.is_dir():
        raise ValueError(refused(str(path), "un dossier"))
    return path


def _journal_address(url: str) -> str:
    """Never shown when refused: it may hold a password."""
    try:
        target = make_url(url) if url else None
    except (ArgumentError, ValueError):
        pass
    else:
        parts = "" if target is None else f"{target.database}{target.host}{target.username}{target.query}"
        if target is None or (target.drivername in _JOURNALS and target.database and not hides(parts)):
            return url
    raise ValueError(
        "adresse du journal refusée (attendu : sqlite:////dossier/journal.db ou postgresql+psycopg://utilisateur@machine/base)"
    )


def _meeting(day: date) -> date:
    if not FIRST_YEAR <= day.year < LAST_YEAR:
        raise ValueError(refused(day.isoformat(), f"une date de {FIRST_YEAR} à {LAST_YEAR - 1}"))
    return day


Name = Annotated[str, BeforeValidator(_not_empty)]
File = Annotated[Path, BeforeValidator(_not_empty)]
WebAddress = Annotated[str, AfterValidator(_web_address)]


class Part(BaseModel):
    """A table of the file: a misspelt key is an error."""

    model_config = ConfigDict(extra="forbid")


class SourceSettings(Part):
    """One source: whether it is read, and its address when it is open data."""

    enabled: bool = True
    base_url: WebAddress = ""
    api_key: str = ""


class HttpSettings(HttpLimits):
    """Limits of a download, within bounds."""

    connect_seconds: Annotated[float, setting(0.1, 600, whole=False)] = 5.0
    read_seconds: Annotated[float, setting(0.1, 3_600, whole=False)] = 30.0
    total_seconds: Annotated[float, setting(0.1, 86_400, whole=False)] = 300.0
    attempts: Annotated[int, setting(1, 20)] = 4
    first_pause_seconds: Annotated[float, setting(0, 600, whole=False)] = 1.0
    longest_pause_seconds: Annotated[float, setting(0, 3_600, whole=False)] = 30.0
    longest_retry_after_seconds: Annotated[float, setting(0, 86_400, whole=False)] = 60.0
    max_bytes: Annotated[int, setting(1_000, 10_000_000_000)] = 200_000_000
    max_redirects: Annotated[int, setting(0, 20)] = 5


class AlertSettings(Part):
    """E-mail digests and feeds of alerts; nothing is sent while ``smtp_host`` is empty.

    ``recipients``: addresses by audience: a role (``ansm``, ``cap``…), or ``ars-53`` for the agency of a region.
    """

    public_url: WebAddress = ""
    smtp_host: str = ""
    smtp_port: Annotated[int, setting(1, 65_535)] = 587
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_ca_file: File | None = None
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_seconds: Annotated[float, setting(0.1, 3_600, whole=False)] = 20
    smtp_attempts: Annotated[int, setting(1, 10)] = 3
    sender: str = ""
    recipients: dict[str, tuple[str, ...]] = Field(default_factory=dict)

    @field_validator("recipients")
    @classmethod
    def _can_be_written_to(cls, recipients: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        for audience, addresses in recipients.items():
            if not _AUDIENCE.fullmatch(audience):
                raise ValueError(f"destinataires inconnus : « {audience} » (un rôle, ou ars-<région>)")
            for address in addresses:
                if not _ADDRESS.fullmatch(address) or hides(address):
                    raise ValueError(f"{audience} : « {address} » n'est pas une adresse électronique")
        return {audience: tuple(map(str.lower, addresses)) for audience, addresses in recipients.items()}


class SessionLimits(Part):
    """Sessions that one process holds at once, by whether the visitor signed in; the next one is asked to wait."""

    not_signed_in: Annotated[int, setting(1, 100_000)] = 200
    not_signed_in_of_one_address: Annotated[int, setting(1, 100_000)] = 60
    signed_in: Annotated[int, setting(1, 100_000)] = 500
    without_sign_in: Annotated[int, setting(1, 100_000)] = 300


class CommitteeSettings(Part):
    """Days on which the committee met or will meet: its rhythm is not regular (gaps of 24 to 53 days were seen)."""

    dates: tuple[Annotated[date, AfterValidator(_meeting)], ...] = ()

    def last_before(self, day: date) -> date | None:
        """The last meeting before ``day``: on the day itself, the one that is prepared is not over."""
        return max((met for met in self.dates if met < day), default=None)


class Values(Part):
    """Every tunable; units are in the names and in the comments of ``vigistock.toml``."""

    home: Annotated[File, AfterValidator(_folder)] = PROJECT / "data"
    now: Annotated[datetime | None, BeforeValidator(_known_moment)] = None
    config: File = PROJECT / "vigistock.toml"
    readers: Annotated[int, setting(1, 64)] = 2  # workbooks read at the same time
    reader_memory_mb: Annotated[int, setting(64, 1_000_000)] = 900
    reader_seconds: Annotated[float, setting(0.1, 86_400, whole=False)] = 300
    max_file_mb: Annotated[int, setting(1, 100_000)] = 200
    lock_wait_seconds: Annotated[float, setting(0, 86_400, whole=False)] = 600
    keep_snapshots: Annotated[int, setting(2, 10_000)] = 90
    serve_memory_mb: Annotated[int, setting(64, 1_000_000)] = 512
    serve_threads: Annotated[int, setting(1, 256)] = 2
    journal_url: Annotated[str, AfterValidator(_journal_address)] = ""  # empty: SQLite in the home
    access_table: File = PROJECT / "access.toml"
    access_contact: Name = "l'équipe qui administre Vigistock"
    access_log_days: Annotated[int, setting(1, 36_500)] = 365
    session_hours: Annotated[float, setting(0.001, 720, whole=False)] = 10
    sign_in_provider: Name = "ProConnect"
    serve_without_sign_in: bool = False
    serve_open_data: bool = False
    sessions: SessionLimits = SessionLimits()
    committee: CommitteeSettings = CommitteeSettings()
    alerts: AlertSettings = AlertSettings()
    http: HttpSettings = HttpSettings()
    sources: dict[str, SourceSettings] = Field(default_factory=dict)

    @field_validator("sources")
    @classmethod
    def _are_known(cls, sources: dict[str, SourceSettings]) -> dict[str, SourceSettings]:
        known = sorted(path.stem for path in HEADERS.glob("*.csv"))
        for key in sources:
            if key not in known:
                raise ValueError(f"« {key} » : {unknown('source', key, known)}")
        return sources


class Settings(Values, BaseSettings):
    """The settings in force. Raises BrokenReference with one sentence."""

    model_config = SettingsConfigDict(env_prefix="VIGISTOCK_", env_nested_delimiter="__", extra="forbid")

    def __init__(self, **given: Any) -> None:
        environment.check_names(Values)
        try:
            super().__init__(**given)
        except (ValidationError, SettingsError, RecursionError) as error:
            raise environment.refusal(error, Values) from error

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 – the library's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments override the environment, which overrides the file."""
        path = os.environ.get("VIGISTOCK_CONFIG", str(PROJECT / "vigistock.toml"))
        return init_settings, env_settings, environment.SettingsFile(settings_cls, path, Values)

    @property
    def clock(self) -> datetime:
        """The moment of the refresh, in UTC; ``VIGISTOCK_NOW`` replays a past day."""
        moment = self.now or datetime.now(UTC)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=PARIS).astimezone(UTC)

    @property
    def today(self) -> date:
        """The day of the refresh, in Paris."""
        return self.clock.astimezone(PARIS).date()

    def source(self, key: str) -> SourceSettings:
        return self.sources.get(key, SourceSettings())

    @property
    def journal(self) -> str:
        """URL of the journal's database."""
        return self.journal_url or f"sqlite:///{self.home.resolve()}/journal.db"

    @property
    def inbox(self) -> Path:
        return self.home / "inbox"

    @property
    def raw(self) -> Path:
        return self.home / "raw"

    @property
    def lake(self) -> Path:
        return self.home / "lake"

    @property
    def feeds(self) -> Path:
        return self.home / "feeds"

    @property
    def snapshots(self) -> Path:
        return self.home / "snapshots"
