"""Works and their licensors: see work_registry.tree. Their versions are in licensing.tree."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from eth_abi import encode
from eth_utils import keccak

from .chain import NATIVE, Reverted, reverts
from .world import RuledWorld, World, digest

ROOT, ROOT2, META = b"\x01" * 32, b"\x02" * 32, b"\x03" * 32
UNKNOWN = b"\xee" * 32
NO_WORK = bytes(32)

Row = tuple[bytes, bytes, bytes, bytes, bytes]


def row(content: int = 90, root: bytes = ROOT, recording_of: bytes = NO_WORK) -> Row:
    """The `Registration` struct."""
    return digest(content), digest(91), META, root, recording_of


def register(world: World, registration: Row, sender: str | None = None) -> bytes:
    receipt = world.catalogue.send(sender or world.licensor, "register", registration)
    return bytes(world.event(receipt, "WorkRegistered").args["workId"])


def bare_licence(root: bytes, since: int) -> int:
    """The licence word of a version without terms."""
    return int.from_bytes(keccak(root)) % 2**216 << 40 | since


@pytest.fixture
def work_id(world: World) -> bytes:
    return register(world, row())


def test_register_stores_licensor_and_version_1_and_emits_every_digest(world: World) -> None:
    receipt = world.catalogue.send(world.licensor, "register", row())
    event = world.event(receipt, "WorkRegistered").args
    work_id = event.pop("workId")
    assert event == {
        "licensor": world.licensor,
        "contentDigest": digest(90),
        "sourceDigest": digest(91),
        "metadataDigest": META,
        "splitRoot": ROOT,
        "recordingOf": NO_WORK,
    }
    assert world.catalogue.get("licensorOf", work_id) == world.licensor.lower()
    assert world.catalogue.get("currentVersion", work_id) == 1
    assert world.catalogue.get("licenceOf", work_id, 1) == bare_licence(ROOT, world.chain.now)
    assert world.catalogue.get("compositionOf", work_id) == NO_WORK
    assert (world.catalogue.get("isContested", work_id), world.catalogue.get("isBarred", work_id)) == (False, False)


def test_work_id_binds_chain_registry_registrant_and_content(world: World, work_id: bytes) -> None:
    values = [world.domain.chain_id, world.catalogue.address, world.licensor, digest(90)]
    assert work_id == keccak(encode(["uint256", "address", "address", "bytes32"], values))
    assert world.catalogue.get("workIdOf", world.licensor, digest(90)) == work_id


def test_many_are_registered_as_if_alone(world: World) -> None:
    composition = world.catalogue.get("workIdOf", world.licensor, digest(90))
    rows = [row(), row(92, ROOT2), row(93, ROOT2, composition)]  # the last is a recording of the first
    receipt = world.catalogue.send(world.licensor, "registerMany", rows)
    events = [event.args for event in world.chain.events(receipt, "WorkRegistered")]
    ids = [world.catalogue.get("workIdOf", world.licensor, r[0]) for r in rows]
    assert [event["workId"] for event in events] == ids
    assert [event["splitRoot"] for event in events] == [ROOT, ROOT2, ROOT2]
    assert [world.catalogue.get("licensorOf", work_id) for work_id in ids] == [world.licensor.lower()] * 3
    expected = [bare_licence(r[3], world.chain.now) for r in rows]
    assert [world.catalogue.get("licenceOf", work_id, 1) for work_id in ids] == expected
    assert [world.catalogue.get("compositionOf", work_id) for work_id in ids] == [NO_WORK, NO_WORK, composition]


def test_the_ids_of_many_are_returned_in_order(world: World) -> None:
    rows = [row(), row(92)]
    ids = world.catalogue.get("registerMany", rows, sender=world.licensor)
    assert list(ids) == [world.catalogue.get("workIdOf", world.licensor, r[0]) for r in rows]


@pytest.mark.parametrize(
    ("bad", "error"),
    [(row(), "WorkRegistry_AlreadyRegistered"), (row(93, NO_WORK), "WorkRegistry_EmptyDigest")],
    ids=["twice", "empty split"],
)
def test_one_bad_registration_of_many_leaves_none(world: World, bad: Row, error: str) -> None:
    first = world.catalogue.get("workIdOf", world.licensor, digest(90))
    with reverts(error):
        world.catalogue.send(world.licensor, "registerMany", [row(), bad])
    with reverts("WorkRegistry_UnknownWork", first):
        world.catalogue.get("licensorOf", first)


def test_who_copies_a_registration_gets_a_work_of_its_own(world: World) -> None:
    """Front-running: the id binds the registrant, so that the copy stands in nobody's way."""
    copied = register(world, row(), sender=world.relayer)
    mine = register(world, row())
    assert copied != mine
    assert world.catalogue.get("licensorOf", mine) == world.licensor.lower()
    assert world.catalogue.get("licensorOf", copied) == world.relayer.lower()


@pytest.mark.parametrize("name", ["register", "registerMany"])
def test_same_content_twice_from_one_registrant_reverts(world: World, work_id: bytes, name: str) -> None:
    again = row(root=ROOT2)
    with reverts("WorkRegistry_AlreadyRegistered", work_id):
        world.catalogue.send(world.licensor, name, again if name == "register" else [again])


def test_a_work_that_changed_hands_is_not_registered_again(world: World, work_id: bytes) -> None:
    transfer(world, work_id, world.licensor2)
    with reverts("WorkRegistry_AlreadyRegistered", work_id):
        register(world, row())


@pytest.mark.parametrize("empty", range(4))
def test_register_refuses_an_empty_digest(world: World, empty: int) -> None:
    digests = list(row())
    digests[empty] = bytes(32)
    with reverts("WorkRegistry_EmptyDigest"):
        world.catalogue.send(world.licensor, "register", tuple(digests))


def test_a_recording_names_a_composition_of_anybody(world: World, work_id: bytes) -> None:
    recording = register(world, row(92, recording_of=work_id), sender=world.licensor2)
    assert world.catalogue.get("compositionOf", recording) == work_id
    assert world.catalogue.get("licensorOf", recording) == world.licensor2.lower()
    assert world.catalogue.get("compositionOf", work_id) == NO_WORK


def test_a_recording_of_anything_but_a_composition_is_refused(world: World, work_id: bytes) -> None:
    recording = register(world, row(92, recording_of=work_id))
    itself = world.catalogue.get("workIdOf", world.licensor, digest(93))
    for target in (recording, UNKNOWN, itself):
        with reverts("WorkRegistry_NotComposition", target):
            register(world, row(93, recording_of=target))


# Licensors


def transfer(world: World, work_id: bytes, to: str) -> None:
    world.catalogue.send(world.licensor, "transferLicensor", work_id, to)
    world.catalogue.send(to, "acceptLicensor", work_id)


def set_terms(world: World, sender: str, work_id: bytes) -> None:
    world.catalogue.send(sender, "setTerms", work_id, ROOT2, list(world.terms().to_words()))


def test_licensor_moves_only_when_the_new_one_accepts(world: World, work_id: bytes) -> None:
    started = world.catalogue.send(world.licensor, "transferLicensor", work_id, world.licensor2)
    parties = {"workId": work_id, "from": world.licensor, "to": world.licensor2}
    assert world.event(started, "LicensorTransferStarted").args == parties
    assert world.catalogue.get("licensorOf", work_id) == world.licensor.lower()
    assert world.catalogue.get("pendingLicensorOf", work_id) == world.licensor2.lower()
    with reverts("WorkRegistry_NotLicensor", work_id, world.licensor2):
        set_terms(world, world.licensor2, work_id)

    accepted = world.catalogue.send(world.licensor2, "acceptLicensor", work_id)
    assert world.event(accepted, "LicensorTransferred").args == parties
    assert world.catalogue.get("licensorOf", work_id) == world.licensor2.lower()
    assert world.catalogue.get("pendingLicensorOf", work_id) == NATIVE
    with reverts("WorkRegistry_NotLicensor", work_id, world.licensor):
        set_terms(world, world.licensor, work_id)
    set_terms(world, world.licensor2, work_id)


def test_a_transfer_moves_nothing_but_the_licensor(world: World, work_id: bytes) -> None:
    recording = register(world, row(92, recording_of=work_id))
    set_terms(world, world.licensor, recording)
    before = state(world, recording)
    transfer(world, recording, world.licensor2)
    assert state(world, recording) == (world.licensor2.lower(), *before[1:])


def state(world: World, work_id: bytes) -> tuple[object, ...]:
    names = ("licensorOf", "currentVersion", "compositionOf", "isContested", "isBarred")
    licences = [world.catalogue.get("licenceOf", work_id, version) for version in range(4)]
    return (*(world.catalogue.get(name, work_id) for name in names), *licences)


def test_accepting_uninvited_or_twice_reverts(world: World, work_id: bytes) -> None:
    world.catalogue.send(world.licensor, "transferLicensor", work_id, world.licensor2)
    with reverts("WorkRegistry_NotPendingLicensor", work_id, world.maker):
        world.catalogue.send(world.maker, "acceptLicensor", work_id)
    world.catalogue.send(world.licensor2, "acceptLicensor", work_id)
    with reverts("WorkRegistry_NotPendingLicensor", work_id, world.licensor2):
        world.catalogue.send(world.licensor2, "acceptLicensor", work_id)


def test_only_the_licensor_starts_a_transfer(world: World, work_id: bytes) -> None:
    with reverts("WorkRegistry_NotLicensor", work_id, world.maker):
        world.catalogue.send(world.maker, "transferLicensor", work_id, world.maker)


def test_transfer_to_the_zero_address_withdraws_the_one_under_way(world: World, work_id: bytes) -> None:
    world.catalogue.send(world.licensor, "transferLicensor", work_id, world.licensor2)
    world.catalogue.send(world.licensor, "transferLicensor", work_id, NATIVE)
    with reverts("WorkRegistry_NotPendingLicensor", work_id, world.licensor2):
        world.catalogue.send(world.licensor2, "acceptLicensor", work_id)


# Contests


def test_contests_are_counted(ruled: RuledWorld) -> None:
    work_id = register(ruled, row())
    other = register(ruled, row(92))
    for name, open_ in (("openContest", 1), ("openContest", 2), ("closeContest", 1), ("closeContest", 0)):
        receipt = ruled.catalogue.send(ruled.desk_address, name, work_id)
        assert ruled.event(receipt, "ContestsChanged").args == {"workId": work_id, "open": open_}
        assert ruled.catalogue.get("isContested", work_id) is (open_ > 0)
        assert ruled.catalogue.get("isContested", other) is False
    with pytest.raises(Reverted):  # the machine's own: a number below zero
        ruled.catalogue.send(ruled.desk_address, "closeContest", work_id)


def test_barring_is_for_good(ruled: RuledWorld) -> None:
    work_id = register(ruled, row())
    ruled.catalogue.send(ruled.desk_address, "openContest", work_id)
    receipt = ruled.catalogue.send(ruled.desk_address, "bar", work_id)
    assert ruled.event(receipt, "WorkBarred").args == {"workId": work_id}
    ruled.catalogue.send(ruled.desk_address, "closeContest", work_id)
    set_terms(ruled, ruled.licensor, work_id)
    transfer(ruled, work_id, ruled.licensor2)
    assert (ruled.catalogue.get("isContested", work_id), ruled.catalogue.get("isBarred", work_id)) == (False, True)


@pytest.mark.parametrize("name", ["openContest", "closeContest", "bar"])
def test_nobody_but_the_desk_rules(ruled: RuledWorld, name: str) -> None:
    work_id = register(ruled, row())
    for sender in (ruled.licensor, ruled.deployer):
        with reverts("WorkRegistry_NotDesk", sender):
            ruled.catalogue.send(sender, name, work_id)


def test_an_unknown_work_is_not_contested(ruled: RuledWorld) -> None:
    with reverts("WorkRegistry_UnknownWork", UNKNOWN):
        ruled.catalogue.send(ruled.desk_address, "openContest", UNKNOWN)


@pytest.mark.parametrize(
    "call",
    [
        ("licensorOf",),
        ("currentVersion",),
        ("isContested",),
        ("isBarred",),
        ("transferLicensor", NATIVE),
        ("acceptLicensor",),
        ("setTerms", ROOT, []),
        ("changeSplit", ROOT, META, []),
    ],
    ids=lambda call: str(call[0]),
)
def test_an_unknown_work_reverts(world: World, call: Sequence[object]) -> None:
    name, *rest = call
    with reverts("WorkRegistry_UnknownWork", UNKNOWN):
        world.catalogue.send(world.licensor, str(name), UNKNOWN, *rest)
