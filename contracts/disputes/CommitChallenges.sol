// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ICommitChallenges} from "../interfaces/ICommitChallenges.sol";
import {Commit, Quote, Use} from "../interfaces/Types.sol";
import {PPM} from "../libraries/Ppm.sol";
import {QuoteWords} from "../libraries/QuoteWords.sol";
import {WorkContests} from "./WorkContests.sol";

/// @notice Challenges of commits, with their bonds. See ICommitChallenges.
abstract contract CommitChallenges is ICommitChallenges, WorkContests {
    using QuoteWords for Quote;

    enum Outcome {
        Open,
        Upheld,
        Rejected,
        Lapsed
    }

    /// How long after an order's deadline its commit can be challenged.
    uint256 public constant CHALLENGE_WINDOW = 7 days;
    /// A challenger's bond, parts per million of the order's escrow, rounded up.
    uint256 public constant CHALLENGE_BOND = 50_000;

    /// One slot. Bonds follow from the order's quote.
    struct Challenge {
        address first; // challenger
        uint40 rulingUntil;
        uint48 joined; // challengers after the first
        Outcome outcome;
    }

    mapping(bytes32 orderId => Challenge[]) private _challenges; // numbered from 1
    mapping(bytes32 orderId => mapping(uint256 number => mapping(address challenger => bool))) private _joined;

    /* OPENING */

    /// @inheritdoc ICommitChallenges
    function challenge(
        Quote calldata quote,
        bytes32 makerSalt,
        Commit calldata commit,
        Use use,
        bytes32 evidenceDigest
    ) external payable nonReentrant returns (bytes32 orderId) {
        orderId = escrow.requireCommitted(quote, makerSalt, commit, use);
        uint256 until = quote.deadline() + CHALLENGE_WINDOW;
        if (block.timestamp > until) revert DisputeDesk_WindowOver(orderId, until);
        if (evidenceDigest == 0) revert DisputeDesk_EmptyDigest();
        (Challenge memory latest, uint256 number) = _latest(orderId);
        uint256 bond = challengeBondOf(quote);
        if (_isOpen(latest)) _join(orderId, number, latest.first, bond, evidenceDigest);
        else _open(orderId, quote, latest.outcome, bond, evidenceDigest);
        _collect(quote.token(), msg.sender, bond);
    }

    function _open(bytes32 orderId, Quote calldata quote, Outcome before, uint256 bond, bytes32 evidenceDigest) private {
        if (before == Outcome.Upheld) revert DisputeDesk_AlreadyUpheld(orderId);
        uint256 rulingUntil = block.timestamp + RULING_TIME;
        _challenges[orderId].push(Challenge(msg.sender, uint40(rulingUntil), 0, Outcome.Open));
        address operator = quote.operator();
        uint256 escrowed = escrow.escrowOf(quote);
        emit ChallengeOpened(orderId, msg.sender, operator, bond, escrowed, evidenceDigest, rulingUntil);
        escrow.lockBond(operator, quote.token(), escrowed);
    }

    function _join(bytes32 orderId, uint256 number, address first, uint256 bond, bytes32 evidenceDigest) private {
        mapping(address => bool) storage joined = _joined[orderId][number];
        if (msg.sender == first || joined[msg.sender]) revert DisputeDesk_AlreadyChallenged(orderId, msg.sender);
        joined[msg.sender] = true;
        ++_challenges[orderId][number - 1].joined;
        emit ChallengeJoined(orderId, msg.sender, bond, evidenceDigest);
    }

    /* CLOSING */

    /// @inheritdoc ICommitChallenges
    function ruleChallenge(Quote calldata quote, uint256[] calldata toSources, uint256 toMaker)
        external
        restricted
        nonReentrant
    {
        bool upheld = toMaker != 0;
        for (uint256 i; i < toSources.length && !upheld; ++i) {
            upheld = toSources[i] != 0;
        }
        (bytes32 orderId, uint256 number, Challenge memory closed) =
            _close(quote, upheld ? Outcome.Upheld : Outcome.Rejected);
        _requireRulingTime(closed.rulingUntil);
        emit ChallengeRuled(orderId, upheld, toSources, toMaker);
        escrow.payFromBond(quote, escrow.escrowOf(quote), toSources, toMaker);
        if (upheld) _payBonds(orderId, quote, number, closed.first, 1);
        else _payBonds(orderId, quote, number, quote.operator(), 1 + closed.joined);
    }

    /// @inheritdoc ICommitChallenges
    function lapseChallenge(Quote calldata quote) external nonReentrant {
        (bytes32 orderId, uint256 number, Challenge memory closed) = _close(quote, Outcome.Lapsed);
        _requireRulingTimeOver(closed.rulingUntil);
        emit ChallengeLapsed(orderId);
        escrow.unlockBond(quote.operator(), quote.token(), escrow.escrowOf(quote));
        _payBonds(orderId, quote, number, closed.first, 1);
    }

    /// @inheritdoc ICommitChallenges
    function takeBackBond(Quote calldata quote, uint256 number, address challenger) external nonReentrant {
        bytes32 orderId = escrow.orderIdOf(quote);
        bool joined = _joined[orderId][number][challenger];
        if (!joined || !_isPaidBack(_challenges[orderId][number - 1].outcome)) {
            revert DisputeDesk_NoBond(orderId, number, challenger);
        }
        delete _joined[orderId][number][challenger];
        _payBonds(orderId, quote, number, challenger, 1);
    }

    function _close(Quote calldata quote, Outcome outcome)
        private
        returns (bytes32 orderId, uint256 number, Challenge memory latest)
    {
        orderId = escrow.orderIdOf(quote);
        (latest, number) = _latest(orderId);
        if (!_isOpen(latest)) revert DisputeDesk_NoChallenge(orderId);
        _challenges[orderId][number - 1].outcome = outcome;
    }

    function _payBonds(bytes32 orderId, Quote calldata quote, uint256 number, address to, uint256 count) private {
        uint256 amount = challengeBondOf(quote) * count;
        emit ChallengeBondPaid(orderId, to, quote.token(), number, amount);
        _pay(orderId, quote.token(), to, amount);
    }

    /* VIEWS */

    /// @inheritdoc ICommitChallenges
    function challengeBondOf(Quote calldata quote) public view returns (uint256) {
        return Math.mulDiv(escrow.escrowOf(quote), CHALLENGE_BOND, PPM, Math.Rounding.Ceil);
    }

    /// @inheritdoc ICommitChallenges
    function challengeOf(bytes32 orderId)
        external
        view
        returns (address challenger, uint256 rulingUntil, uint256 joined, uint256 number, bool upheld)
    {
        Challenge memory latest;
        (latest, number) = _latest(orderId);
        if (_isOpen(latest)) (challenger, rulingUntil, joined) = (latest.first, latest.rulingUntil, latest.joined);
        upheld = latest.outcome == Outcome.Upheld;
    }

    /// @inheritdoc ICommitChallenges
    function hasJoined(bytes32 orderId, uint256 number, address challenger) external view returns (bool) {
        Challenge[] storage all = _challenges[orderId];
        if (number == 0 || number > all.length || all[number - 1].outcome == Outcome.Rejected) return false;
        return _joined[orderId][number][challenger];
    }

    /// The order's latest challenge; where there is none, one of nobody.
    function _latest(bytes32 orderId) private view returns (Challenge memory latest, uint256 number) {
        Challenge[] storage all = _challenges[orderId];
        number = all.length;
        if (number != 0) latest = all[number - 1];
    }

    function _isOpen(Challenge memory latest) private pure returns (bool) {
        return latest.first != address(0) && latest.outcome == Outcome.Open;
    }

    function _isPaidBack(Outcome outcome) private pure returns (bool) {
        return outcome == Outcome.Upheld || outcome == Outcome.Lapsed;
    }
}
