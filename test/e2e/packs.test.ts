/** `farthing report --keep`: a pack for each closed month, once, with what changed since the one before. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { bin, cleanEnvironment, farthing, folderWith, type Json, refusal } from "./farthing.ts";

const dayAfter = (day: string): string => new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
const days = (from: string, count: number): string[] => {
	const all = [from];
	while (all.length < count) all.push(dayAfter(all.at(-1) as string));
	return all;
};
/** One GPU at 1.80 USD an hour in September and 2.00 from October on: 30 × 24 × 1.80 = 1,296 and 31 × 24 × 2 = 1,488. */
const price = (value: string, from: string) => ({
	price: {
		id: "h100",
		resource: "gpu_hour",
		amount: { value, currency: "USD" },
		per: 1,
		selector: { gpu_model: "h100-sxm" },
		valid_from: `${from}T00:00:00Z`,
		basis: "on_demand",
		includes_power: true,
		provenance: "test",
	},
});
const records = [
	...days("2026-09-01", 64).flatMap((day) => [
		{
			usage: {
				grain: "request",
				t0: `${day}T10:00:00Z`,
				t1: `${day}T10:01:00Z`,
				source: { adapter: "test", version: "1", kind: "gateway" },
				scope: { group: "chat" },
				request_id: day,
				model: { served: "m" },
				tokens: { in_total: 1_000_000, out_total: 100_000 },
			},
		},
		{
			capacity: {
				t0: `${day}T00:00:00Z`,
				t1: `${dayAfter(day)}T00:00:00Z`,
				source: { adapter: "own", version: "1" },
				gpu: { uuid: "GPU-0", model: "h100-sxm" },
				held_by: { group: "chat" },
				gpu_time: { held: 86_400_000_000, held_source: "static" },
			},
		},
	]),
	price("1.80", "2026-01-01"),
	price("2.00", "2026-10-01"),
];

it("keeps each month that is over, compares it with the one before, and makes none twice", async () => {
	const cwd = folderWith({ "records.jsonl": records.map((each) => `${JSON.stringify(each)}\n`).join("") });
	expect(farthing("import records.jsonl", { cwd }).code).toBe(0);
	// A process that died has left a draft.
	mkdirSync(join(cwd, "packs", ".2026-10.999999999.tmp"), { recursive: true });
	const keep = "report --template monthly --keep packs --format md,csv";
	// November has three days: October is over, November is not.
	expect(farthing(keep, { cwd }).stdout).toMatch(
		/2026-09 {2}made, the first.*\n2026-10 {2}made, compared with 2026-09/,
	);
	expect(readdirSync(join(cwd, "packs")).sort()).toEqual(["2026-09", "2026-10"]);
	const difference = JSON.parse(readFileSync(join(cwd, "packs/2026-10/difference.json"), "utf8"));
	expect([difference.cost.from.value, difference.cost.to.value]).toEqual([1296, 1488]);
	const causes = (of: { causes: { delta: { value: number } }[] }) =>
		of.causes.reduce((sum, { delta }) => sum + delta.value, 0);
	expect(causes(difference.cost)).toBeCloseTo(192, 9);
	expect(causes(difference.unit_cost)).toBeCloseTo(difference.unit_cost.change.value, 12);
	expect(readFileSync(join(cwd, "packs/2026-10/monthly.md"), "utf8")).toMatch(
		/Since the period before[\s\S]*tokens delivered/,
	);
	expect(readFileSync(join(cwd, "packs/2026-10/monthly.md"), "utf8")).toMatch(
		/warm time took [\s\S]*On the reserved basis of this pack/,
	);
	const before = readFileSync(join(cwd, "packs/2026-10/pack.json"), "utf8");
	expect(farthing(keep, { cwd }).stdout).toBe("2026-09  kept before\n2026-10  kept before\n");
	expect(readFileSync(join(cwd, "packs/2026-10/pack.json"), "utf8")).toBe(before);
	expect(refusal([...keep.split(" "), "--window", "2026-10"], 2, { cwd })).toMatch(/every closed month/);

	// A server makes the same, on a thread that asks it for what the ledger holds.
	const served = await packsOfServer(cwd);
	expect(served).toEqual({ packs: ["2026-10", "2026-09"] });
	for (const file of ["2026-09/actuals.json", "2026-10/difference.json", "2026-10/monthly.md"])
		expect(readFileSync(join(cwd, "served", file), "utf8"), file).toBe(readFileSync(join(cwd, "packs", file), "utf8"));
}, 180_000);

/** Periods that a server has made, as soon as there are two, or why it cannot. */
async function packsOfServer(cwd: string): Promise<{ packs: string[]; last_failure?: string }> {
	const args = "serve --port 0 --ledger .farthing/ledger.duckdb --packs served --pack-formats md,csv";
	const child = spawn(process.execPath, [bin, ...args.split(" ")], { cwd, env: cleanEnvironment() });
	try {
		child.stderr.resume();
		let output = "";
		for await (const part of child.stdout) {
			output += part;
			const url = /answers at (\S+)\/v1 /.exec(output)?.[1];
			if (url === undefined) continue;
			for (;;) {
				const { packs, last_failure } = (await (await fetch(`${url}/v1/packs`)).json()) as Json;
				const periods = (packs as readonly Json[]).map(({ period }) => period as string);
				if (last_failure !== undefined) return { packs: periods, last_failure: last_failure as string };
				if (periods.length >= 2) return { packs: periods };
				await new Promise((resolve) => setTimeout(resolve, 50));
			}
		}
		throw new Error(output);
	} finally {
		child.kill("SIGTERM");
		await once(child, "close");
	}
}
