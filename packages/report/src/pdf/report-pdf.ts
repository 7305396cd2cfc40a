/**
 * A report as PDF, typeset by Typst compiled to WebAssembly: tagged, with bookmarks, alternative texts and embedded fonts.
 * No date is written and no font of the machine is used, so the same report gives the same bytes everywhere.
 */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setFlagsFromString } from "node:v8";
import type { TypstCompiler } from "@myriaddreamin/typst-ts-web-compiler";
import { en } from "../messages/en.ts";
import { pathOf } from "../package-folder.ts";
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

/** Reads the typesetter and its fonts, which takes a while; `reportPdf` does so itself where nobody did before. */
export async function prepareTypesetter(): Promise<void> {
	compiler ??= openCompiler();
	await compiler;
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
	const code = readFileSync(pathOf("@myriaddreamin/typst-ts-web-compiler/wasm"));
	await init({ module_or_path: compiledOnce(code) });
	const builder = new TypstCompilerBuilder();
	builder.set_dummy_access_model();
	const inter = dirname(pathOf("@expo-google-fonts/inter/package.json"));
	for (const style of ["400Regular", "600SemiBold"])
		await builder.add_raw_font(readFileSync(join(inter, style, `Inter_${style}.ttf`)));
	const math = dirname(pathOf("@fontsource/noto-sans-math/package.json"));
	await builder.add_raw_font(fontOfWoff(readFileSync(join(math, "files/noto-sans-math-latin-400-normal.woff"))));
	return builder.build();
}

/**
 * By the quick compiler of V8 alone. The slow one would go over the 28 MB again for code that runs for a second: that took
 * as long as the typesetting. The flag holds for the process, so it stands only for this call, which does not wait.
 */
function compiledOnce(code: Uint8Array<ArrayBuffer>): WebAssembly.Module {
	setFlagsFromString("--liftoff-only");
	try {
		return new WebAssembly.Module(code);
	} finally {
		setFlagsFromString("--no-liftoff-only");
	}
}
