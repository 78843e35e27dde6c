"""Settings: from the environment (`CONTRAFACT_…`), else from the file `contrafact.toml`, else the defaults here."""

from __future__ import annotations

from pathlib import Path
from tomllib import TOMLDecodeError

from pydantic import Field, ValidationError
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
    """JSON-RPC URL of the chain's node."""
    deployment: Path = Path("deployments/31337.json")
    """File with the contracts' addresses, as `contrafact deploy` writes it."""
    store: str = "folder:contrafact-store"
    """Content store: `folder:PATH`, or the multiaddress or URL of an IPFS node's RPC."""
    home: Path = Path("contrafact-home")
    """Folder of an operator's work in progress and secrets."""
    key_file: Path | None = None
    """File with the private key of the account that acts: licensor, maker or deployer."""
    operator_key_file: Path | None = None
    """File with the operator's private key."""
    token: str = "usd"
    """What orders are paid in: `usd` (the deployment's test dollar), `native`, or a token's address."""
    operator_fee: int = Field(50_000, ge=0, lt=2**96)
    """The operator's fee for one order, in units of the token."""
    max_base_share: int = Field(400_000, ge=0, le=1_000_000)
    """Highest base share that a quote promises, in parts per million."""
    threads: int = Field(1, ge=1, le=1024)
    """CPU threads that generation uses; the result does not depend on it."""

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
