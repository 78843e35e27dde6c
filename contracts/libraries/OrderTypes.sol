// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {Commit, HolderLeaf, Quote, Source} from "../interfaces/Types.sol";
import {QuoteWords} from "./QuoteWords.sol";

/// @title What people sign: EIP-712 types in their readable form, hashed from the packed one.
library OrderTypes {
    using QuoteWords for Quote;
    using QuoteWords for Source;
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

    function hashQuote(Quote calldata quote) internal pure returns (bytes32) {
        // In two parts, as one would be too deep for the stack.
        bytes memory first = abi.encode(
            QUOTE_TYPEHASH,
            quote.maker(),
            quote.operator(),
            quote.modelId,
            quote.poolRoot,
            quote.token(),
            quote.use(),
            quote.duration(),
            quote.drift()
        );
        bytes memory second = abi.encode(
            quote.requestDigest,
            quote.seedCommitment,
            quote.baseRate(),
            quote.operatorFee(),
            quote.maxBaseShare(),
            quote.validUntil(),
            quote.deadline(),
            quote.nonce(),
            _hashSources(quote.sources)
        );
        return keccak256(bytes.concat(first, second));
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

    function _hashSources(Source[] calldata sources) private pure returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](sources.length);
        for (uint256 i; i < hashes.length; ++i) {
            Source calldata source = sources[i];
            hashes[i] = keccak256(
                abi.encode(
                    SOURCE_TYPEHASH,
                    source.workId,
                    source.termsVersion(),
                    source.splitRoot,
                    source.weight(),
                    source.minShare(),
                    source.price(),
                    source.downstream(),
                    source.through()
                )
            );
        }
        return keccak256(abi.encodePacked(hashes));
    }
}
