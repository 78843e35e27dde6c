// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Account} from "./Types.sol";

/// @title Royalty accounts: what came in, and what of it is held while a work is contested.
/// @notice Money from before a contest stays its holders'. Money that comes in while an account is held waits for the
/// ruling, up to the hold's cap. When the last contest of a work has closed, what is left of held money is the holders' again.
interface IRoyaltyAccounts {
    event Credited(
        bytes32 indexed accountId, bytes32 indexed beneficiary, bytes32 indexed orderId, bytes32 splitRoot, address token, uint256 amount
    );
    /// @param from what the account had received; what comes in above it, up to `cap`, is held
    event AccountHeld(bytes32 indexed accountId, uint256 from, uint256 cap);
    event HeldMoved(bytes32 indexed fromAccount, bytes32 indexed toAccount, uint256 amount);
    event HoldOpened(bytes32 indexed beneficiary, uint256 epoch, uint256 open);
    event HoldClosed(bytes32 indexed beneficiary, uint256 open);

    error RoyaltyAccounts_NotDesk(address caller);
    error RoyaltyAccounts_NotContested(bytes32 beneficiary);
    error RoyaltyAccounts_MoreThanHeld(bytes32 accountId, uint256 amount, uint256 held);

    /// @notice The rest is by the dispute desk only. One contest more, or one less, of a work.
    function openHold(bytes32 beneficiary) external;
    function closeHold(bytes32 beneficiary) external;
    /// @notice Holds what comes into an account of a contested work from now on, or raises the cap by `cap` where it is held.
    function holdAccount(Account calldata account, uint112 cap) external;
    /// @notice Moves held money to another split of the same work and token, upon a ruling.
    function moveHeld(Account calldata from, bytes32 toSplitRoot, uint256 amount) external;

    function accountId(Account calldata account) external pure returns (bytes32);
    function received(bytes32 accountId_) external view returns (uint256);
    function paidOut(bytes32 accountId_) external view returns (uint256);
    /// @return what of `received` nobody can draw now
    function heldOf(Account calldata account) external view returns (uint256);
}
