// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsentProofs} from "../interfaces/IConsentProofs.sol";
import {ITrainingConsent} from "../interfaces/ITrainingConsent.sol";
import {Account, Commit, Consent, ConsentEvidence, ManifestLeaf, Quote, Use} from "../interfaces/Types.sol";
import {PPM} from "../libraries/Ppm.sol";
import {QuoteWords} from "../libraries/QuoteWords.sol";
import {WorkContests} from "./WorkContests.sol";

/// @notice Proofs and questions about what models learnt from, and their fines. See ITrainingConsent.
abstract contract TrainingConsent is ITrainingConsent, WorkContests {
    using QuoteWords for Quote;

    /// Time for an answer. Withdrawing a bond takes longer, so that nobody leaves on a question.
    uint256 public constant ANSWER_TIME = 7 days;
    /// Of the operator's bond, for each leaf without consent, parts per million.
    uint256 public constant CONSENT_FINE = 50_000;
    /// Of the fine, parts per million: worth looking for, far too little to be worth it for oneself.
    uint256 public constant FINDER_PART = 100_000;

    /// One slot.
    struct Inquiry {
        address who; // asked or found
        uint40 answerUntil;
        ConsentStatus status;
    }

    mapping(bytes32 consentId => Inquiry) private _inquiries;
    mapping(bytes32 consentId => mapping(address operator => mapping(address token => bool))) private _fined;

    /* PROOFS AND QUESTIONS */

    /// @inheritdoc ITrainingConsent
    function proveNoConsent(
        bytes32 modelId,
        ManifestLeaf calldata leaf,
        bytes32[] calldata,
        ConsentEvidence calldata
    ) external nonReentrant returns (bytes32 consentId) {
        consentId = consentIdOf(modelId, leaf);
        Inquiry memory before = _inquiries[consentId];
        if (before.status == ConsentStatus.Missing) revert DisputeDesk_AlreadyMissing(consentId);
        _requireOfCatalogue(IConsentProofs.requireNoConsent.selector);
        _setMissing(consentId, modelId, leaf, msg.sender);
        if (before.status == ConsentStatus.Questioned) _payQuestionBond(consentId, before.who);
    }

    /// @inheritdoc ITrainingConsent
    function questionConsent(bytes32 modelId, ManifestLeaf calldata leaf, bytes32[] calldata)
        external
        payable
        nonReentrant
        returns (bytes32 consentId)
    {
        consentId = consentIdOf(modelId, leaf);
        if (_inquiries[consentId].status != ConsentStatus.None) revert DisputeDesk_AlreadyQuestioned(consentId);
        _requireOfCatalogue(IConsentProofs.requireLearntFrom.selector);
        uint256 answerUntil = block.timestamp + ANSWER_TIME;
        _inquiries[consentId] = Inquiry(msg.sender, uint40(answerUntil), ConsentStatus.Questioned);
        emit ConsentQuestioned(consentId, modelId, msg.sender, leaf, MIN_BOND, answerUntil);
        _collect(address(0), msg.sender, MIN_BOND);
    }

    /// @inheritdoc ITrainingConsent
    function answerConsent(bytes32 modelId, ManifestLeaf calldata leaf, Consent calldata consent) external nonReentrant {
        (bytes32 consentId, Inquiry memory question) = _requireQuestioned(modelId, leaf);
        if (block.timestamp > question.answerUntil) revert DisputeDesk_AnswerTimeOver(question.answerUntil);
        _requireOfCatalogue(IConsentProofs.requireConsent.selector);
        _inquiries[consentId] = Inquiry(question.who, 0, ConsentStatus.Answered);
        emit ConsentAnswered(consentId, modelId, consent.version);
        _payQuestionBond(consentId, catalogue.registrantOf(modelId));
    }

    /// @inheritdoc ITrainingConsent
    function finishQuestion(bytes32 modelId, ManifestLeaf calldata leaf) external nonReentrant {
        (bytes32 consentId, Inquiry memory question) = _requireQuestioned(modelId, leaf);
        if (block.timestamp <= question.answerUntil) revert DisputeDesk_AnswerTimeNotOver(question.answerUntil);
        _setMissing(consentId, modelId, leaf, question.who);
        _payQuestionBond(consentId, question.who);
    }

    /// Asks the catalogue with this very calldata: its function has the caller's parameters. Encoding them anew would not
    /// fit into this contract.
    function _requireOfCatalogue(bytes4 selector) private view {
        address target = address(catalogue);
        assembly ("memory-safe") {
            let free := mload(0x40)
            calldatacopy(free, 0, calldatasize())
            mstore(free, or(selector, shr(32, shl(32, mload(free)))))
            if iszero(staticcall(gas(), target, free, calldatasize(), 0, 0)) {
                returndatacopy(free, 0, returndatasize())
                revert(free, returndatasize())
            }
        }
    }

    function _requireQuestioned(bytes32 modelId, ManifestLeaf calldata leaf)
        private
        view
        returns (bytes32 consentId, Inquiry memory question)
    {
        consentId = consentIdOf(modelId, leaf);
        question = _inquiries[consentId];
        if (question.status != ConsentStatus.Questioned) revert DisputeDesk_NotQuestioned(consentId);
    }

    function _setMissing(bytes32 consentId, bytes32 modelId, ManifestLeaf calldata leaf, address finder) private {
        _inquiries[consentId] = Inquiry(finder, 0, ConsentStatus.Missing);
        emit ConsentMissing(consentId, modelId, finder, leaf);
    }

    function _payQuestionBond(bytes32 consentId, address to) private {
        emit ConsentBondPaid(consentId, to, MIN_BOND);
        _pay(consentId, address(0), to, MIN_BOND);
    }

    /* WHAT FOLLOWS */

    /// @inheritdoc ITrainingConsent
    function stopModel(bytes32 modelId, ManifestLeaf calldata leaf, bytes32 poolRoot, address token) external {
        _requireMissing(consentIdOf(modelId, leaf));
        catalogue.stopModel(modelId, poolRoot, token);
    }

    /// @inheritdoc ITrainingConsent
    function fineRegistrant(bytes32 modelId, ManifestLeaf calldata leaf, bytes32 poolRoot, address token)
        external
        nonReentrant
    {
        _fine(consentIdOf(modelId, leaf), Account(modelId, poolRoot, token), catalogue.registrantOf(modelId));
    }

    /// @inheritdoc ITrainingConsent
    function fineOperator(
        ManifestLeaf calldata leaf,
        Quote calldata quote,
        bytes32 makerSalt,
        Commit calldata commit,
        Use use
    ) external nonReentrant {
        // Which order it is does not matter, only that it is one.
        // slither-disable-next-line unused-return
        escrow.requireCommitted(quote, makerSalt, commit, use);
        Account memory pool = Account(quote.modelId, quote.poolRoot, quote.token());
        _fine(consentIdOf(pool.beneficiary, leaf), pool, quote.operator());
    }

    function _fine(bytes32 consentId, Account memory pool, address operator) private {
        (address finder, address token) = (_requireMissing(consentId), pool.token);
        if (_fined[consentId][operator][token]) revert DisputeDesk_AlreadyFined(consentId, operator, token);
        _fined[consentId][operator][token] = true;
        catalogue.stopModel(pool.beneficiary, pool.splitRoot, token); // reverts unless the pool is the model's

        (uint256 leaving,) = escrow.withdrawalOf(operator, token);
        uint256 fine = (escrow.challengeableOf(operator, token) + leaving) * CONSENT_FINE / PPM;
        if (fine == 0) revert DisputeDesk_NothingToFine(operator, token);
        uint256 toFinder = fine * FINDER_PART / PPM;
        emit ConsentFined(consentId, operator, token, finder, toFinder, fine - toFinder);
        escrow.payFine(consentId, operator, pool, fine - toFinder, finder, toFinder);
    }

    function _requireMissing(bytes32 consentId) private view returns (address finder) {
        Inquiry memory inquiry = _inquiries[consentId];
        if (inquiry.status != ConsentStatus.Missing) revert DisputeDesk_NotMissing(consentId);
        return inquiry.who;
    }

    /* VIEWS */

    /// @inheritdoc ITrainingConsent
    function consentIdOf(bytes32 modelId, ManifestLeaf calldata leaf) public pure returns (bytes32) {
        return keccak256(abi.encode(modelId, leaf));
    }

    /// @inheritdoc ITrainingConsent
    function consentOf(bytes32 consentId) external view returns (ConsentStatus status, address who, uint256 answerUntil) {
        Inquiry memory inquiry = _inquiries[consentId];
        return (inquiry.status, inquiry.who, inquiry.answerUntil);
    }

    /// @inheritdoc ITrainingConsent
    function isFined(bytes32 consentId, address operator, address token) external view returns (bool) {
        return _fined[consentId][operator][token];
    }
}
