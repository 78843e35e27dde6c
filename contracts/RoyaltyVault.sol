// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IRoyaltyVault} from "./interfaces/IRoyaltyVault.sol";
import {Account, Claim} from "./interfaces/Types.sol";
import {MerkleSum} from "./libraries/MerkleSum.sol";
import {PPM} from "./libraries/Ppm.sol";
import {Push} from "./libraries/Push.sol";

/// @notice Credits and pays royalty accounts. See IRoyaltyVault.
abstract contract RoyaltyVault is IRoyaltyVault, ReentrancyGuardTransient {
    using SafeCast for uint256;

    uint256 private constant MAX_BATCH = 100;

    /// Running totals of one account; one slot.
    struct Totals {
        uint128 received;
        uint128 paid;
    }

    mapping(bytes32 accountId => Totals) private _totals;
    mapping(bytes32 accountId => mapping(uint32 index => uint256)) private _drawn;
    mapping(address to => mapping(address token => uint256)) private _owed;
    mapping(address holder => mapping(address token => uint256)) private _threshold;

    /* CLAIMS */

    /// @inheritdoc IRoyaltyVault
    function claim(Claim calldata claim_) external nonReentrant returns (uint256 amount) {
        bytes32 id = accountId(claim_.account);
        amount = _claimable(id, claim_);
        if (amount == 0) revert RoyaltyVault_NothingToClaim();

        _draw(id, claim_, amount);
        if (!Push.unbounded(claim_.account.token, claim_.leaf.holder, amount)) {
            revert RoyaltyVault_TransferFailed(claim_.leaf.holder, amount);
        }
        _announce(id, claim_, amount);
    }

    /// @inheritdoc IRoyaltyVault
    function payout(Claim[] calldata claims) external nonReentrant returns (uint256 paid) {
        if (claims.length > MAX_BATCH) revert RoyaltyVault_BatchTooLarge(claims.length, MAX_BATCH);
        for (uint256 i; i < claims.length; ++i) {
            if (_payOne(claims[i])) ++paid;
        }
    }

    /// @inheritdoc IRoyaltyVault
    function setThreshold(address token, uint256 threshold_) external {
        _threshold[msg.sender][token] = threshold_;
        emit ThresholdSet(msg.sender, token, threshold_);
    }

    function _payOne(Claim calldata claim_) private returns (bool paid) {
        bytes32 id = accountId(claim_.account);
        address token = claim_.account.token;
        address holder = claim_.leaf.holder;
        uint256 amount = _claimable(id, claim_);
        if (amount == 0 || amount < _threshold[holder][token]) return false;

        // Drawn before the transfer, so that a receiver that looks sees the balance gone.
        Totals memory totals = _totals[id];
        uint256 drawn_ = _drawn[id][claim_.leaf.index];
        _draw(id, claim_, amount);
        paid = Push.bounded(token, holder, amount);
        if (paid) {
            _announce(id, claim_, amount);
        } else {
            _totals[id] = totals;
            _drawn[id][claim_.leaf.index] = drawn_;
            emit PayoutFailed(id, holder, claim_.leaf.index, amount);
        }
    }

    function _draw(bytes32 id, Claim calldata claim_, uint256 amount) private {
        _totals[id].paid += amount.toUint128();
        _drawn[id][claim_.leaf.index] += amount;
    }

    /// `Paid` is said only of money that has left.
    function _announce(bytes32 id, Claim calldata claim_, uint256 amount) private {
        emit Paid(id, claim_.leaf.holder, claim_.account.beneficiary, claim_.leaf.index, claim_.account.token, amount);
    }

    /// Multiplies before it divides; the fraction of a unit stays in the account until more comes in.
    function _claimable(bytes32 id, Claim calldata claim_) private view returns (uint256) {
        if (!MerkleSum.proves(claim_.leaf, claim_.proof, claim_.account.splitRoot)) revert RoyaltyVault_InvalidProof();
        uint256 earned = uint256(_totals[id].received) * claim_.leaf.share / PPM;
        uint256 drawn_ = _drawn[id][claim_.leaf.index];
        // Two leaves of one tree may carry the same index: then they draw on one balance, the larger of the two.
        return earned > drawn_ ? earned - drawn_ : 0;
    }

    /* CREDITS AND DEBTS */

    /// Adds to an account. A credit of nothing is skipped.
    function _credit(bytes32 orderId, bytes32 beneficiary, bytes32 splitRoot, address token, uint256 amount) internal {
        if (amount == 0) return;
        bytes32 id = _accountId(beneficiary, splitRoot, token);
        _totals[id].received += amount.toUint128();
        emit Credited(id, beneficiary, orderId, splitRoot, token, amount);
    }

    /// Sends `amount`, or owes it to `to` where the transfer fails: a settlement never waits for a receiver.
    function _pay(bytes32 orderId, address token, address to, uint256 amount) internal {
        if (amount == 0 || Push.bounded(token, to, amount)) return;
        _owed[to][token] += amount;
        emit Owed(to, token, amount, orderId);
    }

    /// @inheritdoc IRoyaltyVault
    function withdrawOwed(address token, address to) external nonReentrant returns (uint256 amount) {
        amount = _owed[to][token];
        if (amount == 0) revert RoyaltyVault_NothingToClaim();
        delete _owed[to][token];
        if (!Push.unbounded(token, to, amount)) revert RoyaltyVault_TransferFailed(to, amount);
        emit OwedWithdrawn(to, token, amount);
    }

    /* VIEWS */

    /// @inheritdoc IRoyaltyVault
    function accountId(Account calldata account) public pure returns (bytes32) {
        return _accountId(account.beneficiary, account.splitRoot, account.token);
    }

    /// @inheritdoc IRoyaltyVault
    function received(bytes32 accountId_) external view returns (uint256) {
        return _totals[accountId_].received;
    }

    /// @inheritdoc IRoyaltyVault
    function paidOut(bytes32 accountId_) external view returns (uint256) {
        return _totals[accountId_].paid;
    }

    /// @inheritdoc IRoyaltyVault
    function drawn(bytes32 accountId_, uint32 index) external view returns (uint256) {
        return _drawn[accountId_][index];
    }

    /// @inheritdoc IRoyaltyVault
    function claimable(Claim calldata claim_) external view returns (uint256) {
        return _claimable(accountId(claim_.account), claim_);
    }

    /// @inheritdoc IRoyaltyVault
    function owed(address to, address token) external view returns (uint256) {
        return _owed[to][token];
    }

    /// @inheritdoc IRoyaltyVault
    function threshold(address holder, address token) external view returns (uint256) {
        return _threshold[holder][token];
    }

    function _accountId(bytes32 beneficiary, bytes32 splitRoot, address token) private pure returns (bytes32) {
        return keccak256(abi.encode(beneficiary, splitRoot, token));
    }
}
