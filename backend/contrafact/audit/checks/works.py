"""Are works and models what their registrations say, and is what they name published?

Anybody can register anything. What is not published is an error where an order used the work or model, and
a warning elsewhere, so that no stranger can make an audit fail.
"""

from __future__ import annotations

from dataclasses import replace

from contrafact.audit.evidence import Evidence
from contrafact.audit.outcomes import Judge, Outcomes, Severity
from contrafact.audit.results import Done, Failed
from contrafact.domain.digests import sha256
from contrafact.domain.licences import licence_word
from contrafact.domain.models import Model
from contrafact.domain.works import Work, WorkMetadata


def identity(evidence: Evidence, work: Work, judge: Judge) -> Outcomes:
    """id = keccak256(abi.encode(chain id, catalogue, registrant, content digest))."""
    chain = evidence.chain
    licensors = chain.licensors_of[work.work_id]
    registrant = licensors[0].licensor if licensors else work.licensor
    expected = chain.registry.work_id(registrant, work.content)
    yield judge.equal("work.id", work.work_id, expected, "The id is not that of this registrant and content.")


NOT_REGISTERED = "Events are about the work, and none registers it."


def registered(evidence: Evidence, work: Work, judge: Judge) -> Outcomes:
    yield judge.that("work.registered", work.work_id in evidence.chain.work, NOT_REGISTERED)


def unregistered(evidence: Evidence, work_id: bytes, judge: Judge) -> Outcomes:
    """A work that is told of, but by no registration: the node leaves events out, or the contract is another one."""
    yield judge.that("work.registered", work_id in evidence.chain.work, NOT_REGISTERED)


def once(evidence: Evidence, work: Work, judge: Judge) -> Outcomes:
    """Of works with the same content, or the same music of another licensor, the first is the original.

    The later ones are errors where an order used them; for the rest of them a warning is all that can be said.
    """
    same = [other.work_id for other in evidence.chain.works if _same_music(work, other)]
    original = same[0] == work.work_id
    severity = Severity.WARNING if original else publisher(evidence, work.work_id, judge).severity
    message = "The same music is registered more than once; who holds the rights is contestable."
    yield judge.that("work.once", len(same) == 1, message, severity=severity, works=same)


def _same_music(work: Work, other: Work) -> bool:
    return other.content == work.content or (
        other.source_form == work.source_form and (other.licensor != work.licensor or other.work_id == work.work_id)
    )


def metadata(evidence: Evidence, work: Work, judge: Judge) -> Outcomes:
    judge = publisher(evidence, work.work_id, judge)
    found = evidence.catalogue.works[work.metadata]
    yield judge.had("work.metadata", found, "The work's description cannot be had.")
    if isinstance(found, Done):
        named, registered = (found.value.content, found.value.source_form), (work.content, work.source_form)
        yield judge.equal("work.metadata", named, registered, "The description names other content than is registered.")


def described(evidence: Evidence, work: Work, judge: Judge) -> Outcomes:
    """A change of the split brings a new description: of the same music, and with the same names."""
    versions = evidence.chain.splits_of[work.work_id]
    found = [evidence.catalogue.works[digest] for digest in dict.fromkeys(split.metadata for split in versions)]
    told = [result.value for result in found if isinstance(result, Done)]
    registered = (work.content, work.source_form, work.recording_of)
    publishing, message = publisher(evidence, work.work_id, judge), "A later description is of other music."
    for later in told[1:]:
        music = (later.content, later.source_form, later.recording_of)
        yield publishing.equal("work.described", music, registered, message)
        said, first = _names(later), _names(told[0])
        text = "A later description has another title, other credits or numbers than the one that was registered."
        yield replace(judge, severity=Severity.WARNING).equal("work.described", said, first, text)
    if len(told) < 2:
        yield judge.that("work.described", True, "")


def _names(described: WorkMetadata) -> tuple[str, ...]:
    numbers = described.identifiers
    return (described.title, *described.credits, numbers.isrc, numbers.iswc)


def composition(evidence: Evidence, work: Work, judge: Judge) -> Outcomes:
    judge, chain = publisher(evidence, work.work_id, judge), evidence.chain
    found = evidence.catalogue.works[work.metadata]
    if isinstance(found, Done):
        message = "The description names another composition than is registered."
        yield judge.equal("work.composition", found.value.recording_of, work.recording_of, message)
    composed = chain.work.get(work.recording_of) if work.recording_of else None
    holds = work.recording_of is None or (composed is not None and composed.recording_of is None)
    message = "What the recording is said to be of is no registered composition."
    yield judge.that("work.composition", holds, message, composition=work.recording_of)


def files(evidence: Evidence, work: Work, judge: Judge) -> Outcomes:
    judge = publisher(evidence, work.work_id, judge)
    held = evidence.catalogue.files
    yield judge.had("work.files", held[work.work_id, work.content], "The work's file cannot be had.")
    yield judge.had("work.files", held[work.work_id, work.source_form], "The work's source form cannot be had.")


def derived(evidence: Evidence, work: Work, judge: Judge) -> Outcomes:
    judge = publisher(evidence, work.work_id, judge)
    form = evidence.catalogue.derived[work.work_id]
    if not isinstance(form, Done):
        yield judge.had("work.derived", form, "No source form can be derived from the work's file.")
        return
    message = "The source form is not what follows from the work's file."
    yield judge.equal("work.derived", sha256(form.value), work.source_form, message)


def splits(evidence: Evidence, work: Work, judge: Judge) -> Outcomes:
    """Every version of the split, since money may lie under any."""
    publishing, versions = publisher(evidence, work.work_id, judge), evidence.chain.splits_of[work.work_id]
    licensed = {version.version: version.split_root for version in evidence.chain.terms_of[work.work_id]}
    for split in versions:
        expected = licensed.get(split.version, versions[0].split_root)
        message = f"The rights split of version {split.version} is not the one that its terms were set with."
        yield judge.equal("work.splits", split.split_root, expected, message)
    for split in versions:
        found = evidence.catalogue.works[split.metadata]
        text = f"Version {split.version} of the rights split is not the published one."
        if isinstance(found, Done):
            yield publishing.equal("work.split", found.value.split.root, split.split_root, text)
        elif isinstance(found, Failed):
            yield publishing.that("work.split", False, f"Version {split.version} of the rights split is not published.")
        else:
            yield judge.skip("work.split", found.reason)


def storage(evidence: Evidence, work: Work, judge: Judge) -> Outcomes:
    stored, chain, work_id = evidence.storage, evidence.chain, work.work_id
    licensors, versions = chain.licensors_of[work_id], chain.splits_of[work_id]
    licensor = licensors[-1].licensor if licensors else None
    message = "The catalogue holds another licensor than its events say."
    yield judge.equal("work.storage", stored.licensor[work_id], licensor, message)
    message = "The catalogue holds another composition than its events say."
    yield judge.equal("work.storage", stored.composition[work_id], work.recording_of, message)
    message = "Whether the work is contested or barred is not what the catalogue's events say."
    yield judge.equal("work.storage", stored.disputed[work_id], (work.contested, work.barred), message)
    if versions and not any(version.version == 1 for version in chain.terms_of[work_id]):
        expected = licence_word(versions[0].split_root, (), chain.times[work.block])
        message = "The catalogue holds another registration than its events say."
        yield judge.equal("work.storage", stored.licence[work_id, 1], expected, message)


def model_identity(evidence: Evidence, model: Model, judge: Judge) -> Outcomes:
    """id = keccak256(abi.encode(chain id, catalogue, registrant, weights digest, kind)), which is no work's."""
    expected = evidence.chain.registry.model_id(model.registrant, model.weights)
    yield judge.equal("model.id", model.model_id, expected, "The id is not that of this registrant and weights.")


def model_metadata(evidence: Evidence, model: Model, judge: Judge) -> Outcomes:
    judge = publisher(evidence, model.model_id, judge)
    found = evidence.catalogue.models[model.metadata]
    yield judge.had("model.metadata", found, "The model's description cannot be had.")
    if isinstance(found, Done):
        named, registered = (found.value.weights, found.value.manifest), (model.weights, model.manifest)
        message = "The description names other weights or training works than are registered."
        yield judge.equal("model.metadata", named, registered, message)


def model_pool(evidence: Evidence, model: Model, judge: Judge) -> Outcomes:
    """The catalogue keeps rate and sunset under model, pool and token: it has them only where all of that is so."""
    for token, rate in model.rates.items():
        found, message = (
            evidence.storage.offer[model.model_id, token],
            "The catalogue holds another offer of the model.",
        )
        yield judge.equal("model.pool", found, (rate, model.sunset_in(token)), message)
    expected, message = evidence.catalogue.pool_split.root, "The model's pool is not shared out by the TrainingPool."
    yield publisher(evidence, model.model_id, judge).equal("model.pool", model.pool_split_root, expected, message)


def publisher(evidence: Evidence, registered: bytes, judge: Judge) -> Judge:
    """How grave it is that something of a work or model is not published, or not what was registered."""
    return judge if registered in evidence.chain.ordered else replace(judge, severity=Severity.WARNING)
