// npm run bench: runs bench/*.bench.mjs one after the other, or those named: npm run bench -- sampling
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { main, root, runHere, SetupError, setup } from "./setup.mjs";

await main(async () => {
	await setup();
	const names = process.argv.slice(2).length > 0 ? process.argv.slice(2) : allNames();
	let failed = 0;
	for (const name of names) {
		const file = join(root, "bench", `${name}.bench.mjs`);
		if (!existsSync(file)) throw new SetupError(`no bench "${name}"; there are: ${allNames().join(", ") || "none"}`);
		console.log(`\n${name}`);
		if ((await runHere(process.execPath, [file])) !== 0) failed++;
	}
	return failed === 0 ? 0 : 1;
});

function allNames() {
	const files = existsSync(join(root, "bench")) ? readdirSync(join(root, "bench")) : [];
	return files.filter((file) => file.endsWith(".bench.mjs")).map((file) => file.replace(".bench.mjs", ""));
}
