// A vitest reporter that writes how many tests passed and failed; a file that does not load counts as one failure.
import { writeFileSync } from "node:fs";
import process from "node:process";

export default class CountReporter {
	onTestRunEnd(modules, unhandledErrors) {
		const count = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
		for (const module of modules) {
			for (const test of module.children.allTests()) count[test.result().state]++;
			if (module.errors().length > 0) count.failed++;
		}
		writeFileSync(process.env.FARTHING_COUNT_FILE, JSON.stringify(count));
	}
}
