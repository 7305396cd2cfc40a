// The ledger in ClickHouse: the suite that every store passes, against a real server.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startOne } from "./clickhouse/servers.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));

describe("one ClickHouse server", () => {
	let place;
	before(async () => {
		place = await startOne();
	});
	after(() => place?.stop());

	test("the suite that every store passes", (context) => runSuite(context, place));
});

/** Runs the suite in vitest, and tells each of its tests as one of this file. */
async function runSuite(context, { hosts, query }) {
	const folder = mkdtempSync(join(tmpdir(), "farthing-suite-"));
	const report = join(folder, "report.json");
	const config = join(root, "test/real/clickhouse/vitest.config.ts");
	try {
		const vitest = join(root, "node_modules/vitest/vitest.mjs");
		const args = [vitest, "run", "--config", config, "--reporter=json", `--outputFile=${report}`];
		const child = spawn(process.execPath, args, {
			stdio: ["ignore", "ignore", "inherit"],
			env: { ...process.env, HOSTS: hosts, QUERY: query },
		});
		await once(child, "exit");
		const tests = JSON.parse(readFileSync(report, "utf8")).testResults.flatMap(
			({ assertionResults }) => assertionResults,
		);
		assert.ok(tests.length > 10, `the suite ran ${tests.length} tests`);
		for (const { title, status, failureMessages } of tests) {
			await context.test(title, () => assert.equal(status, "passed", failureMessages.join("\n")));
		}
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}
