// The made-up month of the ledger's own tests as a ledger on disk: a small one, of a day's steps and two GPUs a node.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { rolldown } from "rolldown";

const root = fileURLToPath(new URL("../..", import.meta.url));
const farthing = join(root, "packages/cli/bin/farthing.js");

/**
 * Files of the month and a ledger that holds them, in `folder`, with copies of it: a server has the first one alone,
 * commands ask `copy`, and `second` is for a second server.
 */
export async function fleetLedger(folder) {
	mkdirSync(folder, { recursive: true });
	const { fleetMonth, OCTOBER, writeFleet } = await testSupport(folder);
	const files = writeFleet(fleetMonth({ ...OCTOBER, stepHours: 24, gpusPerNode: 2 }), folder);
	const ledger = join(folder, "ledger.duckdb");
	const paths = [files.usage, files.capacity, files.bill];
	execFileSync(process.execPath, [farthing, "import", ...paths, "--store", ledger, "--quiet"], { cwd: folder });
	const [copy, second] = [join(folder, "copy.duckdb"), join(folder, "second.duckdb")];
	for (const to of [copy, second]) copyFileSync(ledger, to);
	return { ledger, copy, second, ...files };
}

/** The tests' own TypeScript, joined into a file that Node reads. */
async function testSupport(folder) {
	const names = ["fleet-month", "write-fleet"];
	const made = await rolldown({
		input: Object.fromEntries(names.map((name) => [name, join(root, `packages/ledger/test-support/${name}.ts`)])),
		platform: "node",
		external: /^node:/,
	});
	await made.write({ dir: join(folder, "joined"), format: "esm", entryFileNames: "[name].mjs" });
	await made.close();
	const [month, write] = await Promise.all(
		names.map((name) => import(pathToFileURL(join(folder, "joined", `${name}.mjs`)).href)),
	);
	return { ...month, ...write };
}
