import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

test("what threads do as they start, no other file of the joined command does by loading them", () => {
	const folder = fileURLToPath(new URL("../../packages/cli/bundle/", import.meta.url));
	const texts = readdirSync(folder)
		.filter((name) => name.endsWith(".js"))
		.map((name) => [name, readFileSync(`${folder}${name}`, "utf8")] as const);
	const threads = texts.map(([name]) => name).filter((name) => name.endsWith("-worker.js"));
	expect(threads).toEqual(["pdf-worker.js", "workbook-worker.js"]);
	const loaded = threads.flatMap((thread) =>
		texts.filter(([, text]) => text.includes(`from "./${thread}"`)).map(([name]) => `${name} loads ${thread}`),
	);
	expect(loaded).toEqual([]);
});
