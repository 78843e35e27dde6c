// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Account} from "./Types.sol";

/// @title Contests of works: whose work is it?
/// @notice A claimant says that a work's royalties belong to another split. From then on the work enters no new order,
/// and of each account that the claimant names what comes in is held, up to HOLD_RATIO times the bond that it leaves
/// for that account. The arbiter awards the claimant a part of what is held then; what it does not award stays with the
/// holders. Money from before is never touched.
/// Where several contests hold one account, each is awarded at most what its own bond holds of what came in since it
/// began to; and when one ends, only what came in since the others began stays held: a chain of contests does not hold
/// a unit for longer than one. What one is awarded is taken from what came in since it began, the oldest first, and no
/// other contest counts it any more. An account of the claimant's own split is awarded nothing: what is held of it for
/// others stays held.
///
/// What becomes of the bonds:
///   awarded anything           all go back to the claimant
///   awarded nothing            all go to the work's licensor
///   withdrawn by the claimant  all go back but MIN_BOND, which goes to the licensor: blocking a work is not free
///   no ruling in RULING_TIME   all go back; the hold ends, and what was held is the holders'
/// A bond that cannot be sent is owed: the event `Owed` then carries the contest's number for the order's id.
interface IWorkContests {
    /// @param claimantSplit split that is paid what a ruling awards
    /// @param evidenceDigest SHA-256 of a document with the claimant's reasons
    /// @param rulingUntil last second for a ruling
    event ContestOpened(
        uint256 indexed contestId,
        bytes32 indexed workId,
        address indexed claimant,
        bytes32 claimantSplit,
        uint256 bond,
        bytes32 evidenceDigest,
        uint256 rulingUntil
    );
    /// @param bond what was added for this account
    event HoldBonded(uint256 indexed contestId, bytes32 indexed splitRoot, address indexed token, uint256 bond);
    /// @param ppm part of what was held that goes to the claimant's split, parts per million
    event ContestRuled(uint256 indexed contestId, bytes32 indexed workId, uint32 ppm);
    event ContestWithdrawn(uint256 indexed contestId, bytes32 indexed workId);
    event ContestLapsed(uint256 indexed contestId, bytes32 indexed workId);
    /// This contest no longer holds the account; `awarded` went from it to the claimant's split.
    event HoldEnded(uint256 indexed contestId, bytes32 indexed splitRoot, address indexed token, uint256 awarded);
    event ContestBondPaid(uint256 indexed contestId, address indexed to, address indexed token, uint256 amount);

    error DisputeDesk_BondTooLow(uint256 required, uint256 given);
    error DisputeDesk_EmptyDigest();
    /// There is no such contest, or it is closed.
    error DisputeDesk_NoContest(uint256 contestId);
    error DisputeDesk_NotClaimant(uint256 contestId, address caller);
    /// The account is of another work than the contest.
    error DisputeDesk_OtherWork(uint256 contestId, bytes32 beneficiary);
    error DisputeDesk_TooManyAccounts(uint256 contestId, uint256 limit);
    error DisputeDesk_NotAPart(uint256 ppm);
    error DisputeDesk_RulingTimeOver(uint256 rulingUntil);
    error DisputeDesk_RulingTimeNotOver(uint256 rulingUntil);

    /// @notice Contests a work. The native coin that is sent, at least MIN_BOND, is the contest's bond.
    function contest(bytes32 workId, bytes32 claimantSplit, bytes32 evidenceDigest)
        external
        payable
        returns (uint256 contestId);
    /// @notice By the claimant: holds what an account of the contested work receives from now on, up to HOLD_RATIO times
    /// `bond`, or more by that where this contest holds it already. The bond is in the account's token. Native coin:
    /// send exactly `bond`. ERC-20: approve it first.
    function holdAccount(uint256 contestId, Account calldata account, uint256 bond) external payable;
    /// @notice By the arbiter: awards `ppm` of what each account of the contest holds. With 1,000,000 the work is not its
    /// licensor's, and enters no order any more.
    function ruleContest(uint256 contestId, uint32 ppm) external;
    /// @notice By the claimant, until there is a ruling.
    function withdrawContest(uint256 contestId) external;
    /// @notice By anybody, once the time for a ruling is over.
    function lapse(uint256 contestId) external;

    /// @notice The claimant is the zero address where the contest is closed, or there is none.
    function contestOf(uint256 contestId)
        external
        view
        returns (address claimant, bytes32 workId, bytes32 claimantSplit, uint256 bond, uint256 rulingUntil);
    /// @notice The accounts that a contest holds, and its bond for each.
    function heldBy(uint256 contestId) external view returns (Account[] memory accounts, uint256[] memory bonds);
}
