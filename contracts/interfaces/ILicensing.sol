// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Commit, Grant, Quote, ReadableTerms, Use} from "./Types.sol";

/// @title Versioned licence terms, and the one rule that says whether an order is permitted.
/// @notice Only one word is stored for each (work, version); the terms are in the event and are passed back as
/// calldata where they are needed, so that any version can be proved for ever. Terms are words, see TermsWords.sol.
interface ILicensing {
    /// @param splitRoot the rights split of this version
    event TermsSet(bytes32 indexed workId, uint32 indexed version, bytes32 splitRoot, bytes32[] words);

    error Licensing_NoTerms(bytes32 workId);
    error Licensing_TermsCount(uint256 expected, uint256 given);
    /// The order pins an older version than the one in force.
    error Licensing_StaleVersion(bytes32 workId, uint256 given, uint256 current);
    /// Terms or rights split are not those of the pinned version.
    error Licensing_LicenceMismatch(bytes32 workId, uint256 version);
    error Licensing_InferenceNotPermitted(bytes32 workId);
    error Licensing_UseNotPermitted(bytes32 workId, Use use);
    error Licensing_WeightTooHigh(bytes32 workId, uint256 weight, uint256 maxWeight);
    error Licensing_NotCombinable(bytes32 workId);
    error Licensing_NotInForce(bytes32 workId, uint256 validFrom, uint256 validUntil);
    error Licensing_TokenNotAccepted(bytes32 workId, address token);
    error Licensing_PriceMismatch(bytes32 workId, uint256 expected, uint256 given);
    error Licensing_DownstreamMismatch(bytes32 workId, uint256 expected, uint256 given);
    error Licensing_WorkContested(bytes32 workId);
    error Licensing_WorkBarred(bytes32 workId);
    error Licensing_OperatorNotListed(bytes32 workId, address operator);
    error Licensing_ModelNotListed(bytes32 workId, bytes32 modelId);
    /// The licensor's signature over this order is missing or wrong.
    error Licensing_NotApproved(bytes32 workId);
    /// A source asks for a grant and none is left, or grants were given that nobody asks for.
    error Licensing_GrantCount(uint256 given);
    /// A recording must come with its composition, and a composition only comes after a recording of it.
    error Licensing_CompositionMismatch(bytes32 workId, bytes32 expected, bytes32 given);

    /// @notice Sets terms and rights split as a new version, by the work's licensor.
    function setTerms(bytes32 workId, bytes32 splitRoot, bytes32[] calldata words) external returns (uint32 version);
    /// @notice The same, with a new metadata document that tells the new split.
    function changeSplit(bytes32 workId, bytes32 splitRoot, bytes32 metadataDigest, bytes32[] calldata words)
        external
        returns (uint32 version);
    /// @notice Reverts with the reason where an order is not well formed or not permitted now.
    /// @dev `orderId`s, which approvals sign, are those of the calling escrow.
    /// @param terms the pinned terms of each source, in the same order
    /// @param grants one for each source whose terms ask for a list or an approval, in the same order
    function requirePermitted(Quote calldata quote, bytes32[][] calldata terms, Grant[] calldata grants) external view;
    /// @notice Reverts unless `words` and the source's split are those of the version that it pins.
    function requirePinned(bytes32 workId, uint256 version, bytes32 splitRoot, bytes32[] calldata words) external view;
    /// @notice What raising a committed order from `use` to `newUse` costs for each source, at its pinned terms:
    /// floor(new price * units * share / 1,000,000) less the same at the old price, where that is more.
    function differences(
        Quote calldata quote,
        Commit calldata commit,
        Use use,
        Use newUse,
        bytes32[][] calldata terms
    ) external view returns (uint256[] memory amounts);
    /// @notice What words say. @dev Reverts for words that are no terms.
    function readTerms(bytes32[] calldata words) external pure returns (ReadableTerms memory);
}
