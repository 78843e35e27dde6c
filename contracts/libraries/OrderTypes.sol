// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {Commit, HolderLeaf, Quote, Source} from "../interfaces/Types.sol";
import {QuoteWords} from "./QuoteWords.sol";

/// @title What people sign: EIP-712 types in their readable form, hashed from the packed one.
library OrderTypes {
    using QuoteWords for Commit;

    string internal constant NAME = "Contrafact";
    string internal constant VERSION = "1";

    // Literals, not composed from constants: only those are hashed when compiling.
    bytes32 private constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 private constant SOURCE_TYPEHASH = keccak256(
        "Source(bytes32 workId,uint32 termsVersion,bytes32 splitRoot,uint32 weight,uint32 minShare,uint128 price,"
        "uint32 downstream,uint8 through)"
    );
    bytes32 private constant QUOTE_TYPEHASH = keccak256(
        "Quote(address maker,address operator,bytes32 modelId,bytes32 poolRoot,address token,uint8 use,"
        "uint32 duration,uint32 drift,bytes32 requestDigest,bytes32 seedCommitment,uint128 baseRate,"
        "uint128 operatorFee,uint32 maxBaseShare,uint64 validUntil,uint64 deadline,uint64 nonce,Source[] sources)"
        "Source(bytes32 workId,uint32 termsVersion,bytes32 splitRoot,uint32 weight,uint32 minShare,uint128 price,"
        "uint32 downstream,uint8 through)"
    );
    bytes32 private constant ORDER_TYPEHASH = keccak256(
        "Order(Quote quote,bytes32 makerSalt)"
        "Quote(address maker,address operator,bytes32 modelId,bytes32 poolRoot,address token,uint8 use,"
        "uint32 duration,uint32 drift,bytes32 requestDigest,bytes32 seedCommitment,uint128 baseRate,"
        "uint128 operatorFee,uint32 maxBaseShare,uint64 validUntil,uint64 deadline,uint64 nonce,Source[] sources)"
        "Source(bytes32 workId,uint32 termsVersion,bytes32 splitRoot,uint32 weight,uint32 minShare,uint128 price,"
        "uint32 downstream,uint8 through)"
    );
    bytes32 private constant COMMIT_TYPEHASH = keccak256(
        "Commit(bytes32 orderId,bytes32 recordDigest,bytes32 outputDigest,bytes32 evidenceRoot,uint32 duration,"
        "uint32 baseShare,uint32[] shares)"
    );
    bytes32 private constant APPROVAL_TYPEHASH = keccak256("Approval(bytes32 orderId,bytes32 workId)");
    bytes32 private constant CONFIRMATION_TYPEHASH = keccak256(
        "SplitConfirmation(bytes32 beneficiary,bytes32 splitRoot,uint32 index,address holder,uint32 share)"
    );

    /// The domain separator of the escrow at `escrow` on this chain.
    function domainOf(address escrow) internal view returns (bytes32) {
        return keccak256(
            abi.encode(DOMAIN_TYPEHASH, keccak256(bytes(NAME)), keccak256(bytes(VERSION)), block.chainid, escrow)
        );
    }

    function digest(bytes32 domain, bytes32 structHash) internal pure returns (bytes32) {
        return MessageHashUtils.toTypedDataHash(domain, structHash);
    }

    /// Members go from their places in the packed words to words of their own. A number that is no use gives a hash
    /// that nobody has signed.
    function hashQuote(Quote calldata quote) internal pure returns (bytes32 hash) {
        bytes32 typeHash = QUOTE_TYPEHASH;
        bytes32 sources = _hashSources(quote.sources);
        assembly ("memory-safe") {
            let free := mload(0x40)
            let makerWord := calldataload(quote)
            let operatorWord := calldataload(add(quote, 0x20))
            let tokenWord := calldataload(add(quote, 0x40))
            let amounts := calldataload(add(quote, 0x60))
            let addressMask := sub(shl(160, 1), 1)
            let amountMask := sub(shl(96, 1), 1)
            mstore(free, typeHash)
            mstore(add(free, 0x20), and(makerWord, addressMask)) // maker
            mstore(add(free, 0x40), and(operatorWord, addressMask)) // operator
            calldatacopy(add(free, 0x60), add(quote, 0x80), 0x40) // modelId, poolRoot
            mstore(add(free, 0xa0), and(tokenWord, addressMask)) // token
            mstore(add(free, 0xc0), and(shr(160, makerWord), 0xff)) // use
            mstore(add(free, 0xe0), and(shr(168, makerWord), 0xffffffff)) // duration
            mstore(add(free, 0x100), and(shr(200, makerWord), 0xffffff)) // drift
            calldatacopy(add(free, 0x120), add(quote, 0xc0), 0x40) // requestDigest, seedCommitment
            mstore(add(free, 0x160), and(amounts, amountMask)) // baseRate
            mstore(add(free, 0x180), and(shr(96, amounts), amountMask)) // operatorFee
            mstore(add(free, 0x1a0), and(shr(160, tokenWord), 0xffffff)) // maxBaseShare
            mstore(add(free, 0x1c0), and(shr(160, operatorWord), 0xffffffffff)) // validUntil
            mstore(add(free, 0x1e0), and(shr(200, operatorWord), 0xffffffffff)) // deadline
            mstore(add(free, 0x200), and(shr(184, tokenWord), 0xffffffffffffffff)) // nonce
            mstore(add(free, 0x220), sources)
            hash := keccak256(free, 0x240)
        }
    }

    /// What a maker signs so that somebody else may send its order.
    function hashOrder(bytes32 quoteHash, bytes32 makerSalt) internal pure returns (bytes32) {
        return keccak256(abi.encode(ORDER_TYPEHASH, quoteHash, makerSalt));
    }

    /// @param count number of works in the inference set
    function hashCommit(bytes32 orderId, Commit calldata commit, uint256 count) internal pure returns (bytes32) {
        uint256[] memory shares = new uint256[](count);
        for (uint256 i; i < count; ++i) {
            shares[i] = commit.shareAt(i);
        }
        return keccak256(
            abi.encode(
                COMMIT_TYPEHASH,
                orderId,
                commit.recordDigest,
                commit.outputDigest,
                commit.evidenceRoot,
                commit.duration(),
                commit.baseShare(),
                keccak256(abi.encodePacked(shares))
            )
        );
    }

    function hashApproval(bytes32 orderId, bytes32 workId) internal pure returns (bytes32) {
        return keccak256(abi.encode(APPROVAL_TYPEHASH, orderId, workId));
    }

    /// What a rights holder signs to confirm its place in a split.
    function hashConfirmation(bytes32 beneficiary, bytes32 splitRoot, HolderLeaf calldata leaf)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(
            abi.encode(CONFIRMATION_TYPEHASH, beneficiary, splitRoot, leaf.index, leaf.holder, leaf.share)
        );
    }

    function _hashSources(Source[] calldata sources) private pure returns (bytes32 hash) {
        bytes32 typeHash = SOURCE_TYPEHASH;
        assembly ("memory-safe") {
            let encoded := mload(0x40)
            let hashes := add(encoded, 0x120)
            mstore(encoded, typeHash)
            for { let i := 0 } lt(i, sources.length) { i := add(i, 1) } {
                let source := add(sources.offset, mul(i, 0x60))
                let pinned := calldataload(add(source, 0x40))
                mstore(add(encoded, 0x20), calldataload(source)) // workId
                mstore(add(encoded, 0x40), and(shr(96, pinned), 0xffffffff)) // termsVersion
                mstore(add(encoded, 0x60), calldataload(add(source, 0x20))) // splitRoot
                mstore(add(encoded, 0x80), and(shr(128, pinned), 0xffffff)) // weight
                mstore(add(encoded, 0xa0), and(shr(152, pinned), 0xffffff)) // minShare
                mstore(add(encoded, 0xc0), and(pinned, 0xffffffffffffffffffffffff)) // price
                mstore(add(encoded, 0xe0), and(shr(176, pinned), 0xffffff)) // downstream
                mstore(add(encoded, 0x100), and(shr(200, pinned), 0xff)) // through
                mstore(add(hashes, shl(5, i)), keccak256(encoded, 0x120))
            }
            hash := keccak256(hashes, shl(5, sources.length))
        }
    }
}
