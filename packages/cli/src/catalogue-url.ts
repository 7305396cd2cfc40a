/** A file from a URL that the user has named: https, or http on this machine; no redirects, in bounds of size and time. */
import { FarthingError } from "@farthing/answers";

const WITHIN_MS = 60_000;
const LARGEST = 64 * 1024 * 1024;
const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

export interface FetchLimits {
	readonly withinMs?: number;
	/** Bytes. */
	readonly largest?: number;
}

export function isUrl(from: string): boolean {
	return /^[a-z][a-z0-9+.-]*:\/\//i.test(from);
}

export async function fetchedText(
	from: string,
	{ withinMs = WITHIN_MS, largest = LARGEST }: FetchLimits = {},
): Promise<string> {
	const url = allowed(from);
	let answer: Response;
	try {
		answer = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(withinMs) });
		if (answer.status >= 300 && answer.status < 400) {
			await answer.body?.cancel();
			throw refused(from, `it sends on to ${answer.headers.get("location") ?? "elsewhere"}`, "the address itself");
		}
		if (answer.status !== 200) {
			await answer.body?.cancel();
			throw refused(from, `the server answered ${answer.status}`, "200");
		}
		return await boundedText(answer, from, largest);
	} catch (error) {
		if (error instanceof FarthingError) throw error;
		const { name, message, cause } = error as Error;
		const what = name === "TimeoutError" ? `no answer within ${withinMs / 1000} s` : message;
		const why = cause instanceof Error ? `${what}: ${cause.message}` : what;
		throw refused(from, why, "a server that answers");
	}
}

function allowed(from: string): URL {
	let url: URL;
	try {
		url = new URL(from);
	} catch {
		throw refused(from, "it is no URL", "https://…");
	}
	if (url.username !== "" || url.password !== "") throw refused(from, "it holds a password", "a URL without one");
	if (url.protocol === "https:" || (url.protocol === "http:" && LOOPBACK.has(url.hostname))) return url;
	throw refused(from, `it is ${url.protocol}//`, "https, or http on this machine");
}

async function boundedText(answer: Response, from: string, largest: number): Promise<string> {
	const parts: Uint8Array[] = [];
	let size = 0;
	for await (const part of answer.body ?? []) {
		size += part.byteLength;
		if (size > largest) throw refused(from, `it is larger than ${largest / 1024 / 1024} MB`, "a signed catalogue");
		parts.push(part);
	}
	return Buffer.concat(parts).toString("utf8");
}

function refused(from: string, what: string, expected: string): FarthingError {
	return new FarthingError(2, "cannot-fetch", `cannot take ${from}: ${what}`, {
		expected,
		hint: "fetch the file yourself, and name it instead",
	});
}
