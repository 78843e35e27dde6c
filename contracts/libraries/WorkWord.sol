// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {addressIn, bits} from "./Bits.sol";

/// @title What is stored of a work, in one word: licensor 160 bits | version 32 | contests 32 | recording 1 | barred 1.
/// @notice `version` is the one in force, from 1; `contests` those that wait for a ruling. 0 is no work.
library WorkWord {
    uint256 private constant VERSION = 1 << 160; // added for one version more
    uint256 internal constant CONTEST = 1 << 192;
    uint256 internal constant RECORDING = 1 << 224;
    uint256 internal constant BARRED = 1 << 225;

    uint256 private constant DISPUTED = BARRED | (1 << 224) - (1 << 192);

    function created(address licensor_) internal pure returns (uint256) {
        return uint160(licensor_) | VERSION;
    }

    function withLicensor(uint256 work, address licensor_) internal pure returns (uint256) {
        return work >> 160 << 160 | uint160(licensor_);
    }

    function withNextVersion(uint256 work) internal pure returns (uint256) {
        unchecked {
            return work + VERSION;
        }
    }

    function licensor(uint256 work) internal pure returns (address) {
        return addressIn(work);
    }

    function version(uint256 work) internal pure returns (uint256) {
        return bits(work, 160, 32);
    }

    function contests(uint256 work) internal pure returns (uint256) {
        return bits(work, 192, 32);
    }

    function isRecording(uint256 work) internal pure returns (bool) {
        return work & RECORDING != 0;
    }

    function isBarred(uint256 work) internal pure returns (bool) {
        return work & BARRED != 0;
    }

    /// Whether it is contested or barred.
    function isDisputed(uint256 work) internal pure returns (bool) {
        return work & DISPUTED != 0;
    }
}
