/** Reports as files, one a format, whatever they are of. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Envelope } from "@farthing/answers";
import { FarthingError } from "@farthing/answers";
import type * as ReportModule from "@farthing/report";
import type { Report } from "@farthing/report";
import type { Typesetter } from "@farthing/report/node";
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
	readonly report: Report;
}

/** PDF is set on a thread of its own, which makes ready while the report is worked out, and sets while the rest is written. */
export async function writeReport(
	module: Module,
	formats: readonly Format[],
	make: () => ReportFiles | Promise<ReportFiles>,
): Promise<Written[]> {
	const typesetter = formats.includes("pdf") ? (await import("@farthing/report/node")).openTypesetter() : undefined;
	try {
		return await writtenFiles(module, formats, await make(), typesetter);
	} finally {
		await typesetter?.close();
	}
}

async function writtenFiles(
	module: Module,
	formats: readonly Format[],
	of: ReportFiles,
	typesetter: Typesetter | undefined,
): Promise<Written[]> {
	const pdf = typesetter?.pdf(of.report);
	// Told when its turn comes, not in the midst of another format.
	pdf?.catch(() => undefined);
	const files = new Map<Format, Written>();
	for (const format of [...formats].sort((a, b) => Number(a === "pdf") - Number(b === "pdf"))) {
		const content = format === "pdf" ? await (pdf as Promise<Uint8Array>) : await contentOf(module, format, of);
		const path = join(of.folder, `${of.name}.${format}`);
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

async function contentOf(
	module: Module,
	format: Exclude<Format, "pdf">,
	{ saved, report }: ReportFiles,
): Promise<string | Uint8Array> {
	switch (format) {
		case "html":
			return module.reportHtml(report);
		case "pptx":
			return module.reportPptx(report);
		case "csv":
			return module.reportCsv(report);
		case "md":
			return module.reportMarkdown(report);
		case "xlsx":
			if (saved.graph === undefined) throw withoutGraph();
			return module.packXlsx(saved, report);
	}
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
