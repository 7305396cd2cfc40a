/** Rows of a source of delimited text, one at a time, with the line on which each starts. */
import { type CsvError, parse } from "csv-parse";
import { LONGEST_RECORD } from "./text-lines.ts";
import { peek } from "./unpack.ts";

export type CsvItem =
	| { readonly line: number; readonly cells: readonly string[] }
	| { readonly line: number; readonly fault: string; readonly text: string };

/** The header comes first, like any row. Comma, tab, semicolon or bar: whichever the first line has most of. */
export async function* csvRows(
	bytes: AsyncIterable<Uint8Array>,
	longest: number = LONGEST_RECORD,
): AsyncGenerator<CsvItem> {
	const { head, all } = await peek(bytes, 64 * 1024);
	const skipped: CsvItem[] = [];
	const parser = parse({
		delimiter: delimiterOf(Buffer.from(head).toString("utf8")),
		info: true,
		relax_column_count: true,
		relax_quotes: true,
		skip_empty_lines: true,
		skip_records_with_error: true,
		max_record_size: longest,
		on_skip: (error?: CsvError) => {
			const line = (error as { lines?: number } | undefined)?.lines ?? 0;
			skipped.push({ line, fault: `not CSV: ${error?.message ?? "unknown fault"}`, text: "" });
			return undefined;
		},
	});
	const fault: { error?: Error } = {};
	const rows: ParsedRow[] = [];
	parser.on("data", (row: ParsedRow) => rows.push(row));
	parser.on("error", (error) => (fault.error = error));
	let line = 1;
	function* ready(): Generator<CsvItem> {
		yield* skipped.splice(0);
		for (const { record, info } of rows.splice(0)) {
			const cells = record.some((cell) => cell.includes("\uFFFD")) ? undefined : record;
			if (cells === undefined)
				yield {
					line,
					fault: "bytes that are not UTF-8: the row is in another encoding",
					text: record.join(",").slice(0, 200),
				};
			else yield { line, cells };
			line = info.lines + 1;
		}
	}
	for await (const chunk of all) {
		await new Promise<void>((resolve) => {
			parser.once("error", () => resolve());
			parser.write(chunk, () => resolve());
		});
		parser.removeAllListeners("error");
		parser.on("error", (error) => (fault.error = error));
		yield* ready();
		if (fault.error !== undefined) break;
	}
	if (fault.error === undefined) {
		await new Promise<void>((resolve) => {
			parser.once("end", resolve).once("error", (error) => {
				fault.error = error;
				resolve();
			});
			parser.end();
		});
	}
	yield* ready();
	if (fault.error !== undefined) yield { line, fault: `not CSV: ${fault.error.message}`, text: "" };
}

interface ParsedRow {
	readonly record: readonly string[];
	readonly info: { readonly lines: number };
}

/** The delimiter of a header line, outside of quotes. */
export function delimiterOf(head: string): string {
	const first = (head.split(/\r?\n/, 1)[0] ?? "").replace(/"[^"]*"/g, "");
	const counts = [",", "\t", ";", "|"].map((each) => [first.split(each).length - 1, each] as const);
	return counts.reduce((best, each) => (each[0] > best[0] ? each : best))[1];
}
