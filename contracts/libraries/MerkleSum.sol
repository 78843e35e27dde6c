// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {HolderLeaf, ProofStep} from "../interfaces/Types.sol";
import {PPM} from "./Ppm.sol";

/// @title Rights splits as Merkle-sum trees.
/// @notice A node is (hash, sum) and its hash binds the sums of both children, so whatever tree a licensor builds,
/// the shares that can be proved against a root whose sum is exactly 1,000,000 never exceed the whole.
library MerkleSum {
    /// Of a rights split: 64 holders.
    uint256 internal constant MAX_HOLDER_STEPS = 6;

    /// @param maxSteps depth of the deepest tree that is accepted
    /// @return whether `leaf` stands in the tree of `root`, and that tree's sum is 1,000,000
    function proves(HolderLeaf calldata leaf, ProofStep[] calldata proof, bytes32 root, uint256 maxSteps)
        internal
        pure
        returns (bool)
    {
        if (proof.length > maxSteps) return false;
        bytes32 hash = leafHash(leaf.index, leaf.holder, leaf.share);
        uint256 sum = leaf.share;
        for (uint256 i; i < proof.length; ++i) {
            ProofStep calldata step = proof[i];
            (bytes32 sibling, uint256 side) = (step.hash, step.side);
            uint256 other = side >> 1;
            if (other > PPM) return false;
            hash = side & 1 == 0 ? nodeHash(hash, sum, sibling, other) : nodeHash(sibling, other, hash, sum);
            unchecked {
                sum += other;
            }
        }
        return hash == root && sum == PPM;
    }

    /// keccak256(bytes.concat(keccak256(abi.encode(index, holder, share)))): hashed twice, so that no leaf can pass for
    /// a node.
    function leafHash(uint32 index, address holder, uint32 share) internal pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, and(index, 0xffffffff))
            mstore(add(free, 0x20), shr(96, shl(96, holder)))
            mstore(add(free, 0x40), and(share, 0xffffffff))
            mstore(free, keccak256(free, 0x60))
            hash := keccak256(free, 0x20)
        }
    }

    /// keccak256(abi.encode(left, leftSum, right, rightSum))
    function nodeHash(bytes32 left, uint256 leftSum, bytes32 right, uint256 rightSum)
        internal
        pure
        returns (bytes32 hash)
    {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, left)
            mstore(add(free, 0x20), leftSum)
            mstore(add(free, 0x40), right)
            mstore(add(free, 0x60), rightSum)
            hash := keccak256(free, 0x80)
        }
    }
}
