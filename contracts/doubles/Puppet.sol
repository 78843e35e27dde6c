// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @notice Test double: an account with code. It does as it is told when it is called, reacts as it was told to
/// when it receives money, and says yes under ERC-1271 to what its owner has signed.
contract Puppet {
    enum Reaction {
        Accept,
        Reject,
        BurnGas,
        ReturnMuch,
        Reenter
    }

    address private immutable _owner = msg.sender;
    Reaction private _reaction;
    address private _target;
    bytes private _data;

    /// What became of reentering.
    uint64 public attempts;
    uint64 public successes;
    bytes4 public lastError;

    error Rejected();

    receive() external payable {
        _react();
    }

    /// Called by tokens with a hook.
    function onMoney() external {
        _react();
    }

    function setReaction(Reaction reaction) external {
        _reaction = reaction;
    }

    /// Calls `target` with `data` whenever money comes in.
    function setReentry(address target, bytes calldata data) external {
        _reaction = Reaction.Reenter;
        (_target, _data) = (target, data);
    }

    function perform(address target, bytes calldata data) external payable returns (bytes memory) {
        (bool ok, bytes memory answer) = target.call{value: msg.value}(data);
        if (!ok) {
            assembly {
                revert(add(answer, 0x20), mload(answer))
            }
        }
        return answer;
    }

    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        (address signer,,) = ECDSA.tryRecoverCalldata(hash, signature);
        return signer == _owner ? this.isValidSignature.selector : bytes4(0);
    }

    function _react() private {
        if (_reaction == Reaction.Reject) revert Rejected();
        if (_reaction == Reaction.BurnGas) {
            assembly {
                invalid()
            }
        }
        if (_reaction == Reaction.ReturnMuch) {
            assembly {
                return(0, 20000)
            }
        }
        if (_reaction == Reaction.Reenter) {
            (bool ok, bytes memory answer) = _target.call(_data);
            ++attempts;
            if (ok) ++successes;
            else lastError = bytes4(answer);
        }
    }
}
