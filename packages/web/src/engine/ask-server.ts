/** The server that the pages came from, for what only it has: a ledger. Numbers of scenarios are never asked of it. */
import { FarthingError } from "@farthing/answers";
import type { AskServer, ServerReply } from "./host.ts";

/** `base`: address of the page. */
export function askServer(base: string): AskServer {
	return async (path, { key, body } = {}): Promise<ServerReply> => {
		const reply = await fetch(new URL(path, base), {
			headers: {
				accept: "application/json",
				...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
				...(body === undefined ? {} : { "content-type": "application/json" }),
			},
			...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
		}).catch((error: unknown) => {
			throw new FarthingError(3, "no-server", `the server does not answer: ${(error as Error).message}`, {
				hint: "start it again: farthing serve --ledger FILE",
			});
		});
		const isJson = /\bjson\b/.test(reply.headers.get("content-type") ?? "");
		const beside = reply.headers.get("farthing-beside");
		return {
			status: reply.status,
			body: isJson ? ((await reply.json()) as unknown) : undefined,
			...(beside === null ? {} : { beside: JSON.parse(decodeURIComponent(beside)) as string[] }),
		};
	};
}

export const noServer: AskServer = () =>
	Promise.reject(new FarthingError(3, "no-server", "these pages have no server"));

/** What it answered, or its refusal in the words of the pages. */
export function answered({ status, body }: ServerReply): unknown {
	if (status >= 200 && status < 300) return body;
	const { code, detail, field, expected, hint, nearest } = (body ?? {}) as Readonly<Record<string, unknown>>;
	const text = (of: unknown): string | undefined => (typeof of === "string" ? of : undefined);
	throw new FarthingError(
		status === 400 ? 2 : 3,
		text(code) ?? "refused",
		text(detail) ?? `the server answers ${status}`,
		{
			field: text(field),
			expected: text(expected),
			hint: text(hint),
			...(Array.isArray(nearest) ? { nearest: nearest.filter((each) => typeof each === "string") } : {}),
		},
	);
}
