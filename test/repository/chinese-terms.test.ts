/** One word for one thing: the Chinese of pages, reports and the command line, held against the terms of docs/languages.md. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { zh as report } from "../../packages/report/src/messages/zh.ts";
import { claims } from "../../packages/web/src/messages/zh/claims.ts";
import { common } from "../../packages/web/src/messages/zh/common.ts";

const root = new URL("../../", import.meta.url);
const CATALOGUES = ["packages/web/src/messages/zh/", "packages/report/src/messages/", "packages/cli/src/messages/"];

const texts = CATALOGUES.map((folder) =>
	readdirSync(new URL(folder, root))
		.filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
		.map((name) => readFileSync(new URL(folder + name, root), "utf8"))
		.join("\n"),
).join("\n");

it("uses each term, and none of the words that it stands instead of", () => {
	const [, table = ""] = readFileSync(new URL("docs/languages.md", root), "utf8").split("\n## Terms\n");
	const rows = [
		...(table.split("\n## ")[0] ?? "").matchAll(/^\| ([^|]+) \| ([^|]*\p{Script=Han}[^|]*) \|([^|]*)\|$/gmu),
	];
	const words = (cell = ""): string[] => cell.split(",").flatMap((each) => (each.trim() === "" ? [] : [each.trim()]));
	expect(rows.length).toBeGreaterThan(35);
	expect(rows.flatMap(([, , terms]) => words(terms)).filter((term) => !texts.includes(term))).toEqual([]);
	expect(rows.flatMap(([, , , not]) => words(not)).filter((term) => texts.includes(term))).toEqual([]);
});

it("calls grades, verdicts and causes the same on pages and in reports", () => {
	const onPages = (prefix: string, messages: Readonly<Record<string, string>>): Record<string, string> =>
		Object.fromEntries(
			Object.entries(messages).flatMap(([key, text]) =>
				key.startsWith(prefix) ? [[key.slice(prefix.length), text] as const] : [],
			),
		);
	// Reports have no measured point that stands in for a faster one.
	const { label: _, clamped: __, ...grades } = onPages("grade.", common);
	expect(grades).toEqual(report.grades);
	expect(onPages("verdict.", claims)).toEqual(report.claims.verdicts);
	expect(report.bridge.causes).toMatchObject(onPages("cause.", common));
});
