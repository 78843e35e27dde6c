// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

/// @notice Who may pause new orders, and who rules on disputes, each with its delay: OpenZeppelin's AccessManager as it is.
/// docs/privileges.md lists every privileged function.
contract Authority is AccessManager {
    constructor(address admin) AccessManager(admin) {}
}
