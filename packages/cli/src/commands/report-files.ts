/** Reports as files, one a format, whatever they are of. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Envelope } from "@farthing/answers";
import { FarthingError } from "@farthing/answers";
import type * as ReportModule from "@farthing/report";
import type { Report } from "@farthing/report";
import type { Bookbinder, Typesetter } from "@farthing/report/node";
import { nearestNames } from "@farthing/scenario";
import type { CommonFlags } from "../context.ts";
import { refuseOwnInput, writeWhole } from "../files.ts";
import type { ActualsFlags } from "./actuals.ts";

export interface ReportFlags extends CommonFlags, Partial<Omit<ActualsFlags, "window" | "by">> {
	/** A window of the ledger instead of a plan: the monthly pack. */
	readonly window?: string;
	readonly template: string;
	readonly format?: readonly string[];
	readonly output: string;
	readonly printTemplate?: boolean;
	readonly schema?: boolean;
}

export type Module = typeof ReportModule;

/** The template of actuals. */
export const MONTHLY = "monthly";

const FORMATS = ["html", "pdf", "pptx", "xlsx", "csv", "md"] as const;
export type Format = (typeof FORMATS)[number];

export interface Written {
	readonly format: Format;
	readonly path: string;
	readonly bytes: number;
	readonly sha256: string;
}

export interface ReportFiles {
	readonly folder: string;
	readonly name: string;
	/** What the report is of, with its graph where a workbook is asked for. */
	readonly saved: Envelope<unknown>;
	readonly make: () => Report;
}

/**
 * PDF and workbook are made on threads of their own: they do what they can while the report is worked out, and the rest
 * beside the other formats.
 */
export async function writeReport(
	module: Module,
	formats: readonly Format[],
	{ folder, name, saved, make }: ReportFiles,
): Promise<Written[]> {
	if (formats.includes("xlsx") && saved.graph === undefined) throw withoutGraph();
	const { openBookbinder, openTypesetter } = await import("@farthing/report/node");
	const bookbinder = formats.includes("xlsx") ? openBookbinder(saved) : undefined;
	const typesetter = formats.includes("pdf") ? openTypesetter() : undefined;
	try {
		const contents = contentsOf(module, make(), { bookbinder, typesetter });
		return await writtenFiles(formats, join(folder, name), contents);
	} finally {
		await Promise.all([bookbinder?.close(), typesetter?.close()]);
	}
}

interface Threads {
	readonly bookbinder: Bookbinder | undefined;
	readonly typesetter: Typesetter | undefined;
}

type Content = () => string | Uint8Array | Promise<string | Uint8Array>;

/** What the threads make is begun at once, the rest when its turn comes. */
function contentsOf(module: Module, report: Report, { bookbinder, typesetter }: Threads): Record<Format, Content> {
	const begun = { pdf: typesetter?.pdf(report), xlsx: bookbinder?.xlsx(report) };
	// Told when its turn comes, not in the midst of another format.
	for (const each of Object.values(begun)) each?.catch(() => undefined);
	return {
		html: () => module.reportHtml(report),
		pdf: () => begun.pdf as Promise<Uint8Array>,
		pptx: () => module.reportPptx(report),
		xlsx: () => begun.xlsx as Promise<Uint8Array>,
		csv: () => module.reportCsv(report),
		md: () => module.reportMarkdown(report),
	};
}

const ON_THREADS: ReadonlySet<Format> = new Set(["pdf", "xlsx"]);

async function writtenFiles(
	formats: readonly Format[],
	base: string,
	contents: Record<Format, Content>,
): Promise<Written[]> {
	const files = new Map<Format, Written>();
	for (const format of [...formats].sort((a, b) => Number(ON_THREADS.has(a)) - Number(ON_THREADS.has(b)))) {
		const content = await contents[format]();
		const path = `${base}.${format}`;
		refuseOwnInput(path);
		writeWhole(path, content);
		const bytes = Buffer.from(content);
		files.set(format, {
			format,
			path,
			bytes: bytes.length,
			sha256: createHash("sha256").update(bytes).digest("hex"),
		});
	}
	return formats.map((format) => files.get(format) as Written);
}

export function formatsOf(asked: readonly string[] | undefined): readonly Format[] {
	if (asked === undefined) return FORMATS;
	const unknown = asked.find((each) => !(FORMATS as readonly string[]).includes(each));
	if (unknown === undefined) return FORMATS.filter((each) => asked.includes(each));
	throw new FarthingError(2, "unknown-format", `there is no format "${unknown}"`, {
		field: "--format",
		expected: FORMATS.join(", "),
		nearest: nearestNames(unknown, FORMATS),
	});
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
