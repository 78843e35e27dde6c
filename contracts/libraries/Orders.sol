// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IGenerationEscrow} from "../interfaces/IGenerationEscrow.sol";
import {Commit, Quote, Source} from "../interfaces/Types.sol";
import {PPM} from "./Ppm.sol";

/// @title What an order is, apart from any state: its form, its price, its EIP-712 hashes.
library Orders {
    uint256 internal constant MAX_SOURCES = 8;
    uint32 internal constant SECONDS_PER_UNIT = 30;
    uint32 internal constant MAX_DURATION = 600;

    // Literals, not composed from constants: only those are hashed when compiling.
    bytes32 private constant SOURCE_TYPEHASH = keccak256(
        "Source(bytes32 workId,uint32 termsVersion,bytes32 splitRoot,uint32 weight,uint32 minShare,uint128 price)"
    );
    bytes32 private constant QUOTE_TYPEHASH = keccak256(
        "Quote(address maker,address operator,bytes32 modelId,address token,uint8 use,uint32 duration,"
        "bytes32 requestDigest,bytes32 seedCommitment,uint128 baseRate,uint128 operatorFee,uint32 maxBaseShare,"
        "uint64 validUntil,uint64 deadline,uint256 nonce,Source[] sources)"
        "Source(bytes32 workId,uint32 termsVersion,bytes32 splitRoot,uint32 weight,uint32 minShare,uint128 price)"
    );
    bytes32 private constant COMMIT_TYPEHASH = keccak256(
        "Commit(bytes32 orderId,bytes32 recordDigest,bytes32 outputDigest,bytes32 evidenceRoot,uint32 baseShare,uint32[] shares)"
    );

    /* FORM */

    /// Reverts unless duration, sources, weights and bounds make sense. With a base share of 0 always possible,
    /// some commit keeps the bounds exactly when the lowest shares sum to at most 1,000,000.
    function requireWellFormed(Quote calldata quote) internal pure {
        if (quote.duration == 0 || quote.duration > MAX_DURATION) {
            revert IGenerationEscrow.GenerationEscrow_DurationInvalid(quote.duration);
        }
        Source[] calldata sources = quote.sources;
        uint256 count = sources.length;
        if (count == 0 || count > MAX_SOURCES) revert IGenerationEscrow.GenerationEscrow_SourceCount(count);

        uint256 weights;
        uint256 minShares;
        for (uint256 i; i < count; ++i) {
            Source calldata source = sources[i];
            if (i != 0 && source.workId <= sources[i - 1].workId) {
                revert IGenerationEscrow.GenerationEscrow_SourcesUnordered();
            }
            if (source.weight == 0) revert IGenerationEscrow.GenerationEscrow_BoundsInvalid();
            weights += source.weight;
            minShares += source.minShare;
        }
        if (weights != PPM) revert IGenerationEscrow.GenerationEscrow_WeightsDoNotSum(weights);
        if (minShares > PPM || quote.maxBaseShare > PPM) revert IGenerationEscrow.GenerationEscrow_BoundsInvalid();
    }

    /// Reverts unless the shares sum to 1,000,000 and keep the bounds that the order pins.
    function requireWithinBounds(Quote calldata quote, Commit calldata commit_) internal pure {
        Source[] calldata sources = quote.sources;
        uint32[] calldata shares = commit_.shares;
        if (shares.length != sources.length) {
            revert IGenerationEscrow.GenerationEscrow_ShareCount(sources.length, shares.length);
        }
        if (commit_.baseShare > quote.maxBaseShare) {
            revert IGenerationEscrow.GenerationEscrow_BaseShareTooHigh(commit_.baseShare, quote.maxBaseShare);
        }
        uint256 sum = commit_.baseShare;
        for (uint256 i; i < shares.length; ++i) {
            uint32 share = shares[i];
            Source calldata source = sources[i];
            if (share < source.minShare) {
                revert IGenerationEscrow.GenerationEscrow_ShareTooLow(source.workId, share, source.minShare);
            }
            sum += share;
        }
        if (sum != PPM) revert IGenerationEscrow.GenerationEscrow_SharesDoNotSum(sum);
    }

    /* PRICE */

    /// Started 30-second units.
    function units(Quote calldata quote) internal pure returns (uint256) {
        return Math.ceilDiv(quote.duration, SECONDS_PER_UNIT);
    }

    /// The most that the order can cost.
    function escrow(Quote calldata quote) internal pure returns (uint256) {
        uint256 dearest = quote.baseRate;
        Source[] calldata sources = quote.sources;
        for (uint256 i; i < sources.length; ++i) {
            dearest = Math.max(dearest, sources[i].price);
        }
        return dearest * units(quote) + quote.operatorFee;
    }

    /// The part of a price per unit that falls to `share`, rounded down. Fits: 128 + 5 + 20 bits.
    function part(uint256 price, uint256 units_, uint256 share) internal pure returns (uint256) {
        return price * units_ * share / PPM;
    }

    /* EIP-712 */

    /// The members before `sources` are of fixed size, and calldata holds them as EIP-712 encodes them. A value
    /// with stray high bits gives an id that nobody has signed; to read one as a member reverts.
    function structHash(Quote calldata quote) internal pure returns (bytes32 hash) {
        bytes32 typeHash = QUOTE_TYPEHASH;
        bytes32 sources = _hashSources(quote.sources);
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, typeHash)
            calldatacopy(add(free, 0x20), quote, 0x1c0) // 14 members
            mstore(add(free, 0x1e0), sources)
            hash := keccak256(free, 0x200)
        }
    }

    function structHash(Commit calldata commit_) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                COMMIT_TYPEHASH,
                commit_.orderId,
                commit_.recordDigest,
                commit_.outputDigest,
                commit_.evidenceRoot,
                commit_.baseShare,
                keccak256(abi.encodePacked(commit_.shares)) // packed arrays pad their elements, as EIP-712 asks
            )
        );
    }

    /// All members of a source are of fixed size, six words one after the other.
    function _hashSources(Source[] calldata sources) private pure returns (bytes32 hash) {
        bytes32 typeHash = SOURCE_TYPEHASH;
        assembly ("memory-safe") {
            let encoded := mload(0x40)
            let hashes := add(encoded, 0xe0)
            mstore(encoded, typeHash)
            for { let i := 0 } lt(i, sources.length) { i := add(i, 1) } {
                calldatacopy(add(encoded, 0x20), add(sources.offset, mul(i, 0xc0)), 0xc0)
                mstore(add(hashes, shl(5, i)), keccak256(encoded, 0xe0))
            }
            hash := keccak256(hashes, shl(5, sources.length))
        }
    }
}
