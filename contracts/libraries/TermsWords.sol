// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ReadableTerms, TokenPrice, Use} from "../interfaces/Types.sol";
import {addressIn, bits, both, either, wordAt} from "./Bits.sol";
import {PPM} from "./Ppm.sol";

/// @title Licence terms as words: limits, two words for each accepted token, then the allow-list's root if there is one.
/// @dev Limits, from the lowest bit: training 1 | inference 1 | combinable 1 | approval 1 | listedOperators 1 |
/// listedModels 1 | spare 2 | uses 8 | maxWeight 24 | downstream 24 | validFrom 40 | validUntil 40 | sunset 40 |
/// trainingPrice 72. A token's row: token 160 | private 80 | spare 16, and commercial 80 | broadcast 80 | live 80 | spare 16.
library TermsWords {
    uint256 internal constant TRAINING = 1;
    uint256 internal constant INFERENCE = 2;
    uint256 internal constant COMBINABLE = 4;
    uint256 internal constant APPROVAL = 8;
    uint256 internal constant LISTED_OPERATORS = 16;
    uint256 internal constant LISTED_MODELS = 32;

    uint256 private constant LISTED = LISTED_OPERATORS | LISTED_MODELS;
    uint256 private constant SPARE_LIMITS = 0xf0c0; // spare flags, and uses beyond the four that there are
    uint256 private constant USES = 0xf00;
    uint256 private constant WEIGHT = 0xffffff << 16;
    uint256 private constant MAX_TOKENS = 4;

    error TermsInvalid(string reason);

    /* MEMBERS */

    function maxWeight(uint256 limits) internal pure returns (uint256) {
        return bits(limits, 16, 24);
    }

    function downstream(uint256 limits) internal pure returns (uint256) {
        return bits(limits, 40, 24);
    }

    function validFrom(uint256 limits) internal pure returns (uint256) {
        return bits(limits, 64, 40);
    }

    function validUntil(uint256 limits) internal pure returns (uint256) {
        return bits(limits, 104, 40);
    }

    function sunset(uint256 limits) internal pure returns (uint256) {
        return bits(limits, 144, 40);
    }

    function permits(uint256 limits, Use use) internal pure returns (bool) {
        return bits(limits, 8 + uint256(use), 1) == 1;
    }

    function allowRoot(bytes32[] calldata words) internal pure returns (bytes32) {
        return uint256(words[0]) & LISTED == 0 ? bytes32(0) : words[words.length - 1];
    }

    /// @return accepted whether the terms accept `token`
    /// @return price per started 30 seconds of a piece made wholly of the work
    function priceOf(bytes32[] calldata words, address token, Use use)
        internal
        pure
        returns (bool accepted, uint256 price)
    {
        uint256 end = _rowsEnd(words, uint256(words[0]));
        unchecked {
            for (uint256 i = 1; i < end; i += 2) {
                uint256 first = wordAt(words, i);
                if (addressIn(first) == token) return (true, _price(first, wordAt(words, i + 1), use));
            }
        }
    }

    /* VALIDITY */

    /// Reverts unless `words` are terms in their one canonical form.
    function requireValid(bytes32[] calldata words) internal pure {
        uint256 limits = wordAt(words, 0); // without words, anything: then their number is refused
        uint256 end = _rowsEnd(words, limits);
        if (either(end & 1 == 0, end > 1 + 2 * MAX_TOKENS)) revert TermsInvalid("number of words");
        if (limits & SPARE_LIMITS != 0) revert TermsInvalid("unknown use or flag");
        if (either(maxWeight(limits) > PPM, downstream(limits) > PPM)) revert TermsInvalid("part above 1000000");
        unchecked {
            uint256 last = validUntil(limits) - 1; // no end wraps around to the end of time
            if (last < validFrom(limits)) revert TermsInvalid("validUntil not after validFrom");
        }
        bool unusable = either(end == 1, either(limits & USES == 0, limits & WEIGHT == 0));
        if (both(limits & INFERENCE != 0, unusable)) {
            revert TermsInvalid("inference without a use, a weight or a price");
        }
        _requireValidRows(words, end);
    }

    function _requireValidRows(bytes32[] calldata words, uint256 end) private pure {
        unchecked {
            for (uint256 i = 1; i < end; i += 2) {
                uint256 first = wordAt(words, i);
                if ((first | wordAt(words, i + 1)) >> 240 != 0) revert TermsInvalid("spare bits in a price");
                for (uint256 j = 1; j < i; j += 2) {
                    if (addressIn(wordAt(words, j)) == addressIn(first)) revert TermsInvalid("token given twice");
                }
            }
        }
    }

    /* READABLE FORM */

    function decode(bytes32[] calldata words) internal pure returns (ReadableTerms memory terms) {
        uint256 limits = uint256(words[0]);
        terms.training = limits & TRAINING != 0;
        terms.inference = limits & INFERENCE != 0;
        terms.combinable = limits & COMBINABLE != 0;
        terms.approval = limits & APPROVAL != 0;
        terms.listedOperators = limits & LISTED_OPERATORS != 0;
        terms.listedModels = limits & LISTED_MODELS != 0;
        terms.uses = uint8(limits >> 8);
        terms.maxWeight = uint24(maxWeight(limits));
        terms.downstream = uint24(downstream(limits));
        terms.validFrom = uint40(validFrom(limits));
        terms.validUntil = uint40(validUntil(limits));
        terms.sunset = uint40(sunset(limits));
        terms.trainingPrice = uint72(limits >> 184);
        terms.allowRoot = allowRoot(words);
        terms.prices = new TokenPrice[](_rowsEnd(words, limits) / 2);
        for (uint256 i; i < terms.prices.length; ++i) {
            uint256 first = uint256(words[1 + 2 * i]);
            uint256 second = uint256(words[2 + 2 * i]);
            terms.prices[i].token = addressIn(first);
            for (uint256 use; use < 4; ++use) {
                terms.prices[i].prices[use] = uint80(_price(first, second, Use(use)));
            }
        }
    }

    /* INTERNALS */

    function _price(uint256 first, uint256 second, Use use) private pure returns (uint256) {
        unchecked {
            return use == Use.Private ? bits(first, 160, 80) : bits(second, 80 * (uint256(use) - 1), 80);
        }
    }

    /// The place after the last row; the allow-list's root stands there, if there is one.
    function _rowsEnd(bytes32[] calldata words, uint256 limits) private pure returns (uint256) {
        unchecked {
            return words.length - SafeCast.toUint(limits & LISTED != 0);
        }
    }
}
