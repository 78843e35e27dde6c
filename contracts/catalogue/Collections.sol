// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {Licensing} from "./Licensing.sol";
import {ICollections} from "../interfaces/ICollections.sol";
import {TermsWords} from "../libraries/TermsWords.sol";

/// @notice Anchors collections and materialises their works. See ICollections.
abstract contract Collections is Licensing, ICollections {
    /// The seconds at which a collection was anchored and withdrawn, 0 if it never was.
    struct Anchor {
        uint40 since;
        uint40 withdrawn;
    }

    mapping(address licensor => mapping(bytes32 root => Anchor)) private _anchors;

    /// @inheritdoc ICollections
    function anchorCollection(bytes32 root, bytes32 metadataDigest) external {
        if (root == 0 || metadataDigest == 0) revert WorkRegistry_EmptyDigest();
        if (_anchors[msg.sender][root].since != 0) revert Collections_AlreadyAnchored(root);
        _anchors[msg.sender][root].since = uint40(block.timestamp);
        emit CollectionAnchored(msg.sender, root, metadataDigest);
    }

    /// @inheritdoc ICollections
    function withdrawCollection(bytes32 root) external {
        _requireAnchored(msg.sender, root);
        _anchors[msg.sender][root].withdrawn = uint40(block.timestamp);
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
        uint256 since = _requireAnchored(licensor, root);
        _requireInCollection(root, abi.encode(registration, keccak256(abi.encodePacked(words))), proof);
        TermsWords.requireValid(words);

        workId = _register(licensor, registration);
        _setTerms(workId, 1, registration.splitRoot, words, since);
        emit WorkMaterialised(workId, licensor, root);
    }

    /// @inheritdoc ICollections
    function anchoredSince(address licensor, bytes32 root) public view returns (uint256 since) {
        uint256 withdrawn;
        (since, withdrawn) = _anchorOf(licensor, root);
        if (withdrawn != 0) return 0;
    }

    function _anchorOf(address licensor, bytes32 root) internal view returns (uint256 since, uint256 withdrawn) {
        Anchor memory anchor = _anchors[licensor][root];
        return (anchor.since, anchor.withdrawn);
    }

    /// @param row a registration, and the hash of the words of its terms
    function _requireInCollection(bytes32 root, bytes memory row, bytes32[] calldata proof) internal pure {
        bytes32 leaf = keccak256(bytes.concat(keccak256(row)));
        if (!MerkleProof.verifyCalldata(proof, root, leaf)) revert Collections_InvalidProof(root);
    }

    function _requireAnchored(address licensor, bytes32 root) private view returns (uint256 since) {
        since = anchoredSince(licensor, root);
        if (since == 0) revert Collections_UnknownCollection(licensor, root);
    }
}
