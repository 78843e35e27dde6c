// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Models by the digest of their weights.
/// @notice A model's training pool is a royalty account whose beneficiary is the model id and whose split is
/// `poolSplitRoot`. The model id binds chain, registry, registrant and weights digest.
interface IModelRegistry {
    /// @param manifestRoot digest of the list of training works
    /// @param metadataDigest SHA-256 of the model's metadata document, which holds the pool's split
    event ModelRegistered(
        bytes32 indexed modelId,
        address indexed registrant,
        bytes32 indexed weightsDigest,
        bytes32 manifestRoot,
        bytes32 poolSplitRoot,
        uint128 baseRate,
        address token,
        bytes32 metadataDigest
    );

    error ModelRegistry_AlreadyRegistered(bytes32 modelId);
    error ModelRegistry_UnknownModel(bytes32 modelId);
    error ModelRegistry_EmptyDigest();

    function register(
        bytes32 weightsDigest,
        bytes32 manifestRoot,
        bytes32 poolSplitRoot,
        uint128 baseRate,
        address token,
        bytes32 metadataDigest
    ) external returns (bytes32 modelId);
    function modelIdOf(address registrant, bytes32 weightsDigest) external view returns (bytes32);
    /// @dev Reverts with `ModelRegistry_UnknownModel` for an unknown id.
    function poolSplitRootOf(bytes32 modelId) external view returns (bytes32);
}
