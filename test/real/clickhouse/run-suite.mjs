// The suite that every store passes, in vitest, against servers that run already.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** Results of the tests whose titles hold a pattern: `title`, `status` and `failureMessages` each. */
export async function runSuite({ hosts, query }, pattern = "") {
	const folder = mkdtempSync(join(tmpdir(), "farthing-suite-"));
	const report = join(folder, "report.json");
	try {
		const vitest = join(root, "node_modules/vitest/vitest.mjs");
		const config = join(root, "test/real/clickhouse/vitest.config.ts");
		const args = [vitest, "run", "--config", config, "--reporter=json", `--outputFile=${report}`, "-t", pattern];
		const child = spawn(process.execPath, args, {
			stdio: ["ignore", "ignore", "inherit"],
			env: { ...process.env, HOSTS: hosts, QUERY: query },
		});
		const [code, signal] = await once(child, "exit");
		if (!existsSync(report)) throw new Error(`the suite ended with ${signal ?? code}, without a report`);
		return outcomesOf(JSON.parse(readFileSync(report, "utf8")), pattern);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** Of the tests that were meant to run: one that did not come to an end has failed. */
export function outcomesOf({ testResults }, pattern) {
	const broken = testResults.find(({ assertionResults }) => assertionResults.length === 0);
	if (broken !== undefined) throw new Error(`no test of ${broken.name} ran: ${broken.message}`);
	return testResults
		.flatMap(({ assertionResults }) => assertionResults)
		.filter(({ fullName }) => new RegExp(pattern).test(fullName))
		.map((test) =>
			test.status === "passed" || test.status === "failed"
				? test
				: { ...test, status: "failed", failureMessages: [`did not come to its end: ${test.status}`] },
		);
}
