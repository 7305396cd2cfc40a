/**
 * A report as PDF, typeset by Typst compiled to WebAssembly: tagged, with bookmarks, alternative texts and embedded fonts.
 * No date is written and no font of the machine is used, so the same report gives the same bytes everywhere.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { TypstCompiler } from "@myriaddreamin/typst-ts-web-compiler";
import { en } from "../messages/en.ts";
import type { Report } from "../report-model.ts";
import { typstReport } from "./typst-report.ts";
import { fontOfWoff } from "./woff.ts";

/** Throws `Error` with what Typst says where it cannot typeset, which is a defect of ours. */
export async function reportPdf(report: Report): Promise<Uint8Array> {
	compiler ??= openCompiler();
	const typst = await compiler;
	typst.add_source(MAIN, typstReport(report, en));
	const { result, diagnostics = [] } = typst.compile(MAIN, undefined, "pdf", DIAGNOSTICS) as Compiled;
	if (result !== undefined) return result;
	throw new Error(`Typst: ${diagnostics.map(({ range, message }) => `${range} ${message}`).join("; ")}`);
}

interface Compiled {
	readonly result?: Uint8Array;
	readonly diagnostics?: readonly { readonly range: string; readonly message: string }[];
}

const MAIN = "/report.typ";
/** With places and words. */
const DIAGNOSTICS = 3;

let compiler: Promise<TypstCompiler> | undefined;

async function openCompiler(): Promise<TypstCompiler> {
	const { default: init, TypstCompilerBuilder } = await import("@myriaddreamin/typst-ts-web-compiler");
	const { resolve } = createRequire(import.meta.url);
	const code = readFileSync(resolve("@myriaddreamin/typst-ts-web-compiler/wasm"));
	await init({ module_or_path: await WebAssembly.compile(code) });
	const builder = new TypstCompilerBuilder();
	builder.set_dummy_access_model();
	const inter = dirname(resolve("@expo-google-fonts/inter/package.json"));
	for (const style of ["400Regular", "600SemiBold"])
		await builder.add_raw_font(readFileSync(join(inter, style, `Inter_${style}.ttf`)));
	const math = dirname(resolve("@fontsource/noto-sans-math/package.json"));
	await builder.add_raw_font(fontOfWoff(readFileSync(join(math, "files/noto-sans-math-latin-400-normal.woff"))));
	return builder.build();
}
