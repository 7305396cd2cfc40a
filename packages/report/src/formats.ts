/** Every format of a report, the heavy ones on threads of their own. */
import type { SoundResult, Warning } from "@farthing/answers";
import { FarthingError, nearestNames } from "@farthing/answers";
import { reportCsv } from "./csv/report-csv.ts";
import { reportHtml } from "./html/report-html.ts";
import { reportMarkdown } from "./markdown/report-markdown.ts";
import type { Pdf } from "./pdf/report-pdf.ts";
import { openTypesetter } from "./pdf/typesetter.ts";
import { reportPptx } from "./pptx/report-pptx.ts";
import type { Report } from "./report-model.ts";
import { openBookbinder } from "./workbook/bookbinder.ts";

export const FORMATS = ["html", "pdf", "pptx", "xlsx", "csv", "md"] as const;
export type Format = (typeof FORMATS)[number];

/** Formats by name, all unless some are asked for; exit 2 for one that there is not. */
export function formatsNamed(asked: readonly string[] | undefined): readonly Format[] {
	if (asked === undefined) return FORMATS;
	const unknown = asked.find((each) => !(FORMATS as readonly string[]).includes(each));
	if (unknown === undefined) return FORMATS.filter((each) => asked.includes(each));
	throw new FarthingError(
		2,
		"unknown-format",
		{ en: `there is no format "${unknown}"`, zh: `没有格式“${unknown}”` },
		{
			field: "--format",
			expected: FORMATS.join(", "),
			nearest: nearestNames(unknown, FORMATS),
		},
	);
}

/**
 * PDF and workbook are made on threads of their own: they do what they can while the report is worked out, and the rest
 * beside the other formats. `saved` is what the report is of, with its graph where a workbook is asked for; exit 2 where
 * it has none. Gives what the files could not show.
 */
export async function makeFormats(
	formats: readonly Format[],
	saved: SoundResult,
	make: () => Report,
	done: (format: Format, content: string | Uint8Array) => void,
): Promise<Warning[]> {
	if (formats.includes("xlsx") && saved.graph === undefined) throw withoutGraph();
	const bookbinder = formats.includes("xlsx") ? openBookbinder(saved) : undefined;
	const typesetter = formats.includes("pdf") ? openTypesetter() : undefined;
	try {
		const report = make();
		const begun = { pdf: typesetter?.pdf(report), xlsx: bookbinder?.xlsx(report) };
		// Told when its turn comes, not in the midst of another format.
		for (const each of Object.values(begun)) each?.catch(() => undefined);
		const contents = contentsOf(report, begun);
		const inTurn = [...formats].sort((a, b) => Number(ON_THREADS.has(a)) - Number(ON_THREADS.has(b)));
		for (const format of inTurn) done(format, await contents[format]());
		return boxesWarning((await begun.pdf)?.boxes ?? []);
	} finally {
		await Promise.all([bookbinder?.close(), typesetter?.close()]);
	}
}

const ON_THREADS: ReadonlySet<Format> = new Set(["pdf", "xlsx"]);

/** What the threads make. */
interface Begun {
	readonly pdf: Promise<Pdf> | undefined;
	readonly xlsx: Promise<Uint8Array> | undefined;
}

type Content = () => string | Uint8Array | Promise<string | Uint8Array>;

function contentsOf(report: Report, { pdf, xlsx }: Begun): Record<Format, Content> {
	return {
		html: () => reportHtml(report),
		pdf: async () => ((await pdf) as Pdf).bytes,
		pptx: () => reportPptx(report),
		xlsx: () => xlsx as Promise<Uint8Array>,
		csv: () => reportCsv(report),
		md: () => reportMarkdown(report),
	};
}

/** Letters by their numbers too, since whoever reads this may not see them either. */
function boxesWarning(boxes: readonly string[]): Warning[] {
	if (boxes.length === 0) return [];
	const named = boxes.slice(0, MOST_NAMED).map((letter) => `${letter} (U+${hex(letter)})`);
	const more = boxes.length > MOST_NAMED ? ` and ${boxes.length - MOST_NAMED} more` : "";
	const message = `the PDF has no font for ${named.join(", ")}${more}, and shows a box in place of each; the other formats leave letters to the fonts of who reads them`;
	return [{ code: "missing-letters", message }];
}

const MOST_NAMED = 12;

function hex(letter: string): string {
	return (letter.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, "0");
}

function withoutGraph(): FarthingError {
	return new FarthingError(
		2,
		"no-graph",
		{
			en: "this result was saved without its graph: there are no formulas for a workbook",
			zh: "此结果保存时没有带上计算图：工作簿没有公式可用",
		},
		{
			expected: { en: "a result written with -o", zh: "用 -o 写出的结果" },
			hint: "farthing plan SCENARIO -o plan.json && farthing report plan.json",
		},
	);
}
