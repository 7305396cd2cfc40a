// The serving simulator: simulated requests a second of one core (processor time, so that other work on the machine does not
// count), with and without a prefix cache; against the same with one decode step at a time; a generated trace of 23,608
// requests as in NVIDIA's note on DynoSim (2026-05-29: 2.41 s there, on another machine); a day at a billion tokens; and the
// memory of a stream of ten million requests.
import { spawnSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { plan } from "@farthing/answers";
import { openCatalogue } from "@farthing/catalogue/node";
import { generatedLoad, LENGTH_CLASSES, linearStepCosts, simulate } from "@farthing/engine";
import { parseScenario } from "@farthing/scenario";

const law = linearStepCosts({
	stepSeconds: 0.005,
	sequenceSeconds: 2e-5,
	contextSeconds: 1e-9,
	prefillSeconds: 5e-6,
	largestBatch: 256,
});

function run({ replicas = 8, rate, requests, lengths, prefixes, kvBlocks = 40_000, exact = false, hours }) {
	const engine = {
		law,
		largestBatch: 256,
		stepTokens: 2048,
		kvBlocks,
		blockTokens: 16,
		schedule: "mixed",
		admission: "grow",
		tokensPerStep: 1,
		...(prefixes === undefined ? {} : { prefixCache: { entryTokens: prefixes.blockTokens } }),
	};
	return simulate({
		fleet: {
			pools: [{ name: "pool", role: "both", replicas, gpusPerReplica: 8, weight: 1, engine }],
			router: prefixes === undefined ? "least-loaded" : "prefix-aware",
			priorities: 1,
		},
		source: generatedLoad(
			{
				arrivals: { process: { kind: "poisson" }, requestsPerSecond: rate },
				lengths,
				...(prefixes === undefined ? {} : { prefixes }),
				...(requests === undefined ? {} : { requests }),
			},
			1,
		),
		...(hours === undefined ? {} : { horizonSeconds: hours * 3600 }),
		limits: {},
		lengthClasses: LENGTH_CLASSES,
		windowSeconds: 3600,
		seed: 1,
		exact,
	});
}

/** Processor seconds of the quickest of some rounds. */
function quickest(rounds, work) {
	let best = Infinity;
	let made;
	for (let round = 0; round < rounds; round++) {
		const start = process.cpuUsage();
		made = work();
		const { user, system } = process.cpuUsage(start);
		best = Math.min(best, (user + system) / 1e6);
	}
	return { seconds: best, made };
}

if (process.argv[2] === "stream") {
	run({ rate: 400, requests: Number(process.argv[3]), lengths: { kind: "exponential", input: 256, output: 64 } });
	console.log(process.resourceUsage().maxRSS);
} else {
	const plain = { rate: 400, requests: 400_000, lengths: { kind: "exponential", input: 1024, output: 256 } };
	const macro = quickest(3, () => run(plain));
	const exact = quickest(2, () => run({ ...plain, exact: true }));
	const perSecond = (n, { seconds }) => Math.round(n / seconds).toLocaleString("en");
	console.log(`  without prefix cache       ${perSecond(400_000, macro)} requests/s (goal 200,000)`);
	console.log(
		`  the same, step by step     ${perSecond(400_000, exact)} requests/s: ×${(exact.seconds / macro.seconds).toFixed(2)} the time`,
	);
	const means = ["ttft", "tpot", "e2e"].map((name) => Math.abs(macro.made[name].mean / exact.made[name].mean - 1));
	const tails = ["ttft", "tpot", "e2e"].map((name) => Math.abs(macro.made[name].p99 / exact.made[name].p99 - 1));
	const share = (value) => `${(100 * value).toFixed(3)}%`;
	console.log(
		`  steps at once, one by one  means apart by ${share(Math.max(...means))} (goal 0.5%), P99 by ${share(Math.max(...tails))} (goal 1%)`,
	);

	const long = { kind: "exponential", input: 8600, output: 182 };
	const prefixes = { blockTokens: 512, share: 0.5, groups: 500, skew: 1 };
	const cached = quickest(3, () => run({ rate: 60, requests: 100_000, lengths: long, prefixes }));
	console.log(`  with prefix cache          ${perSecond(100_000, cached)} requests/s (goal 50,000)`);
	const trace = quickest(5, () => run({ rate: 23_608 / 3600, requests: 23_608, lengths: long, prefixes }));
	console.log(`  23,608 requests, an hour   ${trace.seconds.toFixed(2)} s (goal 0.5 s)`);
	const day = quickest(1, () =>
		run({ rate: 1e9 / 86_400 / 1280, hours: 24, lengths: { kind: "exponential", input: 1024, output: 256 } }),
	);
	console.log(
		`  a day at 1B tokens         ${day.seconds.toFixed(2)} s for ${day.made.requests.finished.toLocaleString("en")} requests (goal 10 s)`,
	);

	for (const [words, demand, scaler] of [
		["plan, 2M requests/hour   ", "45B", ", autoscaler: {start: 5 minutes}"],
		["plan, 10T tokens a day   ", "10T", ""],
	]) {
		const text = `version: 1\nname: much\nmodel: deepseek-r1\nworkload: {input: 1024, output: 1024}\ndemand: {tokens_per_day: ${demand}, peak_to_mean: 2}\ncost: {card: {id: "2026-07", tier: own_neocloud}}\ntraffic: {burstiness: 1, within_limits: 95%${scaler}}\n`;
		const catalogue = openCatalogue().catalogue();
		const asking = { command: "plan", arguments: {}, asOf: catalogue.releaseDate, seed: 1, catalogue };
		const planned = quickest(1, () => plan(catalogue, parseScenario(text, { file: "much.yaml" }).scenario, asking));
		const [best] = planned.made.result.options;
		console.log(
			`  ${words}  ${planned.seconds.toFixed(1)} s, ${best.replicas} replicas by ${best.sizing.by} (goal 10 s)`,
		);
	}

	const rss = (requests) => {
		const { stdout } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), "stream", String(requests)], {
			encoding: "utf8",
		});
		return Number(stdout) / 1024;
	};
	const [some, many] = [rss(1_000_000), rss(10_000_000)];
	console.log(
		`  10,000,000 requests        ${many.toFixed(0)} MB at most, ${some.toFixed(0)} MB for a tenth of them (goal 500 MB)`,
	);
}
