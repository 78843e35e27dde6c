// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IModelRegistry} from "../interfaces/IModelRegistry.sol";

/// @notice Registers models with what they cost. See IModelRegistry.
abstract contract ModelRegistry is IModelRegistry {
    /// One slot, found by model, pool and token at once, so that an order needs to read no more.
    struct Offer {
        uint96 rate;
        uint40 sunset;
        bool offered;
    }

    /// Part of a model's id, so that it never is a work's too: works have licensors, and the pool's account has none.
    bytes32 private constant KIND = "model";

    mapping(bytes32 offerId => Offer) private _offers;
    mapping(bytes32 modelId => address) private _registrants;

    /// @inheritdoc IModelRegistry
    function registerModel(
        bytes32 weightsDigest,
        bytes32 manifestRoot,
        bytes32 poolRoot,
        bytes32 metadataDigest,
        uint40 sunset,
        BaseRate[] calldata rates
    ) external returns (bytes32 modelId) {
        if (weightsDigest == 0 || manifestRoot == 0 || poolRoot == 0 || metadataDigest == 0) {
            revert ModelRegistry_EmptyDigest();
        }
        if (rates.length == 0) revert ModelRegistry_NoRates();
        modelId = modelIdOf(msg.sender, weightsDigest);
        if (_registrants[modelId] != address(0)) revert ModelRegistry_AlreadyRegistered(modelId);

        _registrants[modelId] = msg.sender;
        emit ModelRegistered(modelId, msg.sender, weightsDigest, manifestRoot, poolRoot, metadataDigest, sunset);
        for (uint256 i; i < rates.length; ++i) {
            _offer(modelId, poolRoot, sunset, rates[i]);
        }
    }

    function _offer(bytes32 modelId, bytes32 poolRoot, uint40 sunset, BaseRate calldata rate) private {
        bytes32 id = _offerId(modelId, poolRoot, rate.token);
        if (_offers[id].offered) revert ModelRegistry_RateGivenTwice(rate.token);
        _offers[id] = Offer(rate.rate, sunset, true);
        emit BaseRateSet(modelId, rate.token, rate.rate);
    }

    function _requireOffered(bytes32 modelId, bytes32 poolRoot, address token, uint256 baseRate) internal view {
        Offer memory offer = _offers[_offerId(modelId, poolRoot, token)];
        if (!offer.offered) revert ModelRegistry_NotOffered(modelId, poolRoot, token);
        if (offer.rate != baseRate) revert ModelRegistry_BaseRateMismatch(modelId, offer.rate, baseRate);
        if (offer.sunset != 0 && block.timestamp >= offer.sunset) {
            revert ModelRegistry_SunsetPassed(modelId, offer.sunset);
        }
    }

    /* VIEWS */

    /// @inheritdoc IModelRegistry
    function modelIdOf(address registrant, bytes32 weightsDigest) public view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), registrant, weightsDigest, KIND));
    }

    /// @inheritdoc IModelRegistry
    function registrantOf(bytes32 modelId) external view returns (address registrant) {
        registrant = _registrants[modelId];
        if (registrant == address(0)) revert ModelRegistry_UnknownModel(modelId);
    }

    /// @inheritdoc IModelRegistry
    function baseRateOf(bytes32 modelId, bytes32 poolRoot, address token)
        external
        view
        returns (bool offered, uint256 rate, uint256 sunset)
    {
        Offer memory offer = _offers[_offerId(modelId, poolRoot, token)];
        return (offer.offered, offer.rate, offer.sunset);
    }

    function _offerId(bytes32 modelId, bytes32 poolRoot, address token) private pure returns (bytes32) {
        return keccak256(abi.encode(modelId, poolRoot, token));
    }
}
