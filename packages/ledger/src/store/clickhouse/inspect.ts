import process from "node:process";
import { quoted, ClickHouseServers } from "./connection.ts";
import { FORM } from "./migrations.ts";
import { readPassword, readPlace } from "./place.ts";
import type { LedgerForm } from "../store.ts";

const WITHIN_MS = 5000;

/** Makes nothing. Throws StoreError where no server answers in time, or another program does. */
export async function inspectLedger(url: string): Promise<LedgerForm> {
	const place = readPlace(url);
	const servers = new ClickHouseServers({ ...place, database: "default" }, readPassword(process.env), WITHIN_MS);
	try {
		await servers.requireClickHouse();
		const tables = `SELECT 1 FROM system.tables WHERE database = ${quoted(place.database)} AND name = 'migration'`;
		if ((await servers.rows(tables)).length === 0) return { form: 0, present: FORM, requests: 0 };
		const [[form = 0] = []] = await servers.rows(`SELECT max(version) FROM ${place.database}.migration`);
		const [[requests = 0] = []] = await servers.rows(`SELECT count() FROM ${place.database}.usage_request`);
		return { form: Number(form), present: FORM, requests: Number(requests) };
	} finally {
		await servers.close();
	}
}
