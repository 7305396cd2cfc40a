// The suite that every store passes, in vitest, against servers that run already.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
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
		await once(child, "exit");
		const suite = JSON.parse(readFileSync(report, "utf8")).testResults.flatMap((file) => file.assertionResults);
		return suite.filter(({ status }) => status === "passed" || status === "failed");
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}
