"""What an installation may set, read once where a process starts."""

from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Read from environment variables with the prefix `REGISTRY_`."""

    model_config = SettingsConfigDict(env_prefix="REGISTRY_", frozen=True)

    database_url: str | None = Field(
        default=None,
        description="Address of a PostgreSQL database, 14 or later; unset, an embedded one runs.",
    )
    home: Path = Field(default=Path(".registry"), description="Folder of the registry's own files.")
    schemes: Path | None = Field(
        default=None, description="Folder of the descriptions of configured schemes, in YAML."
    )
    population: Path | None = Field(
        default=None, description="Table of the population, in CSV; unset, the census of 2019."
    )
    coverage_rules: Path | None = Field(
        default=None, description="File of the rules of coverage, in YAML, in place of our own."
    )
    chunk_rows: int = Field(default=5_000, ge=1, description="Rows of a list kept together.")
    parsing_processes: int | None = Field(
        default=None, ge=1, description="Processes that work on a long list; one a processor."
    )
    snapshot_hold_share: float = Field(
        default=0.2,
        ge=0,
        le=1,
        description="Share of a scheme's records that a whole list may end without confirmation.",
    )
    master_key: SecretStr | None = Field(
        default=None,
        description="Keys that secrets are kept under: 32 bytes in base64, the present one first, "
        "former ones behind commas; unset, a file in the home.",
    )
    public_url: str = Field(
        default="http://127.0.0.1:8000",
        description="Address that callers know the registry by; issuer and audience of its tokens.",
    )
    limit_factor: float = Field(
        default=1.0,
        ge=0,
        description="What the limits on how often may be asked are multiplied by; 0 for none.",
    )
    purpose_limits: str = Field(
        default="",
        description="Limits of purposes by the minute and by the day, as `research=10/100`.",
    )
    plain_tokens: bool = Field(
        default=True,
        description="Whether a client's secret is a bearer token too, for thirty days.",
    )
    sign_in_issuer: str | None = Field(
        default=None,
        description="Issuer of the OpenID Connect provider that officers sign in with; https.",
    )
    sign_in_client_id: str = Field(
        default="", description="Name under which the provider knows the registry."
    )
    sign_in_client_secret: SecretStr | None = Field(
        default=None, description="The registry's secret at the provider; unset, it has none."
    )
    sign_in_name: str = Field(
        default="", description="What officers call the provider; its host when unset."
    )
    telemetry_url: str | None = Field(
        default=None,
        description="Address of an OpenTelemetry collector that takes traces (OTLP over HTTP).",
    )
    exchange_name: str | None = Field(
        default=None,
        description="Name under which partner systems know the registry; unset, any is taken.",
    )
    callback_networks: str = Field(
        default="",
        description="Networks that are not public and may be sent answers, as `10.1.0.0/16`.",
    )

    @field_validator("callback_networks")
    @classmethod
    def _are_networks(cls, value: str) -> str:
        networks(value)
        return value

    @model_validator(mode="after")
    def _is_provider_safe(self) -> Self:
        if self.sign_in_issuer is None:
            return self
        if not self.sign_in_client_id:
            raise ValueError("A sign_in_issuer needs a sign_in_client_id.")
        parts = urlsplit(self.sign_in_issuer)
        if parts.scheme != "https" and parts.hostname not in {"127.0.0.1", "::1", "localhost"}:
            raise ValueError("The sign_in_issuer must be an https address.")
        return self

    @property
    def networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The networks that are not public and may be sent answers."""
        return networks(self.callback_networks)


def networks(listed: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Networks separated by commas."""
    return tuple(ip_network(each.strip()) for each in listed.split(",") if each.strip())
