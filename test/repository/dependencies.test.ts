import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { missingEntries } from "../../scripts/complete-lock.mjs";

interface Manifest {
	dependencies?: Record<string, string>;
	devDependencies?: Record<string, string>;
	optionalDependencies?: Record<string, string>;
}

interface Lock {
	packages: Record<string, { link?: boolean; license?: string; optional?: boolean; resolved?: string }>;
}

const root = new URL("../../", import.meta.url);
const text = (path: string): string => readFileSync(new URL(path, root), "utf8");
const packages = readdirSync(new URL("packages/", root)).map((name) => `packages/${name}/package.json`);
const manifests = ["package.json", "test/real/package.json", ...packages].map(
	(path) => JSON.parse(text(path)) as Manifest,
);
const locks = ["package-lock.json", "test/real/package-lock.json"];
const accepted = [
	"MIT",
	"Apache-2.0",
	"MIT OR Apache-2.0",
	"ISC",
	"BSD-2-Clause",
	"BSD-3-Clause",
	"MPL-2.0",
	"Unlicense",
	"0BSD",
	// Fonts, embedded in documents; no code.
	"OFL-1.1",
	"MIT AND OFL-1.1",
	// Of two licences MIT is chosen; zlib asks for no more than MIT does.
	"(MIT OR GPL-3.0-or-later)",
	"(MIT AND Zlib)",
];

test("docs/dependencies.md lists exactly what the manifests ask for", () => {
	const asked = manifests
		.flatMap(({ dependencies = {}, devDependencies = {}, optionalDependencies = {} }) =>
			Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies }),
		)
		.filter(([name]) => !name.startsWith("@farthing/"))
		.map(([name, version]) => `${name} ${version}`);
	const rows = [...text("docs/dependencies.md").matchAll(/^\| `([^`]+)` \| (\S+) \|/gm)];
	expect(rows.map(([, name, version]) => `${name} ${version}`).sort()).toEqual([...new Set(asked)].sort());
});

test.each(locks)("%s holds accepted licences only and names no registry", (path) => {
	const { packages: entries } = JSON.parse(text(path)) as Lock;
	const installed = Object.entries(entries).filter(([place, { link }]) => place.includes("node_modules/") && !link);
	const isRefused = (license: string | undefined, optional = false): boolean =>
		license === undefined ? !optional : !accepted.includes(license);
	expect(installed.filter(([, { license, optional }]) => isRefused(license, optional)).map(([place]) => place)).toEqual(
		[],
	);
	expect(installed.filter(([, { resolved }]) => resolved !== undefined).map(([place]) => place)).toEqual([]);
});

test.each(locks)("%s holds every platform's binary, without which npm ci refuses it", (path) => {
	const { packages: entries } = JSON.parse(text(path)) as Lock;
	expect(Object.keys(missingEntries(entries))).toEqual([]);
});

test("a binary that the lock file lacks is written with its platform", () => {
	const { packages: entries } = JSON.parse(text("package-lock.json")) as Lock;
	const { "node_modules/@biomejs/cli-linux-x64": _binary, ...without } = entries;
	expect(missingEntries(without)).toEqual({
		"node_modules/@biomejs/cli-linux-x64": { version: "2.6.8", cpu: ["x64"], dev: true, optional: true, os: ["linux"] },
	});
});
