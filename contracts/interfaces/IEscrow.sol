// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IFinishedOrders} from "./IFinishedOrders.sol";
import {IGenerationEscrow} from "./IGenerationEscrow.sol";
import {IOperatorRegistry} from "./IOperatorRegistry.sol";
import {IRoyaltyAccounts} from "./IRoyaltyAccounts.sol";
import {IRoyaltyVault} from "./IRoyaltyVault.sol";

/// @title All that the deployed escrow contract does, for the contracts that call it.
interface IEscrow is IGenerationEscrow, IFinishedOrders, IOperatorRegistry, IRoyaltyAccounts, IRoyaltyVault {}
