import { StoreError } from "../store-error.ts";
import type { ClickHouseServers } from "./connection.ts";
import { FORM_1 } from "./form-1.ts";
import { createStatements, type Layout, type TableForm } from "./table-form.ts";

/** Tables that each step adds. A step is never changed once released; another is added. */
export const STEPS: readonly (readonly TableForm[])[] = [FORM_1];
export const FORM: number = STEPS.length;

const MIGRATION: TableForm = {
	name: "migration",
	columns: "version UInt32, applied_at DateTime64(6, 'UTC') DEFAULT now64(6, 'UTC')",
	order: "version",
};

/** All tables of the present form. */
export function allForms(): readonly TableForm[] {
	return [...STEPS.flat(), MIGRATION];
}

/**
 * Brings a database up to date. ClickHouse has no transactions for changes of form: each statement does nothing where it was
 * done, so that a step that was broken off is done again, and is noted last. Throws `store-too-new` where a later farthing wrote.
 */
export async function migrate(servers: ClickHouseServers, layout: Layout): Promise<void> {
	const isThere = async (table: string): Promise<boolean> =>
		(await servers.rows(`SELECT 1 FROM system.tables WHERE database = currentDatabase() AND name = '${table}'`))
			.length > 0;
	const found = (await isThere(MIGRATION.name)) ? await versionOf(servers) : 0;
	if (found > FORM) {
		throw new StoreError("store-too-new", `the ledger has form ${found}, this farthing knows ${FORM}`, {
			hint: "use the farthing that wrote it, or a later one",
		});
	}
	if (found === FORM) return;
	for (const statement of createStatements(MIGRATION, layout)) await servers.runOnEach(statement);
	for (const [i, forms] of STEPS.slice(found).entries()) {
		for (const form of forms) {
			for (const statement of createStatements(form, layout)) await servers.runOnEach(statement);
		}
		await servers.run(`INSERT INTO migration (version) VALUES (${found + i + 1})`);
	}
}

async function versionOf(servers: ClickHouseServers): Promise<number> {
	const [[version = 0] = []] = await servers.rows("SELECT max(version) FROM migration");
	return Number(version);
}
