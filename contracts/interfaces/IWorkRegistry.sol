// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Catalogue of works: compositions, and recordings of them.
/// @notice A work's id binds chain, registry, registrant and content digest, so that nobody can front-run a
/// registration. The same content registered by two parties is visible in the events. Rights split and licence terms
/// are versioned together: a change of either is a new version of the work, counted from 1, its registration.
/// @dev The licence word of a version is the low 216 bits of keccak256(abi.encodePacked(splitRoot, words)), shifted left
/// by 40, with the second at which the version took force in the low 40 bits. `words` are its terms; none at registration.
interface IWorkRegistry {
    /// @param contentDigest SHA-256 of the file as registered
    /// @param sourceDigest SHA-256 of the source form, the token sequence that a model reads
    /// @param metadataDigest SHA-256 of the canonical metadata document (also its raw CIDv1)
    /// @param recordingOf work id of the composition that it is a recording of, zero for a composition
    struct Registration {
        bytes32 contentDigest;
        bytes32 sourceDigest;
        bytes32 metadataDigest;
        bytes32 splitRoot;
        bytes32 recordingOf;
    }

    event WorkRegistered(
        bytes32 indexed workId,
        address indexed licensor,
        bytes32 indexed contentDigest,
        bytes32 sourceDigest,
        bytes32 metadataDigest,
        bytes32 splitRoot,
        bytes32 recordingOf
    );
    /// A new split counts for orders funded from now on; money earned before stays under the old one.
    event SplitChanged(bytes32 indexed workId, bytes32 splitRoot, bytes32 metadataDigest);
    event LicensorTransferStarted(bytes32 indexed workId, address indexed from, address indexed to);
    event LicensorTransferred(bytes32 indexed workId, address indexed from, address indexed to);
    /// The number of contests of a work that wait for a ruling. While there is one, the work enters no new order.
    event ContestsChanged(bytes32 indexed workId, uint256 open);
    /// A ruling found that the work is not its registrant's. It enters no order any more.
    event WorkBarred(bytes32 indexed workId);

    error WorkRegistry_AlreadyRegistered(bytes32 workId);
    error WorkRegistry_UnknownWork(bytes32 workId);
    error WorkRegistry_NotLicensor(bytes32 workId, address caller);
    error WorkRegistry_NotPendingLicensor(bytes32 workId, address caller);
    error WorkRegistry_NotDesk(address caller);
    error WorkRegistry_EmptyDigest();
    /// A recording must name a registered composition.
    error WorkRegistry_NotComposition(bytes32 workId);

    function register(Registration calldata registration) external returns (bytes32 workId);
    function registerMany(Registration[] calldata registrations) external returns (bytes32[] memory workIds);
    /// @notice Offers the licensor's role to `to`; nothing changes until `to` accepts. The zero address withdraws the offer.
    function transferLicensor(bytes32 workId, address to) external;
    function acceptLicensor(bytes32 workId) external;

    /// @notice By the dispute desk only: one contest more, or one less.
    function openContest(bytes32 workId) external;
    function closeContest(bytes32 workId) external;
    /// @notice By the dispute desk only, upon a ruling.
    function bar(bytes32 workId) external;

    function workIdOf(address registrant, bytes32 contentDigest) external view returns (bytes32);
    /// @dev These revert with `WorkRegistry_UnknownWork` for an unknown id.
    function licensorOf(bytes32 workId) external view returns (address);
    function currentVersion(bytes32 workId) external view returns (uint32);
    function isContested(bytes32 workId) external view returns (bool);
    function isBarred(bytes32 workId) external view returns (bool);
    /// @return the composition that it is a recording of, zero for a composition
    function compositionOf(bytes32 workId) external view returns (bytes32);
    function pendingLicensorOf(bytes32 workId) external view returns (address);
    /// @return the licence word of that version, zero if there is none
    function licenceOf(bytes32 workId, uint256 version) external view returns (uint256);
}
