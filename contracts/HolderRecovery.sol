// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC165} from "@openzeppelin/contracts/utils/introspection/ERC165.sol";
import {ICatalogue} from "./interfaces/ICatalogue.sol";
import {IHolderRecovery} from "./interfaces/IHolderRecovery.sol";
import {Account, Claim} from "./interfaces/Types.sol";
import {IRoyaltyAccounts} from "./interfaces/IRoyaltyAccounts.sol";
import {IRoyaltyVault} from "./interfaces/IRoyaltyVault.sol";
import {MerkleSum} from "./libraries/MerkleSum.sol";

/// @notice Readdresses places whose holder is lost. See IHolderRecovery.
contract HolderRecovery is IHolderRecovery, ERC165 {
    uint256 public constant RECOVERY_DELAY = 30 days;
    uint256 public constant READDRESSING_DELAY = 180 days;

    /// One slot; `readyAt` 0 where nothing was started.
    struct Change {
        address to;
        uint64 readyAt;
    }

    struct Readdressing {
        Change change;
        address licensor; // who started it, and must still be the licensor
    }

    ICatalogue public immutable catalogue;
    IRoyaltyVault public immutable vault;

    mapping(address holder => address) private _guardians;
    mapping(address holder => Change) private _recoveries;
    mapping(bytes32 accountId => mapping(uint32 index => Readdressing)) private _readdressings;

    constructor(ICatalogue catalogue_, IRoyaltyVault vault_) {
        (catalogue, vault) = (catalogue_, vault_);
    }

    /* RECOVERY BY A GUARDIAN */

    /// @inheritdoc IHolderRecovery
    function setGuardian(address guardian) external {
        _guardians[msg.sender] = guardian;
        emit GuardianSet(msg.sender, guardian);
        _stop(msg.sender);
    }

    /// @inheritdoc IHolderRecovery
    function startRecovery(address holder, address successor) external {
        if (msg.sender != _guardians[holder]) revert HolderRecovery_NotGuardian(holder, msg.sender);
        _recoveries[holder] = _change(successor, RECOVERY_DELAY);
        emit RecoveryStarted(holder, successor, _recoveries[holder].readyAt);
    }

    /// @inheritdoc IHolderRecovery
    function cancelRecovery() external {
        // Zero is no time: it says that nothing was started.
        // slither-disable-next-line incorrect-equality
        if (_recoveries[msg.sender].readyAt == 0) revert HolderRecovery_NoneStarted();
        delete _guardians[msg.sender];
        emit GuardianSet(msg.sender, address(0));
        _stop(msg.sender);
    }

    /// @inheritdoc IHolderRecovery
    function recover(Claim calldata claim_) external {
        (, IRoyaltyVault.PlaceStatus status) = _place(claim_);
        if (status == IRoyaltyVault.PlaceStatus.Readdressed) revert HolderRecovery_NoneStarted();
        vault.readdress(claim_, _ready(_recoveries[claim_.leaf.holder]));
    }

    function _stop(address holder) private {
        if (_recoveries[holder].readyAt != 0) {
            delete _recoveries[holder];
            emit RecoveryCancelled(holder);
        }
    }

    /* PLACES THAT NOBODY HAS CONFIRMED */

    /// @inheritdoc IHolderRecovery
    function startReaddressing(Claim calldata claim_, address payee) external {
        _requireLicensor(claim_.account.beneficiary, msg.sender);
        bytes32 id = _requireUnconfirmed(claim_);
        uint32 index = claim_.leaf.index;
        Change memory change = _change(payee, READDRESSING_DELAY);
        _readdressings[id][index] = Readdressing(change, msg.sender);
        emit ReaddressingStarted(id, index, payee, change.readyAt);
    }

    /// @inheritdoc IHolderRecovery
    function finishReaddressing(Claim calldata claim_) external {
        bytes32 id = _requireUnconfirmed(claim_);
        Readdressing memory started = _readdressings[id][claim_.leaf.index];
        address payee = _ready(started.change);
        _requireLicensor(claim_.account.beneficiary, started.licensor);
        vault.readdress(claim_, payee);
    }

    function _requireLicensor(bytes32 workId, address account) private view {
        if (catalogue.licensorOf(workId) != account) revert HolderRecovery_NotLicensor(workId, account);
    }

    /// What a ruling has awarded was taken from the licensor's split: its places are not the licensor's to readdress.

    function _requireUnconfirmed(Claim calldata claim_) private view returns (bytes32 id) {
        IRoyaltyVault.PlaceStatus status;
        (id, status) = _place(claim_);
        if (status != IRoyaltyVault.PlaceStatus.Unconfirmed) {
            revert HolderRecovery_PlaceConfirmed(claim_.leaf.holder, claim_.leaf.index);
        }
        if (IRoyaltyAccounts(address(vault)).isAwarded(id)) revert HolderRecovery_AccountAwarded(id);
    }

    /* INTERNALS */

    /// The account of a place that stands in its split, and what the vault knows of it.
    function _place(Claim calldata claim_) private view returns (bytes32 id, IRoyaltyVault.PlaceStatus status) {
        if (!MerkleSum.proves(claim_.leaf, claim_.proof, claim_.account.splitRoot)) {
            revert HolderRecovery_InvalidProof();
        }
        id = IRoyaltyAccounts(address(vault)).accountId(claim_.account);
        status = vault.placeOf(id, claim_.leaf.index).status;
    }

    function _change(address to, uint256 delay) private view returns (Change memory) {
        if (to == address(0) || to == address(vault)) revert HolderRecovery_InvalidSuccessor(to);
        return Change(to, uint64(block.timestamp + delay));
    }

    function _ready(Change memory change) private view returns (address) {
        if (change.readyAt == 0) revert HolderRecovery_NoneStarted();
        if (block.timestamp < change.readyAt) revert HolderRecovery_TooEarly(change.readyAt);
        return change.to;
    }

    /* VIEWS */

    /// @inheritdoc IHolderRecovery
    function guardianOf(address holder) external view returns (address) {
        return _guardians[holder];
    }

    /// @inheritdoc IHolderRecovery
    function recoveryOf(address holder) external view returns (address successor, uint256 readyAt) {
        Change memory change = _recoveries[holder];
        return (change.to, change.readyAt);
    }

    /// @inheritdoc IHolderRecovery
    function readdressingOf(Account calldata account, uint32 index)
        external
        view
        returns (address payee, uint256 readyAt)
    {
        Change memory change = _readdressings[IRoyaltyAccounts(address(vault)).accountId(account)][index].change;
        return (change.to, change.readyAt);
    }

    /// @inheritdoc ERC165
    function supportsInterface(bytes4 id) public view override returns (bool) {
        return id == type(IHolderRecovery).interfaceId || super.supportsInterface(id);
    }
}
