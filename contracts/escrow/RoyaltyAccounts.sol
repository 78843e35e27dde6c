// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IRoyaltyAccounts} from "../interfaces/IRoyaltyAccounts.sol";
import {Account} from "../interfaces/Types.sol";

/// @notice Credits royalty accounts, and holds what a contest disputes. See IRoyaltyAccounts.
abstract contract RoyaltyAccounts is IRoyaltyAccounts {
    using SafeCast for uint256;

    /// Running totals of one account; one slot. `epoch` is that of its last hold, 0 if it was never held.
    struct Totals {
        uint112 received;
        uint112 paid;
        uint32 epoch;
    }

    struct Hold {
        uint112 from;
        uint112 cap;
    }

    /// `epoch` counts the times that a work went from uncontested to contested; a hold lives in one epoch.
    struct Contests {
        uint32 epoch;
        uint32 open;
    }

    /// The dispute desk.
    address public immutable desk;

    mapping(bytes32 accountId => Totals) internal _totals;
    mapping(bytes32 accountId => Hold) private _holds;
    mapping(bytes32 beneficiary => Contests) private _contests;

    modifier onlyDesk() {
        if (msg.sender != desk) revert RoyaltyAccounts_NotDesk(msg.sender);
        _;
    }

    constructor(address desk_) {
        desk = desk_;
    }

    /// Adds to an account. A credit of nothing is skipped.
    function _credit(bytes32 orderId, bytes32 beneficiary, bytes32 splitRoot, address token, uint256 amount) internal {
        if (amount == 0) return;
        bytes32 id = _accountId(beneficiary, splitRoot, token);
        _totals[id].received += amount.toUint112();
        emit Credited(id, beneficiary, orderId, splitRoot, token, amount);
    }

    /* HELD MONEY */

    /// @inheritdoc IRoyaltyAccounts
    function openHold(bytes32 beneficiary) external onlyDesk {
        Contests storage contests = _contests[beneficiary];
        if (contests.open == 0) ++contests.epoch;
        emit HoldOpened(beneficiary, contests.epoch, ++contests.open);
    }

    /// @inheritdoc IRoyaltyAccounts
    function closeHold(bytes32 beneficiary) external onlyDesk {
        emit HoldClosed(beneficiary, --_contests[beneficiary].open);
    }

    /// @inheritdoc IRoyaltyAccounts
    function holdAccount(Account calldata account, uint112 cap) external onlyDesk {
        Contests memory contests = _contests[account.beneficiary];
        if (contests.open == 0) revert RoyaltyAccounts_NotContested(account.beneficiary);
        bytes32 id = accountId(account);
        Totals storage totals = _totals[id];
        Hold storage hold = _holds[id];
        if (totals.epoch != contests.epoch) {
            totals.epoch = contests.epoch;
            (hold.from, hold.cap) = (totals.received, 0);
        }
        hold.cap += cap;
        emit AccountHeld(id, hold.from, hold.cap);
    }

    /// @inheritdoc IRoyaltyAccounts
    function moveHeld(Account calldata from, bytes32 toSplitRoot, uint256 amount) external onlyDesk {
        bytes32 id = accountId(from);
        uint256 held = _held(id, from.beneficiary);
        if (amount > held) revert RoyaltyAccounts_MoreThanHeld(id, amount, held);
        bytes32 to = _accountId(from.beneficiary, toSplitRoot, from.token);
        _totals[id].received -= amount.toUint112();
        _totals[to].received += amount.toUint112();
        emit HeldMoved(id, to, amount);
    }

    /// What of an account nobody can draw now. An account that was never held costs no further read.
    function _held(bytes32 id, bytes32 beneficiary) internal view returns (uint256) {
        Totals memory totals = _totals[id];
        if (totals.epoch == 0) return 0;
        Contests memory contests = _contests[beneficiary];
        if (contests.open == 0 || contests.epoch != totals.epoch) return 0;
        Hold memory hold = _holds[id];
        return Math.min(totals.received - hold.from, hold.cap);
    }

    /* VIEWS */

    /// @inheritdoc IRoyaltyAccounts
    function accountId(Account calldata account) public pure returns (bytes32) {
        return _accountId(account.beneficiary, account.splitRoot, account.token);
    }

    /// @inheritdoc IRoyaltyAccounts
    function received(bytes32 accountId_) external view returns (uint256) {
        return _totals[accountId_].received;
    }

    /// @inheritdoc IRoyaltyAccounts
    function paidOut(bytes32 accountId_) external view returns (uint256) {
        return _totals[accountId_].paid;
    }

    /// @inheritdoc IRoyaltyAccounts
    function heldOf(Account calldata account) external view returns (uint256) {
        return _held(accountId(account), account.beneficiary);
    }

    function _accountId(bytes32 beneficiary, bytes32 splitRoot, address token) internal pure returns (bytes32) {
        return keccak256(abi.encode(beneficiary, splitRoot, token));
    }
}
