import { DuckDBInstance } from "@duckdb/node-api";
import type { LedgerForm } from "../store.ts";
import { asStoreError, requireDatabase, rowsOf } from "./connection.ts";
import { requireMended } from "./mend.ts";
import { STEPS } from "./migrations.ts";

/** Throws StoreError where the file is no ledger, cannot be read, or another process has it. */
export async function inspectLedger(path: string): Promise<LedgerForm> {
	await requireDatabase(path);
	await requireMended(path);
	let instance: DuckDBInstance;
	try {
		instance = await DuckDBInstance.create(path, { access_mode: "READ_ONLY", memory_limit: "256MB" });
	} catch (error) {
		throw asStoreError(error, path);
	}
	try {
		const connection = await instance.connect();
		try {
			const [[form = 0] = []] = await rowsOf(connection, "SELECT coalesce(max(version), 0)::INTEGER FROM migration");
			const [[requests = 0] = []] = await rowsOf(connection, "SELECT count(*) FROM usage_request");
			return { form: Number(form), present: STEPS.length, requests: Number(requests) };
		} finally {
			connection.closeSync();
		}
	} finally {
		instance.closeSync();
	}
}
