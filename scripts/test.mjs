// npm test: set up, run the unit tests, close with one line. Arguments go to vitest: npm test -- packages/engine
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { main, root, runHere, setup } from "./setup.mjs";

await main(async () => {
	await setup();
	const folder = mkdtempSync(join(tmpdir(), "farthing-test-"));
	const countFile = join(folder, "count.json");
	try {
		const vitest = join(root, "node_modules/vitest/vitest.mjs");
		const reporters = ["--reporter=default", `--reporter=${join(root, "scripts/count-reporter.mjs")}`];
		const env = { ...process.env, FARTHING_COUNT_FILE: countFile };
		const code = await runHere(process.execPath, [vitest, "run", ...reporters, ...process.argv.slice(2)], { env });
		const { passed, failed } = readCount(countFile);
		console.log(`${passed} passed, ${Math.max(failed, code === 0 ? 0 : 1)} failed`);
		return code;
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
});

function readCount(file) {
	try {
		return JSON.parse(readFileSync(file, "utf8"));
	} catch {
		return { passed: 0, failed: 1 };
	}
}
