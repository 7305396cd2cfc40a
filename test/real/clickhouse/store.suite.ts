import { basename } from "node:path";
import process from "node:process";
import { describeStore } from "../../../packages/ledger/test-support/store-suite.ts";
import { openStore } from "../../../packages/ledger/src/store/open-store.ts";

const { HOSTS = "", QUERY = "" } = process.env;

// A database of its own for each test.
describeStore("ClickHouse", (folder) =>
	openStore(`clickhouse://${HOSTS}/${basename(folder).replaceAll(/\W/g, "_")}${QUERY}`),
);
