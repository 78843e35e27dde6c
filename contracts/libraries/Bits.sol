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
