"""Settings: from the environment (`CONTRAFACT_…`), else from the file `contrafact.toml`, else the defaults here."""

from __future__ import annotations

import os
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from tomllib import TOMLDecodeError
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from contrafact.errors import InvalidInput


class Settings(BaseSettings):
    """Where the chain, the contracts and the content are, and whose keys sign. Times in seconds."""

    model_config = SettingsConfigDict(env_prefix="CONTRAFACT_", toml_file="contrafact.toml", extra="forbid")

    rpc_url: str = "http://127.0.0.1:8545"
    """JSON-RPC URL of the chain's node (http, https, ws or wss); several, with commas, stand in for each other."""
    rpc_agreement: bool = False
    """Whether all these nodes must know the same chain, by its id and a confirmed block's hash."""
    networks_file: Path | None = None
    """File of networks beside those that are known."""
    confirmations: int | None = Field(None, ge=1, le=10_000)
    """Blocks that count from a transaction's own on until it is done; by default the network's."""
    max_fee_gwei: Decimal = Field(Decimal(100), gt=0, le=10**9)
    """The most that a transaction may offer per gas, in gwei."""
    replace_seconds: float = Field(60.0, gt=0)
    """After this time without a block, a transaction is sent again with higher fees."""
    transaction_seconds: float = Field(600.0, gt=0)
    """How long a transaction is waited for."""
    poll_seconds: float | None = Field(None, gt=0)
    """How often the chain is asked for something new; by default a third of the network's time between blocks."""
    request_seconds: float = Field(20.0, gt=0)
    """How long one request to a node may take."""
    deployment: Path = Path("deployments/31337.json")
    """File with the contracts' addresses, as `contrafact deploy` writes it."""
    store: str = "folder:contrafact-store"
    """Content store: `folder:PATH`, or the multiaddress or URL of an IPFS node's RPC; several, with commas."""
    store_seconds: float = Field(60.0, gt=0)
    """How long a read from an IPFS node may take in all."""
    reader_key_file: Path | None = None
    """File with the age identities that open what is protected, as `contrafact keys new-reader` writes it."""
    home: Path = Path("contrafact-home")
    """Folder of an operator's work in progress and secrets, and of everybody's transactions under way."""
    database: str | None = None
    """URL of the database: `sqlite:///PATH` or `postgresql://…`; by default `contrafact.db` in the home folder."""
    key_file: Path | None = None
    """File with the key, the keystore or the signer of the account that acts: licensor, maker or deployer."""
    key_passphrase_file: Path | None = None
    """File with the passphrase of that keystore, in its first line."""
    key_passphrase: SecretStr | None = None
    """That passphrase itself."""
    operator: str | None = None
    """The operator's address, where its key file holds only the key that it has named to sign; else that key's own."""
    operator_key_file: Path | None = None
    """File with the operator's key, keystore or signer."""
    operator_key_passphrase_file: Path | None = None
    """File with the passphrase of the operator's keystore."""
    operator_key_passphrase: SecretStr | None = None
    """That passphrase itself."""
    token: str = "usd"
    """What orders are paid in: `usd` (the deployment's test dollar), `native`, or a token's address."""
    operator_fee: int = Field(50_000, ge=0, lt=2**96)
    """The operator's fee for one order, in units of the token."""
    max_base_share: int = Field(400_000, ge=0, le=1_000_000)
    """Highest base share that a quote promises, in parts per million."""
    seal_private: bool = False
    """Whether every private piece is encrypted: for you alone, as operator, where its maker names no reader."""
    certify: bool = True
    """Whether the pieces that are delivered carry the operator's certificate."""
    certificate: Path | None = None
    """Folder of that certificate and its key; by default `certificate` in the home folder, and made when needed."""
    threads: int = Field(1, ge=1, le=1024)
    """CPU threads that generation uses; the result does not depend on it."""
    host: str = "127.0.0.1"
    """Address at which `contrafact serve` listens; one that others reach belongs behind a proxy with TLS."""
    port: int = Field(8600, ge=0, le=65_535)
    """Its port; 0 takes a free one."""
    relay: bool = False
    """Whether the service sends orders that makers have signed, and pays their gas from the operator's account."""
    metrics_port: int | None = Field(None, ge=0, le=65_535)
    """Another port for `/metrics`, `/healthz` and `/readyz`; by default they are on the API's."""
    metrics_from: str = "127.0.0.0/8,::1"
    """Networks from which the API's port answers `/metrics`, with commas; what a proxy passes on comes from its own."""
    shutdown_seconds: float = Field(30.0, gt=0, le=3600)
    """How long requests and orders under way may take to a stopping place once the service was told to end."""
    ready_lag_blocks: int = Field(20, ge=0)
    """So many blocks may the index be behind the chain before `/readyz` says no."""
    ready_disk_mb: int = Field(500, ge=0)
    """So many megabytes must be free where home, content store and database lie."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """The least that is logged by the service."""
    log_format: Literal["auto", "json", "console"] = "auto"
    """Lines of JSON, or for people; `auto`: for people where standard error is a terminal."""
    compute: str = "inline"
    """Where pieces are generated: `inline`, `processes`, `ray` (here, or at RAY_ADDRESS), or `ray://HOST:PORT`."""
    workers: int = Field(1, ge=1, le=1024)
    """Worker processes, or the processors of a local Ray cluster; each holds the model."""
    piece_seconds: float = Field(600.0, gt=0)
    """How long a worker process may generate, render or replay one piece until it counts as hanging and is ended."""
    jobs_at_once: int = Field(2, ge=1, le=1024)
    """Orders that a runner works on at once; some wait for blocks while others are generated."""
    live_at_once: int = Field(1, ge=0, le=64)
    """Live orders that the service plays at once, each with a processor while somebody listens; 0 offers none."""
    refund_expired: bool = True
    """Whether a runner gives the makers of your orders that were not delivered in time their money back."""
    payout_minutes: float = Field(1.0, ge=0, le=60 * 24 * 30)
    """How often a runner pays out what no order's job sends, in minutes; 0 for never."""
    audit_hours: float = Field(24.0, ge=0, le=24 * 365)
    """The longest time between audits of its own ledger for the page `/audit`, in hours; 0 for never.

    After each it rests a hundred times as long as that took, an hour at least; where orders were settled since, and
    audits are short, some minutes.
    """
    audit_replays: str = "none"
    """How many delivered pieces that audit generates again: `none`, `all`, a number, or a part as `5%`."""
    public_url: str | None = None
    """Where people reach the service, which sign-in messages name; by default where it listens."""
    public_rpc_url: str | None = None
    """JSON-RPC URL of the chain for everybody's wallets and pages; the nodes' own are told to nobody."""
    development_accounts: Path | None = None
    """File with names of a development chain's own accounts, which pages then offer as a wallet of play money."""
    cors_origins: str | None = None
    """Origins of other sites whose pages may use the API, with commas."""
    reads_per_minute: int = Field(1200, ge=1)
    """How many reads a client, by its IP address, may make."""
    writes_per_minute: int = Field(120, ge=1)
    """How many other requests."""
    sign_ins_per_minute: int = Field(30, ge=1)
    """How many requests to sign in or out."""
    uploads_per_hour: int = Field(120, ge=1)
    """How many uploads."""
    rate_limit_store: str = "memory://"
    """Where requests are counted: `memory://` in each process, `redis://HOST:PORT` for all together."""
    max_upload_mb: int = Field(32, ge=1, le=64)
    """The largest file that is taken in, in mebibytes."""
    session_hours: float = Field(24.0, gt=0, le=24 * 30)
    """How long a wallet stays signed in."""

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], *sources: PydanticBaseSettingsSource, **named: PydanticBaseSettingsSource
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (named["init_settings"], named["env_settings"], TomlConfigSettingsSource(settings_cls))


def load(**overrides: object) -> Settings:
    """The settings in force; `overrides` that are None do not count. Raises InvalidInput naming what is wrong."""
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        details = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise InvalidInput(f"A setting cannot be used: {details}.", "docs/settings.md lists all settings.") from error
    except (TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidInput(f"contrafact.toml cannot be read: {error}.", "docs/settings.md shows its form.") from error


def origins() -> dict[str, str]:
    """Where each setting in force comes from: `environment`, `contrafact.toml`, or `default`."""
    environment = {name.upper() for name in os.environ}
    in_file = TomlConfigSettingsSource(Settings).toml_data
    return {name: _origin(name, environment, in_file) for name in Settings.model_fields}


def _origin(name: str, environment: set[str], in_file: Mapping[str, object]) -> str:
    if f"CONTRAFACT_{name.upper()}" in environment:
        return "environment"
    return "contrafact.toml" if name in in_file else "default"
