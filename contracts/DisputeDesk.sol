// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ERC165} from "@openzeppelin/contracts/utils/introspection/ERC165.sol";
import {CommitChallenges} from "./disputes/CommitChallenges.sol";
import {WorkContests} from "./disputes/WorkContests.sol";
import {ICatalogue} from "./interfaces/ICatalogue.sol";
import {ICommitChallenges} from "./interfaces/ICommitChallenges.sol";
import {IDisputeDesk} from "./interfaces/IDisputeDesk.sol";
import {IEscrow} from "./interfaces/IEscrow.sol";
import {IPayments} from "./interfaces/IPayments.sol";
import {IWorkContests} from "./interfaces/IWorkContests.sol";

/// @notice Works are contested and commits challenged here. See IDisputeDesk.
/// @dev Catalogue and escrow know its address before it is deployed.
contract DisputeDesk is IDisputeDesk, CommitChallenges, ERC165 {
    /// @param minBond what a contest costs at least, in native coin
    constructor(ICatalogue catalogue_, IEscrow escrow_, address authority, uint256 minBond)
        AccessManaged(authority)
        WorkContests(catalogue_, escrow_, minBond)
    {}

    /// @inheritdoc ERC165
    function supportsInterface(bytes4 id) public view override returns (bool) {
        return id == type(IWorkContests).interfaceId || id == type(ICommitChallenges).interfaceId
            || id == type(IPayments).interfaceId || super.supportsInterface(id);
    }
}
