// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILicensing} from "./interfaces/ILicensing.sol";
import {IWorkRegistry} from "./interfaces/IWorkRegistry.sol";
import {Source, Terms, TokenPrice, Use} from "./interfaces/Types.sol";
import {PPM} from "./libraries/Ppm.sol";

/// @notice Keeps a hash for each version of a work's terms, and decides what an order may use. See ILicensing.
contract Licensing is ILicensing {
    uint256 private constant MAX_TOKENS = 4;
    uint8 private constant ALL_USES = 15;

    IWorkRegistry public immutable works;

    /// The hash of version v stands at index v - 1. Only ever pushed to, so that any version can be proved for ever.
    mapping(bytes32 workId => bytes32[]) private _versions;

    constructor(IWorkRegistry works_) {
        works = works_;
    }

    /* VERSIONS */

    /// @inheritdoc ILicensing
    function setTerms(bytes32 workId, Terms calldata terms) external returns (uint32 version) {
        if (works.licensorOf(workId) != msg.sender) revert Licensing_NotLicensor(workId, msg.sender);
        _requireValid(terms);
        _versions[workId].push(keccak256(abi.encode(terms)));
        version = currentVersion(workId);
        emit TermsSet(workId, version, msg.sender, terms);
    }

    /// @inheritdoc ILicensing
    function currentVersion(bytes32 workId) public view returns (uint32 version) {
        return uint32(_versions[workId].length);
    }

    /// @inheritdoc ILicensing
    function termsHash(bytes32 workId, uint32 version) external view returns (bytes32 hash) {
        bytes32[] storage versions = _versions[workId];
        if (version != 0 && version <= versions.length) hash = versions[version - 1];
    }

    /* THE RULE */

    /// @inheritdoc ILicensing
    function requirePermitted(Source[] calldata sources, Terms[] calldata terms, Use use, address token)
        external
        view
    {
        if (terms.length != sources.length) revert Licensing_TermsCount(sources.length, terms.length);
        for (uint256 i; i < sources.length; ++i) {
            Source calldata source = sources[i];
            Terms calldata pinned = terms[i];
            _requirePinned(source, pinned);
            _requireScope(source, pinned, use);
            _requirePrice(source, pinned, use, token);
            if (!pinned.combinable) _requireOneLicensor(sources, source.workId);
        }
    }

    /// The order pins the version in force, its very terms, and the rights split in force.
    function _requirePinned(Source calldata source, Terms calldata terms) private view {
        bytes32 workId = source.workId;
        bytes32[] storage versions = _versions[workId];
        uint256 current = versions.length;
        if (current == 0) revert Licensing_NoTerms(workId);
        if (source.termsVersion != current) revert Licensing_StaleVersion(workId, source.termsVersion, uint32(current));

        bytes32 expected = versions[current - 1];
        bytes32 given = _hash(terms);
        if (given != expected) revert Licensing_TermsMismatch(workId, expected, given);

        bytes32 splitRoot = works.splitRootOf(workId);
        if (source.splitRoot != splitRoot) revert Licensing_SplitMismatch(workId, splitRoot, source.splitRoot);
    }

    /// keccak256(abi.encode(terms)) for terms that are encoded canonically, and some other value for all others: what
    /// is hashed includes the place of `prices`, and what a version's hash was made of was canonical.
    function _hash(Terms calldata terms) private pure returns (bytes32 hash) {
        uint256 rows = terms.prices.length;
        assembly ("memory-safe") {
            let free := mload(0x40)
            let size := add(0x140, mul(rows, 0xa0)) // nine words and the number of rows; five words a row
            mstore(free, 0x20)
            calldatacopy(add(free, 0x20), terms, size)
            hash := keccak256(free, add(size, 0x20))
        }
    }

    /// Inference, use, weight and time are within the terms.
    function _requireScope(Source calldata source, Terms calldata terms, Use use) private view {
        bytes32 workId = source.workId;
        if (!terms.inference) revert Licensing_InferenceNotPermitted(workId);
        if ((terms.uses >> uint8(use)) & 1 == 0) revert Licensing_UseNotPermitted(workId, use);
        if (source.weight > terms.maxWeight) {
            revert Licensing_WeightTooHigh(workId, source.weight, terms.maxWeight);
        }
        bool ended = terms.validUntil != 0 && block.timestamp >= terms.validUntil;
        if (block.timestamp < terms.validFrom || ended) {
            revert Licensing_NotInForce(workId, terms.validFrom, terms.validUntil);
        }
    }

    /// The token is accepted, and the source's price is the terms' price for the use.
    function _requirePrice(Source calldata source, Terms calldata terms, Use use, address token) private pure {
        TokenPrice[] calldata rows = terms.prices;
        for (uint256 i; i < rows.length; ++i) {
            TokenPrice calldata row = rows[i];
            if (row.token != token) continue;
            uint128 price = row.prices[uint8(use)];
            if (source.price != price) revert Licensing_PriceMismatch(source.workId, price, source.price);
            return;
        }
        revert Licensing_TokenNotAccepted(source.workId, token);
    }

    function _requireOneLicensor(Source[] calldata sources, bytes32 workId) private view {
        address licensor = works.licensorOf(workId);
        for (uint256 i; i < sources.length; ++i) {
            if (works.licensorOf(sources[i].workId) != licensor) revert Licensing_NotCombinable(workId);
        }
    }

    /* VALID TERMS */

    function _requireValid(Terms calldata terms) private pure {
        if (terms.uses > ALL_USES) revert Licensing_InvalidTerms("unknown use");
        if (terms.maxWeight > PPM) revert Licensing_InvalidTerms("maxWeight above 1000000");
        if (terms.validUntil != 0 && terms.validUntil <= terms.validFrom) {
            revert Licensing_InvalidTerms("validUntil not after validFrom");
        }
        if (terms.inference && terms.uses == 0) revert Licensing_InvalidTerms("inference without a use");
        if (terms.inference && terms.maxWeight == 0) revert Licensing_InvalidTerms("inference without a weight");
        if (terms.inference && terms.prices.length == 0) revert Licensing_InvalidTerms("inference without a price");
        _requireValidTokens(terms.prices);
    }

    function _requireValidTokens(TokenPrice[] calldata prices) private pure {
        if (prices.length > MAX_TOKENS) revert Licensing_InvalidTerms("more than 4 tokens");
        for (uint256 i; i < prices.length; ++i) {
            for (uint256 j; j < i; ++j) {
                if (prices[i].token == prices[j].token) revert Licensing_InvalidTerms("token given twice");
            }
        }
    }
}
