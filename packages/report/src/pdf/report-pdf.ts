/**
 * A report as PDF, typeset by Typst compiled to WebAssembly: tagged, with bookmarks, alternative texts and embedded fonts.
 * No date is written and no font of the machine is used, so the same report gives the same bytes everywhere.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import type { TypstCompiler } from "@myriaddreamin/typst-ts-web-compiler";
import { messagesOf } from "../messages/messages-of.ts";
import { packageFolder, pathOf } from "../package-folder.ts";
import type { Report } from "../report-model.ts";
import { type Letters, lettersOf } from "./font-letters.ts";
import { CHINESE_FONT, PAPER_FONT } from "./paper-chart.ts";
import { typstReport } from "./typst-report.ts";
import { fontOfWoff } from "./woff.ts";

export interface Pdf {
	readonly bytes: Uint8Array;
	/** Letters that no font here has: each stands as a box. */
	readonly boxes: readonly string[];
}

/** Throws `Error` with what Typst says where it cannot typeset, which is a defect of ours. */
export async function reportPdf(report: Report): Promise<Pdf> {
	const messages = messagesOf(report.language);
	const source = typstReport(report, messages, [PAPER_FONT]);
	const letters = lettersIn(source);
	const usual = await usualTypst();
	if (lacking(usual, letters).length === 0) return { bytes: typeset(usual, source), boxes: [] };
	const withChinese = typstReport(report, messages, [PAPER_FONT, CHINESE_FONT]);
	const chinese = await chineseTypst();
	if (lacking(chinese, letters).length === 0) return { bytes: typeset(chinese, withChinese), boxes: [] };
	const whole = await wholeTypst();
	return { bytes: typeset(whole, withChinese), boxes: lacking(whole, letters) };
}

function lacking({ has }: Typst, letters: readonly string[]): string[] {
	return letters.filter((letter) => !has(letter.codePointAt(0) as number));
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
let chinese: Promise<Typst> | undefined;
let whole: Promise<Typst> | undefined;

function usualTypst(): Promise<Typst> {
	usual ??= openTypst(usualFonts());
	return usual;
}

/** With the letters of GB 2312, which Chinese texts are written in. */
function chineseTypst(): Promise<Typst> {
	chinese ??= openTypst([...usualFonts(), ...chineseFonts()]);
	return chinese;
}

/** With a font for the letters that the others lack. It is coarse, and takes half a second to read. */
function wholeTypst(): Promise<Typst> {
	whole ??= openTypst([
		...usualFonts(),
		...chineseFonts(),
		unpacked("@fontsource/unifontex/files/unifontex-latin-400-normal.woff"),
	]);
	return whole;
}

function chineseFonts(): Buffer[] {
	return ["Regular", "SemiBold"].map((style) =>
		fontOfWoff(readFileSync(join(packageFolder(), "fonts", `NotoSansSC-${style}.woff`))),
	);
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
