"""Everything put together from the settings, each part opened when it is first needed.

This is the one place that knows which implementation stands behind a port. torch and the audio libraries are
imported only when something is generated, replayed or rendered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from importlib.util import find_spec
from typing import TypeVar

from eth_utils import is_hex_address

from contrafact.consent import read_licences
from contrafact.domain.addresses import written
from contrafact.domain.digests import canonical_json, sha256
from contrafact.domain.generation import GenerationRequest
from contrafact.domain.manifests import Manifest
from contrafact.domain.models import ModelMetadata
from contrafact.domain.money import Currency
from contrafact.domain.pool_rule import PoolRule
from contrafact.domain.recognition import Candidate
from contrafact.domain.splits import Split
from contrafact.domain.terms import NATIVE
from contrafact.domain.training_consent import Learner, Licences, manifest_of
from contrafact.errors import InvalidInput, NotFound
from contrafact.influencing import InfluenceEstimator
from contrafact.ledger.connection import Connection
from contrafact.ledger.deployment_file import Deployment
from contrafact.ledger.reader import Reader
from contrafact.ledger.signer import Signer
from contrafact.ledger.signing import sign_commit, sign_confirmation, sign_quote
from contrafact.ledger.writer import Writer
from contrafact.order.job import Workshop
from contrafact.order.live.opening import Players
from contrafact.order.quoting import OfferPolicy, Quoting
from contrafact.ports import ContentStore, Generator, KeptStore, Renderer
from contrafact.records.keyring import Keyring
from contrafact.records.opening import open_store
from contrafact.records.protected import ProtectedStore
from contrafact.settings import Settings
from contrafact.wiring.access import open_connection, signer
from contrafact.wiring.certifying import OperatorCertificate, folder_of
from contrafact.wiring.protecting import AgeSealing, open_keyring

W = TypeVar("W")


class Site:
    """One installation: a chain, its contracts, a content store, and the model of this package."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._currencies: dict[str, Currency] = {}

    @cached_property
    def deployment(self) -> Deployment:
        return Deployment.load(self.settings.deployment)

    @cached_property
    def connection(self) -> Connection:
        """The chain of the deployment. Raises ChainError where the node serves another one."""
        return open_connection(self.settings, self.deployment.chain_id)

    def close(self) -> None:
        """Closes what is open to the chain."""
        if "connection" in vars(self):
            self.connection.close()

    @cached_property
    def reader(self) -> Reader:
        return Reader(self.connection, self.deployment)

    @cached_property
    def kept_store(self) -> KeptStore:
        """The content store as it is, with its ciphertexts."""
        return open_store(self.settings.store, self.settings.store_seconds)

    @cached_property
    def keyring(self) -> Keyring:
        """What this installation's reader may open."""
        return open_keyring(self.settings)

    @cached_property
    def store(self) -> ContentStore:
        """The content store as this installation's reader sees it."""
        return ProtectedStore(self.kept_store, self.keyring)

    def sealing(self, account: Signer | None = None, releaser: str = "") -> AgeSealing:
        """What encrypts contents and releases their keys, signed with this account, or the one of the settings."""

        def sign_with() -> Signer:
            return account or signer(self.settings, "key_file")

        return AgeSealing(self.keyring, self.deployment.chain_id, sign_with, releaser)

    def operator_sealing(self, operator: Signer) -> AgeSealing | None:
        """The same for the operator of this key; None where the installation has no reader's key."""
        return self.sealing(operator, self.operator_of(operator)) if self.keyring.readers else None

    def certificate(self, operator: Signer) -> OperatorCertificate:
        """What puts the certificate of this key's operator into files."""
        settings, domain = self.settings, self.deployment.domain
        folder = folder_of(settings)
        return OperatorCertificate(folder, operator, self.operator_of(operator), domain, settings.certify)

    @cached_property
    def generator(self) -> Generator:
        """The packaged model. Raises NotFound where the extra `generation` is not installed."""
        require_generation()
        from contrafact.music.checkpoint import load_model
        from contrafact.music.generate import Generator as MixtureGenerator

        return MixtureGenerator(load_model(), threads=self.settings.threads)

    @cached_property
    def influence(self) -> InfluenceEstimator:
        """Influence of the packaged model's training works. Raises NotFound as `generator` does."""
        require_generation()
        from contrafact.music.influence.features import Features, Influence

        return Influence(Features.load())

    @cached_property
    def renderer(self) -> Renderer:
        require_generation()
        from contrafact.music.renderer import SoundfontRenderer

        return SoundfontRenderer()

    def derive(self, data: bytes, media_type: str) -> bytes:
        """The source form of a score or a recording. Raises InvalidScore."""
        require_generation()
        from contrafact.music.reading import read_score
        from contrafact.music.source_form import SourceForm

        return SourceForm.from_score(read_score(data, media_type)).to_bytes()

    @staticmethod
    def require_playable(request: GenerationRequest) -> None:
        """Raises InvalidOrder or InvalidScore, as generating would, without generating."""
        require_generation()
        from contrafact.music.request import check, in_metre

        check(request)
        in_metre(request.music, request.sources)

    @staticmethod
    def same_tune(first: bytes, second: bytes) -> Candidate | None:
        """Whether two source forms are versions of one another: the second as a candidate for the first, or None."""
        require_generation()
        from contrafact.music.identification.works import same_tune

        return same_tune(first, second)

    def writer(self, account: Signer) -> Writer:
        """What sends the account's transactions."""
        return self.sending(Writer, account)

    def sending(self, kind: Callable[[Connection, Deployment, Signer], W], account: Signer) -> W:
        """A writer of this kind, once the transactions that an earlier process left under way are through."""
        self.connection.recover(account)
        return kind(self.connection, self.deployment, account)

    def operator_of(self, key: Signer) -> str:
        """The address of the operator that a key signs for: what the settings say, else the key's own."""
        return self.address(self.settings.operator) if self.settings.operator else str(key.address)

    def quoting(self, operator: Signer) -> Quoting:
        """The operator's desk for offers."""
        settings = self.settings
        return Quoting(
            reader=self.reader,
            store=self.store,
            operator=self.operator_of(operator),
            sign=lambda quote, domain: sign_quote(operator, quote, domain),
            require_playable=self.require_playable,
            same_tune=self.same_tune,
            model_digest=self.generator.model_digest,
            policy=OfferPolicy(settings.operator_fee, settings.max_base_share, seals_private=settings.seal_private),
            home=settings.home,
            sealing=self.operator_sealing(operator),
        )

    def workshop(self, operator: Signer) -> Workshop:
        """What the operator runs orders with."""
        return Workshop(
            reader=self.reader,
            writer=self.writer(operator),
            sign=lambda commit, domain: sign_commit(operator, commit, domain),
            store=self.store,
            generator=self.generator,
            renderer=self.renderer,
            derive=self.derive,
            home=self.settings.home,
            sealing=self.operator_sealing(operator),
            certifying=self.certificate(operator),
        )

    @cached_property
    def players(self) -> Players:
        """What live orders are played with, the model in this process."""
        require_generation()
        from contrafact.music.live_sound import FlacBars

        return Players(self.reader, self.store, self.generator, self.derive, FlacBars, self.settings.home)

    def confirmations(self, beneficiary: bytes, split: Split, holders: Iterable[Signer]) -> dict[int, bytes]:
        """What these holders sign to confirm their places in the split of a work or a model, by place."""
        keys, domain = {str(holder.address): holder for holder in holders}, self.deployment.domain
        mine = [leaf for leaf in split.leaves if leaf.holder in keys]
        return {
            leaf.index: sign_confirmation(keys[leaf.holder], beneficiary, split.root, leaf, domain) for leaf in mine
        }

    def licences(self) -> Licences:
        """What licensors permit and permitted, as far as it is published."""
        return read_licences(self.reader, self.store)

    def packaged_manifest(self, registrant: str) -> Manifest:
        """The manifest of this package's model, for `registrant` to register now.

        Raises NotPermitted where the licence in force of a work that it learnt from does not permit it.
        """
        from contrafact.music.manifest import training_list

        contents = {content: tune.id for content, tune in training_list().tunes.items()}
        model_id = self.reader.model_id_of(registrant, self.generator.model_digest)
        learner = Learner(model_id, registrant, self.connection.head(), self.reader.timestamp())
        return manifest_of(contents, self.licences(), learner)

    def packaged_model(self, manifest: Manifest, pool: PoolRule) -> ModelMetadata:
        """The metadata of this package's model."""
        from contrafact.music.manifest import training_list

        return ModelMetadata(
            name=training_list().model_name,
            weights=self.generator.model_digest,
            generator=sha256(canonical_json(self.generator.identity)),
            manifest=manifest.root,
            manifest_document=manifest.digest(),
            training_works=len(manifest.leaves),
            pool=pool,
        )

    def token(self) -> str:
        """Address of the token that the settings name. Raises InvalidInput or NotFound."""
        name = self.settings.token
        if name == "native":
            return NATIVE
        if name == "usd":
            if self.deployment.test_dollar is None:
                raise NotFound("This deployment has no test dollar.", "Set CONTRAFACT_TOKEN to native or an address.")
            return self.deployment.test_dollar
        return self.address(name)

    def currency(self, token: str) -> Currency:
        """How amounts of a token are written. A token is asked once."""
        if token not in self._currencies:
            self._currencies[token] = self.reader.currency(token)
        return self._currencies[token]

    @staticmethod
    def address(text: str) -> str:
        """A checksummed address. Raises InvalidInput, also for a checksum that is wrong."""
        if not is_hex_address(text):
            raise InvalidInput(f"{text!r} is not an address.", "Write 0x and 40 hex digits.")
        return written(text)


def generation_is_installed() -> bool:
    """Whether torch and the audio libraries are there."""
    return all(find_spec(name) is not None for name in ("torch", "midirenderer", "music21"))


def require_generation() -> None:
    """Raises NotFound where the extra `generation` is not installed."""
    if not generation_is_installed():
        raise NotFound("This needs the model, which is not installed.", "Run: pip install 'contrafact[generation]'")


def require_service() -> None:
    """Raises NotFound where the extra `service` is not installed."""
    if not all(find_spec(name) is not None for name in ("sqlalchemy", "alembic")):
        raise NotFound("This needs a database, which is not installed.", "Run: pip install 'contrafact[service]'")
