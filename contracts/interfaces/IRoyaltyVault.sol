// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Account, Claim, HolderLeaf, ProofStep} from "./Types.sol";

/// @title Royalty accounts: what came in, and what each holder has drawn.
/// @notice claimable = floor(received * share / 1,000,000) - drawn. Crediting costs the same for any number of holders.
interface IRoyaltyVault {
    event Credited(
        bytes32 indexed accountId, bytes32 indexed beneficiary, bytes32 indexed orderId, bytes32 splitRoot, address token, uint256 amount
    );
    /// Money has left the account and arrived.
    event Paid(
        bytes32 indexed accountId, address indexed holder, bytes32 indexed beneficiary, uint32 index, address token, uint256 amount
    );
    /// A transfer in a batch failed; the balance stays claimable.
    event PayoutFailed(bytes32 indexed accountId, address indexed holder, uint32 index, uint256 amount);
    /// Money owed to an address outside of the royalty accounts (a refund or fee whose transfer failed).
    event Owed(address indexed to, address indexed token, uint256 amount, bytes32 indexed orderId);
    event OwedWithdrawn(address indexed to, address indexed token, uint256 amount);
    event ThresholdSet(address indexed holder, address indexed token, uint256 threshold);

    error RoyaltyVault_InvalidProof();
    error RoyaltyVault_NothingToClaim();
    error RoyaltyVault_TransferFailed(address to, uint256 amount);
    /// Less gas is left than a bounded transfer needs: send the transaction with more.
    error RoyaltyVault_GasTooLow(uint256 required);
    error RoyaltyVault_BatchTooLarge(uint256 given, uint256 limit);

    /// @notice Sends a holder what is claimable. Anybody may call it; the money only ever goes to the holder.
    function claim(Claim calldata claim_) external returns (uint256 amount);
    /// @notice A bounded batch of claims that skips what is below the holder's threshold, nothing, or fails.
    /// A claim with an invalid proof reverts the batch. The gas for each transfer is bounded.
    /// @return paid how many claims were paid
    function payout(Claim[] calldata claims) external returns (uint256 paid);
    /// @notice Sends `to` what is owed to it. Anybody may call it.
    function withdrawOwed(address token, address to) external returns (uint256 amount);
    function setThreshold(address token, uint256 threshold) external;

    function accountId(Account calldata account) external pure returns (bytes32);
    function received(bytes32 accountId_) external view returns (uint256);
    function paidOut(bytes32 accountId_) external view returns (uint256);
    function drawn(bytes32 accountId_, uint32 index) external view returns (uint256);
    function claimable(Claim calldata claim_) external view returns (uint256);
    function owed(address to, address token) external view returns (uint256);
    function threshold(address holder, address token) external view returns (uint256);
}
