// LibreOffice as the tests drive it: files in, what it calculates out; and the sources joined into one file for Node.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";

const office = process.env.LIBREOFFICE ?? "soffice";

/** One file of the sources, since this Node runs no TypeScript. */
export async function joinedSources(folder) {
	const { rolldown } = await import("rolldown");
	const made = await rolldown({
		input: fileURLToPath(new URL("workbook-parts.mjs", import.meta.url)),
		platform: "node",
		resolve: { conditionNames: ["@farthing/source", "node", "import", "default"] },
	});
	const file = join(folder, "parts.mjs");
	await made.write({ file, format: "esm", codeSplitting: false });
	await made.close();
	return import(pathToFileURL(file).href);
}

/** What LibreOffice makes of the files: it reads them, calculates, and writes what it has. */
export async function recalculated(folder, { readXlsx, readZip, writeZip }, cases) {
	const out = join(folder, "out");
	mkdirSync(out, { recursive: true });
	const files = cases.map(({ name, bytes }) => {
		const file = join(folder, `${name}.xlsx`);
		writeFileSync(file, withoutNumbers({ readZip, writeZip }, bytes));
		return file;
	});
	for (let from = 0; from < files.length; from += 20) convert(folder, files.slice(from, from + 20), out);
	return Promise.all(files.map((file) => readXlsx(readFileSync(join(out, basename(file))))));
}

/** Without what stands beside formulas, which LibreOffice takes as it is: all that comes out was calculated. */
function withoutNumbers({ readZip, writeZip }, bytes) {
	const entries = [...readZip(bytes)].map(([name, data]) => {
		if (!name.startsWith("xl/worksheets/")) return [name, data];
		return [name, Buffer.from(data.toString("utf8").replaceAll(/(?<=<\/f>)<v>[^<]*<\/v>/g, ""))];
	});
	return writeZip(new Map(entries));
}

/** Where LibreOffice ends in the midst of many files, what it left is converted again, one by one. */
function convert(folder, files, out) {
	const profile = `-env:UserInstallation=${pathToFileURL(join(folder, "profile")).href}`;
	const run = (...some) => {
		const args = [profile, "--headless", "--convert-to", "xlsx", "--outdir", out, ...some];
		return spawnSync(office, args, { encoding: "utf8", timeout: 300_000 });
	};
	const { error, status, signal } = run(...files);
	if (error !== undefined) throw error;
	if (status === 0) return;
	const left = files.filter((file) => !existsSync(join(out, basename(file))));
	console.log(`  LibreOffice ended with ${signal ?? status} before ${left.length} of ${files.length} files`);
	for (const file of left) {
		const { status, stderr } = run(file);
		assert.equal(status, 0, `${basename(file)}: ${stderr}`);
	}
}
