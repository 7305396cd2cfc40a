import { Readable } from "node:stream";
import {
	ClickHouseError,
	ClickHouseLogLevel,
	createClient,
	type ClickHouseClient,
	type ClickHouseSettings,
} from "@clickhouse/client";
import type { Query } from "../query/dialect.ts";
import { StoreError, type StoreErrorCode } from "../store-error.ts";
import type { ClickHousePlace } from "./place.ts";

/** What a query gives for a cell: whole numbers of 64 bits and more come as text. */
export type Cell = string | number | null;
export type Settings = Readonly<Record<string, string | number>>;

/** Said with every statement, since a server's own defaults may be others. */
const SETTINGS: Settings = {
	prefer_column_name_to_alias: 1,
	join_use_nulls: 1,
	cast_keep_nullable: 1,
	output_format_json_quote_64bit_integers: 1,
	async_insert: 0,
	max_partitions_per_insert_block: 0,
	// Numbers of segments stand in the text where they are no parameters.
	max_query_size: 67_108_864,
	max_ast_elements: 1_000_000,
	max_expanded_ast_elements: 5_000_000,
};
const OF_A_CLUSTER: Settings = {
	prefer_global_in_and_join: 1,
	parallel_distributed_insert_select: 0,
	skip_unavailable_shards: 0,
	distributed_foreground_insert: 1,
};
const TIMEOUT_MS = 600_000;

/** The servers of one ledger. A statement goes to the first that answers; the others stand in for it. */
export class ClickHouseServers {
	readonly names: readonly string[];
	private readonly clients: readonly ClickHouseClient[];
	private readonly settings: Settings;
	private first = 0;

	constructor({ nodes, user, database, cluster }: ClickHousePlace, password: string, timeoutMs: number = TIMEOUT_MS) {
		this.names = nodes;
		this.settings = { ...SETTINGS, ...(cluster === undefined ? {} : OF_A_CLUSTER) };
		this.clients = nodes.map((url) =>
			createClient({
				url,
				username: user,
				password,
				database,
				request_timeout: timeoutMs,
				application: "farthing",
				// What fails is thrown.
				log: { level: ClickHouseLogLevel.OFF },
			}),
		);
	}

	/** Rows of a query as arrays of cells. */
	async rows(query: string | Query, settings: Settings = {}): Promise<Cell[][]> {
		return this.onOne(async (client) => {
			const result = await client.query({
				...textAndParameters(query),
				format: "JSONCompactEachRow",
				// An error after the first rows would come too late to be told otherwise.
				clickhouse_settings: this.settingsWith({ wait_end_of_query: 1, ...settings }),
			});
			return (await result.json()) as unknown as Cell[][];
		});
	}

	/** The same in parts, as they come. */
	async *parts(query: string | Query): AsyncGenerator<Cell[][]> {
		const result = await this.onOne((client) =>
			client.query({
				...textAndParameters(query),
				format: "JSONCompactEachRow",
				clickhouse_settings: this.settingsWith({}),
			}),
		);
		try {
			for await (const part of result.stream()) yield part.map((row) => row.json<Cell[]>());
		} catch (error) {
			throw asStoreError(error);
		}
	}

	/** The bytes of an answer in some format. */
	async bytes(sql: string): Promise<Readable> {
		const { stream } = await this.onOne((client) =>
			client.exec({ query: sql, clickhouse_settings: this.settingsWith({ wait_end_of_query: 1 }) }),
		);
		return stream;
	}

	/** A statement that may be done twice. */
	async run(sql: string, settings: Settings = {}): Promise<void> {
		await this.onOne((client) => client.command({ query: sql, clickhouse_settings: this.settingsWith(settings) }));
	}

	/** A statement that is tried once, on one server. */
	async runOnce(sql: string, settings: Settings = {}): Promise<void> {
		try {
			await this.client().command({ query: sql, clickhouse_settings: this.settingsWith(settings) });
		} catch (error) {
			throw asStoreError(error);
		}
	}

	/** The same statement on each server. Throws `store-unreachable` where one is away, before any has run it. */
	async runOnEach(sql: string, settings: Settings = {}): Promise<void> {
		await this.requireAll();
		const statement = { query: sql, clickhouse_settings: this.settingsWith(settings) };
		try {
			await Promise.all(this.clients.map((client) => client.command(statement)));
		} catch (error) {
			throw asStoreError(error);
		}
	}

	/** The same statement on each server that answers; what it says of others is left. */
	async tryOnEach(sql: string): Promise<void> {
		const statement = { query: sql, clickhouse_settings: this.settingsWith({}) };
		await Promise.all(this.clients.map((client) => client.command(statement).catch(() => undefined)));
	}

	/** Throws `store-unreachable` where what answers there is another program, such as a web server. */
	async requireClickHouse(): Promise<void> {
		let answer: unknown;
		try {
			answer = (await this.rows("SELECT 'ClickHouse'"))[0]?.[0];
		} catch (error) {
			if (error instanceof StoreError || error instanceof ClickHouseError) throw error;
			throw another(this.names[this.first] ?? "", error);
		}
		if (answer !== "ClickHouse") throw another(this.names[this.first] ?? "");
	}

	/** Throws `store-unreachable` where a server does not answer. */
	async requireAll(): Promise<void> {
		const pings = await Promise.all(this.clients.map((client) => client.ping()));
		const away = pings.findIndex(({ success }) => !success);
		if (away >= 0) throw unreachable(`${this.names[away]} does not answer, and all servers must take part`);
	}

	/** Writes rows, as bytes of the format that the statement names; with a token the same rows may be sent again. */
	async send(sql: string, pieces: readonly Uint8Array[], settings: Settings): Promise<void> {
		await this.onOne((client) => this.sendTo(client, sql, Readable.from(pieces), settings));
	}

	/** The same of a stream, which can be sent once. */
	async sendStream(sql: string, bytes: Readable, settings: Settings): Promise<void> {
		try {
			await this.sendTo(this.client(), sql, bytes, settings);
		} catch (error) {
			throw asStoreError(error);
		}
	}

	async close(): Promise<void> {
		await Promise.all(this.clients.map((client) => client.close()));
	}

	private async sendTo(client: ClickHouseClient, query: string, values: Readable, settings: Settings): Promise<void> {
		const { stream } = await client.exec({ query, values, clickhouse_settings: this.settingsWith(settings) });
		for await (const _ of stream) continue;
	}

	private client(): ClickHouseClient {
		return this.clients[this.first] as ClickHouseClient;
	}

	/** Each server is tried, and the first once more: a connection may have been closed while it was idle. */
	private async onOne<T>(work: (client: ClickHouseClient) => Promise<T>): Promise<T> {
		let failure: unknown;
		for (let attempt = 0; attempt <= this.clients.length; attempt++) {
			try {
				return await work(this.client());
			} catch (error) {
				if (!isAway(error)) throw asStoreError(error);
				failure = error;
				this.first = (this.first + 1) % this.clients.length;
			}
		}
		throw asStoreError(failure);
	}

	private settingsWith(more: Settings): ClickHouseSettings {
		return { ...this.settings, ...more } as ClickHouseSettings;
	}
}

/** A text in SQL, for names that are no parameters. */
export function quoted(text: string): string {
	return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

function textAndParameters(query: string | Query): { query: string; query_params?: Record<string, string> } {
	if (typeof query === "string") return { query };
	const parameters = query.parameters.map(({ value }, i) => [`p${i + 1}`, String(value)]);
	return { query: query.sql, query_params: Object.fromEntries(parameters) };
}

/** A server that is not there, or went away with the answer. */
function isAway(error: unknown): boolean {
	if (error instanceof ClickHouseError) return false;
	const { code, message = "" } = error as { code?: string; message?: string };
	return (
		["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "ENOTFOUND", "EHOSTUNREACH"].includes(code ?? "") ||
		/socket hang up|timeout|aborted|terminated/i.test(message)
	);
}

function asStoreError(error: unknown): unknown {
	if (isAway(error)) return unreachable(`no ClickHouse server answers: ${(error as Error).message}`, error);
	if (!(error instanceof ClickHouseError)) return error;
	const symptom = SYMPTOMS[error.code];
	if (symptom === undefined) return error;
	return new StoreError(symptom.code, symptom.message, { hint: symptom.hint, cause: error });
}

function unreachable(message: string, cause?: unknown): StoreError {
	return new StoreError("store-unreachable", message, {
		hint: "start it, or mend host and port in --store: HTTP, 8123 unless given",
		cause,
	});
}

function another(name: string, cause?: unknown): StoreError {
	return new StoreError("store-unreachable", `what answers at ${name} is no ClickHouse server`, {
		hint: "mend host and port in --store: ClickHouse's HTTP interface, 8123 unless given; with TLS write ?tls=true",
		cause,
	});
}

interface Symptom {
	readonly code: StoreErrorCode;
	readonly message: string;
	readonly hint: string;
}

const NO_RIGHT: Symptom = {
	code: "store-read-only",
	message: "the ClickHouse server does not let this user do that",
	hint: "grant SELECT, INSERT, ALTER, CREATE and DROP on the ledger's database",
};
const NO_REPLICA: Symptom = {
	code: "store-unreachable",
	message: "no replica of a shard answers",
	hint: "start one replica of each shard",
};
const NO_ENTRY: Symptom = {
	code: "store-unreachable",
	message: "the ClickHouse server does not accept user and password",
	hint: "set FARTHING_CLICKHOUSE_PASSWORD or FARTHING_CLICKHOUSE_PASSWORD_FILE, and the user in --store",
};

/** By number of ClickHouse's error. */
const SYMPTOMS: Readonly<Record<string, Symptom>> = {
	"194": NO_ENTRY,
	"193": NO_ENTRY,
	"516": NO_ENTRY,
	"497": NO_RIGHT,
	"164": NO_RIGHT,
	"279": NO_REPLICA,
	"209": NO_REPLICA,
	"210": NO_REPLICA,
	"243": {
		code: "disk-full",
		message: "the disk of the ClickHouse server is full; what was not acknowledged was not stored",
		hint: "make room, then send again: nothing stored is lost or half-written",
	},
	"170": {
		code: "unknown-store",
		message: "the servers know no such cluster",
		hint: "name in --store a cluster of remote_servers",
	},
	"701": {
		code: "unknown-store",
		message: "the servers know no such cluster",
		hint: "name in --store a cluster of remote_servers",
	},
};
