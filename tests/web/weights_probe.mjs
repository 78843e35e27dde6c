// Answers what a slider moved there makes of the weights: [{weights, bounds, place, wanted}] on standard input.
import { readFileSync } from "node:fs";

const { moved } = await import(`${process.argv[2]}/live/weights.js`);
const cases = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(cases.map((one) => moved(one.weights, one.bounds, one.place, one.wanted))));
