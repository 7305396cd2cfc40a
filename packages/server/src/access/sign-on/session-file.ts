/**
 * Sessions that outlive the process: lines of JSON in a file for the server's user alone, to which is added. A session is
 * found by the SHA-256 of its secret, and what the provider signed is not kept: who reads the file cannot act for anybody.
 * Each line names the provider and roles that it was granted by: under others, people sign in again.
 */
import { createHash } from "node:crypto";
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { z } from "zod";
import { SCOPES } from "../keys.ts";
import { type SignOnConfig, SignOnConfigError } from "./config.ts";
import type { Kept, ShelfFile } from "./secret-shelf.ts";
import type { Session } from "./sign-on.ts";

const keptLine = z.strictObject({
	key: z.string(),
	by: z.string(),
	until: z.number(),
	subject: z.string(),
	name: z.string(),
	grants: z.array(z.tuple([z.string(), z.array(z.enum(SCOPES))])),
});
const droppedLine = z.strictObject({ key: z.string(), dropped: z.literal(true) });
const line = z.union([keptLine, droppedLine]);

/** Throws SignOnConfigError where the file cannot be written. */
export function sessionFile(path: string, config: SignOnConfig, nowMs: number): ShelfFile<Session> {
	const by = grantedBy(config);
	const { live, others } = readSessions(path, by, nowMs);
	const text = [...others, ...[...live].map(([key, kept]) => keptText(key, by, kept))]
		.map((each) => `${each}\n`)
		.join("");
	try {
		written(`${path}.tmp`, "w", text);
		renameSync(`${path}.tmp`, path);
	} catch (error) {
		const message = `sessions cannot be kept in ${path}: ${(error as Error).message}`;
		throw new SignOnConfigError(message, "--sign-on");
	}
	return {
		read: () => live,
		add: (key, kept) => written(path, "a", `${keptText(key, by, kept)}\n`),
		drop: (key) => written(path, "a", `${JSON.stringify({ key, dropped: true })}\n`),
	};
}

interface Read {
	readonly live: Map<string, Kept<Session>>;
	/** Lines of sessions by another provider or other roles, which a server with those may find again. */
	readonly others: Iterable<string>;
}

/** What cannot be read, such as a line that was torn, is no session. */
function readSessions(path: string, by: string, nowMs: number): Read {
	const live = new Map<string, Kept<Session>>();
	const others = new Map<string, string>();
	for (const text of textOf(path).split("\n")) {
		const read = line.safeParse(jsonIn(text));
		if (!read.success) continue;
		const { key } = read.data;
		if ("dropped" in read.data) {
			live.delete(key);
			others.delete(key);
			continue;
		}
		const { until, subject, name, grants } = read.data;
		if (until <= nowMs) continue;
		if (read.data.by === by) live.set(key, { until, value: { subject, name, grants: new Map(grants) } });
		else others.set(key, text);
	}
	return { live, others: others.values() };
}

function keptText(key: string, by: string, { until, value: { subject, name, grants } }: Kept<Session>): string {
	return JSON.stringify({ key, by, until, subject, name, grants: [...grants] });
}

function grantedBy({ issuer, clientId, publicUrl, roles }: SignOnConfig): string {
	return createHash("sha256")
		.update(JSON.stringify([issuer.href, clientId, publicUrl.href, roles]))
		.digest("base64url");
}

function textOf(path: string): string {
	try {
		return readFileSync(path, "utf8");
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
		throw new SignOnConfigError(`sessions cannot be read from ${path}: ${(error as Error).message}`, "--sign-on");
	}
}

function jsonIn(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** Until it is on the disk: who has signed out stays so. */
function written(path: string, flag: "a" | "w", text: string): void {
	const descriptor = openSync(path, flag, 0o600);
	try {
		writeSync(descriptor, text);
		fsyncSync(descriptor);
	} finally {
		closeSync(descriptor);
	}
}
