import { expect, test } from "vitest";
import { readPassword, readPlace } from "./place.ts";
import { clickHouseSchema } from "./schema.ts";

const CLUSTER = "clickhouse://farthing@one:8123,two/usage?cluster=fleet";

test("a URL names user, servers, database and cluster; ports are those of HTTP", () => {
	expect(readPlace(CLUSTER)).toEqual({
		nodes: ["http://one:8123", "http://two:8123"],
		user: "farthing",
		database: "usage",
		cluster: "fleet",
	});
	expect(readPlace("clickhouse://one/usage?tls=true")).toEqual({
		nodes: ["https://one:8443"],
		user: "default",
		database: "usage",
	});
});

test.each([
	"clickhouse://farthing:secret@one/usage",
	"clickhouse://one,two/usage",
	"clickhouse://one",
	"clickhouse://one/usage; DROP TABLE x",
	"clickhouse://one/usage?cluster=a'b",
	"clickhouse://one/usage?tls=yes",
	"clickhouse://one/usage?password=x",
	"clickhouse://one/x:8123/usage",
])("%s is refused, and no password is told", (url) => {
	expect(() => readPlace(url)).toThrow(expect.objectContaining({ code: "unknown-store", hint: expect.any(String) }));
	expect(() => readPlace(url)).not.toThrow(/secret/);
});

test("a password comes from the environment, or from the file that it names", () => {
	expect(readPassword({})).toBe("");
	expect(readPassword({ FARTHING_CLICKHOUSE_PASSWORD: "p" })).toBe("p");
	const file = new URL(import.meta.url).pathname;
	expect(readPassword({ FARTHING_CLICKHOUSE_PASSWORD_FILE: file })).toMatch(/^import/);
	expect(() => readPassword({ FARTHING_CLICKHOUSE_PASSWORD_FILE: "/nowhere" })).toThrow(/cannot read \/nowhere/);
});

test("tables of one server, of a cluster, and of one that replicates by itself", () => {
	const made = (url: string, isReplicated = false): string =>
		clickHouseSchema(url, isReplicated).find((sql) => /EXISTS (usage_hour|usage_hour_local) /.test(sql)) ?? "";
	expect(made("clickhouse://one/usage")).toMatch(
		/ ENGINE = MergeTree PARTITION BY .*non_replicated_deduplication_window/,
	);
	expect(made(CLUSTER)).toMatch(/usage_hour_local .* ENGINE = MergeTree /);
	expect(clickHouseSchema(CLUSTER, false)).toContain(
		"CREATE TABLE IF NOT EXISTS usage_hour AS usage_hour_local ENGINE = Distributed('fleet', 'usage', 'usage_hour_local', cityHash64(scope_id, model_id, tenant_id, t0)) SETTINGS fsync_after_insert = 1, fsync_directories = 1",
	);
	expect(made(CLUSTER, true)).toMatch(
		/ReplicatedMergeTree\('\/clickhouse\/tables\/\{shard\}\/\{database\}\/usage_hour_local', '\{replica\}'\)/,
	);
	expect(() => clickHouseSchema("clickhouse://one/usage", true)).toThrow(/cluster/);
	expect(() => clickHouseSchema("ledger.duckdb", false)).toThrow(/no ClickHouse ledger/);
});
