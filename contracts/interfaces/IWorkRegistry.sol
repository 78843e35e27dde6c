// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Catalogue of works and their rights splits.
/// @notice A work's id binds chain, registry, registrant and content digest, so that nobody can front-run a
/// registration. The same content registered by two parties is visible in the events.
interface IWorkRegistry {
    /// @param contentDigest SHA-256 of the file as registered
    /// @param sourceDigest SHA-256 of the source form, the token sequence that a model reads
    /// @param metadataDigest SHA-256 of the canonical metadata document (also its raw CIDv1)
    event WorkRegistered(
        bytes32 indexed workId,
        address indexed licensor,
        bytes32 indexed contentDigest,
        bytes32 sourceDigest,
        bytes32 metadataDigest,
        bytes32 splitRoot
    );
    /// A new split counts for orders funded from now on; money earned before stays under the old one.
    event SplitChanged(bytes32 indexed workId, uint32 version, bytes32 splitRoot, bytes32 metadataDigest);
    event LicensorTransferStarted(bytes32 indexed workId, address indexed from, address indexed to);
    event LicensorTransferred(bytes32 indexed workId, address indexed from, address indexed to);

    error WorkRegistry_AlreadyRegistered(bytes32 workId);
    error WorkRegistry_UnknownWork(bytes32 workId);
    error WorkRegistry_NotLicensor(bytes32 workId, address caller);
    error WorkRegistry_NotPendingLicensor(bytes32 workId, address caller);
    error WorkRegistry_EmptyDigest();

    function register(bytes32 contentDigest, bytes32 sourceDigest, bytes32 metadataDigest, bytes32 splitRoot)
        external
        returns (bytes32 workId);
    function changeSplit(bytes32 workId, bytes32 splitRoot, bytes32 metadataDigest) external;
    function transferLicensor(bytes32 workId, address to) external;
    function acceptLicensor(bytes32 workId) external;
    function workIdOf(address registrant, bytes32 contentDigest) external view returns (bytes32);
    /// @dev Reverts with `WorkRegistry_UnknownWork` for an unknown id.
    function licensorOf(bytes32 workId) external view returns (address);
    function splitRootOf(bytes32 workId) external view returns (bytes32);
}
