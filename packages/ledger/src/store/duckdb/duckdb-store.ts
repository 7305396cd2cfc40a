import { DuckDBTimestampValue } from "@duckdb/node-api";
import { chargeShape } from "../../records/charge.ts";
import type { FiledCharge } from "../../records/charges-once.ts";
import { priceShape, type PriceRecord } from "../../records/price.ts";
import type { Instant } from "../../records/units.ts";
import { requireKept, type Needs } from "../beyond-retention.ts";
import { byTable } from "../column-batch.ts";
import type { Frame } from "../frame.ts";
import { countAlike, type AlikeQuestion } from "../query/alike-query.ts";
import { capacityQuery, type CapacityQuestion, type CapacitySum } from "../query/capacity-query.ts";
import { type Crowded, findCrowded } from "../query/crowded-query.ts";
import { duckDbDialect, type Query } from "../query/dialect.ts";
import { latencyQuery, type LatencyQuestion, type LatencySpread } from "../query/latency-query.ts";
import { requestQuery, type RequestQuestion, type RequestRow } from "../query/request-query.ts";
import { dropSameOf, type Same } from "../query/same-query.ts";
import { throughSegment, usageQuery, type UsageSources } from "../query/usage-query.ts";
import type { UsageQuestion, UsageSum } from "../query/usage-question.ts";
import { StoreError } from "../store-error.ts";
import { storedRecord } from "../stored-record.ts";
import type {
	Compacted,
	ExportedTable,
	LedgerStore,
	LoadedSegment,
	Retained,
	SegmentOrigin,
	StoreOptions,
} from "../store.ts";
import type { TableName } from "../table.ts";
import { appendBatches } from "./append.ts";
import { BlockCopy } from "./block-copy.ts";
import {
	asStoreError,
	openInstance,
	partsOf,
	rowsOf,
	run,
	Statement,
	textOf,
	type Cell,
	type DuckDBConnection,
	type DuckDBInstance,
} from "./connection.ts";
import { compactDays, dropRepeatedOfFresh } from "./compact.ts";
import { copyTo, writeParquet } from "./copies.ts";
import { DimensionIds } from "./dimension-ids.ts";
import { mendCutOff } from "./mend.ts";
import { migrate } from "./migrations.ts";
import { dropDays, keptSince } from "./retention.ts";
import { addRollUps } from "./roll-up.ts";
import { ThreadCount } from "./thread-count.ts";

const DAY_MICROS = 86_400_000_000n;
const HAS_SEGMENT = "SELECT 1 FROM segment WHERE id = $1 LIMIT 1";
const ADD_SEGMENT =
	"INSERT INTO segment VALUES ($1::BIGINT, $2, $3, $4::BIGINT, $5::BIGINT, make_timestamp($6::BIGINT))";

/** The ledger in one DuckDB file, written by this process alone. */
export class DuckDbStore implements LedgerStore {
	private readonly path: string;
	private readonly instance: DuckDBInstance;
	private readonly writer: DuckDBConnection;
	private readonly segmentsNamed: Statement;
	private readonly newSegment: Statement;
	private readonly threads: ThreadCount;
	private readonly blocks: BlockCopy;
	private readonly now: () => bigint;
	private readonly ids = new DimensionIds();
	private readonly bodies = new Map<string, string>();
	private lastSegment = 0n;
	private turn: Promise<unknown> = Promise.resolve();
	private isClosed = false;

	private constructor(
		path: string,
		instance: DuckDBInstance,
		writer: DuckDBConnection,
		threads: ThreadCount,
		blocks: BlockCopy,
		now: () => bigint,
	) {
		this.path = path;
		this.instance = instance;
		this.writer = writer;
		this.segmentsNamed = new Statement(writer, HAS_SEGMENT);
		this.newSegment = new Statement(writer, ADD_SEGMENT);
		this.threads = threads;
		this.blocks = blocks;
		this.now = now;
	}

	static async open(path: string, options: StoreOptions): Promise<DuckDbStore> {
		await mendCutOff(path);
		const instance = await openInstance(path, options.memory, options.threads, options.log);
		let blocks: BlockCopy | undefined;
		try {
			const writer = await instance.connect();
			blocks = await BlockCopy.open(path);
			const [[most] = []] = await rowsOf(writer, "SELECT current_setting('threads')::INTEGER");
			const threads = new ThreadCount(await instance.connect(), Number(most));
			const store = new DuckDbStore(path, instance, writer, threads, blocks, options.now);
			await migrate(store.writer, options.now, () => store.blocks.refresh(store.writer));
			await store.readRegistry(options.bodyKeyDays);
			return store;
		} catch (error) {
			instance.closeSync();
			await blocks?.close();
			throw asStoreError(error, path);
		}
	}

	async hasSegment(id: string): Promise<boolean> {
		return (await this.read(HAS_SEGMENT, [id])).length > 0;
	}

	bodyHash(key: string): string | undefined {
		return this.bodies.get(key);
	}

	async load(id: string, frames: readonly Frame[], origin: SegmentOrigin): Promise<LoadedSegment> {
		return this.inTurn(async () => {
			await this.threads.writing();
			if ((await this.segmentsNamed.rows([id])).length > 0) return { rows: 0, isNew: false };
			const no = this.lastSegment + 1n;
			const batches = frames.flatMap((frame) => frame.batches);
			const rows = batches.reduce((sum, batch) => sum + batch.rows, 0);
			const at = this.now();
			await this.inTransaction(async () => {
				for (const ofTable of byTable(batches).values()) {
					await appendBatches(this.writer, ofTable, no, (batch, dimension) => this.ids.ofBatch(batch, dimension));
				}
				await this.ids.writeFresh(this.writer);
				await this.newSegment.rows([no, id, origin.name, BigInt(rows), BigInt(origin.bytes), at]);
				await this.writeBodies(frames, no, at);
			});
			this.lastSegment = no;
			for (const { bodies = [] } of frames) for (const { key, hash } of bodies) this.bodies.set(key, hash);
			return { rows, isNew: true };
		});
	}

	async checkpoint(): Promise<void> {
		await this.inTurn(() => this.checkpointNow());
	}

	async rowCount(table: TableName): Promise<number> {
		const [[n] = []] = await this.read(`SELECT count(*) FROM ${table}`);
		return Number(n);
	}

	async requests(question: UsageQuestion): Promise<UsageSum[]> {
		const sources = await this.sources();
		const query = usageQuery(question, sources, duckDbDialect);
		if (query.rawFrom !== undefined) await this.requireKept(query.rawFrom, "some-events");
		return (await this.rows(query)).map(query.read);
	}

	async windows(question: UsageQuestion): Promise<UsageSum[]> {
		await this.requireKept(question.from, "all-events");
		const query = usageQuery(question, { raw: "usage_window" }, duckDbDialect);
		return (await this.rows(query)).map(query.read);
	}

	async *requestRows(question: RequestQuestion): AsyncGenerator<readonly RequestRow[]> {
		await this.requireKept(question.from, "all-events");
		const { sql, parameters, read } = requestQuery(question, duckDbDialect);
		const connection = await this.connected();
		try {
			const values = parameters.map(({ value }) => value);
			for await (const part of partsOf(connection, sql, values)) yield part.map(read);
		} finally {
			connection.closeSync();
		}
	}

	async capacity(question: CapacityQuestion): Promise<CapacitySum[]> {
		await this.requireKept(question.from, "all-events");
		const query = capacityQuery(question, duckDbDialect);
		return (await this.rows(query)).map(query.read);
	}

	async latency(question: LatencyQuestion): Promise<LatencySpread[]> {
		const query = latencyQuery(question, await this.sources(), duckDbDialect);
		if (query.rawFrom !== undefined) await this.requireKept(query.rawFrom, "some-events");
		return query.read(await this.rows(query));
	}

	async charges(from: Instant, to: Instant): Promise<FiledCharge[]> {
		const rows = await this.read(
			`SELECT c.record, s.id FROM charge c JOIN segment s ON s.no = c.segment_no
			WHERE c.t0 < make_timestamp($2::BIGINT) AND c.t1 > make_timestamp($1::BIGINT) ORDER BY c.t0, c.segment_no, c.rowid`,
			[BigInt(from), BigInt(to)],
		);
		// A file's segments bear its name and their place.
		return rows.map(([text, id]) => ({
			file: textOf(id).replace(/:\d+$/, ""),
			charge: storedRecord(chargeShape, textOf(text)),
		}));
	}

	async crowded(from: Instant, to: Instant): Promise<Crowded[]> {
		return findCrowded((query) => this.rows(query), { from, to }, duckDbDialect);
	}

	async alike(question: AlikeQuestion): Promise<number> {
		return countAlike((query) => this.rows(query), question, duckDbDialect);
	}

	async dropSame(question: AlikeQuestion): Promise<Same> {
		return this.inTurnOnAllThreads(async () => {
			let same: Same | undefined;
			await this.inTransaction(async () => {
				const ask = (sql: string, { parameters }: Query): Promise<Cell[][]> =>
					rowsOf(
						this.writer,
						sql,
						parameters.map(({ value }) => value),
					);
				same = await dropSameOf(
					(query) => ask(query.sql, query),
					async (table, rows) => {
						const sql = `DELETE FROM ${table} WHERE rowid IN (SELECT row_no FROM (${rows.sql}))`;
						const [[n = 0n] = []] = await ask(sql, rows);
						return Number(n);
					},
					question,
					duckDbDialect,
				);
			});
			await this.checkpointNow();
			return same as unknown as Same;
		});
	}

	async orgs(): Promise<readonly string[]> {
		const rows = await this.read("SELECT DISTINCT org FROM dim_tenant WHERE org IS NOT NULL ORDER BY org");
		return rows.map(([org]) => textOf(org));
	}

	async keptSince(): Promise<Instant | undefined> {
		return (await this.reading(keptSince)) as Instant | undefined;
	}

	async prices(): Promise<PriceRecord[]> {
		const rows = await this.read(
			`SELECT record FROM (SELECT *, row_number() OVER (PARTITION BY price_id, valid_from ORDER BY segment_no DESC, rowid DESC) AS place FROM price)
			WHERE place = 1 ORDER BY valid_from, price_id`,
		);
		return rows.map(([text]) => storedRecord(priceShape, textOf(text)));
	}

	async rollUp(): Promise<number> {
		return (await this.bringUp(false)).segments;
	}

	async dropRepeated(): Promise<Compacted> {
		return (await this.bringUp(true)).repeated;
	}

	async compact(before: Instant): Promise<Compacted> {
		const { repeated } = await this.bringUp(true);
		return this.inTurnOnAllThreads(async () => {
			const through = (await this.rolledUpThrough()) ?? 0n;
			const compacted = await compactDays(this.writer, BigInt(before), through, (work) => this.inTransaction(work));
			await this.checkpointNow();
			return { days: compacted.days, dropped: compacted.dropped + repeated.dropped };
		});
	}

	async retain(before: Instant): Promise<Retained> {
		await this.dropRepeated();
		return this.inTurn(async () => {
			let dropped = 0;
			await this.inTransaction(async () => {
				dropped = await dropDays(this.writer, BigInt(before), this.now());
			});
			await this.checkpointNow();
			return { dropped };
		});
	}

	async exportParquet(folder: string): Promise<readonly ExportedTable[]> {
		return this.reading((connection) => writeParquet(connection, folder));
	}

	async backup(path: string): Promise<void> {
		await this.inTurn(() => copyTo(this.writer, path));
	}

	async close(): Promise<void> {
		if (this.isClosed) return;
		await this.turn.catch(() => undefined);
		this.isClosed = true;
		// It goes on where the disk has no room for the copy, as it frees some.
		await this.blocks.beforeClose(this.writer).catch(() => undefined);
		this.threads.close();
		this.segmentsNamed.close();
		this.newSegment.close();
		this.writer.closeSync();
		this.instance.closeSync();
		await this.blocks.close();
	}

	private async checkpointNow(): Promise<void> {
		await this.blocks.refresh(this.writer);
		await run(this.writer, "CHECKPOINT");
	}

	/** Adds what came since to the roll-ups, without what came twice where that is asked for. */
	private bringUp(dropsRepeated: boolean): Promise<{ readonly segments: number; readonly repeated: Compacted }> {
		return this.inTurnOnAllThreads(async () => {
			const after = (await this.rolledUpThrough()) ?? 0n;
			const through = this.lastSegment;
			let repeated: Compacted = { days: 0, dropped: 0 };
			if (through === after) return { segments: 0, repeated };
			await this.inTransaction(async () => {
				if (dropsRepeated) repeated = await dropRepeatedOfFresh(this.writer, after, through);
				await addRollUps(this.writer, { buildNo: through, afterSegment: after, throughSegment: through });
				await run(this.writer, `INSERT INTO roll_up VALUES (${through}, ${through}, make_timestamp(${this.now()}))`);
			});
			await this.checkpointNow();
			return { segments: Number(through - after), repeated };
		});
	}

	private async readRegistry(bodyKeyDays: number): Promise<void> {
		await this.ids.load(this.writer);
		const [[last = 0n] = []] = await rowsOf(this.writer, "SELECT coalesce(max(no), 0) FROM segment");
		this.lastSegment = BigInt(last as bigint);
		const since = this.now() - BigInt(bodyKeyDays) * DAY_MICROS;
		const kept = await rowsOf(
			this.writer,
			"SELECT body_key, body_hash FROM ingest_body WHERE loaded_at >= make_timestamp($1::BIGINT)",
			[since],
		);
		for (const [key, hash] of kept) this.bodies.set(textOf(key), textOf(hash));
	}

	private async sources(): Promise<UsageSources> {
		const through = await this.rolledUpThrough();
		return { raw: "usage_request", ...(through === undefined ? {} : { rolledUp: throughSegment(through) }) };
	}

	private async rolledUpThrough(): Promise<bigint | undefined> {
		const [[through] = []] = await this.read("SELECT max(through_segment) FROM roll_up");
		return typeof through === "bigint" ? through : undefined;
	}

	private rows({ before = [], sql, parameters }: Query): Promise<Cell[][]> {
		const values = parameters.map(({ value }) => value);
		return this.reading(async (connection) => {
			for (const statement of before) await run(connection, statement);
			return rowsOf(connection, sql, values);
		});
	}

	private read(sql: string, parameters: readonly Cell[] = []): Promise<Cell[][]> {
		return this.reading((connection) => rowsOf(connection, sql, parameters));
	}

	/** Readers run beside the writer, each on a snapshot of its own. */
	private async reading<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
		const connection = await this.connected();
		try {
			return await this.threads.all(() => work(connection));
		} finally {
			connection.closeSync();
		}
	}

	private async connected(): Promise<DuckDBConnection> {
		if (this.isClosed) throw new StoreError("closed", "the ledger is closed");
		return this.instance.connect();
	}

	private async requireKept(from: number, needs: Needs): Promise<void> {
		requireKept(from, await this.keptSince(), needs);
	}

	private async writeBodies(frames: readonly Frame[], no: bigint, at: bigint): Promise<void> {
		const bodies = frames.flatMap((frame) => frame.bodies ?? []);
		if (bodies.length === 0) return;
		const appender = await this.writer.createAppender("ingest_body");
		const loadedAt = new DuckDBTimestampValue(at);
		for (const { key, hash } of bodies) {
			appender.appendVarchar(key);
			appender.appendVarchar(hash);
			appender.appendBigInt(no);
			appender.appendTimestamp(loadedAt);
			appender.endRow();
		}
		appender.closeSync();
	}

	private async inTransaction(work: () => Promise<void>): Promise<void> {
		// DuckDB makes a checkpoint of its own with a commit where its log is long.
		await this.blocks.refresh(this.writer);
		await run(this.writer, "BEGIN");
		try {
			await work();
			await run(this.writer, "COMMIT");
			this.ids.committed();
		} catch (error) {
			this.ids.rolledBack();
			// DuckDB has rolled back by itself where COMMIT failed.
			await this.writer.run("ROLLBACK").catch(() => undefined);
			throw asStoreError(error, this.path);
		}
	}

	/** What reads much to write little. */
	private inTurnOnAllThreads<T>(work: () => Promise<T>): Promise<T> {
		return this.inTurn(() => this.threads.all(work));
	}

	/** One write after the other; a failed one does not stop the next. */
	private async inTurn<T>(work: () => Promise<T>): Promise<T> {
		const mine = this.turn
			.catch(() => undefined)
			.then(() => {
				if (this.isClosed) throw new StoreError("closed", "the ledger is closed");
				return work();
			});
		this.turn = mine;
		return mine;
	}
}
