// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Why a quote or a commit makes no sense, whatever the state of the chain.
interface IOrderErrors {
    /// Bits of a packed word are set that have no meaning.
    error Orders_SpareBits();
    error Orders_SourceCount(uint256 given);
    /// Works of the inference set rise by id; compositions follow, in the order of their recordings.
    error Orders_SourcesUnordered();
    error Orders_WeightsDoNotSum(uint256 sum);
    error Orders_BoundsInvalid();
    error Orders_DurationInvalid(uint256 duration);
    error Orders_SharesDoNotSum(uint256 sum);
    /// A share is given for a place where the order has no source.
    error Orders_ShareCount(uint256 expected);
    error Orders_BaseShareTooHigh(uint256 baseShare, uint256 maxBaseShare);
    error Orders_ShareTooLow(bytes32 workId, uint256 share, uint256 minShare);
}
