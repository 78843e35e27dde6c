// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IRoyaltyVault} from "../interfaces/IRoyaltyVault.sol";
import {Claim} from "../interfaces/Types.sol";
import {MerkleSum} from "../libraries/MerkleSum.sol";
import {OrderTypes} from "../libraries/OrderTypes.sol";
import {PPM} from "../libraries/Ppm.sol";
import {Push} from "../libraries/Push.sol";
import {Signatures} from "../libraries/Signatures.sol";
import {Payments} from "./Payments.sol";
import {RoyaltyAccounts} from "./RoyaltyAccounts.sol";

/// @notice Pays rights holders. See IRoyaltyVault.
abstract contract RoyaltyVault is IRoyaltyVault, RoyaltyAccounts, Payments, EIP712 {
    uint256 private constant MAX_BATCH = 100;

    /// Who is paid for a lost holder. Leaves that carry one index share a balance, but not a successor.
    struct Successor {
        address holder;
        address payee;
    }

    /// The contract that decides about lost holders, see IHolderRecovery.
    address public immutable recovery;

    mapping(bytes32 accountId => mapping(uint32 index => Place)) private _places;
    mapping(bytes32 accountId => mapping(uint32 index => Successor)) private _successors;
    mapping(address holder => mapping(address token => uint256)) private _threshold;

    constructor(address recovery_) {
        recovery = recovery_;
    }

    /* CLAIMS */

    /// @inheritdoc IRoyaltyVault
    function claim(Claim calldata claim_) external nonReentrant returns (uint256 amount) {
        (bytes32 id, Place memory place) = _find(claim_);
        if (place.status == PlaceStatus.Unconfirmed) {
            if (msg.sender != claim_.leaf.holder) {
                revert RoyaltyVault_NotConfirmed(claim_.leaf.holder, claim_.leaf.index);
            }
            place.status = PlaceStatus.Confirmed;
            emit PlaceConfirmed(id, claim_.leaf.holder, claim_.leaf.index);
        }
        amount = _claimable(id, claim_, place.drawn);
        if (amount == 0) revert RoyaltyVault_NothingToClaim();

        unchecked {
            place.drawn += uint128(amount); // at most what was received
        }
        _places[id][claim_.leaf.index] = place;
        address payee = _payeeOf(id, claim_, place.status);
        emit Paid(id, payee, claim_.leaf.index, amount);
        _send(claim_.account.token, payee, amount);
    }

    /// @inheritdoc IRoyaltyVault
    function payout(Claim[] calldata claims) external nonReentrant returns (uint256 paid) {
        if (claims.length > MAX_BATCH) revert RoyaltyVault_BatchTooLarge(claims.length, MAX_BATCH);
        for (uint256 i; i < claims.length; ++i) {
            if (_payOne(claims[i])) ++paid;
        }
    }

    function _payOne(Claim calldata claim_) private returns (bool paid) {
        (bytes32 id, Place memory place) = _find(claim_);
        uint32 index = claim_.leaf.index;
        address token = claim_.account.token;
        uint256 amount = _claimable(id, claim_, place.drawn);
        address payee = _payeeOf(id, claim_, place.status);
        if (place.status == PlaceStatus.Unconfirmed || amount == 0 || amount < _threshold[payee][token]) return false;

        // Drawn before the transfer, so that a receiver that looks sees the balance gone.
        _places[id][index].drawn = place.drawn + uint128(amount);
        paid = Push.bounded(token, payee, amount);
        if (paid) {
            emit Paid(id, payee, index, amount);
        } else {
            _places[id][index].drawn = place.drawn;
            emit PayoutFailed(id, payee, index, amount);
        }
    }

    /// The account and the place of a claim that is proved.
    function _find(Claim calldata claim_) private view returns (bytes32 id, Place memory place) {
        if (!MerkleSum.proves(claim_.leaf, claim_.proof, claim_.account.splitRoot)) {
            revert RoyaltyVault_InvalidProof();
        }
        id = accountId(claim_.account);
        place = _places[id][claim_.leaf.index];
    }

    /// Multiplies before it divides; the fraction of a unit stays in the account until more comes in.
    function _claimable(bytes32 id, Claim calldata claim_, uint256 drawn) private view returns (uint256) {
        unchecked {
            uint256 earned = _free(id, claim_.account.beneficiary) * claim_.leaf.share / PPM; // 128 + 32 bits
            // Two leaves of one tree may carry the same index: then they draw on one balance, the larger of the two.
            return earned > drawn ? earned - drawn : 0;
        }
    }

    function _payeeOf(bytes32 id, Claim calldata claim_, PlaceStatus status) private view returns (address payee) {
        payee = claim_.leaf.holder;
        if (status == PlaceStatus.Readdressed) {
            Successor storage successor = _successors[id][claim_.leaf.index];
            if (successor.holder == payee) payee = successor.payee;
        }
    }

    /// @inheritdoc IRoyaltyVault
    function setThreshold(address token, uint256 threshold_) external {
        _threshold[msg.sender][token] = threshold_;
        emit ThresholdSet(msg.sender, token, threshold_);
    }

    /* CONFIRMATIONS */

    /// @inheritdoc IRoyaltyVault
    function confirm(Claim[] calldata claims, bytes[] calldata signatures) external {
        if (signatures.length != claims.length) revert RoyaltyVault_CountMismatch(claims.length, signatures.length);
        for (uint256 i; i < claims.length; ++i) {
            (bytes32 id, Place memory place) = _find(claims[i]);
            _requireConfirmed(claims[i], signatures[i]);
            if (place.status != PlaceStatus.Unconfirmed) continue;
            _places[id][claims[i].leaf.index].status = PlaceStatus.Confirmed;
            emit PlaceConfirmed(id, claims[i].leaf.holder, claims[i].leaf.index);
        }
    }

    function _requireConfirmed(Claim calldata claim_, bytes calldata signature) private view {
        address holder = claim_.leaf.holder;
        if (msg.sender == holder && signature.length == 0) return;
        bytes32 hash =
            OrderTypes.hashConfirmation(claim_.account.beneficiary, claim_.account.splitRoot, claim_.leaf);
        if (!Signatures.isValid(holder, _hashTypedDataV4(hash), signature)) {
            revert RoyaltyVault_BadConfirmation(holder, claim_.leaf.index);
        }
    }

    /// @inheritdoc IRoyaltyVault
    function readdress(Claim calldata claim_, address payee) external {
        if (msg.sender != recovery) revert RoyaltyVault_NotRecovery(msg.sender);
        bytes32 id = accountId(claim_.account);
        uint32 index = claim_.leaf.index;
        _places[id][index].status = PlaceStatus.Readdressed;
        _successors[id][index] = Successor(claim_.leaf.holder, payee);
        emit PlaceReaddressed(id, index, payee);
    }

    /* VIEWS */

    /// @inheritdoc IRoyaltyVault
    function placeOf(bytes32 accountId_, uint32 index) external view returns (Place memory place) {
        place = _places[accountId_][index];
    }

    /// @inheritdoc IRoyaltyVault
    function payeeOf(bytes32 accountId_, uint32 index) external view returns (address) {
        return _successors[accountId_][index].payee;
    }

    /// @inheritdoc IRoyaltyVault
    function claimable(Claim calldata claim_) external view returns (uint256) {
        (bytes32 id, Place memory place) = _find(claim_);
        return _claimable(id, claim_, place.drawn);
    }

    /// @inheritdoc IRoyaltyVault
    function threshold(address holder, address token) external view returns (uint256) {
        return _threshold[holder][token];
    }
}
