import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import process from "node:process";
import { StoreError } from "../store-error.ts";
import { quoted, type ClickHouseServers } from "./connection.ts";

/** How long a lock holds after its holder was last heard of, by the server's clock. */
const LEASE_SECONDS = 15;
const RENEW_MS = 3000;
const WAIT_MS = 120_000;
const WAIT_STEP_MS = 100;

/**
 * One process at a time rolls up, compacts, drops and copies; loading needs no lock. The lock is a table: of those who
 * create it at once one succeeds. Its comment says who holds it and until when; whoever finds it lapsed creates the table with
 * the next number, which again one alone can do.
 */
export class TidyLock {
	private readonly server: ClickHouseServers;
	private readonly owner = `${machine()} ${process.pid}`;
	private held: string | undefined;

	/** Of a cluster always the same server. */
	constructor(server: ClickHouseServers) {
		this.server = server;
	}

	async hold<T>(work: () => Promise<T>): Promise<T> {
		const table = await this.acquire();
		this.held = table;
		let renewing = Promise.resolve();
		const timer = setInterval(() => {
			renewing = this.note(table, this.owner).catch(() => undefined);
		}, RENEW_MS);
		try {
			return await work();
		} finally {
			clearInterval(timer);
			await renewing;
			this.held = undefined;
			await this.note(table, FREE).catch(() => undefined);
		}
	}

	/** Throws where the lock lapsed, as of a process that slept, and another took it: what was begun must not be finished. */
	async requireHeld(): Promise<void> {
		if (this.held !== undefined && (await this.newest())?.table === this.held) return;
		throw new StoreError("store-locked", "another process took tidying the ledger up over", { hint: "try again" });
	}

	private async acquire(): Promise<string> {
		const start = Date.now();
		for (;;) {
			const held = await this.newest();
			const number = (held?.number ?? 0) + 1;
			if (held === undefined || held.isFree || this.isGone(held.owner)) {
				const table = `tidy_lock_${number}`;
				if (await this.create(table)) {
					if (held !== undefined) await this.server.run(`DROP TABLE IF EXISTS ${held.table} SYNC`);
					return table;
				}
			} else if (Date.now() - start > WAIT_MS) {
				throw new StoreError("store-locked", "another process has been tidying the ledger up for two minutes", {
					hint: "try again when it has ended; events are taken in meanwhile",
				});
			}
			await new Promise((resolve) => setTimeout(resolve, WAIT_STEP_MS));
		}
	}

	private async newest(): Promise<{ table: string; number: number; owner: string; isFree: boolean } | undefined> {
		const [row] = await this.server.rows(
			`SELECT name, comment, toInt64OrZero(splitByChar('|', comment)[2]) < toUnixTimestamp(now()) FROM system.tables
			WHERE database = currentDatabase() AND name LIKE 'tidy\\_lock\\_%' ORDER BY toInt64OrZero(substring(name, 11)) DESC LIMIT 1`,
		);
		if (row === undefined) return undefined;
		const [table, comment, hasLapsed] = row as [string, string, number];
		const [owner = ""] = comment.split("|");
		return { table, number: Number(table.slice(10)), owner, isFree: owner === FREE || Number(hasLapsed) === 1 };
	}

	private async create(table: string): Promise<boolean> {
		try {
			await this.server.runOnce(
				`CREATE TABLE ${table} (nothing UInt8) ENGINE = Memory COMMENT ${quoted(await this.comment(this.owner))}`,
			);
			return true;
		} catch (error) {
			// TABLE_ALREADY_EXISTS: another was faster.
			if ((error as { code?: string }).code === "57") return false;
			throw error;
		}
	}

	private async note(table: string, owner: string): Promise<void> {
		await this.server.run(`ALTER TABLE ${table} MODIFY COMMENT ${quoted(await this.comment(owner))}`);
	}

	private async comment(owner: string): Promise<string> {
		const [[until] = []] = await this.server.rows(`SELECT toUnixTimestamp(now()) + ${LEASE_SECONDS}`);
		return `${owner}|${until}`;
	}

	/** A process of this machine that was killed need not be waited for. */
	private isGone(owner: string): boolean {
		const [where, pid] = [owner.slice(0, owner.lastIndexOf(" ")), Number(owner.slice(owner.lastIndexOf(" ") + 1))];
		if (where !== machine() || where === "") return false;
		if (pid === process.pid) return false;
		try {
			process.kill(pid, 0);
			return false;
		} catch (error) {
			return (error as { code?: string }).code === "ESRCH";
		}
	}
}

const FREE = "free";

/** Empty where one machine cannot be told from another. */
function machine(): string {
	try {
		return `${hostname()} ${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}`;
	} catch {
		return "";
	}
}
