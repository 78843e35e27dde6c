// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Commit, Quote, Source, Use} from "../interfaces/Types.sol";
import {addressIn, bits} from "./Bits.sol";

/// @title The members of packed quotes, sources and commits. See Types.sol for their places.
library QuoteWords {
    /* QUOTE */

    function maker(Quote calldata quote) internal pure returns (address) {
        return addressIn(quote.makerWord);
    }

    /// Reverts for a number that is no use.
    function use(Quote calldata quote) internal pure returns (Use) {
        return Use(bits(quote.makerWord, 160, 8));
    }

    function duration(Quote calldata quote) internal pure returns (uint256) {
        return bits(quote.makerWord, 168, 32);
    }

    function drift(Quote calldata quote) internal pure returns (uint256) {
        return bits(quote.makerWord, 200, 24);
    }

    function operator(Quote calldata quote) internal pure returns (address) {
        return addressIn(quote.operatorWord);
    }

    function validUntil(Quote calldata quote) internal pure returns (uint256) {
        return bits(quote.operatorWord, 160, 40);
    }

    function deadline(Quote calldata quote) internal pure returns (uint256) {
        return deadlineIn(quote.operatorWord);
    }

    function deadlineIn(uint256 operatorWord) internal pure returns (uint256) {
        return bits(operatorWord, 200, 40);
    }

    function token(Quote calldata quote) internal pure returns (address) {
        return addressIn(quote.tokenWord);
    }

    function maxBaseShare(Quote calldata quote) internal pure returns (uint256) {
        return bits(quote.tokenWord, 160, 24);
    }

    function nonce(Quote calldata quote) internal pure returns (uint256) {
        return bits(quote.tokenWord, 184, 64);
    }

    function baseRate(Quote calldata quote) internal pure returns (uint256) {
        return bits(quote.amounts, 0, 96);
    }

    function operatorFee(Quote calldata quote) internal pure returns (uint256) {
        return bits(quote.amounts, 96, 96);
    }

    /* SOURCE */

    function price(Source calldata source) internal pure returns (uint256) {
        return bits(source.pinned, 0, 96);
    }

    function termsVersion(Source calldata source) internal pure returns (uint256) {
        return bits(source.pinned, 96, 32);
    }

    function weight(Source calldata source) internal pure returns (uint256) {
        return bits(source.pinned, 128, 24);
    }

    function minShare(Source calldata source) internal pure returns (uint256) {
        return bits(source.pinned, 152, 24);
    }

    function downstream(Source calldata source) internal pure returns (uint256) {
        return bits(source.pinned, 176, 24);
    }

    function through(Source calldata source) internal pure returns (uint256) {
        return bits(source.pinned, 200, 8);
    }

    /* COMMIT */

    function baseShare(Commit calldata commit) internal pure returns (uint256) {
        return bits(commit.shares, 0, 24);
    }

    /// The share of the inference set's work at `place`.
    function shareAt(Commit calldata commit, uint256 place) internal pure returns (uint256) {
        unchecked {
            return bits(commit.shares, 24 + 24 * place, 24);
        }
    }

    function duration(Commit calldata commit) internal pure returns (uint256) {
        return commit.shares >> 216;
    }
}
