// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// The whole, in parts per million: shares, weights and splits sum to it.
uint256 constant PPM = 1_000_000;
