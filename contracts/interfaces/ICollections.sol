// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IWorkRegistry} from "./IWorkRegistry.sol";

/// @title Whole collections of works in one transaction.
/// @notice A licensor anchors one Merkle root of its works with their terms; anybody brings a work onto the chain by
/// proof when it is first used. Its version 1 then took force when the collection was anchored.
/// @dev Trees as OpenZeppelin's MerkleProof verifies them (sorted pairs); a leaf is
/// keccak256(bytes.concat(keccak256(abi.encode(registration, keccak256(abi.encodePacked(words)))))).
interface ICollections {
    /// @param metadataDigest SHA-256 of a document that lists the leaves, so that proofs can be made
    event CollectionAnchored(address indexed licensor, bytes32 indexed root, bytes32 indexed metadataDigest);
    /// No further work of it can be brought onto the chain; those that were stay as they are.
    event CollectionWithdrawn(address indexed licensor, bytes32 indexed root);
    event WorkMaterialised(bytes32 indexed workId, address indexed licensor, bytes32 indexed root);

    error Collections_AlreadyAnchored(bytes32 root);
    error Collections_UnknownCollection(address licensor, bytes32 root);
    error Collections_InvalidProof(bytes32 root);

    function anchorCollection(bytes32 root, bytes32 metadataDigest) external;
    function withdrawCollection(bytes32 root) external;
    /// @notice Registers one work of an anchored collection, with its terms, for its licensor. Anybody may call it.
    function materialise(
        address licensor,
        bytes32 root,
        IWorkRegistry.Registration calldata registration,
        bytes32[] calldata words,
        bytes32[] calldata proof
    ) external returns (bytes32 workId);
    /// @return since when it has been anchored, in seconds since the epoch; 0 where it is not, or was withdrawn
    function anchoredSince(address licensor, bytes32 root) external view returns (uint256 since);
}
