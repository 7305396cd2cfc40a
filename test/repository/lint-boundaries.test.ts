import { describe, expect, test } from "vitest";
import { checkFile, listImports } from "../../scripts/lint-boundaries.mjs";

const messages = (path: string, text: string): string[] =>
	checkFile(path, text).map(({ line, message }) => `${line}: ${message}`);

describe("package arrows", () => {
	test.each([
		["packages/engine/src/a.ts", 'import { x } from "@farthing/catalogue";'],
		["packages/engine/src/a.ts", 'import YAML from "yaml";'],
		["packages/engine/src/a.ts", 'export * from "node:fs";'],
		["packages/engine/src/a.ts", 'const x = await import("node:fs");'],
		["packages/engine/src/a.test.ts", 'import { x } from "@farthing/answers";'],
		["packages/catalogue/src/a.ts", 'import { x } from "@farthing/scenario";'],
		["packages/catalogue/src/a.ts", 'import { readFileSync } from "node:fs";'],
		["packages/scenario/src/a.ts", 'import type { X } from "@farthing/catalogue";'],
		["packages/scenario/src/deep/a.ts", 'import { x } from "../../../engine/src/index.ts";'],
		["packages/answers/src/a.ts", 'import { x } from "@farthing/report";'],
		["packages/report/src/a.ts", 'import { x } from "farthing";'],
		["packages/cli/src/a.ts", 'import fc from "fast-check";'],
		["packages/web/src/a.tsx", 'import { x } from "@farthing/report";'],
		["packages/web/src/a.tsx", 'import { x } from "@farthing/ledger";'],
		["packages/web/src/a.tsx", 'import type { X } from "@farthing/report";'],
		["packages/web/src/a.ts", 'import { readFileSync } from "node:fs";'],
		["packages/web/src/a.ts", 'import { x } from "@farthing/catalogue/node";'],
		["packages/answers/src/a.ts", 'import { x } from "@farthing/web";'],
		["packages/cli/src/a.ts", 'import { x } from "./b";'],
		["packages/new/src/a.ts", 'import { x } from "yaml";'],
		["packages/engine/package.json", '{"dependencies": {"yaml": "2.9.1"}}'],
		["packages/cli/package.json", '{"dependencies": {"commander": "^14.0.3"}}'],
	])("%s: %s is refused", (path, text) => {
		expect(messages(path, text)).toHaveLength(1);
	});

	test.each([
		["packages/engine/src/a.ts", 'import { x } from "./model/b.ts";'],
		["packages/engine/src/a.test.ts", 'import fc from "fast-check";\nimport { readFileSync } from "node:fs";'],
		["packages/catalogue/src/a.ts", 'import { x } from "@farthing/engine";\nimport { parse } from "yaml";'],
		["packages/catalogue/src/node.ts", 'import { readFileSync } from "node:fs";'],
		["packages/answers/src/a.ts", 'import { x } from "@farthing/catalogue";'],
		["packages/report/src/a.ts", 'import { readFileSync } from "node:fs";\nimport { x } from "@farthing/answers";'],
		["packages/cli/src/a.ts", 'import { x } from "@farthing/catalogue/node";'],
		["packages/web/src/a.tsx", 'import { x } from "@farthing/answers";\nimport { X } from "./x.tsx";'],
		["packages/web/src/a.tsx", 'import type { X } from "@farthing/ledger";'],
		["packages/web/src/a.test.ts", 'import { x } from "@farthing/catalogue/node";'],
		["packages/cli/package.json", '{"dependencies": {"commander": "14.0.3", "@farthing/engine": "0.1.0"}}'],
		["packages/engine/src/a.ts", '// import { x } from "yaml"\nconst s = \'import "yaml"\';'],
		["scripts/a.mjs", 'import { x } from "anything";'],
	])("%s: %s is allowed", (path, text) => {
		expect(messages(path, text)).toEqual([]);
	});
});

describe("forms with other bits or another clock", () => {
	test.each([
		["const a = x ** 2;"],
		["const a = 2 ** n;"],
		["const a = (x + 1) ** 2;"],
		["x **= 2;"],
		["const d = new Date();"],
		["const d = new Date;"],
		["const s = `${new Date()}`;"],
	])("%s is refused in the engine", (text) => {
		expect(messages("packages/engine/src/a.ts", text)).toHaveLength(1);
		expect(messages("packages/engine/src/a.test.ts", text)).toEqual([]);
	});

	test.each([
		["const a = 2 ** 32 - 1e3 ** -2;"],
		['const d = new Date("2026-07-01");'],
		["/** x ** 2 and new Date() */"],
		['const s = "x ** 2";'],
		["const s = `x ** 2`;"],
		["const r = /a**b/; // x ** 2"],
	])("%s is allowed in the engine", (text) => {
		expect(messages("packages/engine/src/a.ts", text)).toEqual([]);
	});
});

describe("paths of one machine", () => {
	const absolute = (...parts: string[]): string => ["", ...parts].join("/");

	test.each([
		[absolute("work", "main", "a.ts")],
		[absolute("tmp", "x")],
		[absolute("home", "someone", "x")],
		[`see ${absolute("root", ".npm")}`],
	])("%s is refused", (text) => {
		expect(messages("docs/a.md", `first\n${text}\n`)).toEqual([expect.stringMatching(/^2: path of one machine/)]);
	});

	test.each([["https://example.org/work/x"], ["a/work/b"], ["./tmp/x"], ["work/main"], ["tokens/work/s"]])(
		"%s is allowed",
		(text) => {
			expect(messages("docs/a.md", text)).toEqual([]);
		},
	);
});

test("imports are found with their lines, in code only", () => {
	const text = [
		'import a from "a";',
		'const t = `import x from "no" ${await import(\'b\')} from "no"`;',
		'const r = /"/; import',
		'	{ c } from "c";',
		'// from "no"',
		'export { d } from "d";',
	].join("\n");
	expect(listImports(text).map(({ specifier, line }) => `${specifier}:${line}`)).toEqual(["a:1", "b:2", "c:4", "d:6"]);
});
