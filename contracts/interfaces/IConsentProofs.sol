// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Consent, ConsentEvidence, ManifestLeaf} from "./Types.sol";

/// @title Whether a model was allowed to learn from a work of its manifest.
/// @notice Consent is a licence of that very work that the leaf names, that permits training, and that counts for the
/// model: it was in force when the model was registered, or until at most CONSENT_NOTICE before, so that no licensor can
/// catch a model by a change that it sends when it sees the registration.
///
/// A version counts from the second it took force until its successor did. Works of a collection count from its anchoring
/// until it is withdrawn, or until the work's version 2 takes force, whether and from whichever collection they were ever
/// materialised: version 1 may be made later and then counts from before, so that it proves a consent, and never that
/// there was none.
///
/// What one function lets pass, the other refuses. What neither can show is asked at the dispute desk, see ITrainingConsent.
/// A work that was contested or barred later was consented to all the same, by who was its licensor then.
interface IConsentProofs {
    /// The words are not those of the leaf's licence, or the version's licence is not.
    error ConsentProofs_OtherLicence(uint256 expected, uint256 given);
    /// The work's licence permits training of models that were registered then.
    error ConsentProofs_Permitted(bytes32 workId);
    /// The work's licence does not permit training of models that were registered then.
    error ConsentProofs_NotPermitted(bytes32 workId);
    /// The version that was in force is the one that the leaf names.
    error ConsentProofs_SameLicence(bytes32 workId, uint256 version);
    /// A first version may have been made later than it says: it proves nothing against a model.
    error ConsentProofs_FirstVersion(bytes32 workId);
    /// A second version of the work was in force instead of its collection's terms.
    error ConsentProofs_Superseded(bytes32 workId);

    /// @notice Reverts unless the leaf is in the model's manifest.
    function requireLearntFrom(bytes32 modelId, ManifestLeaf calldata leaf, bytes32[] calldata manifestProof) external view;
    /// @notice Reverts unless the leaf is in the model's manifest and the evidence shows that it is no consent.
    function requireNoConsent(
        bytes32 modelId,
        ManifestLeaf calldata leaf,
        bytes32[] calldata manifestProof,
        ConsentEvidence calldata evidence
    ) external view;
    /// @notice Reverts unless the leaf is a consent to this model by its registrant.
    function requireConsent(bytes32 modelId, ManifestLeaf calldata leaf, Consent calldata consent) external view;
}
