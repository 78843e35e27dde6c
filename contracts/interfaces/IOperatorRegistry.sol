// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Account} from "./Types.sol";

/// @title Operators, their keys and their bonds.
/// @notice Anybody can be an operator. An operator's bond in a token covers its open escrow in that token: funding an
/// order locks as much of it, and commit or refund unlocks it. What is being withdrawn covers nothing new, but can
/// still be locked by a challenge until it has left.
/// A challenge locks all that it asks for, whether it is free or not: an operator whose bond covers other orders takes no
/// new ones until there is enough for all, so that nobody is out of reach by being busy.
interface IOperatorRegistry {
    /// @param signer another key that may sign quotes and commits for the operator, or zero
    /// @param metadataDigest SHA-256 of a document that says who the operator is
    event OperatorRegistered(address indexed operator, address indexed signer, bytes32 metadataDigest);
    event BondDeposited(address indexed operator, address indexed token, uint256 amount);
    event WithdrawalRequested(address indexed operator, address indexed token, uint256 amount, uint256 readyAt);
    event BondWithdrawn(address indexed operator, address indexed token, uint256 amount);
    /// @param amount what is locked for a challenge
    /// @param fromWithdrawal what of it was being withdrawn, and no longer is
    event BondLocked(address indexed operator, address indexed token, uint256 amount, uint256 fromWithdrawal);
    /// A challenge's lock has ended; what is paid from the bond is told apart.
    event BondUnlocked(address indexed operator, address indexed token, uint256 amount);
    event BondPaid(address indexed operator, bytes32 indexed orderId, address token, uint256 amount);

    error OperatorRegistry_BondTooLow(address operator, address token, uint256 required, uint256 free);
    error OperatorRegistry_NothingToWithdraw();
    error OperatorRegistry_TooEarly(uint256 readyAt);
    error OperatorRegistry_AmountZero();
    error OperatorRegistry_MoreThanLocked(uint256 amount, uint256 locked);

    /// @notice Says who the caller is, and names another key that may sign for it; may be repeated.
    function registerOperator(address signer, bytes32 metadataDigest) external;
    /// @notice Adds to an operator's bond. Native coin: send exactly `amount`. ERC-20: approve it first.
    function depositBond(address operator, address token, uint256 amount) external payable;
    /// @notice Starts the withdrawal of what is not locked; added to one that was started, the time starts anew.
    function requestWithdrawal(address token, uint256 amount) external;
    /// @notice Sends the caller what it asked for UNBONDING ago.
    function withdrawBond(address token) external returns (uint256 amount);

    /// @notice By the dispute desk only: locks `amount`. What is not free is taken from what is being withdrawn, as far as
    /// that goes.
    function lockBond(address operator, address token, uint256 amount) external;
    /// @notice By the dispute desk only: ends a challenge's lock of `amount`.
    function unlockBond(address operator, address token, uint256 amount) external;
    /// @notice By the dispute desk only: pays a fine from what of the operator's bond covers no open order, and from what is
    /// being withdrawn.
    /// @param reason what events tell in the place of an order's id; never one
    /// @param pool the account of a model's training pool, which is credited `toPool`
    function payFine(
        bytes32 reason,
        address operator,
        Account calldata pool,
        uint256 toPool,
        address finder,
        uint256 toFinder
    ) external;

    function signerOf(address operator) external view returns (address);
    /// @return amount the whole bond in `token`, without what is being withdrawn
    /// @return locked what covers open orders, and what challenges ask for; the latter may be more than there is
    function bondOf(address operator, address token) external view returns (uint256 amount, uint256 locked);
    /// @return what of the bond challenges can be paid from now: all that does not cover open orders
    function challengeableOf(address operator, address token) external view returns (uint256);
    function withdrawalOf(address operator, address token) external view returns (uint256 amount, uint256 readyAt);
}
