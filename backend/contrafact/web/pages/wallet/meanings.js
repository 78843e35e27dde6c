// What a step means, for who sees it for the first time: by a transaction's function, a message's kind, or the
// page's action where that is known better.
const ALLOWS =
  "A contract can take tokens from you only if you allow it to. This allows exactly this amount, and no more.";
const ESCROW =
  "A contract holds your money until the piece is delivered, and then pays everybody who has a share in it. What is" +
  " left comes back to you; if nothing is delivered in time, all of it does.";
const CONFIRMS =
  "You say that this share is yours and paid to the right address. From then on it is paid out to you automatically," +
  " and the licensor can no longer change the address. Until then your money waits.";
const HANDS_IN =
  "You hand in what the holders themselves have signed: that these shares are theirs and paid to the right address. From" +
  " then on they are paid out to them automatically, and the licensor can no longer change their addresses.";
const SENDS =
  "This sends an order that its maker has signed. The money is the maker's; you pay the network's fee.";
const EPOCHS = "What a model's training pool set aside for you is sent to your account.";

const MEANINGS = {
  approve: ALLOWS,
  Permit: ALLOWS,
  fund: ESCROW,
  Order: ESCROW,
  ReceiveWithAuthorization: `${ESCROW} Somebody else sends this for you, and can change nothing in it.`,
  fundFor: SENDS,
  fundWithAuthorization: SENDS,
  refund: "The piece was not delivered in time: its money goes back to whoever ordered it.",
  register:
    "The work stands in the public catalogue from now on, with you as the one who licenses it. Nobody may use it" +
    " before you set terms that permit it.",
  setTerms: "These terms count from the next order on. What is ordered already keeps the terms that it began with.",
  changeSplit: "Money is divided this way from the next order on. What came in before stays divided as it was.",
  transferLicensor: "Nothing changes until the new licensor accepts.",
  acceptLicensor:
    "From now on you set the work's terms, and say who is paid. Who is paid stays as it is until you change it.",
  confirm: CONFIRMS,
  SplitConfirmation: CONFIRMS,
  "hand-in-confirmations": HANDS_IN,
  Approval: "One order may use your work. Others must ask you again.",
  claim: "What was earned is sent to the holder's account.",
  claimEpoch: EPOCHS,
  claimEpochs: EPOCHS,
  payout: "Everybody with a share in the work is paid now, but for those whose part is below their minimum payout.",
  setThreshold: "Payouts to you wait until they reach this amount. You can still claim less yourself.",
  withdrawOwed: "Money that could not be sent before is sent now.",
  contest: "From now on the work enters no new order. Your bond is held until the contest is over.",
  holdAccount: "What this account receives from now on is held until the contest is over.",
};

/** The contracts in words, for who never saw their names. */
export const CONTRACTS = {
  GenerationEscrow: "the order’s escrow contract", DisputeDesk: "the contests’ contract",
  TrainingPool: "the training pools’ contract", TestDollar: "the test dollars’ contract",
};

/** Text of the API in which a contract's name in quotes stands in words. */
export const contractsNamed = (text) => text.replace(/“(\w+)”/g, (all, name) => CONTRACTS[name] ?? all);

/** A sentence or two, or null for what explains itself. */
export const meaningOf = ({ function: name, kind }, action) => MEANINGS[action] ?? MEANINGS[name ?? kind] ?? null;
