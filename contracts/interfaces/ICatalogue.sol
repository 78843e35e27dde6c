// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ICollections} from "./ICollections.sol";
import {IConsentProofs} from "./IConsentProofs.sol";
import {ILicensing} from "./ILicensing.sol";
import {IModelRegistry} from "./IModelRegistry.sol";
import {IOrderErrors} from "./IOrderErrors.sol";
import {IWorkRegistry} from "./IWorkRegistry.sol";

/// @title Works with their terms, and models: all that decides whether an order is permitted.
interface ICatalogue is IWorkRegistry, ILicensing, ICollections, IModelRegistry, IConsentProofs, IOrderErrors {}
