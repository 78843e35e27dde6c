// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IGenerationEscrow} from "../interfaces/IGenerationEscrow.sol";
import {Commit, Quote, Use} from "../interfaces/Types.sol";
import {OrderTypes} from "../libraries/OrderTypes.sol";
import {Orders} from "../libraries/Orders.sol";

/// @notice What is stored of an order: one word.
/// @dev Its two lowest bits say the status, the other 254 bits what was agreed:
///   none       0
///   refunded   1
///   funded     deal with the bits 10,  deal = keccak256(abi.encode(orderId, makerSalt))
///   committed  keccak256(abi.encode(deal, result, use)) with 11,  result = keccak256(abi.encode(commit))
abstract contract OrderBook is IGenerationEscrow, EIP712 {
    uint256 private constant TAG_MASK = 3;
    uint256 private constant TAG_REFUNDED = 1;
    uint256 private constant TAG_FUNDED = 2;
    uint256 private constant TAG_COMMITTED = 3;

    mapping(bytes32 orderId => bytes32) private _orders;

    /* TRANSITIONS */

    function _setFunded(bytes32 orderId, bytes32 makerSalt) internal {
        _requireStatus(orderId, Status.None);
        _orders[orderId] = _tagged(_deal(orderId, makerSalt), TAG_FUNDED);
    }

    function _setCommitted(bytes32 orderId, bytes32 makerSalt, Commit calldata commit_, Use use) internal {
        _orders[orderId] = _committed(orderId, makerSalt, commit_, use);
    }

    function _setRefunded(bytes32 orderId) internal {
        _orders[orderId] = bytes32(TAG_REFUNDED);
    }

    /* CHECKS */

    function _requireFunded(Quote calldata quote, bytes32 makerSalt) internal view returns (bytes32 orderId) {
        orderId = orderIdOf(quote);
        _requireStatus(orderId, Status.Funded);
        if (_orders[orderId] != _tagged(_deal(orderId, makerSalt), TAG_FUNDED)) {
            revert GenerationEscrow_WrongSalt(orderId, makerSalt);
        }
    }

    function _requireCommitted(Quote calldata quote, bytes32 makerSalt, Commit calldata commit_, Use use)
        internal
        view
        returns (bytes32 orderId)
    {
        orderId = orderIdOf(quote);
        _requireStatus(orderId, Status.Committed);
        if (_orders[orderId] != _committed(orderId, makerSalt, commit_, use)) {
            revert GenerationEscrow_WrongResult(orderId);
        }
    }

    function _requireStatus(bytes32 orderId, Status expected) private view {
        Status given = statusOf(orderId);
        if (given != expected) revert GenerationEscrow_WrongStatus(orderId, expected, given);
    }

    /* VIEWS */

    /// @inheritdoc IGenerationEscrow
    function orderIdOf(Quote calldata quote) public view returns (bytes32) {
        return _hashTypedDataV4(OrderTypes.hashQuote(quote));
    }

    /// @inheritdoc IGenerationEscrow
    function commitDigest(Quote calldata quote, Commit calldata commit_) external view returns (bytes32) {
        return _commitDigest(orderIdOf(quote), commit_, Orders.inferenceCount(quote));
    }

    /// @inheritdoc IGenerationEscrow
    function escrowOf(Quote calldata quote) external pure returns (uint256) {
        return Orders.escrow(quote);
    }

    /// @inheritdoc IGenerationEscrow
    function statusOf(bytes32 orderId) public view returns (Status) {
        uint256 tag = uint256(_orders[orderId]) & TAG_MASK;
        if (tag == TAG_FUNDED) return Status.Funded;
        if (tag == TAG_COMMITTED) return Status.Committed;
        return tag == TAG_REFUNDED ? Status.Refunded : Status.None;
    }

    /// @inheritdoc IGenerationEscrow
    function orderState(bytes32 orderId) external view returns (bytes32) {
        return _orders[orderId];
    }

    /* WORDS */

    function _commitDigest(bytes32 orderId, Commit calldata commit_, uint256 count) internal view returns (bytes32) {
        return _hashTypedDataV4(OrderTypes.hashCommit(orderId, commit_, count));
    }

    function _committed(bytes32 orderId, bytes32 makerSalt, Commit calldata commit_, Use use)
        private
        pure
        returns (bytes32)
    {
        bytes32 result = keccak256(abi.encode(commit_));
        return _tagged(keccak256(abi.encode(_deal(orderId, makerSalt), result, use)), TAG_COMMITTED);
    }

    function _deal(bytes32 orderId, bytes32 makerSalt) private pure returns (bytes32) {
        return keccak256(abi.encode(orderId, makerSalt));
    }

    function _tagged(bytes32 hash, uint256 tag) private pure returns (bytes32) {
        return bytes32(uint256(hash) & ~TAG_MASK | tag);
    }
}
