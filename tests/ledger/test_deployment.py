"""Deploying, once and for all; the file that says where; and whether what is there is what was built."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from eth_account import Account
from hexbytes import HexBytes

from contrafact.errors import ChainError, InvalidInput, NotFound
from contrafact.ledger.artifacts import CONTRACTS, load, runtime_code_matches
from contrafact.ledger.connection import Connection
from contrafact.ledger.construction import MIN_CONTEST_BOND
from contrafact.ledger.deployment import deploy, prepare
from contrafact.ledger.deployment_file import Deployment
from contrafact.ledger.reader import Reader
from contrafact.ledger.wiring import check_contracts
from hardhat_free_devnet import Devnet
from tests.clients.anvil import Anvil

from .proxy import Request, proxy
from .scene import Scene


def test_every_contract_is_on_the_chain(scene: Scene) -> None:
    assert set(scene.deployment.contracts) == set(CONTRACTS)
    for name, address in scene.deployment.contracts.items():
        assert runtime_code_matches(load(name), scene.reader.code(address))


def test_block_is_not_after_any_event(scene: Scene) -> None:
    assert scene.deployment.block <= min(work.block for work in scene.reader.works())


def test_file_round_trips(scene: Scene, tmp_path: Path) -> None:
    path = tmp_path / "deployments" / "31337.json"
    scene.deployment.save(path)
    assert Deployment.load(path) == scene.deployment
    assert list(path.parent.iterdir()) == [path]


def test_deployment_without_dollar_round_trips(scene: Scene, tmp_path: Path) -> None:
    deployment = deploy(scene.connection, scene.keys["deployer"], test_dollar=False)
    deployment.save(tmp_path / "d.json")
    assert deployment.test_dollar is None
    assert Deployment.load(tmp_path / "d.json") == deployment


def test_second_deployment_deploys_nothing(scene: Scene, tmp_path: Path) -> None:
    path, account = tmp_path / "31337.json", scene.keys["deployer"]
    first = deploy(scene.connection, account, path)
    nonce = scene.connection.nonce(account.address)
    assert deploy(scene.connection, account, path) == first == Deployment.load(path)
    assert scene.connection.nonce(account.address) == nonce


def assert_creations_are_told(scene: Scene, deployment: Deployment) -> None:
    """Every contract's transaction is the one that created it, with the bytecode and arguments that are recorded."""
    assert set(deployment.creations) == set(CONTRACTS)
    for name, made in deployment.creations.items():
        receipt = scene.connection.web3.eth.get_transaction_receipt(HexBytes(made.transaction or ""))
        assert (receipt["contractAddress"], receipt["blockNumber"]) == (deployment.contracts[name], made.block)
        sent = scene.connection.web3.eth.get_transaction(receipt["transactionHash"])["input"]
        assert bytes(sent) == load(name).bytecode + bytes.fromhex(made.encoded_arguments[2:])
        assert made.bytecode_sha256 == sha256(load(name).bytecode).hexdigest()


def test_the_file_says_how_each_contract_was_created(scene: Scene, tmp_path: Path) -> None:
    path = tmp_path / "31337.json"
    deployment = deploy(scene.connection, scene.keys["deployer"], path)
    assert_creations_are_told(scene, Deployment.load(path))
    assert deployment.deployer == scene.address("deployer")
    desk = deployment.creations["DisputeDesk"]
    siblings = [deployment.contracts[name] for name in ("Catalogue", "GenerationEscrow", "Authority")]
    assert desk.arguments == (*siblings, str(MIN_CONTEST_BOND))
    assert desk.compiler == "solc 0.8.37"
    assert desk.revision.startswith(("git ", "contrafact "))


def test_file_that_only_names_addresses_is_read(scene: Scene, tmp_path: Path) -> None:
    path, given = tmp_path / "d.json", scene.deployment
    path.write_text(json.dumps({"chain_id": given.chain_id, "block": given.block, "contracts": dict(given.contracts)}))
    assert Deployment.load(path).contracts == given.contracts
    assert deploy(scene.connection, scene.keys["deployer"], path) == Deployment.load(path)


@pytest.mark.parametrize("sent", [0, 2, 3])
@pytest.mark.parametrize("lost", ["eth_sendRawTransaction", "eth_getTransactionReceipt"])
def test_interrupted_deployment_goes_on(scene: Scene, node: Devnet, tmp_path: Path, sent: int, lost: str) -> None:
    """Interrupted before a transaction goes out, or after it is mined but before that is known."""
    path, account, seen = tmp_path / "31337.json", scene.keys["deployer"], []
    before = scene.connection.nonce(account.address)

    def interrupt(request: Request) -> str | None:
        seen.append(request["method"])
        return "out of order" if seen.count(lost) > sent else None

    with proxy(node.url, interrupt) as url, pytest.raises(ChainError):
        deploy(Connection.open(url), account, path)
    with pytest.raises(InvalidInput, match="incomplete"):
        Deployment.load(path)
    deployment = deploy(scene.connection, account, path)
    assert scene.connection.nonce(account.address) - before == len(CONTRACTS)
    assert check_contracts(Reader(scene.connection, deployment)) == ()
    assert_creations_are_told(scene, Deployment.load(path))


def test_file_of_a_chain_that_began_anew_is_replaced(scene: Scene, tmp_path: Path) -> None:
    path = tmp_path / "31337.json"
    gone = {name: scene.address("stranger") for name in CONTRACTS}
    path.write_text(json.dumps({"chain_id": scene.connection.chain_id, "block": 10**6, "contracts": gone}))
    deployment = deploy(scene.connection, scene.keys["deployer"], path)
    assert deployment.block <= scene.connection.head()
    assert check_contracts(Reader(scene.connection, deployment)) == ()


def test_swapped_siblings_are_found(scene: Scene) -> None:
    """Every value is an address of the deployment, but not in its place."""
    given = scene.deployment.contracts
    artifact = load("TrainingPool")
    factory = scene.connection.web3.eth.contract(abi=artifact.abi, bytecode=artifact.bytecode)
    swapped = factory.constructor(given["GenerationEscrow"], given["Catalogue"])
    place = scene.connection.send(swapped, scene.keys["stranger"])["contractAddress"]
    (finding,) = check_contracts(Reader(scene.connection, scene.elsewhere(TrainingPool=str(place))))
    assert "catalogue = 0x" in finding
    assert "escrow = 0x" in finding


def test_a_public_chains_contracts_are_never_deployed_again_because_a_node_does_not_see_them(tmp_path: Path) -> None:
    with Devnet(chain_id=11155111, accounts=1) as node:
        connection, account = Connection.open(node.url), Account.from_key(node.accounts[0].key)
        gone = dict.fromkeys(CONTRACTS, account.address)
        (tmp_path / "d.json").write_text(json.dumps({"chain_id": 11155111, "block": 0, "contracts": gone}))
        with pytest.raises(ChainError, match="names contracts that are not on the chain"):
            deploy(connection, account, tmp_path / "d.json")
        assert connection.nonce(account.address) == 0


def test_what_a_reorganisation_took_back_is_deployed_again_at_the_same_place(anvil: Anvil, tmp_path: Path) -> None:
    path, account = tmp_path / "d.json", anvil.account(0)
    first = deploy(Connection.open(anvil.url), account, path)
    anvil.rpc("anvil_reorg", [3, []])
    connection = Connection.open(anvil.url)
    assert [name for name, place in first.contracts.items() if not connection.code(place)] == list(CONTRACTS[-3:])
    again = deploy(connection, account, path)
    assert again.contracts == first.contracts
    assert check_contracts(Reader(connection, again)) == ()
    assert connection.nonce(account.address) == len(CONTRACTS)


def test_another_account_does_not_go_on_with_a_deployment(scene: Scene, node: Devnet, tmp_path: Path) -> None:
    path, sent = tmp_path / "31337.json", []

    def interrupt(request: Request) -> str | None:
        sent.append(request["method"])
        return "out of order" if sent.count("eth_sendRawTransaction") > 2 else None

    with proxy(node.url, interrupt) as url, pytest.raises(ChainError):
        deploy(Connection.open(url), scene.keys["deployer"], path)
    with pytest.raises(ChainError, match="This deployment was begun by"):
        deploy(scene.connection, scene.keys["stranger"], path)
    with pytest.raises(ChainError, match="This deployment was begun by"):  # before anything else is found wanting
        prepare(scene.connection, scene.keys["stranger"].address, path)


def test_account_that_begins_anew_where_nothing_was_sent_has_the_powers_that_were_left_to_the_first(
    scene: Scene, node: Devnet, tmp_path: Path
) -> None:
    path, first, second = tmp_path / "31337.json", scene.keys["deployer"], scene.keys["stranger"]
    asked = {"admin": first.address, "arbiter": scene.keys["maker"].address, "guardian": first.address}

    def interrupt(request: Request) -> str | None:
        return "out of order" if request["method"] == "eth_sendRawTransaction" else None

    with proxy(node.url, interrupt) as url, pytest.raises(ChainError):
        deploy(Connection.open(url), first, path, roles=asked)
    assert prepare(scene.connection, first.address, path)["roles"] == asked
    begun = prepare(scene.connection, second.address, path)
    assert begun["roles"] == {"admin": second.address, "arbiter": asked["arbiter"], "guardian": second.address}
    assert begun["deployer"] == second.address


def test_file_of_another_chain_is_refused(scene: Scene, tmp_path: Path) -> None:
    replace(scene.deployment, chain_id=1).save(tmp_path / "1.json")
    with pytest.raises(ChainError, match="belongs to chain 1"):
        deploy(scene.connection, scene.keys["deployer"], tmp_path / "1.json")


def test_file_with_other_contracts_is_refused(scene: Scene, tmp_path: Path) -> None:
    scene.elsewhere(HolderRecovery=scene.deployment.catalogue).save(tmp_path / "d.json")
    with pytest.raises(ChainError, match="is not that of HolderRecovery"):
        deploy(scene.connection, scene.keys["deployer"], tmp_path / "d.json")


def test_missing_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no deployment file"):
        Deployment.load(tmp_path / "none.json")


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"chain_id": 1}', '{"chain_id": "1", "block": 0, "contracts": {}}',
     '{"chain_id": 1, "block": 0, "contracts": {"Catalogue": "0x12"}}', '{"chain_id": 1, "block": 0, "contracts": []}'],
)  # fmt: skip
def test_unusable_file_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "d.json").write_text(text)
    with pytest.raises(InvalidInput):
        Deployment.load(tmp_path / "d.json")


def test_sound_deployment_has_no_findings(scene: Scene) -> None:
    assert check_contracts(scene.reader) == ()


def test_missing_contract_is_found(scene: Scene) -> None:
    deployment = scene.elsewhere(TrainingPool=scene.address("stranger"))
    (finding, *_) = check_contracts(Reader(scene.connection, deployment))
    assert "no contract" in finding


def test_other_code_is_found(scene: Scene) -> None:
    deployment = scene.elsewhere(Catalogue=scene.dollar)
    assert "is not that of Catalogue" in check_contracts(Reader(scene.connection, deployment))[0]


def test_contract_of_another_deployment_is_found(scene: Scene) -> None:
    other = deploy(scene.connection, scene.keys["deployer"])
    mixed = scene.elsewhere(Catalogue=other.catalogue)
    findings = check_contracts(Reader(scene.connection, mixed))
    named = ("Catalogue at", "GenerationEscrow at", "HolderRecovery at", "DisputeDesk at", "TrainingPool at")
    assert [start in finding for start, finding in zip(named, findings, strict=True)] == [True] * 5
    assert scene.deployment.catalogue[2:].lower() in findings[1]


def test_escrow_that_obeys_another_authority_is_found(scene: Scene) -> None:
    other = deploy(scene.connection, scene.keys["deployer"])
    mixed = scene.elsewhere(Authority=other.contracts["Authority"])
    findings = check_contracts(Reader(scene.connection, mixed))
    assert [finding.split()[0] for finding in findings] == ["GenerationEscrow", "DisputeDesk"]
    assert all("obeys the authority" in finding for finding in findings)


def test_all_addresses_are_planned_before_the_first_is_sent(scene: Scene, node: Devnet, tmp_path: Path) -> None:
    path = tmp_path / "31337.json"
    refuse = {"eth_sendRawTransaction": "no"}
    with proxy(node.url, lambda request: refuse.get(request["method"])) as url, pytest.raises(ChainError):
        deploy(Connection.open(url), scene.keys["deployer"], path)
    planned = json.loads(path.read_text())["pending"]
    assert list(planned) == list(CONTRACTS)
    assert deploy(scene.connection, scene.keys["deployer"], path).contracts == planned


def test_roles_that_were_asked_for_are_kept_from_before_the_first_is_sent(
    scene: Scene, node: Devnet, tmp_path: Path
) -> None:
    path, asked = tmp_path / "31337.json", dict.fromkeys(("admin", "arbiter", "guardian"), scene.address("bach"))
    refuse = {"eth_sendRawTransaction": "no"}
    with proxy(node.url, lambda request: refuse.get(request["method"])) as url, pytest.raises(ChainError):
        deploy(Connection.open(url), scene.keys["deployer"], path, roles=asked)
    assert prepare(scene.connection, scene.address("deployer"), path)["roles"] == asked
    assert deploy(scene.connection, scene.keys["deployer"], path).roles == asked


def test_account_that_sent_something_else_in_between_fails_safely(scene: Scene, node: Devnet, tmp_path: Path) -> None:
    path, account, sent = tmp_path / "31337.json", scene.keys["deployer"], []

    def interrupt(request: Request) -> str | None:
        sent.append(request["method"])
        return "out of order" if sent.count("eth_sendRawTransaction") > 2 else None

    with proxy(node.url, interrupt) as url, pytest.raises(ChainError):
        deploy(Connection.open(url), account, path)
    scene.writer("deployer").mint_dollars(account.address, 1)
    before = path.read_text()
    nonce = scene.connection.nonce(account.address)
    with pytest.raises(ChainError, match=r"GenerationEscrow was planned at .* creates its next contract at") as caught:
        deploy(scene.connection, account, path)
    assert "remove the deployment file" in caught.value.hint
    assert (scene.connection.nonce(account.address), path.read_text()) == (nonce, before)


def test_changed_code_does_not_match() -> None:
    artifact = load("Catalogue")
    code = bytearray(artifact.runtime_code)
    place = artifact.immutables[0].start
    code[place] ^= 1
    assert runtime_code_matches(artifact, bytes(code))
    code[place - 1] ^= 1
    assert not runtime_code_matches(artifact, bytes(code))
    assert not runtime_code_matches(artifact, artifact.runtime_code[:-1])


def test_missing_artifact_says_what_to_run() -> None:
    with pytest.raises(NotFound, match="scripts/compile"):
        load("Nonexistent")
