import { StoreError } from "../store-error.ts";
import { allForms } from "./migrations.ts";
import { readPlace } from "./place.ts";
import { createStatements, type Layout } from "./table-form.ts";

/**
 * The statements that make a ledger's tables, for who wants to run them by hand on each server. `isReplicated`: with tables
 * that replicate themselves by Keeper, which needs `internal_replication` in the cluster, and is not tried.
 */
export function clickHouseSchema(url: string, isReplicated: boolean): readonly string[] {
	if (!/^clickhouse:/i.test(url)) {
		throw new StoreError("unknown-store", `${url} is no ClickHouse ledger: only that has tables to make`, {
			hint: "--store clickhouse://USER@HOST:8123/DATABASE",
		});
	}
	const { database, cluster } = readPlace(url);
	if (isReplicated && cluster === undefined) {
		throw new StoreError("unknown-store", "tables that replicate themselves are of a cluster, which has a name", {
			hint: "--store 'clickhouse://USER@HOST:8123/DATABASE?cluster=NAME'",
		});
	}
	const layout: Layout =
		cluster === undefined
			? { kind: "single", database }
			: { kind: isReplicated ? "replicated" : "sharded", database, cluster };
	return [
		`CREATE DATABASE IF NOT EXISTS ${database}`,
		`USE ${database}`,
		...allForms().flatMap((form) => createStatements(form, layout)),
	];
}
