import type { Instant } from "../../records/units.ts";
import { labelOf } from "./cell.ts";
import type { Dialect, Query } from "./dialect.ts";
import { Parameters } from "./dialect.ts";

/** Records of one meter that cover more time than there is: some of them count the same time twice. */
export interface Crowded {
	readonly kind: "gpu" | "usage";
	/** UUID of the GPU; adapter, deployment or pod, and model of the usage. */
	readonly name: string;
	/** Time covered over time there is; above 1. */
	readonly times: number;
}

interface CrowdedQuery extends Query {
	readonly read: (row: readonly unknown[]) => Crowded;
}

/** Asks a store for its crowded meters. */
export async function findCrowded(
	ask: (query: Query) => Promise<readonly (readonly unknown[])[]>,
	range: { readonly from: Instant; readonly to: Instant },
	dialect: Dialect,
): Promise<Crowded[]> {
	const found = await Promise.all(
		crowdedQueries(range, dialect).map(async (query) => (await ask(query)).map(query.read)),
	);
	return found.flat();
}

/**
 * Meters whose records add up to more than the time from the first to the last of them. Gaps can hide an overlap; a file that was
 * written twice, or two exporters of one GPU, cannot hide.
 */
function crowdedQueries(
	{ from, to }: { readonly from: Instant; readonly to: Instant },
	dialect: Dialect,
): CrowdedQuery[] {
	return (["gpu", "usage"] as const).map((kind) => {
		const parameters = new Parameters(dialect);
		const start = dialect.micros("t0");
		const inTime = `t0 >= ${parameters.instant(from)} AND t0 < ${parameters.instant(to)} AND dur_us > 0`;
		const [table, keys] =
			kind === "gpu" ? ["capacity", "gpu_id"] : ["usage_window", "source_id, scope_id, model_id, tenant_id"];
		const ratio = `CAST(${dialect.sum("dur_us")} AS DOUBLE) / (max(${start} + dur_us) - min(${start}))`;
		const meters = `SELECT ${keys}, ${ratio} AS times FROM ${table} WHERE ${inTime} GROUP BY ${keys}`;
		const joins =
			kind === "gpu"
				? "JOIN dim_gpu gpu ON gpu.id = m.gpu_id"
				: "JOIN dim_source source ON source.id = m.source_id JOIN dim_scope scope ON scope.id = m.scope_id JOIN dim_model model ON model.id = m.model_id";
		const name =
			kind === "gpu"
				? "gpu.gpu_uuid"
				: "source.adapter || coalesce(' ' || coalesce(scope.deployment, scope.pod, scope.namespace), '') || ' ' || model.served";
		return {
			sql: `SELECT ${name} AS name, m.times FROM (${meters}) m ${joins} WHERE m.times > ${MOST} ORDER BY m.times DESC, name LIMIT ${SHOWN}`,
			parameters: parameters.values,
			read: ([label, times]) => ({ kind, name: labelOf(label) ?? "", times: Number(times) }),
		};
	});
}

/** Clocks of exporters are not exact. */
const MOST = 1.01;
const SHOWN = 100;
