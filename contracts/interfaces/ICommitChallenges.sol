// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Commit, Quote, Use} from "./Types.sol";

/// @title Challenges of commits: did the operator sign what is not so?
/// @notice Until CHALLENGE_WINDOW after an order's deadline anybody can challenge its commit, with evidence (a replay
/// that contradicts it, a record that cannot be had) and a bond of 5 % of the order's escrow. Up to that escrow of the
/// operator's bond is locked; upon a ruling the arbiter pays the order's sources and maker from it. What was settled
/// stays settled: holders never have to give back.
///
/// Whoever challenges an order that is challenged already joins with own evidence and bond, so that nobody can keep others
/// from being heard. A challenge that was rejected, or not ruled on, does not stand in the way of the next; one that was
/// upheld is the last.
///
/// What becomes of the challengers' bonds: upheld (anything was paid) they go back; rejected (nothing was) they go to the
/// operator; without a ruling in RULING_TIME they go back, and the operator's bond is unlocked. The first challenger is
/// paid at once, who joined by `takeBackBond`. A bond that cannot be sent is owed, see IPayments.
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
    event ChallengeJoined(bytes32 indexed orderId, address indexed challenger, uint256 bond, bytes32 evidenceDigest);
    /// @param toSources amounts for each source's account, in the order of the quote's sources
    event ChallengeRuled(bytes32 indexed orderId, bool indexed upheld, uint256[] toSources, uint256 toMaker);
    event ChallengeLapsed(bytes32 indexed orderId);
    /// @param number of the challenge among the order's, from 1
    event ChallengeBondPaid(
        bytes32 indexed orderId, address indexed to, address indexed token, uint256 number, uint256 amount
    );

    error DisputeDesk_WindowOver(bytes32 orderId, uint256 until);
    /// This challenger has challenged the commit, and there is no ruling yet.
    error DisputeDesk_AlreadyChallenged(bytes32 orderId, address challenger);
    /// A challenge of this commit was upheld.
    error DisputeDesk_AlreadyUpheld(bytes32 orderId);
    /// The challenger has not joined this challenge, has its bond back, or lost it; or the challenge is open.
    error DisputeDesk_NoBond(bytes32 orderId, uint256 number, address challenger);
    /// The order is not challenged, or no longer.
    error DisputeDesk_NoChallenge(bytes32 orderId);

    /// @notice Challenges a commit, or joins the challenge that is open. The bond is in the order's token. Native coin: send exactly the bond. ERC-20: approve
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

    /// @notice By anybody: pays the bond of a challenger who joined back, once the challenge was upheld or not ruled on.
    /// @param number of the challenge among the order's, from 1
    function takeBackBond(Quote calldata quote, uint256 number, address challenger) external;

    /// @return what a challenge of this order costs
    function challengeBondOf(Quote calldata quote) external view returns (uint256);
    /// @notice The open challenge of an order: the zero address where there is none.
    /// @return challenger the first one
    /// @return rulingUntil last second for a ruling
    /// @return joined how many have joined it
    /// @return number of the order's challenges so far
    /// @return upheld whether one of them was: then none other is taken
    function challengeOf(bytes32 orderId)
        external
        view
        returns (address challenger, uint256 rulingUntil, uint256 joined, uint256 number, bool upheld);
    /// @return whether `challenger` has joined the order's challenge `number`, and its bond is still here
    function hasJoined(bytes32 orderId, uint256 number, address challenger) external view returns (bool);
}
