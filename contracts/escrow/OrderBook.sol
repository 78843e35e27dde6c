// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IGenerationEscrow} from "../interfaces/IGenerationEscrow.sol";
import {Commit, Deal, Quote, Source, Use} from "../interfaces/Types.sol";
import {OrderTypes} from "../libraries/OrderTypes.sol";
import {Orders} from "../libraries/Orders.sol";
import {QuoteWords} from "../libraries/QuoteWords.sol";

/// @notice What is stored of an order: one word.
/// @dev Its two lowest bits say the status, the other 254 bits what was agreed:
///   none       0
///   refunded   1
///   funded     deal with the bits 10,  deal = keccak256(abi.encode(Deal))
///   committed  keccak256(abi.encode(deal, result, use)) with 11,  result = keccak256(abi.encode(commit))
abstract contract OrderBook is IGenerationEscrow, EIP712 {
    using QuoteWords for Quote;

    uint256 private constant TAG_MASK = 3;
    uint256 private constant TAG_REFUNDED = 1;
    uint256 private constant TAG_FUNDED = 2;
    uint256 private constant TAG_COMMITTED = 3;

    mapping(bytes32 orderId => bytes32) private _orders;

    /* TRANSITIONS */

    function _setFunded(Deal memory deal) internal {
        _requireStatus(deal.orderId, Status.None);
        _orders[deal.orderId] = _tagged(_hash(deal), TAG_FUNDED);
    }

    /// Reverts unless the order is funded with this very deal.
    /// @return dealHash what a commit builds on
    function _requireFunded(Deal memory deal) internal view returns (bytes32 dealHash) {
        dealHash = _hash(deal);
        if (_orders[deal.orderId] == _tagged(dealHash, TAG_FUNDED)) return dealHash;
        _requireStatus(deal.orderId, Status.Funded);
        revert GenerationEscrow_WrongDeal(deal.orderId);
    }

    function _setCommitted(bytes32 orderId, bytes32 dealHash, Commit calldata commit_, Use use) internal {
        _orders[orderId] = _committed(dealHash, commit_, use);
    }

    function _requireCommitted(Quote calldata quote, bytes32 makerSalt, Commit calldata commit_, Use use)
        internal
        view
        returns (Deal memory deal, bytes32 dealHash)
    {
        deal = _deal(quote, orderIdOf(quote), makerSalt);
        dealHash = _hash(deal);
        if (_orders[deal.orderId] == _committed(dealHash, commit_, use)) return (deal, dealHash);
        _requireStatus(deal.orderId, Status.Committed);
        revert GenerationEscrow_WrongResult(deal.orderId);
    }

    function _setRefunded(bytes32 orderId) internal {
        _orders[orderId] = bytes32(TAG_REFUNDED);
    }

    function _requireStatus(bytes32 orderId, Status expected) private view {
        Status given = statusOf(orderId);
        if (given != expected) revert GenerationEscrow_WrongStatus(orderId, expected, given);
    }

    /// Emits OrderFunded. By hand, as the compiler would copy and check a quote that is ABI-encoded already.
    function _logFunded(Deal memory deal, address operator, Quote calldata quote) internal {
        (bytes32 topic, bytes32 orderId, address maker) = (OrderFunded.selector, deal.orderId, deal.maker);
        (bytes32 makerSalt, uint256 escrowed) = (deal.makerSalt, deal.escrowed);
        Source[] calldata sources = quote.sources;
        assembly ("memory-safe") {
            let free := mload(0x40)
            let size := mul(sources.length, 0x60)
            mstore(free, makerSalt)
            mstore(add(free, 0x20), escrowed)
            mstore(add(free, 0x40), 0x60) // where the quote starts
            calldatacopy(add(free, 0x60), quote, 0x100) // its eight words
            mstore(add(free, 0x160), 0x120) // where its sources start
            mstore(add(free, 0x180), sources.length)
            calldatacopy(add(free, 0x1a0), sources.offset, size)
            log4(free, add(0x1a0, size), topic, orderId, maker, operator)
        }
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

    function _committed(bytes32 dealHash, Commit calldata commit_, Use use) private pure returns (bytes32) {
        return _tagged(keccak256(abi.encode(dealHash, _hash(commit_), use)), TAG_COMMITTED);
    }

    function _deal(Quote calldata quote, bytes32 orderId, bytes32 makerSalt) internal pure returns (Deal memory) {
        return Deal(orderId, makerSalt, quote.maker(), quote.operatorWord, quote.token(), Orders.escrow(quote));
    }

    /// keccak256(abi.encode(deal)): its six members lie side by side in memory.
    function _hash(Deal memory deal) private pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            hash := keccak256(deal, 0xc0)
        }
    }

    /// keccak256(abi.encode(commit_)): its four members lie side by side in calldata.
    function _hash(Commit calldata commit_) private pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            calldatacopy(free, commit_, 0x80)
            hash := keccak256(free, 0x80)
        }
    }

    function _tagged(bytes32 hash, uint256 tag) private pure returns (bytes32) {
        return bytes32(uint256(hash) & ~TAG_MASK | tag);
    }
}
