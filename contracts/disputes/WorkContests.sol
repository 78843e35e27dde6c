// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Payments} from "../escrow/Payments.sol";
import {ICatalogue} from "../interfaces/ICatalogue.sol";
import {IEscrow} from "../interfaces/IEscrow.sol";
import {IWorkContests} from "../interfaces/IWorkContests.sol";
import {Account, Release} from "../interfaces/Types.sol";
import {HoldQueue} from "../libraries/HoldQueue.sol";
import {PPM} from "../libraries/Ppm.sol";

/// @notice Contests of works, with their bonds. See IWorkContests.
abstract contract WorkContests is IWorkContests, AccessManaged, Payments {
    using HoldQueue for HoldQueue.Queue;
    using SafeCast for uint256;

    /// How much of what comes in is held, for each unit of bond.
    uint256 public constant HOLD_RATIO = 10;
    uint256 public constant MAX_ACCOUNTS = 8;
    /// The arbiter's time for a ruling.
    uint256 public constant RULING_TIME = 30 days;
    address private constant NATIVE = address(0);

    struct Contest {
        address claimant; // zero where it is closed
        uint96 bond; // native coin
        bytes32 workId;
        bytes32 claimantSplit;
        uint64 rulingUntil;
    }

    struct Bonded {
        bytes32 splitRoot;
        address token;
        uint96 bond; // in that token
    }

    /// The least bond of a contest, in native coin.
    uint256 public immutable MIN_BOND;
    ICatalogue public immutable catalogue;
    IEscrow public immutable escrow;

    /// Number of contests so far; they are numbered from 1.
    uint256 public contestCount;
    mapping(uint256 contestId => Contest) private _contests;
    mapping(uint256 contestId => Bonded[]) private _bonded;
    mapping(bytes32 accountId => HoldQueue.Queue) private _queues;

    constructor(ICatalogue catalogue_, IEscrow escrow_, uint256 minBond) {
        (catalogue, escrow, MIN_BOND) = (catalogue_, escrow_, minBond);
    }

    /* OPENING */

    /// @inheritdoc IWorkContests
    function contest(bytes32 workId, bytes32 claimantSplit, bytes32 evidenceDigest)
        external
        payable
        nonReentrant
        returns (uint256 contestId)
    {
        if (msg.value < MIN_BOND) revert DisputeDesk_BondTooLow(MIN_BOND, msg.value);
        if (claimantSplit == 0 || evidenceDigest == 0) revert DisputeDesk_EmptyDigest();
        contestId = ++contestCount;
        uint256 rulingUntil = block.timestamp + RULING_TIME;
        _contests[contestId] =
            Contest(msg.sender, msg.value.toUint96(), workId, claimantSplit, uint64(rulingUntil));
        emit ContestOpened(contestId, workId, msg.sender, claimantSplit, msg.value, evidenceDigest, rulingUntil);
        catalogue.openContest(workId);
        escrow.openHold(workId);
    }

    /// @inheritdoc IWorkContests
    function holdAccount(uint256 contestId, Account calldata account, uint256 bond) external payable nonReentrant {
        Contest memory contest_ = _requireClaimant(contestId);
        if (account.beneficiary != contest_.workId) revert DisputeDesk_OtherWork(contestId, account.beneficiary);
        if (bond == 0) revert DisputeDesk_BondTooLow(1, 0);
        _bondedFor(contestId, account).bond += bond.toUint96();
        emit HoldBonded(contestId, account.splitRoot, account.token, bond);
        escrow.holdAccount(account, uint128(bond * HOLD_RATIO));
        _collect(account.token, msg.sender, bond);
    }

    /// The contest's entry for an account; where it has none, a new one, which holds what comes in from now on.
    function _bondedFor(uint256 contestId, Account calldata account) private returns (Bonded storage) {
        Bonded[] storage all = _bonded[contestId];
        for (uint256 i; i < all.length; ++i) {
            if (all[i].splitRoot == account.splitRoot && all[i].token == account.token) return all[i];
        }
        if (all.length == MAX_ACCOUNTS) revert DisputeDesk_TooManyAccounts(contestId, MAX_ACCOUNTS);
        all.push(Bonded(account.splitRoot, account.token, 0));
        bytes32 id = escrow.accountId(account);
        _queues[id].add(contestId.toUint48(), escrow.received(id).toUint128());
        return all[all.length - 1];
    }

    /* CLOSING */

    /// @inheritdoc IWorkContests
    function ruleContest(uint256 contestId, uint32 ppm) external restricted nonReentrant {
        Contest memory contest_ = _requireOpen(contestId);
        if (ppm > PPM) revert DisputeDesk_NotAPart(ppm);
        _requireRulingTime(contest_.rulingUntil);
        emit ContestRuled(contestId, contest_.workId, ppm);
        if (ppm == PPM) catalogue.bar(contest_.workId);
        _close(contestId, contest_, ppm, ppm == 0 ? catalogue.licensorOf(contest_.workId) : contest_.claimant, 0);
    }

    /// @inheritdoc IWorkContests
    function withdrawContest(uint256 contestId) external nonReentrant {
        Contest memory contest_ = _requireClaimant(contestId);
        emit ContestWithdrawn(contestId, contest_.workId);
        _close(contestId, contest_, 0, contest_.claimant, MIN_BOND);
    }

    /// @inheritdoc IWorkContests
    function lapse(uint256 contestId) external nonReentrant {
        Contest memory contest_ = _requireOpen(contestId);
        _requireRulingTimeOver(contest_.rulingUntil);
        emit ContestLapsed(contestId, contest_.workId);
        _close(contestId, contest_, 0, contest_.claimant, 0);
    }

    /// Ends the holds, then the contest, then pays its bonds to `to`, but for `forfeited`, which is the licensor's.
    function _close(uint256 contestId, Contest memory contest_, uint32 ppm, address to, uint256 forfeited) private {
        Bonded[] memory bonded = _bonded[contestId];
        delete _bonded[contestId];
        delete _contests[contestId];
        for (uint256 i; i < bonded.length; ++i) {
            _release(contestId, contest_, bonded[i], ppm);
        }
        escrow.closeHold(contest_.workId);
        catalogue.closeContest(contest_.workId);

        if (forfeited != 0) _payBond(contestId, catalogue.licensorOf(contest_.workId), NATIVE, forfeited);
        _payBond(contestId, to, NATIVE, contest_.bond - forfeited);
        for (uint256 i; i < bonded.length; ++i) {
            _payBond(contestId, to, bonded[i].token, bonded[i].bond);
        }
    }

    function _release(uint256 contestId, Contest memory contest_, Bonded memory bonded, uint32 ppm) private {
        Account memory account = Account(contest_.workId, bonded.splitRoot, bonded.token);
        bytes32 id = escrow.accountId(account);
        HoldQueue.Queue storage queue = _queues[id];
        uint256 received = escrow.received(id);
        uint128 start = queue.startOf(contestId);
        queue.remove(uint48(contestId));
        // From itself to itself nothing is awarded, nor freed. What is compared names accounts, and is no balance.
        // slither-disable-next-line incorrect-equality
        uint32 part = contest_.claimantSplit == bonded.splitRoot ? 0 : ppm;
        Release memory release = Release(
            uint128(bonded.bond * HOLD_RATIO),
            received - start,
            queue.sinceFirst(received),
            contest_.claimantSplit,
            part
        );
        uint256 awarded = escrow.releaseAccount(account, release);
        queue.take(start, awarded.toUint128());
        emit HoldEnded(contestId, bonded.splitRoot, bonded.token, awarded);
    }

    function _payBond(uint256 contestId, address to, address token, uint256 amount) private {
        if (amount != 0) {
            emit ContestBondPaid(contestId, to, token, amount);
            _pay(bytes32(contestId), token, to, amount);
        }
    }

    /* CHECKS */

    function _requireOpen(uint256 contestId) private view returns (Contest memory contest_) {
        contest_ = _contests[contestId];
        if (contest_.claimant == address(0)) revert DisputeDesk_NoContest(contestId);
    }

    function _requireClaimant(uint256 contestId) private view returns (Contest memory contest_) {
        contest_ = _requireOpen(contestId);
        if (msg.sender != contest_.claimant) revert DisputeDesk_NotClaimant(contestId, msg.sender);
    }

    function _requireRulingTime(uint256 until) internal view {
        if (block.timestamp > until) revert DisputeDesk_RulingTimeOver(until);
    }

    function _requireRulingTimeOver(uint256 until) internal view {
        if (block.timestamp <= until) revert DisputeDesk_RulingTimeNotOver(until);
    }

    /* VIEWS */

    /// @inheritdoc IWorkContests
    function contestOf(uint256 contestId)
        external
        view
        returns (address claimant, bytes32 workId, bytes32 claimantSplit, uint256 bond, uint256 rulingUntil)
    {
        Contest memory c = _contests[contestId];
        return (c.claimant, c.workId, c.claimantSplit, c.bond, c.rulingUntil);
    }

    /// @inheritdoc IWorkContests
    function heldBy(uint256 contestId) external view returns (Account[] memory accounts, uint256[] memory bonds) {
        Bonded[] memory bonded = _bonded[contestId];
        accounts = new Account[](bonded.length);
        bonds = new uint256[](bonded.length);
        for (uint256 i; i < bonded.length; ++i) {
            accounts[i] = Account(_contests[contestId].workId, bonded[i].splitRoot, bonded[i].token);
            bonds[i] = bonded[i].bond;
        }
    }
}
