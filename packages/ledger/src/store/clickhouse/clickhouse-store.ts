import process from "node:process";
import { chargeShape } from "../../records/charge.ts";
import type { FiledCharge } from "../../records/charges-once.ts";
import { priceShape, type PriceRecord } from "../../records/price.ts";
import { MICROS_PER_DAY, type Instant } from "../../records/units.ts";
import { requireKept } from "../beyond-retention.ts";
import { byTable, type ColumnBatch } from "../column-batch.ts";
import type { Frame } from "../frame.ts";
import { countAlike, type AlikeQuestion } from "../query/alike-query.ts";
import { capacityQuery, type CapacityQuestion, type CapacitySum } from "../query/capacity-query.ts";
import { type Crowded, findCrowded } from "../query/crowded-query.ts";
import type { Query } from "../query/dialect.ts";
import { latencyQuery, type LatencyQuestion, type LatencySpread } from "../query/latency-query.ts";
import { requestQuery, type RequestQuestion, type RequestRow } from "../query/request-query.ts";
import { dropSameOf, type Same, type SameTable } from "../query/same-query.ts";
import { usageQuery, type UsageSources } from "../query/usage-query.ts";
import type { UsageQuestion, UsageSum } from "../query/usage-question.ts";
import { StoreError } from "../store-error.ts";
import type {
	Compacted,
	ExportedTable,
	LedgerStore,
	LoadedSegment,
	Retained,
	SegmentOrigin,
	StoreOptions,
} from "../store.ts";
import { storedRecord } from "../stored-record.ts";
import { DIMENSIONS, TABLES, type TableName } from "../table.ts";
import { compactDays, daysBefore, dropRepeatedOfFresh } from "./compact.ts";
import { ClickHouseServers, type Cell } from "./connection.ts";
import { fillTables, readManifest, writeTables } from "./copies.ts";
import { clickHouseDialect } from "./dialect.ts";
import { DimensionKeys, hash64 } from "./dimension-keys.ts";
import { allForms, migrate } from "./migrations.ts";
import { nativeBlock, timeSpan } from "./native-block.ts";
import { readPassword, readPlace, type ClickHousePlace } from "./place.ts";
import { build, commitBuild } from "./roll-up.ts";
import { keptSince, rolledUp, rollUpState } from "./roll-up-state.ts";
import { localName, type Layout } from "./table-form.ts";
import { TidyLock } from "./tidy-lock.ts";

/** How long a server that came back may take to get what waits for it. */
const CATCH_UP_MS = 10_000;
/** One question is several queries: what waits is looked for once. */
const SETTLED_MS = 250;
const REGISTERED = "(SELECT no, min(id) AS id, min(loaded_at) AS at FROM segment GROUP BY no)";

/** The ledger in a database of ClickHouse, of one server or of a cluster; any number of processes may write. */
export class ClickHouseStore implements LedgerStore {
	private readonly servers: ClickHouseServers;
	private readonly lockServer: ClickHouseServers;
	private readonly layout: Layout;
	private readonly lock: TidyLock;
	private readonly keys = new DimensionKeys();
	private readonly bodies = new Map<string, string>();
	/** Loading waits for no tidying up: it may be another process that is at it. */
	private readonly turns = {
		loading: Promise.resolve<unknown>(undefined),
		tidying: Promise.resolve<unknown>(undefined),
	};
	private settledAt = 0;
	private isClosed = false;

	private constructor(place: ClickHousePlace, password: string) {
		const { database, cluster } = place;
		this.servers = new ClickHouseServers(place, password);
		this.layout = cluster === undefined ? { kind: "single", database } : { kind: "sharded", database, cluster };
		const [first = ""] = [...place.nodes].sort();
		this.lockServer = new ClickHouseServers({ ...place, nodes: [first] }, password);
		this.lock = new TidyLock(this.lockServer);
	}

	static async open(url: string, { bodyKeyDays }: StoreOptions): Promise<ClickHouseStore> {
		const [place, password] = [readPlace(url), readPassword(process.env)];
		await createDatabase(place, password);
		const store = new ClickHouseStore(place, password);
		try {
			await migrate(store.servers, store.layout);
			await store.readBodies(bodyKeyDays);
			return store;
		} catch (error) {
			await store.close();
			throw error;
		}
	}

	/** Puts a backup into a database that holds no ledger. Throws `place-taken` where it holds one. */
	static async restore(url: string, folder: string): Promise<void> {
		const [place, password] = [readPlace(url), readPassword(process.env)];
		const copied = await readManifest(folder);
		await createDatabase(place, password);
		const store = new ClickHouseStore(place, password);
		try {
			const tables = await store.servers.rows("SELECT 1 FROM system.tables WHERE database = currentDatabase() LIMIT 1");
			if (tables.length > 0) {
				throw new StoreError("place-taken", `the database ${place.database} holds tables already`, {
					hint: "name another database",
				});
			}
			await migrate(store.servers, store.layout);
			await fillTables(store.servers, folder, copied).catch(async (error: unknown) => {
				await store.dropTables();
				throw error;
			});
		} finally {
			await store.close();
		}
	}

	async hasSegment(id: string): Promise<boolean> {
		const parameters = [{ type: "text", value: id }] as const;
		const [[n] = []] = await this.rows({ sql: "SELECT count() FROM segment WHERE id = {p1:String}", parameters });
		return Number(n) > 0;
	}

	bodyHash(key: string): string | undefined {
		return this.bodies.get(key);
	}

	/**
	 * Labels, then events table by table, then the segment itself: only with it do its events count as stored. ClickHouse has no
	 * transaction over tables; in its place each block bears the segment's token, so that one that is sent again is not
	 * stored again, and the rows are counted before the segment is noted.
	 */
	async load(id: string, frames: readonly Frame[], origin: SegmentOrigin): Promise<LoadedSegment> {
		return this.inTurn("loading", async () => {
			if (await this.hasSegment(id)) return { rows: 0, isNew: false };
			const no = hash64(id);
			const batches = frames.flatMap((frame) => frame.batches);
			await this.writeLabels(batches);
			for (const [table, some] of byTable(batches)) await this.writeEvents(table, some, no, id);
			await this.writeBodies(frames, no, id);
			const rows = batches.reduce((sum, batch) => sum + batch.rows, 0);
			await this.write("segment", "no, id, origin, row_count, byte_count", `${id}:segment`, [
				[String(no), id, origin.name, String(rows), String(origin.bytes)],
			]);
			for (const { bodies = [] } of frames) for (const { key, hash } of bodies) this.bodies.set(key, hash);
			return { rows, isNew: true };
		});
	}

	/** What was loaded is in the servers' files. */
	async checkpoint(): Promise<void> {
		await this.inTurn("loading", () => Promise.resolve());
	}

	async rowCount(table: TableName): Promise<number> {
		const [[n] = []] = await this.rows(`SELECT count() FROM ${table}`);
		return Number(n);
	}

	async requests(question: UsageQuestion): Promise<UsageSum[]> {
		const { sources, since } = await this.sources();
		const query = usageQuery(question, sources, clickHouseDialect);
		if (query.rawFrom !== undefined) requireKept(query.rawFrom, since, "some-events");
		return (await this.rows(query)).map(query.read);
	}

	async windows(question: UsageQuestion): Promise<UsageSum[]> {
		requireKept(question.from, await this.keptSince(), "all-events");
		const query = usageQuery(question, { raw: "usage_window" }, clickHouseDialect);
		return (await this.rows(query)).map(query.read);
	}

	async *requestRows(question: RequestQuestion): AsyncGenerator<readonly RequestRow[]> {
		requireKept(question.from, await this.keptSince(), "all-events");
		const query = requestQuery(question, clickHouseDialect);
		await this.settle();
		for await (const part of this.servers.parts(query)) yield part.map(query.read);
	}

	async capacity(question: CapacityQuestion): Promise<CapacitySum[]> {
		requireKept(question.from, await this.keptSince(), "all-events");
		const query = capacityQuery(question, clickHouseDialect);
		return (await this.rows(query)).map(query.read);
	}

	async latency(question: LatencyQuestion): Promise<LatencySpread[]> {
		const { sources, since } = await this.sources();
		const query = latencyQuery(question, sources, clickHouseDialect);
		if (query.rawFrom !== undefined) requireKept(query.rawFrom, since, "some-events");
		return query.read(await this.rows(query));
	}

	async charges(from: Instant, to: Instant): Promise<FiledCharge[]> {
		const { instant } = clickHouseDialect;
		const rows = await this.rows(
			`SELECT c.record, s.id FROM charge c JOIN ${REGISTERED} s ON s.no = c.segment_no
			WHERE c.t0 < ${instant(String(to))} AND c.t1 > ${instant(String(from))} ORDER BY c.t0, s.at, c.segment_no, c.row_no`,
		);
		// A file's segments bear its name and their place.
		return rows.map(([text, id]) => ({
			file: String(id).replace(/:\d+$/, ""),
			charge: storedRecord(chargeShape, String(text)),
		}));
	}

	async crowded(from: Instant, to: Instant): Promise<Crowded[]> {
		return findCrowded((query) => this.rows(query), { from, to }, clickHouseDialect);
	}

	async alike(question: AlikeQuestion): Promise<number> {
		return countAlike((query) => this.rows(query), question, clickHouseDialect);
	}

	/** One process at a time: of two that hold the same each would drop its own in favour of the other's. */
	async dropSame(question: AlikeQuestion): Promise<Same> {
		return this.tidying(() =>
			dropSameOf(
				(query) => this.servers.rows(query),
				(table, rows) => this.deleteRows(table, rows),
				question,
				clickHouseDialect,
			),
		);
	}

	async orgs(): Promise<readonly string[]> {
		const rows = await this.rows("SELECT DISTINCT org FROM dim_tenant WHERE org IS NOT NULL ORDER BY org");
		return rows.map(([org]) => String(org));
	}

	async keptSince(): Promise<Instant | undefined> {
		await this.settle();
		return keptSince(this.servers);
	}

	async prices(): Promise<PriceRecord[]> {
		const rows = await this.rows(
			`SELECT record FROM (
				SELECT p.record AS record, p.valid_from AS valid_from, p.price_id AS price_id,
				row_number() OVER (PARTITION BY p.price_id, p.valid_from ORDER BY s.at DESC, p.segment_no DESC, p.row_no DESC) AS place
				FROM price p JOIN ${REGISTERED} s ON s.no = p.segment_no
			) WHERE place = 1 ORDER BY valid_from, price_id`,
		);
		return rows.map(([text]) => storedRecord(priceShape, String(text)));
	}

	async rollUp(): Promise<number> {
		return (await this.bringUp(false)).segments;
	}

	async dropRepeated(): Promise<Compacted> {
		return (await this.bringUp(true)).repeated;
	}

	async compact(before: Instant): Promise<Compacted> {
		const fresh = await this.dropRepeated();
		return this.tidying(async () => {
			const days = await daysBefore(this.servers, wholeDay(before), await this.keptSince());
			const compacted = await compactDays(this.servers, this.layout, days, () => this.lock.requireHeld());
			return { days: compacted.days, dropped: compacted.dropped + fresh.dropped };
		});
	}

	/** The limit is noted first: from then on nobody is told less than there was. */
	async retain(before: Instant): Promise<Retained> {
		await this.rollUp();
		return this.tidying(async () => {
			const limit = `fromUnixTimestamp64Micro(toInt64(${wholeDay(before)}), 'UTC')`;
			const counts = await Promise.all(
				EVENTS.map((table) => this.rows(`SELECT count() FROM ${table} WHERE t0 < ${limit}`)),
			);
			const dropped = counts.reduce((sum, [row]) => sum + Number(row?.[0]), 0);
			await this.lock.requireHeld();
			await this.servers.run(`INSERT INTO retention (kept_since, dropped) SELECT ${limit}, ${dropped}`);
			for (const table of [...EVENTS, "usage_minute"]) {
				await this.servers.runOnEach(`DELETE FROM ${localName(table, this.layout)} WHERE t0 < ${limit}`);
			}
			return { dropped };
		});
	}

	async exportParquet(folder: string): Promise<readonly ExportedTable[]> {
		return this.tidying(() => writeTables(this.servers, folder, "Parquet"));
	}

	async backup(path: string): Promise<void> {
		await this.tidying(() => writeTables(this.servers, path, "Native"));
	}

	async close(): Promise<void> {
		if (this.isClosed) return;
		await Promise.allSettled(Object.values(this.turns));
		this.isClosed = true;
		await Promise.all([this.servers.close(), this.lockServer.close()]);
	}

	private async deleteRows(table: SameTable, rows: Query): Promise<number> {
		const found = await this.servers.rows(rows);
		await this.lock.requireHeld();
		const segments = new Map<string, string[]>();
		for (const [segment, place] of found) {
			segments.set(String(segment), [...(segments.get(String(segment)) ?? []), String(place)]);
		}
		for (const [segment, places] of segments) {
			await this.servers.runOnEach(
				`DELETE FROM ${localName(table, this.layout)} WHERE segment_no = ${segment} AND row_no IN (${places.join(", ")})`,
			);
		}
		return found.length;
	}

	/** Adds what came since to the roll-ups, without what came twice where that is asked for. */
	private async bringUp(dropsRepeated: boolean): Promise<{ segments: number; repeated: Compacted }> {
		const nothing = { segments: 0, repeated: { days: 0, dropped: 0 } };
		// Asked first without the lock: where nothing waits, nobody is waited for.
		await this.settle();
		if ((await rollUpState(this.servers)).pending.length === 0) return nothing;
		return this.tidying(async () => {
			const state = await rollUpState(this.servers);
			const { pending } = state;
			if (pending.length === 0) return nothing;
			const requireLock = (): Promise<void> => this.lock.requireHeld();
			const repeated = dropsRepeated
				? await dropRepeatedOfFresh(this.servers, this.layout, pending, requireLock)
				: nothing.repeated;
			const built = await build(this.servers, `u.segment_no IN (${pending.join(", ")})`);
			await requireLock();
			await commitBuild(this.servers, state, built, { segments: pending });
			return { segments: pending.length, repeated };
		});
	}

	private async writeLabels(batches: readonly ColumnBatch[]): Promise<void> {
		for (const [name, rows] of this.keys.missing(batches)) {
			if (rows.length === 0) continue;
			const columns = ["id", "reduced_id", ...DIMENSIONS[name].map((member) => `\`${member}\``)];
			await this.write(`dim_${name}_row`, columns.join(", "), undefined, rows);
		}
		this.keys.isStored(batches);
	}

	private async writeEvents(table: TableName, batches: readonly ColumnBatch[], no: bigint, id: string): Promise<void> {
		const columns = ["segment_no", "row_no", ...TABLES[table].columns.map(({ name }) => name)].join(", ");
		const block = nativeBlock(batches, no, (batch, dimension) => this.keys.ofBatch(batch, dimension));
		const rows = batches.reduce((sum, batch) => sum + batch.rows, 0);
		const counted = this.countSql(table, batches, no);
		const send = (token: string): Promise<void> =>
			this.send(`INSERT INTO ${table} (${columns}) FORMAT Native`, block, token, rows);
		await send(`${id}:${table}`);
		if (await this.isCounted(counted, rows)) return;
		if (this.layout.kind !== "single") throw lagging(table);
		// A server that was killed may remember a token whose rows it lost, or have forgotten one: the rows decide.
		await this.servers.run(`DELETE FROM ${table} WHERE segment_no = ${no}`);
		await send(`${id}:${table}:${Date.now()}`);
		if (!(await this.isCounted(counted, rows))) throw lagging(table);
	}

	private countSql(table: TableName, batches: readonly ColumnBatch[], no: bigint): string {
		const time = TABLES[table].columns.find(({ type }) => type === "ts")?.name ?? "t0";
		const [first, last] = timeSpan(batches).map((at) => clickHouseDialect.instant(String(at)));
		return `SELECT count() FROM ${table} WHERE ${time} >= ${first} AND ${time} <= ${last} AND segment_no = ${no}`;
	}

	/** In a cluster rows may be on their way to a replica that came back. */
	private async isCounted(sql: string, rows: number): Promise<boolean> {
		const until = Date.now() + (this.layout.kind === "single" ? 0 : CATCH_UP_MS);
		for (;;) {
			const [[n] = []] = await this.rows(sql);
			if (Number(n) === rows) return true;
			if (Date.now() >= until) return false;
			await new Promise((resolve) => setTimeout(resolve, 100));
		}
	}

	private async writeBodies(frames: readonly Frame[], no: bigint, id: string): Promise<void> {
		const rows = frames.flatMap(({ bodies = [] }) => bodies.map(({ key, hash }) => [key, hash, String(no)]));
		if (rows.length === 0) return;
		await this.write("ingest_body", "body_key, body_hash, segment_no", `${id}:bodies`, rows);
	}

	private async write(
		table: string,
		columns: string,
		token: string | undefined,
		rows: readonly (readonly (string | null)[])[],
	): Promise<void> {
		const text = rows.map((row) => JSON.stringify(row)).join("\n");
		const sql = `INSERT INTO ${table} (${columns}) FORMAT JSONCompactEachRow`;
		await this.send(sql, [Buffer.from(text)], token, rows.length);
	}

	/**
	 * Sends rows as one block. In a cluster they go to all replicas at once; where one is away, they go to the others, and wait on
	 * the server that took them until it is back.
	 */
	private async send(
		sql: string,
		pieces: readonly Uint8Array[],
		token: string | undefined,
		rows: number,
	): Promise<void> {
		const settings = {
			...(token === undefined ? { insert_deduplicate: 0 } : { insert_deduplication_token: token }),
			max_insert_block_size: rows + 1,
			min_insert_block_size_rows: rows + 1,
			min_insert_block_size_bytes: 0,
		};
		try {
			await this.servers.send(sql, pieces, settings);
		} catch (error) {
			if (this.layout.kind === "single" || !isUnreachable(error)) throw error;
			await this.servers.send(sql, pieces, { ...settings, distributed_foreground_insert: 0 });
			this.settledAt = 0;
		}
	}

	private async readBodies(days: number): Promise<void> {
		const rows = await this.rows(
			`SELECT body_key, body_hash FROM ingest_body WHERE loaded_at >= now64(6, 'UTC') - INTERVAL ${Math.ceil(days)} DAY`,
		);
		for (const [key, hash] of rows) this.bodies.set(String(key), String(hash));
	}

	private async sources(): Promise<{ sources: UsageSources; since: Instant | undefined }> {
		if (this.isClosed) throw closed();
		await this.settle();
		const state = await rollUpState(this.servers);
		const held = rolledUp(state);
		const sources = { raw: "usage_request", ...(held === undefined ? {} : { rolledUp: held }) } as const;
		return { sources, since: state.keptSince };
	}

	private async rows(query: string | Query): Promise<Cell[][]> {
		if (this.isClosed) throw closed();
		await this.settle();
		return this.servers.rows(query);
	}

	/** A replica that came back gets what waits for it before it is asked; one that is away is not asked. */
	private async settle(): Promise<void> {
		if (this.layout.kind === "single" || Date.now() - this.settledAt < SETTLED_MS) return;
		this.settledAt = Date.now();
		const waiting = await this.servers.rows(
			`SELECT DISTINCT table FROM clusterAllReplicas('${this.layout.cluster}', system.distribution_queue) WHERE database = currentDatabase() AND data_files > 0`,
			{ skip_unavailable_shards: 1 },
		);
		for (const [table] of waiting) await this.servers.tryOnEach(`SYSTEM FLUSH DISTRIBUTED ${String(table)}`);
	}

	/** With the lock, and with all servers: what is changed must be changed on each. */
	private async tidying<T>(work: () => Promise<T>): Promise<T> {
		if (this.isClosed) throw closed();
		return this.inTurn("tidying", () =>
			this.lock.hold(async () => {
				await this.servers.requireAll();
				await this.settle();
				return work();
			}),
		);
	}

	private async dropTables(): Promise<void> {
		for (const form of allForms()) {
			const views = form.view === undefined ? [] : [`DROP VIEW IF EXISTS ${form.view.name}`];
			const names = [...new Set([form.name, localName(form.name, this.layout)])];
			for (const sql of [...views, ...names.map((name) => `DROP TABLE IF EXISTS ${name} SYNC`)]) {
				await this.servers.runOnEach(sql);
			}
		}
	}

	/** One after the other; a failed one does not stop the next. */
	private async inTurn<T>(kind: "loading" | "tidying", work: () => Promise<T>): Promise<T> {
		const mine = this.turns[kind]
			.catch(() => undefined)
			.then(() => {
				if (this.isClosed) throw closed();
				return work();
			});
		this.turns[kind] = mine;
		return mine;
	}
}

const EVENTS = ["usage_request", "usage_window", "capacity"] as const;

async function createDatabase(place: ClickHousePlace, password: string): Promise<void> {
	const servers = new ClickHouseServers({ ...place, database: "default" }, password);
	try {
		await servers.requireClickHouse();
		const found = `SELECT 1 FROM system.databases WHERE name = '${place.database}'`;
		if ((await servers.rows(found)).length > 0) return;
		await servers.runOnEach(`CREATE DATABASE IF NOT EXISTS ${place.database}`);
	} finally {
		await servers.close();
	}
}

function wholeDay(instant: number): number {
	return Math.floor(Math.min(instant, LATEST) / MICROS_PER_DAY) * MICROS_PER_DAY;
}

/** The end of what a `DateTime64` holds, at the year 2200. */
const LATEST = 7_258_118_400_000_000;

function lagging(table: string): StoreError {
	return new StoreError("store-unreachable", `not all rows of a segment are to be seen in ${table} yet`, {
		hint: "wait: a replica is catching up, and the segment is sent again",
	});
}

function isUnreachable(error: unknown): boolean {
	return error instanceof StoreError && error.code === "store-unreachable";
}

function closed(): StoreError {
	return new StoreError("closed", "the ledger is closed");
}
