import { readFileSync } from "node:fs";
import { StoreError } from "../store-error.ts";

/** Where a ClickHouse ledger is, as its URL says. */
export interface ClickHousePlace {
	/** HTTP endpoints; of a cluster one for each server. */
	readonly nodes: readonly string[];
	readonly user: string;
	readonly database: string;
	/** Name of the cluster in the servers' `remote_servers`; absent: one server. */
	readonly cluster?: string;
}

const PATTERN = /^clickhouse:\/\/(?:([^@/?]*)@)?([^@/?]+)\/([A-Za-z_][A-Za-z0-9_]*)(?:\?(.*))?$/i;
const OPTIONS = ["cluster", "tls"];

/** Reads `clickhouse://user@host:port,host:port/database?cluster=NAME&tls=true`. Throws `unknown-store` where it is none. */
export function readPlace(url: string): ClickHousePlace {
	const [, user = "default", hosts = "", database = "", query = ""] = PATTERN.exec(url) ?? [];
	if (database === "") throw malformed("a ClickHouse ledger is named by user, host and database");
	if (user.includes(":")) {
		throw new StoreError("unknown-store", "a password does not belong into the URL of a ledger", {
			hint: "leave it out, and set FARTHING_CLICKHOUSE_PASSWORD, or FARTHING_CLICKHOUSE_PASSWORD_FILE with the path of a file that holds it",
		});
	}
	const options = new URLSearchParams(query);
	const unknown = [...options.keys()].find((name) => !OPTIONS.includes(name));
	if (unknown !== undefined) throw malformed(`a ClickHouse ledger knows no option ${unknown}`);
	const tls = options.get("tls") ?? "false";
	if (tls !== "true" && tls !== "false") throw malformed(`tls is true or false, not ${tls}`);
	const cluster = options.get("cluster") ?? undefined;
	if (cluster !== undefined && !/^[A-Za-z0-9_-]+$/.test(cluster)) throw malformed(`no cluster is named ${cluster}`);
	const nodes = hosts.split(",").map((host) => `${tls === "true" ? "https" : "http"}://${withPort(host, tls)}`);
	if (nodes.length > 1 && cluster === undefined) throw malformed("several hosts are a cluster, which has a name");
	return { nodes, user: decodeURIComponent(user), database, ...(cluster === undefined ? {} : { cluster }) };
}

/** From the environment, or from the file that it names; without either there is none. */
export function readPassword(environment: Readonly<Record<string, string | undefined>>): string {
	const file = environment["FARTHING_CLICKHOUSE_PASSWORD_FILE"];
	if (file === undefined) return environment["FARTHING_CLICKHOUSE_PASSWORD"] ?? "";
	try {
		return readFileSync(file, "utf8").trimEnd();
	} catch (cause) {
		throw new StoreError("store-unreachable", `cannot read ${file}, which FARTHING_CLICKHOUSE_PASSWORD_FILE names`, {
			hint: "name a file that this user may read",
			cause,
		});
	}
}

function withPort(host: string, tls: string): string {
	if (/^(\[[0-9a-f:]+\]|[A-Za-z0-9._-]+):\d+$/i.test(host)) return host;
	if (/^(\[[0-9a-f:]+\]|[A-Za-z0-9._-]+)$/i.test(host)) return `${host}:${tls === "true" ? 8443 : 8123}`;
	throw malformed(`"${host}" is no host`);
}

function malformed(message: string): StoreError {
	return new StoreError("unknown-store", message, {
		hint: "write clickhouse://USER@HOST:8123/DATABASE, of a cluster clickhouse://USER@HOST:8123,HOST:8123/DATABASE?cluster=NAME",
	});
}
