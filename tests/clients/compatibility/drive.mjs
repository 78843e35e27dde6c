// Asks a node all steps through one client: `node drive.mjs viem|ethers`, a job in JSON on stdin, answers in JSON.
import { readFileSync } from "node:fs";

const { url, wsUrl, steps, probe } = JSON.parse(readFileSync(0, "utf8"));
const { connect } = await import(`./${process.argv[2]}.mjs`);
const client = await connect(url, wsUrl);
const saved = {};

/** Parameters with what earlier answers gave in place of `$name`. */
function filled(value) {
  if (Array.isArray(value)) return value.map(filled);
  if (value !== null && typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, filled(item)]));
  return typeof value === "string" && value in saved ? saved[value] : value;
}

async function outcome(ask) {
  try {
    return { result: (await ask()) ?? null };
  } catch (error) {
    return { error: client.code(error) };
  }
}

let atOnce = true;

/** Gives a node that answers before its block is there the time to make it. */
async function settle(sent) {
  for (let poll = 0; poll < 500; poll++) {
    if ((await outcome(() => client.request("eth_getTransactionReceipt", [sent]))).result) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function step({ method, params, save, plain }) {
  const given = filled(params);
  const answer = await outcome(() => client.request(method, given));
  if (method.endsWith("_setAutomine")) atOnce = given[0];
  if (atOnce && method.includes("send") && typeof answer.result === "string") await settle(answer.result);
  if (save) saved[save] = answer.result?.hash ?? answer.result;
  const typed = plain && client.typed[method];
  return typed ? { ...answer, typed: await outcome(() => typed(given)) } : answer;
}

const answers = [];
for (const one of steps) answers.push(await step(one));
const tasks = {};
for (const [name, task] of Object.entries(client.tasks)) tasks[name] = await outcome(() => task(probe));
const text = JSON.stringify({ answers, tasks }, (_, value) => (typeof value === "bigint" ? `${value}` : value));
process.stdout.write(text, () => process.exit(0)); // sockets may be open
