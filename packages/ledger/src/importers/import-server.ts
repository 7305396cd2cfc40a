/** A window of a Prometheus server to records, with the same account as of files. */
import { newAccount } from "./account.ts";
import type { ImportOptions, ImportSink, Imported } from "./import-files.ts";
import { finished, takeItems } from "./import-files.ts";
import type { PrometheusServer } from "./prometheus/prometheus-api.ts";
import { type RangeQuestion, readRange } from "./prometheus/range-importer.ts";

export async function importPrometheus(
	server: PrometheusServer,
	question: RangeQuestion,
	options: ImportOptions = {},
	sink: ImportSink = {},
): Promise<Imported> {
	const account = newAccount("prometheus");
	await takeItems(readRange(server, question, options), account, server.url, options, sink);
	return finished(
		account,
		[],
		account.firstFaults.map((fault) => ({ ...fault, file: server.url })),
	);
}
