/** Every format of a report, the heavy ones on threads of their own. */
import type { Envelope } from "@farthing/answers";
import { FarthingError, nearestNames } from "@farthing/answers";
import { reportCsv } from "./csv/report-csv.ts";
import { reportHtml } from "./html/report-html.ts";
import { reportMarkdown } from "./markdown/report-markdown.ts";
import { openTypesetter, type Typesetter } from "./pdf/typesetter.ts";
import { reportPptx } from "./pptx/report-pptx.ts";
import type { Report } from "./report-model.ts";
import { type Bookbinder, openBookbinder } from "./workbook/bookbinder.ts";

export const FORMATS = ["html", "pdf", "pptx", "xlsx", "csv", "md"] as const;
export type Format = (typeof FORMATS)[number];

/** Formats by name, all unless some are asked for; exit 2 for one that there is not. */
export function formatsNamed(asked: readonly string[] | undefined): readonly Format[] {
	if (asked === undefined) return FORMATS;
	const unknown = asked.find((each) => !(FORMATS as readonly string[]).includes(each));
	if (unknown === undefined) return FORMATS.filter((each) => asked.includes(each));
	throw new FarthingError(2, "unknown-format", `there is no format "${unknown}"`, {
		field: "--format",
		expected: FORMATS.join(", "),
		nearest: nearestNames(unknown, FORMATS),
	});
}

/**
 * PDF and workbook are made on threads of their own: they do what they can while the report is worked out, and the rest
 * beside the other formats. `saved` is what the report is of, with its graph where a workbook is asked for; exit 2 where
 * it has none.
 */
export async function makeFormats(
	formats: readonly Format[],
	saved: Envelope<unknown>,
	make: () => Report,
	done: (format: Format, content: string | Uint8Array) => void,
): Promise<void> {
	if (formats.includes("xlsx") && saved.graph === undefined) throw withoutGraph();
	const bookbinder = formats.includes("xlsx") ? openBookbinder(saved) : undefined;
	const typesetter = formats.includes("pdf") ? openTypesetter() : undefined;
	try {
		const contents = contentsOf(make(), { bookbinder, typesetter });
		const inTurn = [...formats].sort((a, b) => Number(ON_THREADS.has(a)) - Number(ON_THREADS.has(b)));
		for (const format of inTurn) done(format, await contents[format]());
	} finally {
		await Promise.all([bookbinder?.close(), typesetter?.close()]);
	}
}

const ON_THREADS: ReadonlySet<Format> = new Set(["pdf", "xlsx"]);

interface Threads {
	readonly bookbinder: Bookbinder | undefined;
	readonly typesetter: Typesetter | undefined;
}

type Content = () => string | Uint8Array | Promise<string | Uint8Array>;

/** What the threads make is begun at once, the rest when its turn comes. */
function contentsOf(report: Report, { bookbinder, typesetter }: Threads): Record<Format, Content> {
	const begun = { pdf: typesetter?.pdf(report), xlsx: bookbinder?.xlsx(report) };
	// Told when its turn comes, not in the midst of another format.
	for (const each of Object.values(begun)) each?.catch(() => undefined);
	return {
		html: () => reportHtml(report),
		pdf: () => begun.pdf as Promise<Uint8Array>,
		pptx: () => reportPptx(report),
		xlsx: () => begun.xlsx as Promise<Uint8Array>,
		csv: () => reportCsv(report),
		md: () => reportMarkdown(report),
	};
}

function withoutGraph(): FarthingError {
	return new FarthingError(
		2,
		"no-graph",
		"this result was saved without its graph: there are no formulas for a workbook",
		{
			expected: "a result written with -o",
			hint: "farthing plan SCENARIO -o plan.json && farthing report plan.json",
		},
	);
}
