// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ERC165} from "@openzeppelin/contracts/utils/introspection/ERC165.sol";
import {CommitChallenges} from "./disputes/CommitChallenges.sol";
import {TrainingConsent} from "./disputes/TrainingConsent.sol";
import {WorkContests} from "./disputes/WorkContests.sol";
import {ICatalogue} from "./interfaces/ICatalogue.sol";
import {ICommitChallenges} from "./interfaces/ICommitChallenges.sol";
import {IDisputeDesk} from "./interfaces/IDisputeDesk.sol";
import {IEscrow} from "./interfaces/IEscrow.sol";
import {IPayments} from "./interfaces/IPayments.sol";
import {ITrainingConsent} from "./interfaces/ITrainingConsent.sol";
import {IWorkContests} from "./interfaces/IWorkContests.sol";

/// @notice Works are contested, commits challenged, and consents to training asked for here. See IDisputeDesk.
/// @dev Catalogue and escrow know its address before it is deployed.
contract DisputeDesk is IDisputeDesk, CommitChallenges, TrainingConsent, ERC165 {
    /// @param minBond what a contest costs at least, and a question about consent: more than its answer's gas. In native coin
    constructor(ICatalogue catalogue_, IEscrow escrow_, address authority, uint256 minBond)
        AccessManaged(authority)
        WorkContests(catalogue_, escrow_, minBond)
    {}

    /// @inheritdoc ERC165
    function supportsInterface(bytes4 id) public view override returns (bool) {
        return id == type(IWorkContests).interfaceId || id == type(ICommitChallenges).interfaceId
            || id == type(ITrainingConsent).interfaceId || id == type(IPayments).interfaceId || super.supportsInterface(id);
    }
}
