// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Account, Claim} from "./Types.sol";

/// @title What becomes of a holder's money when its key is lost, or when nobody ever answers at its address.
/// @notice A holder may name a guardian, who can start a recovery to another address; the holder can stop it for 30
/// days. A place that nobody has confirmed can be given another address by the work's licensor, 180 days after it said
/// so, unless the holder confirms before. Nothing is ever taken from a confirmed holder who is there.
interface IHolderRecovery {
    event GuardianSet(address indexed holder, address indexed guardian);
    event RecoveryStarted(address indexed holder, address indexed successor, uint256 readyAt);
    event RecoveryCancelled(address indexed holder);
    event ReaddressingStarted(bytes32 indexed accountId, uint32 indexed index, address indexed payee, uint256 readyAt);

    error HolderRecovery_NotGuardian(address holder, address caller);
    error HolderRecovery_NotLicensor(bytes32 workId, address caller);
    error HolderRecovery_InvalidSuccessor(address successor);
    /// A ruling awarded this account money that the licensor does not decide about.
    error HolderRecovery_AccountAwarded(bytes32 accountId);
    error HolderRecovery_InvalidProof();
    error HolderRecovery_NoneStarted();
    error HolderRecovery_TooEarly(uint256 readyAt);
    /// The holder has confirmed its place; only its guardian can recover it.
    error HolderRecovery_PlaceConfirmed(address holder, uint32 index);

    /// @notice Names who may recover the caller's places; the zero address: nobody. Stops a recovery that was started.
    function setGuardian(address guardian) external;
    /// @notice By the guardian of `holder`.
    function startRecovery(address holder, address successor) external;
    /// @notice By the holder: stops it, and takes the guardian away. What has gone to the successor stays there.
    function cancelRecovery() external;
    /// @notice Gives a place of a holder whose recovery is ready to its successor. Anybody may call it.
    function recover(Claim calldata claim_) external;

    /// @notice By the licensor of the account's work, for a place that nobody has confirmed.
    function startReaddressing(Claim calldata claim_, address payee) external;
    /// @notice After 180 days. Anybody may call it.
    function finishReaddressing(Claim calldata claim_) external;

    function guardianOf(address holder) external view returns (address);
    function recoveryOf(address holder) external view returns (address successor, uint256 readyAt);
    function readdressingOf(Account calldata account, uint32 index)
        external
        view
        returns (address payee, uint256 readyAt);
}
