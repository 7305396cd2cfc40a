/** A text scrape as the remote write that a Prometheus would send of it, so that both are metered by one receiver. */
import { textLines } from "../source/text-lines.ts";
import type { RawSeries } from "./prometheus-api.ts";
import { encodeRemoteWrite } from "./remote-write.ts";
import { readScrape } from "./scrape.ts";
import type { Labels } from "./text-format.ts";

export interface Scraped {
	readonly body: Uint8Array;
	readonly series: number;
	/** Lines that could not be read. */
	readonly faults: number;
}

/**
 * `at` stands for samples that say no time. As with a Prometheus, a label of the target that the scrape has already is
 * kept as `exported_…`.
 */
export async function scrapedRemoteWrite(text: Uint8Array, target: Labels, at: number): Promise<Scraped> {
	const { series, faults } = await readScrape(textLines(one(text)));
	const raw = series.map(
		({ name, labels, points }): RawSeries => ({
			name,
			labels: labelled(labels, target),
			points: points.map((point) => ({ at: point.at ?? at, value: point.value })),
		}),
	);
	return { body: encodeRemoteWrite(raw), series: raw.length, faults: faults.length };
}

function labelled(own: Labels, target: Labels): Labels {
	const kept = Object.entries(own).map(([name, value]) => [name in target ? `exported_${name}` : name, value]);
	return { ...(Object.fromEntries(kept) as Labels), ...target };
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
	yield bytes;
}
