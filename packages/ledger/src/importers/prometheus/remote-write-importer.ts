/** Saved bodies of remote write, packed as they were sent. */
import type { ImportItem } from "../import-item.ts";
import type { Head, Importer, ImportContext, Source } from "../importer.ts";
import { LONGEST_RECORD } from "../source/text-lines.ts";
import { readingsOf } from "./range-importer.ts";
import { decodeRemoteWrite } from "./remote-write.ts";
import { meteredItems } from "./text-importer.ts";

export const prometheusRemoteWrite: Importer = {
	kind: "prometheus-remote-write",
	title: "a body of Prometheus remote write",
	detect: ({ bytes, text, isJson }: Head) =>
		!isJson && text.includes("__name__") && bytes.some((byte) => byte < 9) ? 0.9 : 0,
	read,
};

async function* read(source: Source, context: ImportContext): AsyncGenerator<ImportItem> {
	const pieces: Uint8Array[] = [];
	let size = 0;
	for await (const piece of source.bytes()) {
		size += piece.length;
		if (size > LONGEST_RECORD) {
			yield { kind: "quarantine", reason: `a body of more than ${LONGEST_RECORD} bytes` };
			return;
		}
		pieces.push(piece);
	}
	let series: ReturnType<typeof decodeRemoteWrite>;
	try {
		series = decodeRemoteWrite(Buffer.concat(pieces));
	} catch (error) {
		yield { kind: "quarantine", reason: `no remote write: ${(error as Error).message}` };
		return;
	}
	const times = series.flatMap(({ points }) => points.map(({ at }) => at));
	yield { kind: "read", count: times.length };
	const window = { from: Math.min(...times), to: Math.max(...times) };
	if (window.to > window.from) yield* meteredItems(readingsOf(series, window), new Map(), context);
	else yield { kind: "skip", reason: "samples of one moment: two are needed to meter", count: times.length };
}
