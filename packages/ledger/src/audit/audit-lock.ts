/**
 * One writer at a time, among the processes of one machine: a file that is there while somebody writes. Who died with it
 * is found by the process id, and the file is taken away by one process alone.
 */
import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import process from "node:process";
import { AuditError } from "./audit-error.ts";

const WAIT_MS = 10_000;
const PAUSE_MS = 5;

export async function withLock<T>(file: string, work: () => T, waitMs: number = WAIT_MS): Promise<T> {
	const until = performance.now() + waitMs;
	while (!taken(file)) {
		const holder = holderOf(file);
		if (holder !== undefined && isDead(holder)) takeAway(file, holder);
		else if (performance.now() > until) {
			throw new AuditError("log-locked", `another process writes to the audit log: ${holder ?? "unknown"}`, {
				hint: `if no farthing runs there, remove ${file}`,
			});
		} else await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
	}
	try {
		return work();
	} finally {
		rmSync(file, { force: true });
	}
}

/** By a link, so that the file has its holder in it from the first moment, whenever this process dies. */
function taken(file: string): boolean {
	const own = `${file}.${process.pid}`;
	writeFileSync(own, `${hostname()} ${process.pid}`);
	try {
		linkSync(own, file);
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
		throw error;
	} finally {
		rmSync(own, { force: true });
	}
}

/** Undefined where it is gone. */
function holderOf(file: string): string | undefined {
	try {
		return readFileSync(file, "utf8");
	} catch {
		return undefined;
	}
}

function isDead(holder: string): boolean {
	const [, host, id] = /^(.+) (\d+)$/.exec(holder) ?? [];
	if (host !== hostname() || id === undefined) return false;
	try {
		process.kill(Number(id), 0);
		return false;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === "ESRCH";
	}
}

/** The dead give nothing back, so while `.break` is held the file can only be what was seen. */
function takeAway(file: string, holder: string): void {
	const own = `${file}.break`;
	if (!taken(own)) return;
	try {
		if (holderOf(file) === holder) rmSync(file, { force: true });
	} finally {
		rmSync(own, { force: true });
	}
}
