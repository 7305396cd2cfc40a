/**
 * Who changed what, for good: a file of JSON lines for each tenant, to which is only added, each line on the disk before
 * the change is acknowledged, and each holding the hash of the line before.
 */
import { closeSync, existsSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";
import { join } from "node:path";
import { makeFolder, syncFolderSync } from "../folder.ts";
import { type AuditDetail, type AuditEntry, type AuditNote, NO_ENTRY, sealed } from "./audit-entry.ts";
import { AuditError } from "./audit-error.ts";
import { withLock } from "./audit-lock.ts";

export interface AuditLog {
	readonly folder: string;
	/** What has happened already, such as a sign-in. Resolves when it is on the disk. Throws AuditError. */
	note(of: AuditNote): Promise<AuditEntry>;
	/**
	 * A change: that it begins is on the disk before `work`, and how it ended before this resolves. `told` adds to the
	 * end what only the change itself knows. Throws AuditError without having changed anything, and what `work` throws.
	 */
	during<T>(of: AuditNote, work: () => Promise<T>, told?: (result: T) => AuditDetail): Promise<T>;
}

/** `now`: milliseconds since 1970. */
export function auditLog(folder: string, now: () => number = Date.now): AuditLog {
	const add = (of: AuditNote, state: AuditEntry["state"], begun?: number): Promise<AuditEntry> =>
		written(folder, of, (before) => ({
			...of,
			seq: before.seq + 1,
			at: new Date(now()).toISOString(),
			state,
			...(begun === undefined ? {} : { begun }),
			before: before.hash,
		}));
	return {
		folder,
		note: (of) => add(of, "done"),
		async during(of, work, told) {
			const { seq } = await add(of, "begun");
			try {
				const result = await work();
				const more = told?.(result);
				await add(more === undefined ? of : { ...of, detail: { ...of.detail, ...more } }, "done", seq);
				return result;
			} catch (error) {
				if (!(error instanceof AuditError)) {
					const reason = (error as { code?: unknown }).code;
					const detail = { ...of.detail, ...(typeof reason === "string" ? { reason } : {}) };
					await add({ ...of, detail }, "failed", seq);
				}
				throw error;
			}
		},
	};
}

export function auditFileOf(folder: string, tenant: string): string {
	if (!/^[\w.-]{1,64}$/.test(tenant)) throw new RangeError(`no tenant: ${tenant}`);
	return join(folder, `${tenant}.jsonl`);
}

type Before = Pick<AuditEntry, "seq" | "hash">;

async function written(
	folder: string,
	of: AuditNote,
	next: (before: Before) => Omit<AuditEntry, "v" | "hash">,
): Promise<AuditEntry> {
	const file = auditFileOf(folder, of.tenant);
	try {
		makeFolder(folder, 0o700);
		return await withLock(`${file}.lock`, () => appended(folder, file, of, next));
	} catch (error) {
		if (error instanceof AuditError) throw error;
		throw new AuditError("log-unwritable", `the audit log cannot be written to: ${(error as Error).message}`, {
			hint: "nothing is changed without it: make room, or let it be written to",
			cause: error,
		});
	}
}

function appended(
	folder: string,
	file: string,
	of: AuditNote,
	next: (before: Before) => Omit<AuditEntry, "v" | "hash">,
): AuditEntry {
	const isNew = !existsSync(file);
	const descriptor = openSync(file, isNew ? "wx+" : "r+", 0o600);
	try {
		const end = endOf(descriptor, file);
		let { before, at } = end;
		let text = "";
		if (end.torn > 0) {
			// It was not acknowledged. That it was there is.
			ftruncateSync(descriptor, at);
			const { seq, at: time, before: head } = next(before);
			const mended = sealed({
				seq,
				at: time,
				tenant: of.tenant,
				who: { kind: "schedule", id: "log" },
				action: "log.mended",
				detail: { torn_bytes: end.torn },
				state: "done",
				before: head,
			});
			text = `${JSON.stringify(mended)}\n`;
			before = mended;
		}
		const entry = sealed(next(before));
		const bytes = Buffer.from(`${text}${JSON.stringify(entry)}\n`);
		for (let done = 0; done < bytes.length; ) {
			const wrote = writeSync(descriptor, bytes, done, bytes.length - done, at);
			done += wrote;
			at += wrote;
		}
		fsyncSync(descriptor);
		if (isNew) syncFolderSync(folder);
		return entry;
	} finally {
		closeSync(descriptor);
	}
}

const TAIL = 16_384;

/** The last whole entry, where it ends, and how many bytes of one that was never whole follow. */
function endOf(descriptor: number, file: string): { before: Before; at: number; torn: number } {
	const { size } = fstatSync(descriptor);
	for (let length = Math.min(size, TAIL); ; length = Math.min(size, length * 4)) {
		const tail = Buffer.alloc(length);
		readSync(descriptor, tail, 0, length, size - length);
		const newline = tail.lastIndexOf(10);
		const from = tail.lastIndexOf(10, newline - 1) + 1;
		if (newline < 0 && length === size) return { before: { seq: 0, hash: NO_ENTRY }, at: 0, torn: size };
		if (newline < 0 || (from === 0 && length < size)) continue;
		const last = entryIn(tail.toString("utf8", from, newline));
		if (last === undefined) {
			throw new AuditError("log-broken", `the last line of ${file} is no entry of an audit log`, {
				hint: "keep it aside as it is, and find out who changed it",
			});
		}
		return { before: last, at: size - length + newline + 1, torn: length - newline - 1 };
	}
}

function entryIn(line: string): Before | undefined {
	try {
		const { seq, hash } = JSON.parse(line) as Partial<AuditEntry>;
		if (Number.isInteger(seq) && typeof hash === "string") return { seq: seq as number, hash };
	} catch {
		// no JSON: no entry
	}
	return undefined;
}
