// Peak memory of one run in a process of its own: bytes at its height, and bytes of the draws that are kept.
import process from "node:process";
import { sample } from "@farthing/engine";
import { fiveYearModel, INPUTS, KEEP, MONTHS } from "./model.mjs";

const draws = Number(process.argv[2]);
const model = fiveYearModel();
const between = [INPUTS[0].id, INPUTS[1].id];
const correlations = [{ between, rank: 0.5 }];
const run = (count) => sample(model, { draws: count, seed: 7, months: MONTHS, keep: KEEP, correlations });

const { values } = run(draws);
const kept = [...values.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
const peak = process.resourceUsage().maxRSS * 1024;
console.log(JSON.stringify({ peak, kept }));
