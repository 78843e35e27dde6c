// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EpochLeaf, HolderLeaf, ProofStep} from "../interfaces/Types.sol";
import {PPM} from "./Ppm.sol";

/// @title Merkle-sum trees: rights splits, whose leaves are shares, and epochs of a training pool, whose leaves are amounts.
/// @notice A node is (hash, sum) and its hash binds the sums of both children, so whatever tree somebody builds, what can
/// be proved against a root whose sum is exactly the whole never exceeds the whole.
library MerkleSum {
    /// Of a rights split: 64 holders.
    uint256 private constant MAX_SHARE_STEPS = 6;
    /// Of an epoch: about a million holders.
    uint256 private constant MAX_AMOUNT_STEPS = 20;

    /// @return whether `leaf` stands in the rights split of `root`, and that tree's sum is 1,000,000
    function proves(HolderLeaf calldata leaf, ProofStep[] calldata proof, bytes32 root) internal pure returns (bool) {
        return _proves(leaf.index, leaf.holder, leaf.share, proof, root, PPM, MAX_SHARE_STEPS);
    }

    /// @return whether `leaf` stands in the epoch's tree of `root`, and that tree's sum is `total`
    function proves(EpochLeaf calldata leaf, ProofStep[] calldata proof, bytes32 root, uint128 total)
        internal
        pure
        returns (bool)
    {
        return _proves(leaf.index, leaf.holder, leaf.amount, proof, root, total, MAX_AMOUNT_STEPS);
    }

    /// @param whole less than 2**129, so that no sum on the way overflows: none of a step is larger
    function _proves(
        uint32 index,
        address holder,
        uint256 sum,
        ProofStep[] calldata proof,
        bytes32 root,
        uint256 whole,
        uint256 maxSteps
    ) private pure returns (bool) {
        if (proof.length > maxSteps) return false;
        bytes32 hash = leafHash(index, holder, sum);
        for (uint256 i; i < proof.length; ++i) {
            ProofStep calldata step = proof[i];
            (bytes32 sibling, uint256 side) = (step.hash, step.side);
            uint256 other = side >> 1;
            if (other > whole) return false;
            hash = side & 1 == 0 ? nodeHash(hash, sum, sibling, other) : nodeHash(sibling, other, hash, sum);
            unchecked {
                sum += other;
            }
        }
        return hash == root && sum == whole;
    }

    /// keccak256(bytes.concat(keccak256(abi.encode(index, holder, value)))), where `value` is the share or the amount:
    /// hashed twice, so that no leaf can pass for a node.
    function leafHash(uint32 index, address holder, uint256 value) internal pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, and(index, 0xffffffff))
            mstore(add(free, 0x20), shr(96, shl(96, holder)))
            mstore(add(free, 0x40), value)
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
