/** What the server says of itself in the Prometheus text format. */

import type { BudgetStatus } from "@farthing/ledger";
import { newestBackup } from "./backup-folder.ts";
import type { ScrapeTally } from "../scrape/schedule.ts";

/** Without the version a scraper has to guess which format this is. */
export const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

export interface Counters {
	count(route: string, status: number, seconds: number): void;
	readonly rows: ReadonlyMap<string, Row>;
}

/** What the ledger behind the server took in since it started. */
export interface Taken {
	readonly records: ReadonlyMap<string, number>;
	readonly spoolBytes: number;
	/** Samples that were not metered, by the reason. */
	readonly samplesLeftOut: ReadonlyMap<string, number>;
}

interface Row {
	readonly route: string;
	readonly status: number;
	count: number;
	seconds: number;
}

export function counters(): Counters {
	const rows = new Map<string, Row>();
	return {
		count(route, status, seconds) {
			const key = `${route} ${status}`;
			const row = rows.get(key) ?? { route, status, count: 0, seconds: 0 };
			row.count++;
			row.seconds += seconds;
			rows.set(key, row);
		},
		rows,
	};
}

/** What else is told, where it is there. */
export interface Beside {
	readonly intake?: Taken | undefined;
	readonly scrapes?: readonly ScrapeTally[] | undefined;
	readonly shed?: { readonly refused: number } | undefined;
	readonly budgets?: readonly BudgetStatus[] | undefined;
	/** Copies of the ledger. */
	readonly backups?: { readonly folder: string } | undefined;
}

/**
 * Scrapes as a tenant hears of them, each job and instance once: targets of others are one, so that alerts on what fails
 * still see them. Undefined: all as they are.
 */
export function seenBy(tenant: string | undefined, scrapes: readonly ScrapeTally[]): ScrapeTally[] {
	const seen = new Map<string, ScrapeTally>();
	for (const each of scrapes) {
		const isOwn = tenant === undefined || each.tenant === tenant;
		const { job, instance } = isOwn ? each : OTHERS;
		const key = JSON.stringify([job, instance]);
		const sum = seen.get(key) ?? { job, instance, ok: 0, failed: 0, refused: 0, series: 0, faults: 0 };
		for (const count of ["ok", "failed", "refused", "series", "faults"] as const) sum[count] += each[count];
		seen.set(key, sum);
	}
	return [...seen.values()];
}

const OTHERS = { job: "others", instance: "others" };

export function metricsText(
	{ rows }: Counters,
	depth: number,
	{ intake: taken, scrapes = [], shed, backups, budgets = [] }: Beside = {},
): string {
	const lines = [...rows.values()].map((row) => ({
		...row,
		labels: `{route="${escaped(row.route)}",status="${row.status}"}`,
	}));
	return [
		"# HELP farthing_http_requests_total Requests answered, by route and status.",
		"# TYPE farthing_http_requests_total counter",
		...lines.map(({ labels, count }) => `farthing_http_requests_total${labels} ${count}`),
		"# HELP farthing_http_request_seconds_total Seconds spent on them.",
		"# TYPE farthing_http_request_seconds_total counter",
		...lines.map(({ labels, seconds }) => `farthing_http_request_seconds_total${labels} ${seconds}`),
		"# HELP farthing_questions_waiting Questions being computed or waiting for it.",
		"# TYPE farthing_questions_waiting gauge",
		`farthing_questions_waiting ${depth}`,
		...(shed === undefined
			? []
			: [
					"# HELP farthing_http_shed_total Requests refused since more came than could be answered.",
					"# TYPE farthing_http_shed_total counter",
					`farthing_http_shed_total ${shed.refused}`,
				]),
		...(taken === undefined ? [] : takenLines(taken)),
		...(backups === undefined ? [] : backupLines(backups.folder)),
		...(scrapes.length === 0 ? [] : scrapeLines(scrapes)),
		...(budgets.length === 0 ? [] : budgetLines(budgets)),
		"",
	].join("\n");
}

function takenLines({ records, spoolBytes, samplesLeftOut }: Taken): string[] {
	return [
		"# HELP farthing_ingest_records_total Records taken into the ledger, by the way they came.",
		"# TYPE farthing_ingest_records_total counter",
		...[...records].map(([way, count]) => `farthing_ingest_records_total{way="${escaped(way)}"} ${count}`),
		"# HELP farthing_ingest_spool_bytes Bytes acknowledged and not yet in the store.",
		"# TYPE farthing_ingest_spool_bytes gauge",
		`farthing_ingest_spool_bytes ${spoolBytes}`,
		"# HELP farthing_samples_left_out_total Samples of remote write and scrapes that were not metered, by the reason.",
		"# TYPE farthing_samples_left_out_total counter",
		...[...samplesLeftOut].map(([reason, count]) => `farthing_samples_left_out_total{reason="${reason}"} ${count}`),
	];
}

/** Nothing where there is no copy yet: 1970 would be a lie. */
function backupLines(folder: string): string[] {
	const at = newestBackup(folder);
	if (at === undefined) return [];
	return [
		"# HELP farthing_backup_newest_timestamp_seconds When the newest copy of the ledger was made.",
		"# TYPE farthing_backup_newest_timestamp_seconds gauge",
		`farthing_backup_newest_timestamp_seconds ${at.getTime() / 1000}`,
	];
}

function scrapeLines(scrapes: readonly ScrapeTally[]): string[] {
	const of = ({ job, instance }: ScrapeTally): string => `job="${escaped(job)}",instance="${escaped(instance)}"`;
	return [
		"# HELP farthing_scrapes_total Scheduled scrapes, by what became of them.",
		"# TYPE farthing_scrapes_total counter",
		...scrapes.flatMap((each) =>
			(["ok", "failed", "refused"] as const).map(
				(outcome) => `farthing_scrapes_total{${of(each)},outcome="${outcome}"} ${each[outcome]}`,
			),
		),
		"# HELP farthing_scrape_series Series of the last scrape that worked.",
		"# TYPE farthing_scrape_series gauge",
		...scrapes.map((each) => `farthing_scrape_series{${of(each)}} ${each.series}`),
		"# HELP farthing_scrape_faulty_lines Lines of it that could not be read.",
		"# TYPE farthing_scrape_faulty_lines gauge",
		...scrapes.map((each) => `farthing_scrape_faulty_lines{${of(each)}} ${each.faults}`),
	];
}

function budgetLines(budgets: readonly BudgetStatus[]): string[] {
	const gauges = [
		["amount", "What may be spent in the period.", ({ amount }: BudgetStatus) => amount.value],
		[
			"spent",
			"What was spent in it so far; absent where no usage of it is known.",
			({ spent }: BudgetStatus) => spent?.value,
		],
		["forecast", "What the period will come to, the median.", ({ forecast }: BudgetStatus) => forecast?.value],
	] as const;
	return gauges.flatMap(([name, help, of]) => [
		`# HELP farthing_budget_${name} ${help}`,
		`# TYPE farthing_budget_${name} gauge`,
		...budgets.flatMap((each) => {
			const value = of(each);
			if (value === undefined) return [];
			const { tenant, id, amount, period } = each;
			const labels = `tenant="${escaped(tenant)}",budget="${escaped(id)}",currency="${escaped(amount.unit)}",period="${period.kind}"`;
			return [`farthing_budget_${name}{${labels}} ${value}`];
		}),
	]);
}

/** Routes are patterns of ours, and still nothing but what the format allows may leave. */
function escaped(label: string): string {
	return label.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
