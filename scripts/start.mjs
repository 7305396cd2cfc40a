// npm start: set up, then the main job on the data in the catalogue. Arguments such as --once are passed on.
import { join } from "node:path";
import process from "node:process";
import { main, root, runHere, setup } from "./setup.mjs";

await main(async () => {
	await setup();
	const farthing = join(root, "packages/cli/bin/farthing.js");
	return runHere(process.execPath, [farthing, "first-run", ...process.argv.slice(2)]);
});
