"""What goes to a block explorer compiles to what is on the chain, and names the constructor's arguments."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sysconfig
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from hexbytes import HexBytes

from contrafact.ledger.artifacts import CONTRACTS, load
from contrafact.ledger.deployment import deploy
from contrafact.ledger.verification import VerifyInput, verify_inputs

from .scene import Scene

SOLC = Path(__file__).parents[2] / "contracts" / "solc"


def inputs(scene: Scene) -> dict[str, VerifyInput]:
    deployment = deploy(scene.connection, scene.keys["deployer"])
    return {one.name: one for one in verify_inputs(deployment, deployment.deployer)}


def test_every_contract_has_its_sources_settings_and_arguments(scene: Scene) -> None:
    found = inputs(scene)
    assert list(found) == list(CONTRACTS)
    for name, one in found.items():
        sent = scene.connection.web3.eth.get_transaction(HexBytes(one.transaction or ""))["input"]
        assert bytes(sent) == load(name).bytecode + one.encoded_arguments
        file, contract = one.identifier.split(":")
        assert (contract, file in one.standard_json["sources"]) == (name, True)
        settings = {**one.standard_json["settings"]}
        settings.pop("outputSelection")
        assert settings == load(name).compiler["settings"]
        assert re.fullmatch(r"0\.8\.37\+commit\.[0-9a-f]{8}", one.compiler)


def test_every_imported_source_is_there(scene: Scene) -> None:
    """None more: an explorer shows what it is given."""
    for one in inputs(scene).values():
        sources = one.standard_json["sources"]
        imported = {
            name.rpartition("/")[2] for s in sources.values() for name in re.findall(r'"([^"]+\.sol)"', s["content"])
        }
        main = one.identifier.split(":")[0]
        assert {name.rpartition("/")[2] for name in sources} - {main} <= imported
        assert not any(name.startswith("doubles/") for name in sources)


def test_files_say_where_they_are_sent_and_hold_no_key(scene: Scene) -> None:
    desk = inputs(scene)["DisputeDesk"]
    files = desk.files()
    assert json.loads(files["DisputeDesk.input.json"]) == desk.standard_json
    body = json.loads(files["DisputeDesk.sourcify.json"])
    assert body["contractIdentifier"] == "DisputeDesk.sol:DisputeDesk"
    assert body["creationTransactionHash"] == desk.transaction
    etherscan = files["DisputeDesk.etherscan.curl"].splitlines()
    assert etherscan[0].endswith('/v2/api?chainid=31337&module=contract&action=verifysourcecode"')
    assert f'data-urlencode = "contractaddress={desk.address}"' in etherscan
    assert f'data-urlencode = "constructorArguments={desk.encoded_arguments.hex()}"' in etherscan
    assert 'data-urlencode = "sourceCode@DisputeDesk.input.json"' in etherscan
    assert f'/v2/verify/31337/{desk.address}"' in files["DisputeDesk.sourcify.curl"]
    assert not any("apikey" in text for text in files.values())


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl_sends_the_files_as_they_are(scene: Scene, tmp_path: Path) -> None:
    """To a fake of both explorers, which keeps what it gets."""
    got: list[tuple[str, str, bytes]] = []

    class FakeExplorer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((self.path, self.headers["Content-Type"], body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            pass

    pool = inputs(scene)["TrainingPool"]
    with HTTPServer(("127.0.0.1", 0), FakeExplorer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        here = f"http://127.0.0.1:{server.server_port}"
        for name, text in pool.files().items():
            (tmp_path / name).write_text(re.sub(r'(?<=^url = ")https://[^/]+', here, text))
        (tmp_path / "etherscan.key").write_text("SECRET")
        key = ["--data-urlencode", "apikey@etherscan.key"]
        for options in (["TrainingPool.etherscan.curl", *key], ["TrainingPool.sourcify.curl"]):
            subprocess.run(["curl", "--silent", "--noproxy", "*", "--config", *options], cwd=tmp_path, check=True)
        server.shutdown()
    (path, _, form), (place, kind, body) = got
    fields = dict(parse_qsl(form.decode(), strict_parsing=True))
    assert path == "/v2/api?chainid=31337&module=contract&action=verifysourcecode"
    assert fields.pop("apikey") == "SECRET"
    assert json.loads(fields.pop("sourceCode")) == pool.standard_json
    assert fields == pool.etherscan()
    assert (place, kind) == (f"/server/v2/verify/31337/{pool.address}", "application/json")
    assert json.loads(body) == pool.sourcify()


@pytest.mark.slow
@pytest.mark.parametrize("name", CONTRACTS)
def test_the_input_compiles_to_the_artifact(scene: Scene, name: str) -> None:
    if not (SOLC.parent / "node_modules/solc").exists():
        pytest.skip("the compiler is not installed, npm's registry was out of reach: run scripts/compile")
    environment = os.environ | {"PATH": f"{sysconfig.get_path('scripts')}:{os.environ['PATH']}"}
    given = json.dumps(inputs(scene)[name].standard_json)
    done = subprocess.run([SOLC], input=given, env=environment, capture_output=True, text=True, check=True)
    made = json.loads(done.stdout)["contracts"][load(name).source_name][name]["evm"]
    assert bytes.fromhex(made["bytecode"]["object"]) == load(name).bytecode
    assert bytes.fromhex(made["deployedBytecode"]["object"]) == load(name).runtime_code
