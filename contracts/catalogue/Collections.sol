// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {Licensing} from "./Licensing.sol";
import {ICollections} from "../interfaces/ICollections.sol";
import {TermsWords} from "../libraries/TermsWords.sol";

/// @notice Anchors collections and materialises their works. See ICollections.
abstract contract Collections is Licensing, ICollections {
    uint256 private constant WITHDRAWN = type(uint256).max;

    /// The second at which a collection was anchored, 0 if it never was.
    mapping(address licensor => mapping(bytes32 root => uint256)) private _anchors;

    /// @inheritdoc ICollections
    function anchorCollection(bytes32 root, bytes32 metadataDigest) external {
        if (root == 0 || metadataDigest == 0) revert WorkRegistry_EmptyDigest();
        if (_anchors[msg.sender][root] != 0) revert Collections_AlreadyAnchored(root);
        _anchors[msg.sender][root] = block.timestamp;
        emit CollectionAnchored(msg.sender, root, metadataDigest);
    }

    /// @inheritdoc ICollections
    function withdrawCollection(bytes32 root) external {
        _requireAnchored(msg.sender, root);
        _anchors[msg.sender][root] = WITHDRAWN;
        emit CollectionWithdrawn(msg.sender, root);
    }

    /// @inheritdoc ICollections
    function materialise(
        address licensor,
        bytes32 root,
        Registration calldata registration,
        bytes32[] calldata words,
        bytes32[] calldata proof
    ) external returns (bytes32 workId) {
        _requireAnchored(licensor, root);
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(registration, keccak256(abi.encodePacked(words))))));
        if (!MerkleProof.verifyCalldata(proof, root, leaf)) revert Collections_InvalidProof(root);
        TermsWords.requireValid(words);

        workId = _register(licensor, registration);
        _setTerms(workId, 1, registration.splitRoot, words, _anchors[licensor][root]);
        emit WorkMaterialised(workId, licensor, root);
    }

    /// @inheritdoc ICollections
    function anchoredSince(address licensor, bytes32 root) public view returns (uint256 since) {
        since = _anchors[licensor][root];
        if (since == WITHDRAWN) return 0;
    }

    function _requireAnchored(address licensor, bytes32 root) private view {
        if (anchoredSince(licensor, root) == 0) revert Collections_UnknownCollection(licensor, root);
    }
}
