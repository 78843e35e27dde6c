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

    /// Reverts unless every bit has a meaning, so that an order has one form only.
    function requireNoSpareBits(Quote calldata quote) internal pure {
        uint256 spare =
            quote.makerWord >> 224 | quote.operatorWord >> 240 | quote.tokenWord >> 248 | quote.amounts >> 192;
        Source[] calldata sources = quote.sources;
        for (uint256 i; i < sources.length; ++i) {
            spare |= sources[i].pinned >> 208;
        }
        if (spare != 0) revert IOrderErrors.Orders_SpareBits();
    }

    /// Reverts unless duration, sources, weights and bounds make sense. With a base share of 0 always possible,
    /// some commit keeps the bounds exactly when the lowest shares sum to at most 1,000,000.
    function requireWellFormed(Quote calldata quote) internal pure {
        requireNoSpareBits(quote);
        bool live = quote.use() == Use.Live;
        uint256 duration = quote.duration();
        if (duration == 0 || duration > (live ? MAX_LIVE_DURATION : MAX_DURATION)) {
            revert IOrderErrors.Orders_DurationInvalid(duration);
        }
        if (quote.drift() > (live ? PPM : 0)) revert IOrderErrors.Orders_BoundsInvalid();

        uint256 count = inferenceCount(quote);
        if (count == 0 || count > MAX_WORKS) revert IOrderErrors.Orders_SourceCount(count);
        _requireWeights(quote, count);
        _requireCompositions(quote.sources, count);
    }

    function _requireWeights(Quote calldata quote, uint256 count) private pure {
        Source[] calldata sources = quote.sources;
        uint256 weights;
        uint256 minShares;
        for (uint256 i; i < count; ++i) {
            Source calldata source = sources[i];
            if (i != 0 && source.workId <= sources[i - 1].workId) revert IOrderErrors.Orders_SourcesUnordered();
            uint256 weight = source.weight();
            if (source.through() != 0) revert IOrderErrors.Orders_SourcesUnordered();
            if (weight == 0) revert IOrderErrors.Orders_BoundsInvalid();
            weights += weight;
            minShares += source.minShare();
        }
        if (weights != PPM) revert IOrderErrors.Orders_WeightsDoNotSum(weights);
        if (minShares > PPM || quote.maxBaseShare() > PPM) revert IOrderErrors.Orders_BoundsInvalid();
    }

    /// Compositions are paid the share of their recording, and have no weight of their own.
    function _requireCompositions(Source[] calldata sources, uint256 count) private pure {
        uint256 last;
        for (uint256 i = count; i < sources.length; ++i) {
            uint256 through = sources[i].through();
            if (through <= last || through > count) revert IOrderErrors.Orders_SourcesUnordered();
            if (sources[i].weight() != 0 || sources[i].minShare() != 0) revert IOrderErrors.Orders_BoundsInvalid();
            last = through;
        }
    }

    /// The highest weight that an order lets a source take; a composition goes with its recording.
    function highestWeight(Source[] calldata sources, Source calldata source, uint256 drift)
        internal
        pure
        returns (uint256)
    {
        uint256 through = source.through();
        uint256 weight = through == 0 ? source.weight() : sources[through - 1].weight();
        return Math.min(weight + drift, PPM);
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
            sum += share;
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
        return Math.ceilDiv(duration, SECONDS_PER_UNIT);
    }

    /// The most that the order can cost. Where a source is a recording, its composition's price is added to its own.
    function escrow(Quote calldata quote) internal pure returns (uint256) {
        Source[] calldata sources = quote.sources;
        uint256 dearest = quote.baseRate();
        for (uint256 i; i < sources.length; ++i) {
            Source calldata source = sources[i];
            uint256 through = source.through();
            // A recording is dearer with its composition than without, so that it may be counted twice.
            uint256 price = source.price() + (through == 0 ? 0 : sources[through - 1].price());
            dearest = Math.max(dearest, price);
        }
        return dearest * units(quote.duration()) + quote.operatorFee();
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
