// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Operators, their keys and their bonds.
/// @notice Anybody can be an operator. An operator's bond in a token covers its open escrow in that token: funding an
/// order locks as much of it, and commit or refund unlocks it. What is being withdrawn covers nothing new, but can
/// still be locked by a challenge until it has left.
interface IOperatorRegistry {
    /// @param signer another key that may sign quotes and commits for the operator, or zero
    /// @param metadataDigest SHA-256 of a document that says who the operator is
    event OperatorRegistered(address indexed operator, address indexed signer, bytes32 metadataDigest);
    event BondDeposited(address indexed operator, address indexed token, uint256 amount);
    event WithdrawalRequested(address indexed operator, address indexed token, uint256 amount, uint256 readyAt);
    event BondWithdrawn(address indexed operator, address indexed token, uint256 amount);
    /// @param amount what is locked for a challenge
    event BondLocked(address indexed operator, address indexed token, uint256 amount, uint256 fromWithdrawal);
    event BondUnlocked(address indexed operator, address indexed token, uint256 amount);
    event BondPaid(address indexed operator, bytes32 indexed orderId, address token, uint256 amount);

    error OperatorRegistry_BondTooLow(address operator, address token, uint256 required, uint256 free);
    error OperatorRegistry_NothingToWithdraw();
    error OperatorRegistry_TooEarly(uint256 readyAt);
    error OperatorRegistry_AmountZero();

    /// @notice Says who the caller is, and names another key that may sign for it; may be repeated.
    function registerOperator(address signer, bytes32 metadataDigest) external;
    /// @notice Adds to an operator's bond. Native coin: send exactly `amount`. ERC-20: approve it first.
    function depositBond(address operator, address token, uint256 amount) external payable;
    /// @notice Starts the withdrawal of what is not locked; added to one that was started, the time starts anew.
    function requestWithdrawal(address token, uint256 amount) external;
    /// @notice Sends the caller what it asked for UNBONDING ago.
    function withdrawBond(address token) external returns (uint256 amount);

    /// @notice By the dispute desk only: locks up to `amount`, of what is free first, then of what is being withdrawn.
    function lockBond(address operator, address token, uint256 amount) external returns (uint256 locked);
    function unlockBond(address operator, address token, uint256 amount) external;

    function signerOf(address operator) external view returns (address);
    /// @return amount the whole bond in `token`, without what is being withdrawn
    /// @return locked what of it covers open orders and challenges
    function bondOf(address operator, address token) external view returns (uint256 amount, uint256 locked);
    function withdrawalOf(address operator, address token) external view returns (uint256 amount, uint256 readyAt);
}
