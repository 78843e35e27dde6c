// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Claim} from "./Types.sol";

/// @title Claims and payouts of rights holders.
/// @notice claimable = floor((received - held) * share / 1,000,000) - drawn. A place in a split is paid once its holder
/// has confirmed it: by claiming itself, or by a signature. Until then its money waits.
interface IRoyaltyVault {
    /// Who is paid what a holder's place in an account earns.
    enum PlaceStatus {
        Unconfirmed,
        Confirmed,
        Readdressed // its money goes to another address, see IHolderRecovery
    }

    /// A holder's place in an account; one slot.
    struct Place {
        uint128 drawn;
        PlaceStatus status;
    }

    /// Money has left the account and arrived at `payee`, the holder unless its place was readdressed.
    event Paid(bytes32 indexed accountId, address indexed payee, uint32 index, uint256 amount);
    /// A transfer in a batch failed; the balance stays claimable.
    event PayoutFailed(bytes32 indexed accountId, address indexed payee, uint32 index, uint256 amount);
    event PlaceConfirmed(bytes32 indexed accountId, address indexed holder, uint32 index);
    /// From now on the money of this place goes to `payee`.
    event PlaceReaddressed(bytes32 indexed accountId, uint32 indexed index, address indexed payee);
    event ThresholdSet(address indexed holder, address indexed token, uint256 threshold);

    error RoyaltyVault_InvalidProof();
    error RoyaltyVault_NothingToClaim();
    /// The holder has not confirmed its place: it can claim itself, or sign a confirmation.
    error RoyaltyVault_NotConfirmed(address holder, uint32 index);
    error RoyaltyVault_BadConfirmation(address holder, uint32 index);
    error RoyaltyVault_NotRecovery(address caller);
    error RoyaltyVault_BatchTooLarge(uint256 given, uint256 limit);
    error RoyaltyVault_CountMismatch(uint256 expected, uint256 given);

    /// @notice Sends a holder what is claimable. Anybody may call it once the place is confirmed; the holder any time.
    function claim(Claim calldata claim_) external returns (uint256 amount);
    /// @notice A bounded batch of claims that skips what is unconfirmed, below the holder's threshold, nothing, or fails.
    /// A claim with an invalid proof reverts the batch. The gas for each transfer is bounded.
    /// @return paid how many claims were paid
    function payout(Claim[] calldata claims) external returns (uint256 paid);
    /// @notice Confirms places with their holders' signatures; an empty one where the holder itself sends this.
    function confirm(Claim[] calldata claims, bytes[] calldata signatures) external;
    /// @notice No payout sends less than this to the caller; a claim does.
    function setThreshold(address token, uint256 threshold_) external;

    /// @notice By the recovery contract only: pays this place to another address from now on.
    function readdress(Claim calldata claim_, address payee) external;

    function placeOf(bytes32 accountId_, uint32 index) external view returns (Place memory);
    /// @return the address that a readdressed place is paid to, zero for any other
    function payeeOf(bytes32 accountId_, uint32 index) external view returns (address);
    function claimable(Claim calldata claim_) external view returns (uint256);
    function threshold(address holder, address token) external view returns (uint256);
}
