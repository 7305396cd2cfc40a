/**
 * A report as PDF, typeset by Typst compiled to WebAssembly: tagged, with bookmarks, alternative texts and embedded fonts.
 * No date is written and no font of the machine is used, so the same report gives the same bytes everywhere.
 */
import { readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import type { TypstCompiler } from "@myriaddreamin/typst-ts-web-compiler";
import { en } from "../messages/en.ts";
import { pathOf } from "../package-folder.ts";
import type { Report } from "../report-model.ts";
import { type Letters, lettersOf } from "./font-letters.ts";
import { typstReport } from "./typst-report.ts";
import { fontOfWoff } from "./woff.ts";

export interface Pdf {
	readonly bytes: Uint8Array;
	/** Letters that no font here has: each stands as a box. */
	readonly boxes: readonly string[];
}

/** Throws `Error` with what Typst says where it cannot typeset, which is a defect of ours. */
export async function reportPdf(report: Report): Promise<Pdf> {
	const source = typstReport(report, en);
	const usual = await usualTypst();
	const rare = lettersIn(source).filter((letter) => !usual.has(letter.codePointAt(0) as number));
	if (rare.length === 0) return { bytes: typeset(usual, source), boxes: [] };
	const whole = await wholeTypst();
	const boxes = rare.filter((letter) => !whole.has(letter.codePointAt(0) as number));
	return { bytes: typeset(whole, source), boxes };
}

/** Reads the typesetter and its fonts, which takes a while; `reportPdf` does so itself where nobody did before. */
export async function prepareTypesetter(): Promise<void> {
	await usualTypst();
}

/** Letters beyond ASCII that take ink, each once. */
function lettersIn(text: string): string[] {
	const letters = text.match(/[^\p{ASCII}\p{White_Space}\p{Default_Ignorable_Code_Point}]/gu) ?? [];
	return [...new Set(letters)].sort((a, b) => (a.codePointAt(0) as number) - (b.codePointAt(0) as number));
}

interface Typst {
	readonly compiler: TypstCompiler;
	readonly has: Letters;
}

interface Compiled {
	readonly result?: Uint8Array;
	readonly diagnostics?: readonly { readonly range: string; readonly message: string }[];
}

const MAIN = "/report.typ";
/** With places and words. */
const DIAGNOSTICS = 3;

function typeset({ compiler }: Typst, source: string): Uint8Array {
	compiler.add_source(MAIN, source);
	const { result, diagnostics = [] } = compiler.compile(MAIN, undefined, "pdf", DIAGNOSTICS) as Compiled;
	if (result !== undefined) return result;
	throw new Error(`Typst: ${diagnostics.map(({ range, message }) => `${range} ${message}`).join("; ")}`);
}

let usual: Promise<Typst> | undefined;
let whole: Promise<Typst> | undefined;

function usualTypst(): Promise<Typst> {
	usual ??= openTypst(usualFonts());
	return usual;
}

/** With a font for the letters that the usual ones lack. It is coarse, and takes half a second to read. */
function wholeTypst(): Promise<Typst> {
	whole ??= openTypst([...usualFonts(), unpacked("@fontsource/unifontex/files/unifontex-latin-400-normal.woff")]);
	return whole;
}

function usualFonts(): Buffer[] {
	const inter = ["400Regular", "600SemiBold"].map((style) =>
		readFileSync(pathOf(`@expo-google-fonts/inter/${style}/Inter_${style}.ttf`)),
	);
	return [...inter, unpacked("@fontsource/noto-sans-math/files/noto-sans-math-latin-400-normal.woff")];
}

function unpacked(file: string): Buffer {
	return fontOfWoff(readFileSync(pathOf(file)));
}

async function openTypst(fonts: readonly Buffer[]): Promise<Typst> {
	const { default: init, TypstCompilerBuilder } = await import("@myriaddreamin/typst-ts-web-compiler");
	code ??= compiledOnce(readFileSync(pathOf("@myriaddreamin/typst-ts-web-compiler/wasm")));
	await init({ module_or_path: code });
	const builder = new TypstCompilerBuilder();
	builder.set_dummy_access_model();
	for (const font of fonts) await builder.add_raw_font(font);
	const letters = fonts.map(lettersOf);
	return { compiler: await builder.build(), has: (codePoint) => letters.some((has) => has(codePoint)) };
}

let code: WebAssembly.Module | undefined;

/**
 * By the quick compiler of V8 alone. The slow one would go over the 28 MB again for code that runs for a second: that took
 * as long as the typesetting. The flag holds for the process, so it stands only for this call, which does not wait.
 */
function compiledOnce(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
	setFlagsFromString("--liftoff-only");
	try {
		return new WebAssembly.Module(bytes);
	} finally {
		setFlagsFromString("--no-liftoff-only");
	}
}
