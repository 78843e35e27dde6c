// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Commit, Quote, Use} from "./Types.sol";

/// @title Challenges of commits: did the operator sign what is not so?
/// @notice Until CHALLENGE_WINDOW after an order's deadline anybody can challenge its commit, with evidence (a replay
/// that contradicts it, a record that cannot be had) and a bond of 5 % of the order's escrow. Up to that escrow of the
/// operator's bond is locked; upon a ruling the arbiter pays the order's sources and maker from it. What was settled
/// stays settled: holders never have to give back.
///
/// What becomes of the challenger's bond: upheld (anything was paid) it goes back; rejected (nothing was) it goes to the
/// operator; without a ruling in RULING_TIME it goes back, and the operator's bond is unlocked.
/// A bond that cannot be sent is owed, see IPayments.
interface ICommitChallenges {
    /// @param locked what of the operator's bond answers for it
    /// @param evidenceDigest SHA-256 of a document with the challenger's evidence
    /// @param rulingUntil last second for a ruling
    event ChallengeOpened(
        bytes32 indexed orderId,
        address indexed challenger,
        address indexed operator,
        uint256 bond,
        uint256 locked,
        bytes32 evidenceDigest,
        uint256 rulingUntil
    );
    /// @param toSources amounts for each source's account, in the order of the quote's sources
    event ChallengeRuled(bytes32 indexed orderId, bool indexed upheld, uint256[] toSources, uint256 toMaker);
    event ChallengeLapsed(bytes32 indexed orderId);
    event ChallengeBondPaid(bytes32 indexed orderId, address indexed to, address indexed token, uint256 amount);

    error DisputeDesk_WindowOver(bytes32 orderId, uint256 until);
    error DisputeDesk_AlreadyChallenged(bytes32 orderId);
    /// A challenge of this commit was ruled on.
    error DisputeDesk_AlreadyRuled(bytes32 orderId);
    /// The order is not challenged, or no longer.
    error DisputeDesk_NoChallenge(bytes32 orderId);

    /// @notice Challenges a commit. The bond is in the order's token. Native coin: send exactly the bond. ERC-20: approve
    /// it first.
    /// @param use the use that the order is paid for now
    function challenge(
        Quote calldata quote,
        bytes32 makerSalt,
        Commit calldata commit,
        Use use,
        bytes32 evidenceDigest
    ) external payable returns (bytes32 orderId);
    /// @notice By the arbiter: pays from what is locked, at most all of it. Where it pays nothing, the challenge is rejected.
    /// @param toSources amounts for each source's account, in the order of the quote's sources
    function ruleChallenge(Quote calldata quote, uint256[] calldata toSources, uint256 toMaker) external;
    /// @notice By anybody, once the time for a ruling is over.
    function lapseChallenge(Quote calldata quote) external;

    /// @return what a challenge of this order costs
    function challengeBondOf(Quote calldata quote) external view returns (uint256);
    /// @notice The open challenge of an order: the zero address where there is none. After a ruling none other is taken.
    function challengeOf(bytes32 orderId)
        external
        view
        returns (address challenger, uint256 rulingUntil, bool ruled);
}
