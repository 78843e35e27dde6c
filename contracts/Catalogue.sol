// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC165} from "@openzeppelin/contracts/utils/introspection/ERC165.sol";
import {ConsentProofs} from "./catalogue/ConsentProofs.sol";
import {WorkRegistry} from "./catalogue/WorkRegistry.sol";
import {ICatalogue} from "./interfaces/ICatalogue.sol";
import {ICollections} from "./interfaces/ICollections.sol";
import {IConsentProofs} from "./interfaces/IConsentProofs.sol";
import {ILicensing} from "./interfaces/ILicensing.sol";
import {IModelRegistry} from "./interfaces/IModelRegistry.sol";
import {IWorkRegistry} from "./interfaces/IWorkRegistry.sol";
import {Grant, Quote} from "./interfaces/Types.sol";
import {Orders} from "./libraries/Orders.sol";
import {QuoteWords} from "./libraries/QuoteWords.sol";

/// @notice Works and models in one contract, so that an order asks once. See ICatalogue. Nobody has power over it but
/// licensors over their works, and the dispute desk over contested ones.
contract Catalogue is ConsentProofs, ERC165, ICatalogue {
    using Orders for Quote;
    using QuoteWords for Quote;

    constructor(address desk_) WorkRegistry(desk_) {}

    /// @inheritdoc ILicensing
    function requirePermitted(Quote calldata quote, bytes32[][] calldata terms, Grant[] calldata grants) external view {
        uint256 count = quote.requireWellFormed();
        _requireOffered(quote.modelId, quote.poolRoot, quote.token(), quote.baseRate());
        _requireSourcesPermitted(quote, count, terms, grants);
    }

    /// @inheritdoc ERC165
    function supportsInterface(bytes4 id) public view override returns (bool) {
        return id == type(IWorkRegistry).interfaceId || id == type(ILicensing).interfaceId
            || id == type(ICollections).interfaceId || id == type(IModelRegistry).interfaceId
            || id == type(IConsentProofs).interfaceId || super.supportsInterface(id);
    }
}
