/** Reports as files, one a format, whatever they are of. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { SoundResult, Warning } from "@farthing/answers";
import type * as ReportModule from "@farthing/report";
import type { Report } from "@farthing/report";
import type { Format } from "@farthing/report/node";
import type { CommonFlags } from "../context.ts";
import { refuseOwnInput, writeWhole } from "../files.ts";
import type { ActualsFlags } from "./actuals.ts";

export interface ReportFlags extends CommonFlags, Partial<Omit<ActualsFlags, "window" | "by">> {
	/** A window of the ledger instead of a plan: the monthly pack. */
	readonly window?: string;
	/** Every closed month of the ledger, kept by period in this folder. */
	readonly keep?: string;
	readonly template: string;
	readonly format?: readonly string[];
	readonly output: string;
	readonly printTemplate?: boolean;
	readonly schema?: boolean;
}

export type Module = typeof ReportModule;

/** The template of actuals. */
export const MONTHLY = "monthly";

export interface Written {
	readonly format: Format;
	readonly path: string;
	readonly bytes: number;
	readonly sha256: string;
}

export interface WrittenReport {
	readonly files: readonly Written[];
	/** What the files could not show. */
	readonly warnings: readonly Warning[];
}

export interface ReportFiles {
	readonly folder: string;
	readonly name: string;
	/** What the report is of, with its graph where a workbook is asked for. */
	readonly saved: SoundResult;
	readonly make: () => Report;
}

/** Each format as a file of its own in the folder. */
export async function writeReport(
	formats: readonly Format[],
	{ folder, name, saved, make }: ReportFiles,
): Promise<WrittenReport> {
	const { makeFormats } = await import("@farthing/report/node");
	const files = new Map<Format, Written>();
	const warnings = await makeFormats(formats, saved, make, (format, content) => {
		const path = join(folder, `${name}.${format}`);
		refuseOwnInput(path);
		writeWhole(path, content);
		const bytes = Buffer.from(content);
		files.set(format, {
			format,
			path,
			bytes: bytes.length,
			sha256: createHash("sha256").update(bytes).digest("hex"),
		});
	});
	return { files: formats.map((format) => files.get(format) as Written), warnings };
}
