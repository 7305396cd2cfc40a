// npm run campaign: the long trials whose results stand in docs/ledger-campaign.md and docs/simulation-campaign.md, all of
// them or those named: npm run campaign -- kills. Each writes its part of its page and leaves the others as they are.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { main, root, SetupError, setup } from "./setup.mjs";

const ledger = { path: "docs/ledger-campaign.md", title: "# Trials of the ledger\n" };
const simulation = { path: "docs/simulation-campaign.md", title: "# Trials of the simulator\n" };
const parts = {
	kills: async (log) => (await import("../test/campaign/kills-page.mjs")).runKillsPart(log),
	cluster: async (log) => (await import("../test/campaign/cluster-page.mjs")).runCluster(log),
	events: async (log) => (await import("../test/campaign/scale-page.mjs")).runEvents(log),
	file: async (log) => (await import("../test/campaign/scale-page.mjs")).runFile(log),
	trace: async (log) => (await import("../test/campaign/trace-page.mjs")).runTrace(log),
};

await main(async () => {
	await setup();
	const wanted = process.argv.slice(2).length > 0 ? process.argv.slice(2) : Object.keys(parts);
	let isGood = true;
	for (const name of wanted) {
		if (parts[name] === undefined)
			throw new SetupError(`no campaign "${name}"; there are: ${Object.keys(parts).join(", ")}`);
		const { text, isMet } = await parts[name](console.log);
		put(name === "trace" ? simulation : ledger, name, text);
		isGood &&= isMet;
	}
	return isGood ? 0 : 1;
});

/** Puts a part between its marks. */
function put({ path, title }, name, text) {
	const page = join(root, path);
	const [start, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
	const before = existsSync(page) ? readFileSync(page, "utf8") : title;
	const block = `${start}\n${text.trim()}\n${end}`;
	const at = before.indexOf(start);
	const after =
		at < 0
			? `${before.trimEnd()}\n\n${block}\n`
			: before.slice(0, at) + block + before.slice(before.indexOf(end) + end.length);
	writeFileSync(page, after);
	console.log(`✓ ${path}: ${name}`);
}
