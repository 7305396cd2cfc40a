// The same model in Squiggle, on sample sets: run in a folder where @quri/squiggle-lang is installed. Prints JSON.
import process from "node:process";
import { run } from "@quri/squiggle-lang";

const samples = Number(process.argv[2]);
const code = `
ln(p5, p95) = SampleSet(Sym.lognormal({ p5: p5, p95: p95 }))
growth = ln(1.02, 1.06)
drift = ln(1.005, 1.02)
scores = SampleSet(Sym.normal({ p5: log(0.45 / 0.55), p95: log(0.75 / 0.25) }))
load = SampleSet.map(scores, {|x| 1 / (1 + exp(-x))})
powerPrice = ln(0.4, 1.2)
zero = SampleSet.map(growth, {|x| 0})
start = {
  demand: ln(90, 160), speed: ln(2.5, 3.6), price: ln(26, 38), sold: ln(7, 11), owned: zero, debt: zero + 900,
  balance: zero, factor: 1, worth: zero, costs: zero, tokens: zero
}
end = List.reduce(List.upTo(0, 59), start, {|s, t|
  needed = s.demand * 1.8 / (s.speed * load)
  replicas = SampleSet.map(needed, {|x| ceil(x - 1e-9 * x) + 1})
  owned = SampleSet.map2(replicas * 8, s.owned, {|a, b| max(a, b)})
  capital = (owned - s.owned) * s.price
  running = owned * 0.9 * powerPrice + (t < 12 ? 40 : 65)
  revenue = s.demand * s.sold
  debt = SampleSet.map(s.debt * 1.006 + capital * 0.5 - revenue * 0.1, {|x| max(x, 0)})
  cost = capital + running + debt * 0.006
  cash = revenue - cost
  {
    demand: s.demand * growth, speed: s.speed * drift, price: s.price * 0.985, sold: s.sold * 0.99, owned: owned,
    debt: debt, balance: s.balance + cash, factor: s.factor / 1.008, worth: s.worth + cash * s.factor,
    costs: s.costs + cost * s.factor, tokens: s.tokens + s.demand
  }
})
[mean(end.worth), mean(end.costs / end.tokens), mean(end.balance)]
`;
const environment = { sampleCount: samples, xyPointLength: 1000, seed: "farthing" };
const { result } = await run(code, { environment });
const start = performance.now();
await run(code, { environment });
const ms = performance.now() - start;
if (!result.ok) throw new Error(result.value.toString());
const [worth] = JSON.parse(String(result.value.result));
console.log(JSON.stringify({ ms, samples, worth }));
