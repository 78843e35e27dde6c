// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Source, Terms, Use} from "./Types.sol";

/// @title Versioned licence terms, and the one rule that says whether a source is permitted.
/// @notice Only a hash is stored for each (work, version); the terms are in the event and are passed back as
/// calldata where they are needed, so that any version can be proved for ever.
interface ILicensing {
    event TermsSet(bytes32 indexed workId, uint32 indexed version, address indexed licensor, Terms terms);

    error Licensing_NotLicensor(bytes32 workId, address caller);
    error Licensing_InvalidTerms(string reason);
    error Licensing_NoTerms(bytes32 workId);
    error Licensing_TermsCount(uint256 expected, uint256 given);
    /// The order pins an older version than the one in force.
    error Licensing_StaleVersion(bytes32 workId, uint32 given, uint32 current);
    error Licensing_TermsMismatch(bytes32 workId, bytes32 expected, bytes32 given);
    error Licensing_InferenceNotPermitted(bytes32 workId);
    error Licensing_UseNotPermitted(bytes32 workId, Use use);
    error Licensing_WeightTooHigh(bytes32 workId, uint32 weight, uint32 maxWeight);
    error Licensing_NotCombinable(bytes32 workId);
    error Licensing_NotInForce(bytes32 workId, uint64 validFrom, uint64 validUntil);
    error Licensing_TokenNotAccepted(bytes32 workId, address token);
    error Licensing_PriceMismatch(bytes32 workId, uint128 expected, uint128 given);
    error Licensing_SplitMismatch(bytes32 workId, bytes32 expected, bytes32 given);

    function setTerms(bytes32 workId, Terms calldata terms) external returns (uint32 version);
    /// @return version the version in force, 0 if no terms were ever set
    function currentVersion(bytes32 workId) external view returns (uint32 version);
    /// @return hash keccak256(abi.encode(terms)) of that version, zero if there is none
    function termsHash(bytes32 workId, uint32 version) external view returns (bytes32 hash);
    /// @notice Reverts with the reason where `sources` are not permitted for `use` in `token` now.
    /// @param terms the pinned terms of each source, in the same order
    function requirePermitted(Source[] calldata sources, Terms[] calldata terms, Use use, address token)
        external
        view;
}
