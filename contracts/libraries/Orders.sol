// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IOrderErrors} from "../interfaces/IOrderErrors.sol";
import {Commit, Quote, Source, Use} from "../interfaces/Types.sol";
import {bits} from "./Bits.sol";
import {PPM} from "./Ppm.sol";
import {QuoteWords} from "./QuoteWords.sol";

/// @title What an order is, apart from any state: its form, its price, the bounds of its commit.
library Orders {
    using QuoteWords for Quote;
    using QuoteWords for Source;
    using QuoteWords for Commit;

    uint256 internal constant MAX_WORKS = 8;
    uint256 internal constant SECONDS_PER_UNIT = 30;
    uint256 internal constant MAX_DURATION = 600;
    uint256 internal constant MAX_LIVE_DURATION = 4 hours;

    /* FORM */

    /// Number of works in the inference set; what follows them are compositions of its recordings.
    function inferenceCount(Quote calldata quote) internal pure returns (uint256 count) {
        Source[] calldata sources = quote.sources;
        count = sources.length;
        while (count != 0 && sources[count - 1].through() != 0) --count;
    }

    /// Reverts unless duration, sources, weights and bounds make sense, and every bit has a meaning, so that an order
    /// has one form only. With a base share of 0 always possible, some commit keeps the bounds exactly when the lowest
    /// shares sum to at most 1,000,000.
    /// @return count number of works in the inference set
    function requireWellFormed(Quote calldata quote) internal pure returns (uint256 count) {
        bool live = quote.use() == Use.Live;
        uint256 duration = quote.duration();
        if (duration == 0 || duration > (live ? MAX_LIVE_DURATION : MAX_DURATION)) {
            revert IOrderErrors.Orders_DurationInvalid(duration);
        }
        count = inferenceCount(quote);
        if (count == 0 || count > MAX_WORKS) revert IOrderErrors.Orders_SourceCount(count);
        if (quote.drift() > (live ? PPM : 0) || quote.maxBaseShare() > PPM) revert IOrderErrors.Orders_BoundsInvalid();

        Source[] calldata sources = quote.sources;
        uint256 spare =
            quote.makerWord >> 224 | quote.operatorWord >> 240 | quote.tokenWord >> 248 | quote.amounts >> 192;
        spare |= _requireInferenceSet(sources, count) | _requireCompositions(sources, count);
        if (spare != 0) revert IOrderErrors.Orders_SpareBits();
    }

    /// Works by id, each with a weight; all weights sum to the whole.
    function _requireInferenceSet(Source[] calldata sources, uint256 count) private pure returns (uint256 spare) {
        uint256 weights = 0;
        uint256 minShares = 0;
        bytes32 last = 0;
        for (uint256 i; i < count; ++i) {
            Source calldata source = sources[i];
            bytes32 workId = source.workId;
            if (workId <= last || source.through() != 0) revert IOrderErrors.Orders_SourcesUnordered();
            uint256 weight = source.weight();
            if (weight == 0) revert IOrderErrors.Orders_BoundsInvalid();
            unchecked {
                weights += weight;
                minShares += source.minShare();
            }
            spare |= source.pinned >> 208;
            last = workId;
        }
        if (weights != PPM) revert IOrderErrors.Orders_WeightsDoNotSum(weights);
        if (minShares > PPM) revert IOrderErrors.Orders_BoundsInvalid();
    }

    /// Compositions are paid the share of their recording, and have no weight of their own.
    function _requireCompositions(Source[] calldata sources, uint256 count) private pure returns (uint256 spare) {
        uint256 last = 0;
        for (uint256 i = count; i < sources.length; ++i) {
            uint256 through = sources[i].through();
            if (through <= last || through > count) revert IOrderErrors.Orders_SourcesUnordered();
            if (sources[i].weight() != 0 || sources[i].minShare() != 0) revert IOrderErrors.Orders_BoundsInvalid();
            // Later revenue is split by one share to both: together they ask for no more than all of it.
            uint256 downstream = sources[i].downstream() + sources[through - 1].downstream();
            if (downstream > PPM) revert IOrderErrors.Orders_BoundsInvalid();
            spare |= sources[i].pinned >> 208;
            last = through;
        }
    }

    /// The highest weight that an order lets a source take. A composition has that of its recordings, and of itself.
    /// @param count number of works in the inference set
    function highestWeight(Source[] calldata sources, uint256 count, Source calldata source, uint256 drift)
        internal
        pure
        returns (uint256)
    {
        unchecked {
            if (count == sources.length) return Math.min(source.weight() + drift, PPM); // 24 bits each
            uint256 weight = 0;
            for (uint256 i; i < sources.length; ++i) {
                if (sources[i].workId != source.workId) continue;
                uint256 through = sources[i].through();
                weight += (through == 0 ? sources[i].weight() : sources[through - 1].weight()) + drift;
            }
            return Math.min(weight, PPM);
        }
    }

    /// Reverts unless the shares sum to 1,000,000 and keep the bounds that the order pins.
    function requireWithinBounds(Quote calldata quote, Commit calldata commit, uint256 count) internal pure {
        Source[] calldata sources = quote.sources;
        uint256 sum = commit.baseShare();
        if (sum > quote.maxBaseShare()) revert IOrderErrors.Orders_BaseShareTooHigh(sum, quote.maxBaseShare());
        for (uint256 i; i < count; ++i) {
            uint256 share = commit.shareAt(i);
            uint256 lowest = sources[i].minShare();
            if (share < lowest) revert IOrderErrors.Orders_ShareTooLow(sources[i].workId, share, lowest);
            unchecked {
                sum += share;
            }
        }
        if (sum != PPM) revert IOrderErrors.Orders_SharesDoNotSum(sum);
        if (bits(commit.shares, 0, 216) >> (24 + 24 * count) != 0) revert IOrderErrors.Orders_ShareCount(count);
        _requireDuration(quote, commit.duration());
    }

    /// A live order may end early; every other one has the ordered length.
    function _requireDuration(Quote calldata quote, uint256 duration) private pure {
        uint256 ordered = quote.duration();
        bool valid = quote.use() == Use.Live ? duration != 0 && duration <= ordered : duration == ordered;
        if (!valid) revert IOrderErrors.Orders_DurationInvalid(duration);
    }

    /* PRICE */

    /// Started 30-second units.
    function units(uint256 duration) internal pure returns (uint256) {
        unchecked {
            return (duration + SECONDS_PER_UNIT - 1) / SECONDS_PER_UNIT; // 32 bits
        }
    }

    /// The most that the order can cost. Where a source is a recording, its composition's price is added to its own.
    function escrow(Quote calldata quote) internal pure returns (uint256) {
        Source[] calldata sources = quote.sources;
        uint256 dearest = quote.baseRate();
        for (uint256 i; i < sources.length; ++i) {
            Source calldata source = sources[i];
            uint256 through = source.through();
            uint256 price = source.price();
            // A recording is dearer with its composition than without, so that it may be counted twice.
            if (through != 0) price += sources[through - 1].price();
            if (price > dearest) dearest = price;
        }
        unchecked {
            return dearest * units(quote.duration()) + quote.operatorFee(); // 97 + 9 bits
        }
    }

    /// The share that `source` is paid by.
    function shareOf(Commit calldata commit, Source calldata source, uint256 place) internal pure returns (uint256) {
        uint256 through = source.through();
        return commit.shareAt(through == 0 ? place : through - 1);
    }

    /// The part of a price per unit that falls to `share`, rounded down.
    function part(uint256 price, uint256 units_, uint256 share) internal pure returns (uint256) {
        unchecked {
            return price * units_ * share / PPM; // 96 + 9 + 24 bits
        }
    }
}
