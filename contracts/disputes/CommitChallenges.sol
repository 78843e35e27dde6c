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

    /// How long after an order's deadline its commit can be challenged.
    uint256 public constant CHALLENGE_WINDOW = 7 days;
    /// The challenger's bond, parts per million of the order's escrow, rounded up.
    uint256 public constant CHALLENGE_BOND = 50_000;

    /// One slot. Its bonds follow from the order's quote.
    struct Challenge {
        address challenger; // zero where none is open
        uint64 rulingUntil;
        bool ruled;
    }

    mapping(bytes32 orderId => Challenge) private _challenges;

    /// @inheritdoc ICommitChallenges
    function challenge(
        Quote calldata quote,
        bytes32 makerSalt,
        Commit calldata commit,
        Use use,
        bytes32 evidenceDigest
    ) external payable nonReentrant returns (bytes32 orderId) {
        orderId = escrow.requireCommitted(quote, makerSalt, commit, use);
        _requireChallengeable(orderId, quote.deadline() + CHALLENGE_WINDOW);
        if (evidenceDigest == 0) revert DisputeDesk_EmptyDigest();
        uint256 rulingUntil = block.timestamp + RULING_TIME;
        _challenges[orderId] = Challenge(msg.sender, uint64(rulingUntil), false);
        (address operator, address token) = (quote.operator(), quote.token());
        uint256 escrowed = escrow.escrowOf(quote);
        uint256 bond = _challengeBond(escrowed);
        emit ChallengeOpened(orderId, msg.sender, operator, bond, escrowed, evidenceDigest, rulingUntil);
        escrow.lockBond(operator, token, escrowed);
        _collect(token, msg.sender, bond);
    }

    /// @inheritdoc ICommitChallenges
    function ruleChallenge(Quote calldata quote, uint256[] calldata toSources, uint256 toMaker)
        external
        restricted
        nonReentrant
    {
        (bytes32 orderId, Challenge memory challenge_) = _requireChallenged(quote);
        _requireRulingTime(challenge_.rulingUntil);
        _challenges[orderId] = Challenge(address(0), 0, true);
        bool upheld = toMaker != 0;
        for (uint256 i; i < toSources.length && !upheld; ++i) {
            upheld = toSources[i] != 0;
        }
        emit ChallengeRuled(orderId, upheld, toSources, toMaker);
        escrow.payFromBond(quote, escrow.escrowOf(quote), toSources, toMaker);
        _payBackBond(orderId, quote, upheld ? challenge_.challenger : quote.operator());
    }

    /// @inheritdoc ICommitChallenges
    function lapseChallenge(Quote calldata quote) external nonReentrant {
        (bytes32 orderId, Challenge memory challenge_) = _requireChallenged(quote);
        _requireRulingTimeOver(challenge_.rulingUntil);
        delete _challenges[orderId];
        emit ChallengeLapsed(orderId);
        escrow.unlockBond(quote.operator(), quote.token(), escrow.escrowOf(quote));
        _payBackBond(orderId, quote, challenge_.challenger);
    }

    function _payBackBond(bytes32 orderId, Quote calldata quote, address to) private {
        uint256 bond = challengeBondOf(quote);
        emit ChallengeBondPaid(orderId, to, quote.token(), bond);
        _pay(orderId, quote.token(), to, bond);
    }

    function _challengeBond(uint256 escrowed) private pure returns (uint256) {
        return Math.mulDiv(escrowed, CHALLENGE_BOND, PPM, Math.Rounding.Ceil);
    }

    /* CHECKS */

    function _requireChallengeable(bytes32 orderId, uint256 until) private view {
        if (block.timestamp > until) revert DisputeDesk_WindowOver(orderId, until);
        Challenge memory challenge_ = _challenges[orderId];
        if (challenge_.ruled) revert DisputeDesk_AlreadyRuled(orderId);
        if (challenge_.challenger != address(0)) revert DisputeDesk_AlreadyChallenged(orderId);
    }

    function _requireChallenged(Quote calldata quote)
        private
        view
        returns (bytes32 orderId, Challenge memory challenge_)
    {
        orderId = escrow.orderIdOf(quote);
        challenge_ = _challenges[orderId];
        if (challenge_.challenger == address(0)) revert DisputeDesk_NoChallenge(orderId);
    }

    /* VIEWS */

    /// @inheritdoc ICommitChallenges
    function challengeBondOf(Quote calldata quote) public view returns (uint256) {
        return _challengeBond(escrow.escrowOf(quote));
    }

    /// @inheritdoc ICommitChallenges
    function challengeOf(bytes32 orderId)
        external
        view
        returns (address challenger, uint256 rulingUntil, bool ruled)
    {
        Challenge memory challenge_ = _challenges[orderId];
        return (challenge_.challenger, challenge_.rulingUntil, challenge_.ruled);
    }
}
