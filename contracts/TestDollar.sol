// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC3009} from "@openzeppelin/contracts/token/ERC20/extensions/draft-ERC3009.sol";

/// @title Worthless test money.
/// @notice Anybody can mint any amount. For development chains, demonstrations and tests only; it stands for a
/// stablecoin of 6 decimals, with permits (ERC-2612) and authorizations (ERC-3009), and must never be accepted as
/// payment where payment matters.
contract TestDollar is ERC20, ERC20Permit, ERC3009 {
    constructor() ERC20("Worthless Test Dollar", "TUSD") ERC20Permit("Worthless Test Dollar") {}

    function decimals() public pure override returns (uint8) {
        return 6;
    }

    /// @notice Open to everybody.
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }
}
