import { completeTokens, type TokenClass, type TokenClasses } from "../records/token-classes.ts";
import {
	LATENCY_METRICS,
	REQUEST_STATUSES,
	type Tenant,
	type UsageModel,
	type UsageRecord,
	type UsageScope,
	type UsageSource,
} from "../records/usage.ts";
import type { BatchBuilder, ColumnWriter } from "./column-batch.ts";
import { KEY_SEPARATOR, LATENCY_COLUMNS, TOKEN_COLUMNS } from "./table.ts";
import { writeRequestId } from "./request-id.ts";

/** Adds usage records to batches of `usage_request` and `usage_window`. */
export function usageEncoder(requests: BatchBuilder, windows: BatchBuilder): (record: UsageRecord) => void {
	const addRequest = requestEncoder(requests);
	const addWindow = windowEncoder(windows);
	return (record) => (record.grain === "request" ? addRequest(record) : addWindow(record));
}

/** What has no column of its own, as JSON; absent where there is nothing. */
export interface MoreOfRequest {
	readonly tags?: Tenant["tags"];
	readonly requests?: UsageRecord["requests"];
	readonly latency?: UsageRecord["latency"];
	readonly quality?: UsageRecord["quality"];
}

export function sourceKey({ adapter, version, kind, instance = "", incarnation = "" }: UsageSource): string {
	return [adapter, version, kind, instance, incarnation].join(KEY_SEPARATOR);
}

export function scopeKey(scope: UsageScope | undefined): string {
	const { cluster = "", namespace = "", pod = "", role = "", group = "", dp_rank, hardware = "" } = scope ?? {};
	return [cluster, namespace, pod, role, group, dp_rank ?? "", hardware].join(KEY_SEPARATOR);
}

export function modelKey({ served, id = "", precision = "", adapter = "", tier = "" }: UsageModel): string {
	return [served, id, precision, adapter, tier].join(KEY_SEPARATOR);
}

export function tenantKey(tenant: Tenant | undefined): string {
	const { org = "", team = "", user = "", key = "" } = tenant ?? {};
	return [org, team, user, key].join(KEY_SEPARATOR);
}

function requestEncoder(batch: BatchBuilder): (record: UsageRecord) => void {
	const addCommon = commonEncoder(batch);
	const [uuid, text, status, more] = ["request_uuid", "request_text", "status", "more"].map((name) =>
		batch.writer(name),
	) as [ColumnWriter, ColumnWriter, ColumnWriter, ColumnWriter];
	const latencies = LATENCY_COLUMNS.map((name) => batch.writer(name));
	return (record) => {
		const row = batch.rows;
		addCommon(row, record);
		if (record.request_id !== undefined) writeRequestId(record.request_id, row, uuid, text);
		if (record.status !== undefined) status.byte(row, REQUEST_STATUSES.indexOf(record.status));
		const rest = new Map<string, unknown>();
		for (const [i, metric] of LATENCY_METRICS.entries()) {
			const measure = record.latency?.[metric];
			if (measure?.value !== undefined) latencies[i]?.whole(row, measure.value);
			const isPlain = measure === undefined || Object.keys(measure).every((name) => name === "value");
			if (!isPlain) rest.set("latency", record.latency);
		}
		if (record.tenant?.tags !== undefined) rest.set("tags", record.tenant.tags);
		if (record.requests !== undefined) rest.set("requests", record.requests);
		if (record.quality !== undefined) rest.set("quality", record.quality);
		if (rest.size > 0) more.text(row, JSON.stringify(Object.fromEntries(rest)));
		batch.endRow();
	};
}

function windowEncoder(batch: BatchBuilder): (record: UsageRecord) => void {
	const addCommon = commonEncoder(batch);
	const more = batch.writer("more");
	const counts = ["finished", "aborted", "errored"] as const;
	const flaws = ["resets", "gaps"] as const;
	const countWriters = counts.map((name) => batch.writer(name));
	const flawWriters = flaws.map((name) => batch.writer(name));
	const coverage = batch.writer("coverage");
	return (record) => {
		const row = batch.rows;
		const { requests = {}, quality = {}, latency, tenant, status } = record;
		addCommon(row, record);
		for (const [i, name] of counts.entries())
			if (requests[name] !== undefined) countWriters[i]?.whole(row, requests[name]);
		for (const [i, name] of flaws.entries()) if (quality[name] !== undefined) flawWriters[i]?.whole(row, quality[name]);
		if (quality.coverage !== undefined) coverage.double(row, quality.coverage);
		const rest = Object.entries({
			tags: tenant?.tags,
			latency,
			status,
			...restOf(requests, counts),
			...restOf(quality, flaws),
		});
		const kept = rest.filter(([name, value]) => value !== undefined && name !== "coverage");
		if (kept.length > 0) more.text(row, JSON.stringify(Object.fromEntries(kept)));
		batch.endRow();
	};
}

function restOf(record: object, without: readonly string[]): Record<string, unknown> {
	return Object.fromEntries(Object.entries(record).filter(([name]) => !without.includes(name)));
}

function commonEncoder(batch: BatchBuilder): (row: number, record: UsageRecord) => void {
	const [t0, duration, source, scope, model, tenant] = [
		"t0",
		"dur_us",
		"source_id",
		"scope_id",
		"model_id",
		"tenant_id",
	].map((name) => batch.writer(name)) as [
		ColumnWriter,
		ColumnWriter,
		ColumnWriter,
		ColumnWriter,
		ColumnWriter,
		ColumnWriter,
	];
	const tokenWriters = TOKEN_COLUMNS.map((name) => batch.writer(name));
	return (row, record) => {
		t0.whole(row, record.t0);
		duration.whole(row, record.t1 - record.t0);
		source.code(row, batch.code("source", sourceKey(record.source)));
		scope.code(row, batch.code("scope", scopeKey(record.scope)));
		model.code(row, batch.code("model", modelKey(record.model)));
		tenant.code(row, batch.code("tenant", tenantKey(record.tenant)));
		const tokens: TokenClasses = completeTokens(record.tokens);
		for (const [i, name] of TOKEN_COLUMNS.entries()) {
			const n = tokens[name as TokenClass];
			if (n !== undefined) tokenWriters[i]?.whole(row, n);
		}
	};
}
