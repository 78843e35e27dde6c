// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IModelRegistry} from "./interfaces/IModelRegistry.sol";

/// @notice Registers models and keeps the root of their pool's split. See IModelRegistry.
contract ModelRegistry is IModelRegistry {
    mapping(bytes32 modelId => bytes32) private _poolSplitRoot;

    /// @inheritdoc IModelRegistry
    function register(
        bytes32 weightsDigest,
        bytes32 manifestRoot,
        bytes32 poolSplitRoot,
        uint128 baseRate,
        address token,
        bytes32 metadataDigest
    ) external returns (bytes32 modelId) {
        if (weightsDigest == 0 || manifestRoot == 0 || poolSplitRoot == 0 || metadataDigest == 0) {
            revert ModelRegistry_EmptyDigest();
        }
        modelId = modelIdOf(msg.sender, weightsDigest);
        if (_poolSplitRoot[modelId] != 0) revert ModelRegistry_AlreadyRegistered(modelId);

        _poolSplitRoot[modelId] = poolSplitRoot;
        emit ModelRegistered(
            modelId, msg.sender, weightsDigest, manifestRoot, poolSplitRoot, baseRate, token, metadataDigest
        );
    }

    /// @inheritdoc IModelRegistry
    function modelIdOf(address registrant, bytes32 weightsDigest) public view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), registrant, weightsDigest));
    }

    /// @inheritdoc IModelRegistry
    function poolSplitRootOf(bytes32 modelId) external view returns (bytes32 poolSplitRoot) {
        poolSplitRoot = _poolSplitRoot[modelId];
        if (poolSplitRoot == 0) revert ModelRegistry_UnknownModel(modelId);
    }
}
