"""Works, their splits and their licensors: see work_registry.tree."""

from __future__ import annotations

import pytest
from eth_abi import encode
from eth_utils import keccak

from .chain import NATIVE, reverts
from .world import World, digest

ROOT, ROOT2, META = b"\x01" * 32, b"\x02" * 32, b"\x03" * 32
UNKNOWN = b"\xee" * 32


@pytest.fixture
def work_id(world: World) -> bytes:
    world.works.send(world.licensor, "register", digest(90), digest(91), META, ROOT)
    return bytes(world.works.get("workIdOf", world.licensor, digest(90)))


def test_register_stores_licensor_and_split_and_emits_every_digest(world: World) -> None:
    receipt = world.works.send(world.licensor, "register", digest(90), digest(91), META, ROOT)
    event = world.event(receipt, "WorkRegistered").args
    work_id = event.pop("workId")
    assert event == {
        "licensor": world.licensor,
        "contentDigest": digest(90),
        "sourceDigest": digest(91),
        "metadataDigest": META,
        "splitRoot": ROOT,
    }
    assert world.works.get("licensorOf", work_id) == world.licensor.lower()
    assert world.works.get("splitRootOf", work_id) == ROOT


def test_work_id_binds_chain_registry_registrant_and_content(world: World, work_id: bytes) -> None:
    values = [world.domain.chain_id, world.works.address, world.licensor, digest(90)]
    assert work_id == keccak(encode(["uint256", "address", "address", "bytes32"], values))


def test_same_content_from_another_registrant_is_another_work(world: World, work_id: bytes) -> None:
    receipt = world.works.send(world.licensor2, "register", digest(90), digest(91), META, ROOT)
    assert world.event(receipt, "WorkRegistered").args["workId"] != work_id


def test_same_content_twice_from_one_registrant_reverts(world: World, work_id: bytes) -> None:
    with reverts("WorkRegistry_AlreadyRegistered", work_id):
        world.works.send(world.licensor, "register", digest(90), digest(92), META, ROOT2)


@pytest.mark.parametrize("empty", range(4))
def test_register_refuses_an_empty_digest(world: World, empty: int) -> None:
    digests = [digest(90), digest(91), META, ROOT]
    digests[empty] = bytes(32)
    with reverts("WorkRegistry_EmptyDigest"):
        world.works.send(world.licensor, "register", *digests)


def test_change_split_counts_versions(world: World, work_id: bytes) -> None:
    for version, root in ((2, ROOT2), (3, ROOT)):
        receipt = world.works.send(world.licensor, "changeSplit", work_id, root, META)
        event = world.event(receipt, "SplitChanged").args
        assert event == {"workId": work_id, "version": version, "splitRoot": root, "metadataDigest": META}
        assert world.works.get("splitRootOf", work_id) == root


def test_change_split_by_anybody_else_reverts(world: World, work_id: bytes) -> None:
    with reverts("WorkRegistry_NotLicensor", work_id, world.maker):
        world.works.send(world.maker, "changeSplit", work_id, ROOT2, META)


@pytest.mark.parametrize(("root", "metadata"), [(bytes(32), META), (ROOT2, bytes(32))])
def test_change_split_refuses_an_empty_digest(world: World, work_id: bytes, root: bytes, metadata: bytes) -> None:
    with reverts("WorkRegistry_EmptyDigest"):
        world.works.send(world.licensor, "changeSplit", work_id, root, metadata)


def test_licensor_moves_only_when_the_new_one_accepts(world: World, work_id: bytes) -> None:
    started = world.works.send(world.licensor, "transferLicensor", work_id, world.licensor2)
    parties = {"workId": work_id, "from": world.licensor, "to": world.licensor2}
    assert world.event(started, "LicensorTransferStarted").args == parties
    assert world.works.get("licensorOf", work_id) == world.licensor.lower()

    accepted = world.works.send(world.licensor2, "acceptLicensor", work_id)
    assert world.event(accepted, "LicensorTransferred").args == parties
    assert world.works.get("licensorOf", work_id) == world.licensor2.lower()
    with reverts("WorkRegistry_NotLicensor", work_id, world.licensor):
        world.works.send(world.licensor, "changeSplit", work_id, ROOT2, META)


def test_accepting_uninvited_or_twice_reverts(world: World, work_id: bytes) -> None:
    world.works.send(world.licensor, "transferLicensor", work_id, world.licensor2)
    with reverts("WorkRegistry_NotPendingLicensor", work_id, world.maker):
        world.works.send(world.maker, "acceptLicensor", work_id)
    world.works.send(world.licensor2, "acceptLicensor", work_id)
    with reverts("WorkRegistry_NotPendingLicensor", work_id, world.licensor2):
        world.works.send(world.licensor2, "acceptLicensor", work_id)


def test_only_the_licensor_starts_a_transfer(world: World, work_id: bytes) -> None:
    with reverts("WorkRegistry_NotLicensor", work_id, world.maker):
        world.works.send(world.maker, "transferLicensor", work_id, world.maker)


def test_transfer_to_the_zero_address_withdraws_the_one_under_way(world: World, work_id: bytes) -> None:
    world.works.send(world.licensor, "transferLicensor", work_id, world.licensor2)
    world.works.send(world.licensor, "transferLicensor", work_id, NATIVE)
    with reverts("WorkRegistry_NotPendingLicensor", work_id, world.licensor2):
        world.works.send(world.licensor2, "acceptLicensor", work_id)


@pytest.mark.parametrize(
    "call",
    [("licensorOf",), ("splitRootOf",), ("changeSplit", ROOT, META), ("transferLicensor", NATIVE), ("acceptLicensor",)],
)
def test_an_unknown_work_reverts(world: World, call: tuple[object, ...]) -> None:
    name, *rest = call
    with reverts("WorkRegistry_UnknownWork", UNKNOWN):
        world.works.send(world.licensor, str(name), UNKNOWN, *rest)
