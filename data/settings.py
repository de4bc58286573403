"""Settings: ``vigistock.toml``, overridden by ``VIGISTOCK_…`` environment variables."""

from __future__ import annotations

import os
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from connectors.reading.http import HttpLimits

PROJECT = Path(__file__).resolve().parents[1]
PARIS = ZoneInfo("Europe/Paris")
_AUDIENCE = re.compile(r"ansm|ansm_steward|cap|dgs|ars-[0-9]{2}")
_ADDRESS = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+", re.ASCII)


class SourceSettings(BaseModel):
    """One source: whether it is read, and its address when it is open data."""

    enabled: bool = True
    base_url: str = ""
    api_key: str = ""


class AlertSettings(BaseModel):
    """E-mail digests and feeds of alerts; nothing is sent while ``smtp_host`` is empty.

    ``recipients``: addresses by audience: a role (``ansm``, ``cap``…), or ``ars-53`` for the agency of a region.
    """

    public_url: str = ""
    smtp_host: str = ""
    smtp_port: int = Field(587, ge=1, le=65535)
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_ca_file: Path | None = None
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_seconds: float = Field(20, gt=0)
    smtp_attempts: int = Field(3, ge=1, le=10)
    sender: str = ""
    recipients: dict[str, tuple[str, ...]] = Field(default_factory=dict)

    @field_validator("recipients")
    @classmethod
    def _can_be_written_to(cls, recipients: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        for audience, addresses in recipients.items():
            if not _AUDIENCE.fullmatch(audience):
                raise ValueError(f"destinataires inconnus : « {audience} » (un rôle, ou ars-<région>)")
            for address in addresses:
                if not _ADDRESS.fullmatch(address):
                    raise ValueError(f"{audience} : « {address} » n'est pas une adresse électronique")
        return {audience: tuple(map(str.lower, addresses)) for audience, addresses in recipients.items()}


class CommitteeSettings(BaseModel):
    """Days on which the committee met or will meet: its rhythm is not regular (gaps of 24 to 53 days were seen)."""

    dates: tuple[date, ...] = ()

    def last_before(self, day: date) -> date | None:
        """The last meeting before ``day``: on the day itself, the one that is prepared is not over."""
        return max((met for met in self.dates if met < day), default=None)


class Settings(BaseSettings):
    """Every tunable; units are in the names and in the comments of ``vigistock.toml``."""

    model_config = SettingsConfigDict(env_prefix="VIGISTOCK_", env_nested_delimiter="__", extra="forbid")

    home: Path = PROJECT / "data"
    now: datetime | None = None
    config: Path = PROJECT / "vigistock.toml"
    readers: int = Field(2, ge=1, description="workbooks read at the same time")
    reader_memory_mb: int = Field(900, ge=64)
    reader_seconds: float = Field(300, gt=0)
    max_file_mb: int = Field(200, ge=1)
    lock_wait_seconds: float = Field(600, ge=0)
    keep_snapshots: int = Field(90, ge=2)
    serve_memory_mb: int = Field(512, ge=64)
    serve_threads: int = Field(2, ge=1)
    journal_url: str = Field("", description="database of the journal; empty: SQLite in the home")
    access_table: Path = PROJECT / "access.toml"
    access_contact: str = "l'équipe qui administre Vigistock"
    access_log_days: int = Field(365, ge=1)
    session_hours: float = Field(10, gt=0, le=720)
    sign_in_provider: str = "ProConnect"
    serve_without_sign_in: bool = False
    committee: CommitteeSettings = CommitteeSettings()
    alerts: AlertSettings = AlertSettings()
    http: HttpLimits = HttpLimits()
    sources: dict[str, SourceSettings] = Field(default_factory=dict)

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
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, path)

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
