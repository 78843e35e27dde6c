// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ICommitChallenges} from "./ICommitChallenges.sol";
import {IPayments} from "./IPayments.sol";
import {IWorkContests} from "./IWorkContests.sol";

/// @title Where works are contested and commits challenged. Moves nothing but held money, the bonds that were left here,
/// and what of an operator's bond is locked for a challenge.
interface IDisputeDesk is ICommitChallenges, IWorkContests, IPayments {}
