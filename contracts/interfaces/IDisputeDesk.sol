// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ICommitChallenges} from "./ICommitChallenges.sol";
import {IPayments} from "./IPayments.sol";
import {ITrainingConsent} from "./ITrainingConsent.sol";
import {IWorkContests} from "./IWorkContests.sol";

/// @title Where works are contested, commits challenged, and consents to training asked for.
/// @notice Moves nothing but held money, the bonds that were left here, what of an operator's bond is locked for a challenge,
/// and the fine for a training work without consent.
interface IDisputeDesk is ICommitChallenges, ITrainingConsent, IWorkContests, IPayments {}
