import type { ExporterDiagnosis, MetricsDiagnosis } from "@farthing/ledger/importers";
import { bad, bold, dim, good } from "../print.ts";

export function metricsText({
	server,
	version,
	exporters,
	absent,
	scrape_interval_s,
	advice,
}: MetricsDiagnosis): string {
	const interval = scrape_interval_s === undefined ? "" : `, tokens scraped every ${Math.round(scrape_interval_s)} s`;
	return [
		`${server}${version === undefined ? "" : ` (Prometheus ${version})`}${interval}`,
		...exporters.map(exporterText),
		...absent.flatMap(({ exporter, costs, fix }) => [`${bad("✗")} ${exporter}: ${costs}`, dim(`    fix: ${fix}`)]),
		...advice.map((each) => `! ${each}`),
	].join("\n");
}

function exporterText({ exporter, version, targets, found, missing, enable }: ExporterDiagnosis): string {
	const head = `${bold(exporter)}${version === undefined ? "" : ` ${version}`}${targets === undefined ? "" : `, ${targets} ${targets === 1 ? "target" : "targets"}`}`;
	return [
		head,
		...found.map(({ concept, series }) => `  ${good("✓")} ${words(concept)}: ${series}`),
		...missing.map(({ concept, costs }) => `  ! ${words(concept)} missing: ${costs}`),
		...(enable === undefined ? [] : [dim(`    fix: ${enable}`)]),
	].join("\n");
}

const WORDS: Readonly<Record<string, string>> = {
	in_total: "prompt tokens",
	in_computed: "prompt tokens by source",
	cached_any: "cached prompt tokens",
	out_total: "generated tokens",
	finished: "requests",
	ttft: "TTFT",
	start: "start of the process",
	power: "power",
	energy: "energy counter",
	activity: "activity",
	holder: "who holds GPUs",
	price: "prices",
};

function words(concept: string): string {
	return WORDS[concept] ?? concept;
}
