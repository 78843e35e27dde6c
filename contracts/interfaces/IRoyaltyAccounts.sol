// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Account, Release} from "./Types.sol";

/// @title Royalty accounts: what came in, and what of it is held while a work is contested.
/// @notice Money from before a contest stays its holders'. Money that comes in while an account is held waits for the
/// ruling, up to the hold's cap. Where several contests hold an account their caps add up, and what is held is held for
/// all of them: the one that is ruled on first can be awarded up to its cap, the rest stays held up to the caps of the
/// others, and what is free stays free. No contest holds, or is awarded, what came in before it: so no unit waits for
/// longer than one ruling may take. When the last contest of a work has closed, nothing is held any more.
interface IRoyaltyAccounts {
    /// What an account is, said when money first comes in.
    event AccountOpened(
        bytes32 indexed accountId, bytes32 indexed beneficiary, bytes32 splitRoot, address indexed token
    );
    event Credited(bytes32 indexed accountId, bytes32 indexed orderId, uint256 amount);
    /// What the account receives above `from`, up to `cap`, is held from now on.
    event AccountHeld(bytes32 indexed accountId, uint256 from, uint256 cap);
    event HeldMoved(bytes32 indexed fromAccount, bytes32 indexed toAccount, uint256 amount);
    event HoldOpened(bytes32 indexed beneficiary, uint256 epoch, uint256 open);
    event HoldClosed(bytes32 indexed beneficiary, uint256 open);

    error RoyaltyAccounts_NotDesk(address caller);
    error RoyaltyAccounts_NotContested(bytes32 beneficiary);

    /// @notice The rest is by the dispute desk only. One contest more, or one less, of a work.
    function openHold(bytes32 beneficiary) external;
    function closeHold(bytes32 beneficiary) external;
    /// @notice Holds what comes into an account of a contested work from now on, or raises the cap by `cap` where it is held.
    function holdAccount(Account calldata account, uint128 cap) external;
    /// @notice Ends one contest's hold and, upon a ruling, moves floor(min(held, cap, own) * ppm / 1,000,000) to another
    /// split of the same work and token. Of what is left the rest of the caps holds what came in since the others began.
    function releaseAccount(Account calldata account, Release calldata release) external returns (uint256 moved);

    function accountId(Account calldata account) external pure returns (bytes32);
    function received(bytes32 accountId_) external view returns (uint256);
    /// @return whether a ruling awarded it money: its places are then not the licensor's to readdress
    function isAwarded(bytes32 accountId_) external view returns (bool);
    /// @return what of `received` nobody can draw now
    function heldOf(Account calldata account) external view returns (uint256);
}
