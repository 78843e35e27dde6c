// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @return the `size` bits of `word` that start at bit `offset`, counted from the lowest
function bits(uint256 word, uint256 offset, uint256 size) pure returns (uint256) {
    unchecked {
        return (word >> offset) & ((1 << size) - 1);
    }
}

/// @return the address in the lowest 160 bits of `word`
function addressIn(uint256 word) pure returns (address) {
    return address(uint160(word));
}

/// @return holds whether one of them holds, or both; without the jump that `||` compiles to
function either(bool a, bool b) pure returns (bool holds) {
    assembly ("memory-safe") {
        holds := or(a, b)
    }
}

/// @return hold whether both do; without the jump that `&&` compiles to
function both(bool a, bool b) pure returns (bool hold) {
    assembly ("memory-safe") {
        hold := and(a, b)
    }
}

/// @return word the one at `index`, which the caller knows to be there
function wordAt(bytes32[] calldata words, uint256 index) pure returns (uint256 word) {
    assembly ("memory-safe") {
        word := calldataload(add(words.offset, shl(5, index)))
    }
}
