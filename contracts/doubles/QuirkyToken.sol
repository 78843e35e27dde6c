// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

interface IMoneyReceiver {
    function onMoney() external;
}

/// @notice Test double: a token that behaves, when it is moved, as bad tokens out there do.
contract QuirkyToken is ERC20("Quirky", "QRK") {
    enum Quirk {
        None,
        ReturnsNothing, // like USDT
        ReturnsFalse, // and moves nothing
        ReturnsTwo, // neither true nor false
        TakesFee, // 1 in 100
        Reverts,
        BurnsGas,
        CallsReceiver // like ERC-777
    }

    Quirk public quirk;
    mapping(address => bool) public blocked;

    error Blocked(address account);

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function setQuirk(Quirk quirk_) external {
        quirk = quirk_;
    }

    function setBlocked(address account, bool blocked_) external {
        blocked[account] = blocked_;
    }

    function transfer(address to, uint256 amount) public override returns (bool) {
        if (quirk == Quirk.ReturnsFalse) return false;
        super.transfer(to, amount);
        return _answer();
    }

    function transferFrom(address from, address to, uint256 amount) public override returns (bool) {
        if (quirk == Quirk.ReturnsFalse) return false;
        super.transferFrom(from, to, amount);
        return _answer();
    }

    function _update(address from, address to, uint256 amount) internal override {
        require(!blocked[to], Blocked(to));
        require(quirk != Quirk.Reverts, Blocked(to));
        if (quirk == Quirk.BurnsGas) {
            assembly {
                invalid()
            }
        }
        super._update(from, to, amount);
        if (quirk == Quirk.TakesFee && from != address(0)) super._update(to, address(0), amount / 100);
        if (quirk == Quirk.CallsReceiver && to.code.length != 0) IMoneyReceiver(to).onMoney();
    }

    function _answer() private view returns (bool) {
        if (quirk == Quirk.ReturnsNothing) {
            assembly {
                return(0, 0)
            }
        }
        if (quirk == Quirk.ReturnsTwo) {
            assembly {
                mstore(0, 2)
                return(0, 32)
            }
        }
        return true;
    }
}
