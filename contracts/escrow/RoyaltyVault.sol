// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IRoyaltyVault} from "../interfaces/IRoyaltyVault.sol";
import {Claim} from "../interfaces/Types.sol";
import {MerkleSum} from "../libraries/MerkleSum.sol";
import {OrderTypes} from "../libraries/OrderTypes.sol";
import {PPM} from "../libraries/Ppm.sol";
import {Push} from "../libraries/Push.sol";
import {Payments} from "./Payments.sol";
import {RoyaltyAccounts} from "./RoyaltyAccounts.sol";

/// @notice Pays rights holders. See IRoyaltyVault.
abstract contract RoyaltyVault is IRoyaltyVault, RoyaltyAccounts, Payments, EIP712 {
    using SafeCast for uint256;

    uint256 private constant MAX_BATCH = 100;

    /// One slot.
    struct Place {
        uint128 drawn;
        PlaceStatus status;
    }

    /// The contract that decides about lost holders, see IHolderRecovery.
    address public immutable recovery;

    mapping(bytes32 accountId => mapping(uint32 index => Place)) private _places;
    mapping(bytes32 accountId => mapping(uint32 index => address)) private _payees;
    mapping(address holder => mapping(address token => uint256)) private _threshold;

    constructor(address recovery_) {
        recovery = recovery_;
    }

    /* CLAIMS */

    /// @inheritdoc IRoyaltyVault
    function claim(Claim calldata claim_) external nonReentrant returns (uint256 amount) {
        bytes32 id = accountId(claim_.account);
        Place storage place = _places[id][claim_.leaf.index];
        if (place.status == PlaceStatus.Unconfirmed) {
            if (msg.sender != claim_.leaf.holder) {
                revert RoyaltyVault_NotConfirmed(claim_.leaf.holder, claim_.leaf.index);
            }
            _requireProven(claim_);
            _confirm(id, claim_);
        }
        amount = _claimable(id, claim_);
        if (amount == 0) revert RoyaltyVault_NothingToClaim();

        _totals[id].paid += amount.toUint112();
        place.drawn += uint128(amount);
        address payee = _payeeOf(id, claim_);
        emit Paid(id, payee, claim_.account.beneficiary, claim_.leaf.index, claim_.account.token, amount);
        _send(claim_.account.token, payee, amount);
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
        uint32 index = claim_.leaf.index;
        uint256 amount = _claimable(id, claim_);
        address payee = _payeeOf(id, claim_);
        Place memory place = _places[id][index];
        if (place.status == PlaceStatus.Unconfirmed || amount == 0 || amount < _threshold[payee][token]) return false;

        // Drawn before the transfer, so that a receiver that looks sees the balance gone.
        Totals memory totals = _totals[id];
        _totals[id].paid = totals.paid + amount.toUint112();
        _places[id][index].drawn = place.drawn + uint128(amount);
        paid = Push.bounded(token, payee, amount);
        if (paid) {
            emit Paid(id, payee, claim_.account.beneficiary, index, token, amount);
        } else {
            _totals[id] = totals;
            _places[id][index] = place;
            emit PayoutFailed(id, payee, index, amount);
        }
    }

    /// Multiplies before it divides; the fraction of a unit stays in the account until more comes in.
    function _claimable(bytes32 id, Claim calldata claim_) private view returns (uint256) {
        _requireProven(claim_);
        uint256 free = _totals[id].received - _held(id, claim_.account.beneficiary);
        uint256 earned = free * claim_.leaf.share / PPM;
        uint256 drawn = _places[id][claim_.leaf.index].drawn;
        // Two leaves of one tree may carry the same index: then they draw on one balance, the larger of the two.
        return earned > drawn ? earned - drawn : 0;
    }

    function _payeeOf(bytes32 id, Claim calldata claim_) private view returns (address) {
        uint32 index = claim_.leaf.index;
        bool readdressed = _places[id][index].status == PlaceStatus.Readdressed;
        return readdressed ? _payees[id][index] : claim_.leaf.holder;
    }

    /* CONFIRMATIONS */

    /// @inheritdoc IRoyaltyVault
    function confirm(Claim[] calldata claims, bytes[] calldata signatures) external {
        if (signatures.length != claims.length) revert RoyaltyVault_CountMismatch(claims.length, signatures.length);
        for (uint256 i; i < claims.length; ++i) {
            Claim calldata claim_ = claims[i];
            _requireProven(claim_);
            _requireConfirmed(claim_, signatures[i]);
            bytes32 id = accountId(claim_.account);
            if (_places[id][claim_.leaf.index].status == PlaceStatus.Unconfirmed) _confirm(id, claim_);
        }
    }

    function _requireConfirmed(Claim calldata claim_, bytes calldata signature) private view {
        address holder = claim_.leaf.holder;
        if (msg.sender == holder && signature.length == 0) return;
        bytes32 hash =
            OrderTypes.hashConfirmation(claim_.account.beneficiary, claim_.account.splitRoot, claim_.leaf);
        if (!SignatureChecker.isValidSignatureNowCalldata(holder, _hashTypedDataV4(hash), signature)) {
            revert RoyaltyVault_BadConfirmation(holder, claim_.leaf.index);
        }
    }

    function _confirm(bytes32 id, Claim calldata claim_) private {
        _places[id][claim_.leaf.index].status = PlaceStatus.Confirmed;
        emit PlaceConfirmed(id, claim_.leaf.holder, claim_.leaf.index);
    }

    /// @inheritdoc IRoyaltyVault
    function readdress(Claim calldata claim_, address payee) external {
        if (msg.sender != recovery) revert RoyaltyVault_NotRecovery(msg.sender);
        bytes32 id = accountId(claim_.account);
        uint32 index = claim_.leaf.index;
        _places[id][index].status = PlaceStatus.Readdressed;
        _payees[id][index] = payee;
        emit PlaceReaddressed(id, index, payee);
    }

    function _requireProven(Claim calldata claim_) private pure {
        if (!MerkleSum.proves(claim_.leaf, claim_.proof, claim_.account.splitRoot, MerkleSum.MAX_HOLDER_STEPS)) {
            revert RoyaltyVault_InvalidProof();
        }
    }

    /* VIEWS */

    /// @inheritdoc IRoyaltyVault
    function placeOf(bytes32 accountId_, uint32 index) external view returns (uint256 drawn, PlaceStatus status) {
        Place memory place = _places[accountId_][index];
        return (place.drawn, place.status);
    }

    /// @inheritdoc IRoyaltyVault
    function payeeOf(bytes32 accountId_, uint32 index) external view returns (address) {
        return _payees[accountId_][index];
    }

    /// @inheritdoc IRoyaltyVault
    function claimable(Claim calldata claim_) external view returns (uint256) {
        return _claimable(accountId(claim_.account), claim_);
    }

    /// @inheritdoc IRoyaltyVault
    function threshold(address holder, address token) external view returns (uint256) {
        return _threshold[holder][token];
    }
}
