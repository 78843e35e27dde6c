// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

/// @title Who has signed.
library Signatures {
    /// The key that signed, or zero. Refuses the malleable form of a signature.
    function recover(bytes32 digest, bytes calldata signature) internal pure returns (address recovered) {
        ECDSA.RecoverError failure;
        // What is left out explains a failure, and no failure is explained here.
        // slither-disable-next-line unused-return
        (recovered, failure,) = ECDSA.tryRecoverCalldata(digest, signature);
        if (failure != ECDSA.RecoverError.NoError) return address(0);
    }

    /// Whether `signer` is a contract that says yes under ERC-1271.
    function isAccepted(address signer, bytes32 digest, bytes calldata signature) internal view returns (bool) {
        return signer.code.length != 0
            && SignatureChecker.isValidERC1271SignatureNowCalldata(signer, digest, signature);
    }

    /// Whether `signer` has signed: its own key, also where it carries code (EIP-7702), or a contract under ERC-1271.
    function isValid(address signer, bytes32 digest, bytes calldata signature) internal view returns (bool) {
        address recovered = recover(digest, signature);
        return (recovered != address(0) && recovered == signer) || isAccepted(signer, digest, signature);
    }
}
