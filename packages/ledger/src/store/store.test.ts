import { join } from "node:path";
import { describeStore } from "../../test-support/store-suite.ts";
import { openStore } from "./open-store.ts";

describeStore("DuckDB", (folder) => openStore(`duckdb:${join(folder, "ledger.duckdb")}`, { memory: "512MB" }));
