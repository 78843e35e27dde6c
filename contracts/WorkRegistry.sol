// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IWorkRegistry} from "./interfaces/IWorkRegistry.sol";

/// @notice Registers works and keeps their licensors and the root of their rights split. See IWorkRegistry.
contract WorkRegistry is IWorkRegistry {
    struct Work {
        address licensor;
        uint32 splitVersion; // of the split in force, from 1
        bytes32 splitRoot;
    }

    mapping(bytes32 workId => Work) private _works;
    mapping(bytes32 workId => address) private _pendingLicensor;

    /* WORKS AND SPLITS */

    /// @inheritdoc IWorkRegistry
    function register(bytes32 contentDigest, bytes32 sourceDigest, bytes32 metadataDigest, bytes32 splitRoot)
        external
        returns (bytes32 workId)
    {
        if (contentDigest == 0 || sourceDigest == 0) revert WorkRegistry_EmptyDigest();
        workId = workIdOf(msg.sender, contentDigest);
        if (_works[workId].licensor != address(0)) revert WorkRegistry_AlreadyRegistered(workId);

        _works[workId].licensor = msg.sender;
        _setSplit(workId, 1, splitRoot, metadataDigest);
        emit WorkRegistered(workId, msg.sender, contentDigest, sourceDigest, metadataDigest, splitRoot);
    }

    /// @inheritdoc IWorkRegistry
    function changeSplit(bytes32 workId, bytes32 splitRoot, bytes32 metadataDigest) external {
        _requireLicensor(workId);
        uint32 version = _works[workId].splitVersion + 1;
        _setSplit(workId, version, splitRoot, metadataDigest);
        emit SplitChanged(workId, version, splitRoot, metadataDigest);
    }

    /* LICENSORS */

    /// @inheritdoc IWorkRegistry
    function transferLicensor(bytes32 workId, address to) external {
        _requireLicensor(workId);
        _pendingLicensor[workId] = to;
        emit LicensorTransferStarted(workId, msg.sender, to);
    }

    /// @inheritdoc IWorkRegistry
    function acceptLicensor(bytes32 workId) external {
        address from = licensorOf(workId);
        if (_pendingLicensor[workId] != msg.sender) revert WorkRegistry_NotPendingLicensor(workId, msg.sender);
        delete _pendingLicensor[workId];
        _works[workId].licensor = msg.sender;
        emit LicensorTransferred(workId, from, msg.sender);
    }

    /* VIEWS */

    /// @inheritdoc IWorkRegistry
    function workIdOf(address registrant, bytes32 contentDigest) public view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), registrant, contentDigest));
    }

    /// @inheritdoc IWorkRegistry
    function licensorOf(bytes32 workId) public view returns (address licensor) {
        licensor = _works[workId].licensor;
        if (licensor == address(0)) revert WorkRegistry_UnknownWork(workId);
    }

    /// @inheritdoc IWorkRegistry
    function splitRootOf(bytes32 workId) external view returns (bytes32 splitRoot) {
        splitRoot = _works[workId].splitRoot;
        if (splitRoot == 0) revert WorkRegistry_UnknownWork(workId);
    }

    /* INTERNALS */

    function _setSplit(bytes32 workId, uint32 version, bytes32 splitRoot, bytes32 metadataDigest) private {
        if (splitRoot == 0 || metadataDigest == 0) revert WorkRegistry_EmptyDigest();
        _works[workId].splitVersion = version;
        _works[workId].splitRoot = splitRoot;
    }

    function _requireLicensor(bytes32 workId) private view {
        if (licensorOf(workId) != msg.sender) revert WorkRegistry_NotLicensor(workId, msg.sender);
    }
}
