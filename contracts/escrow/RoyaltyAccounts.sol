// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IRoyaltyAccounts} from "../interfaces/IRoyaltyAccounts.sol";
import {Account, Release} from "../interfaces/Types.sol";
import {PPM} from "../libraries/Ppm.sol";

/// @notice Credits royalty accounts, and holds what a contest disputes. See IRoyaltyAccounts.
abstract contract RoyaltyAccounts is IRoyaltyAccounts {
    using SafeCast for uint256;

    /// One slot. `epoch` is that of its last hold, 0 if it was never held. What was paid out is the sum of what the
    /// holders have drawn, which the split's tree keeps within what was received.
    struct Totals {
        uint128 received;
        uint32 epoch;
        bool awarded; // by a ruling
    }

    /// What came in above `from` is held, up to `cap`: the caps of all contests that hold the account.
    struct Hold {
        uint128 from;
        uint128 cap;
    }

    /// `epoch` counts the times that a work went from uncontested to contested; a hold lives in one epoch.
    struct Contests {
        uint32 epoch;
        uint32 open;
    }

    /// The dispute desk.
    address public immutable desk;

    mapping(bytes32 accountId => Totals) private _totals;
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
        bytes32 id = _add(beneficiary, splitRoot, token, amount);
        emit Credited(id, orderId, amount);
    }

    function _add(bytes32 beneficiary, bytes32 splitRoot, address token, uint256 amount) private returns (bytes32 id) {
        id = _accountId(beneficiary, splitRoot, token);
        Totals storage totals = _totals[id];
        uint256 before = totals.received;
        if (before == 0) emit AccountOpened(id, beneficiary, splitRoot, token);
        totals.received = (before + amount).toUint128();
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
    function holdAccount(Account calldata account, uint128 cap) external onlyDesk {
        Contests memory contests = _contests[account.beneficiary];
        if (contests.open == 0) revert RoyaltyAccounts_NotContested(account.beneficiary);
        bytes32 id = accountId(account);
        Totals memory totals = _totals[id];
        uint256 held = _held(id, account.beneficiary, totals);
        uint256 present = totals.epoch == contests.epoch ? _holds[id].cap : 0;
        _totals[id].epoch = contests.epoch;
        _setHold(id, held, present + cap);
    }

    /// @inheritdoc IRoyaltyAccounts
    function releaseAccount(Account calldata account, Release calldata release)
        external
        onlyDesk
        returns (uint256 moved)
    {
        bytes32 id = accountId(account);
        uint256 held = heldOf(account);
        moved = Math.min(held, Math.min(release.cap, release.own)) * release.ppm / PPM;
        if (moved != 0) {
            _totals[id].received -= moved.toUint128();
            bytes32 to = _add(account.beneficiary, release.toSplitRoot, account.token, moved);
            _totals[to].awarded = true;
            emit HeldMoved(id, to, moved);
        }
        uint256 left = _holds[id].cap - release.cap;
        _setHold(id, Math.min(held - moved, Math.min(left, release.others)), left);
    }

    /// What is free stays free: only what is held now, and what comes in above it, can be held from here on.
    function _setHold(bytes32 id, uint256 held, uint256 cap) private {
        uint256 from = _totals[id].received - held;
        _holds[id] = Hold(from.toUint128(), cap.toUint128());
        emit AccountHeld(id, from, cap);
    }

    /// What of an account its holders share. An account that was never held costs no further read.
    function _free(bytes32 id, bytes32 beneficiary) internal view returns (uint256) {
        Totals memory totals = _totals[id];
        unchecked {
            return totals.received - _held(id, beneficiary, totals); // at most what was received
        }
    }

    /// What of an account nobody can draw now.
    function _held(bytes32 id, bytes32 beneficiary, Totals memory totals) private view returns (uint256) {
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
    function isAwarded(bytes32 accountId_) external view returns (bool) {
        return _totals[accountId_].awarded;
    }

    /// @inheritdoc IRoyaltyAccounts
    function heldOf(Account calldata account) public view returns (uint256) {
        bytes32 id = accountId(account);
        return _held(id, account.beneficiary, _totals[id]);
    }

    /// keccak256(abi.encode(beneficiary, splitRoot, token))
    function _accountId(bytes32 beneficiary, bytes32 splitRoot, address token) internal pure returns (bytes32 id) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, beneficiary)
            mstore(add(free, 0x20), splitRoot)
            mstore(add(free, 0x40), shr(96, shl(96, token)))
            id := keccak256(free, 0x60)
        }
    }
}
