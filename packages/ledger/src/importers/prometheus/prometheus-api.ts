/** Raw samples from the HTTP API of a Prometheus (or one that speaks as it does), at the address that the user gave. */
import { ImportError } from "../source/import-error.ts";
import { isMembers } from "../json-fields.ts";
import type { TimedPoint } from "./integrate.ts";
import { promNumber } from "./text-format.ts";
import type { Labels } from "./text-format.ts";

export interface PrometheusServer {
	/** With path prefix, without `/api/v1`. */
	readonly url: string;
	/** Bearer token; from the environment, never from a flag. */
	readonly token?: string;
	readonly timeoutMs?: number;
}

export interface RawSeries {
	readonly name: string;
	readonly labels: Labels;
	readonly points: readonly TimedPoint[];
}

/** Samples of all series of a selector between two times (milliseconds, inclusive), as they were scraped. */
export async function rawSamples(
	server: PrometheusServer,
	selector: string,
	from: number,
	to: number,
): Promise<RawSeries[]> {
	const seconds = Math.max(1, Math.ceil((to - from) / 1000));
	const data = await ask(server, "query", { query: `${selector}[${seconds}s]`, time: String(to / 1000) });
	const result = isMembers(data) && data["resultType"] === "matrix" ? data["result"] : undefined;
	if (!Array.isArray(result)) throw failed(server, "the answer is no matrix of samples");
	return result.map((each: unknown) => seriesOf(server, each));
}

/** Names of all metrics, or of those with samples in a time. */
export async function metricNames(server: PrometheusServer, from: number, to: number): Promise<string[]> {
	const data = await ask(
		server,
		"label/__name__/values",
		{ start: String(from / 1000), end: String(to / 1000) },
		"GET",
	);
	if (!Array.isArray(data)) throw failed(server, "the answer is no list of names");
	return data.filter((name): name is string => typeof name === "string");
}

/** Series of a selector at one moment. */
export async function instantVector(
	server: PrometheusServer,
	query: string,
	at: number,
): Promise<{ labels: Labels; value: number }[]> {
	const data = await ask(server, "query", { query, time: String(at / 1000) });
	const result = isMembers(data) && data["resultType"] === "vector" ? data["result"] : undefined;
	if (!Array.isArray(result)) throw failed(server, "the answer is no vector");
	return result.map((each: unknown) => {
		const { metric, value } = (isMembers(each) ? each : {}) as { metric?: Labels; value?: [number, string] };
		return { labels: metric ?? {}, value: promNumber(value?.[1] ?? "") ?? Number.NaN };
	});
}

export async function buildInfo(server: PrometheusServer): Promise<string | undefined> {
	const data = await ask(server, "status/buildinfo", {}, "GET");
	const version = isMembers(data) ? data["version"] : undefined;
	return typeof version === "string" ? version : undefined;
}

async function ask(
	server: PrometheusServer,
	path: string,
	given: Readonly<Record<string, string>>,
	method: "GET" | "POST" = "POST",
): Promise<unknown> {
	const url = apiUrl(server, path);
	const body = new URLSearchParams(given);
	const isGet = method === "GET";
	if (isGet) url.search = body.toString();
	let response: Response;
	try {
		response = await fetch(url, {
			method,
			// Where a server sends us elsewhere the user has not said so.
			redirect: "error",
			signal: AbortSignal.timeout(server.timeoutMs ?? 60_000),
			headers: {
				...(isGet ? {} : { "content-type": "application/x-www-form-urlencoded" }),
				...(server.token === undefined ? {} : { authorization: `Bearer ${server.token}` }),
			},
			...(isGet ? {} : { body: body.toString() }),
		});
	} catch (error) {
		const { cause, message } = error as Error & { cause?: Error };
		throw failed(server, cause?.message ?? message, error);
	}
	const text = await response.text();
	const answer = parsed(text);
	if (isMembers(answer) && answer["status"] === "success") return answer["data"];
	const said = isMembers(answer) && typeof answer["error"] === "string" ? answer["error"] : text.slice(0, 200);
	throw failed(server, `HTTP ${response.status}: ${said}`);
}

function apiUrl({ url }: PrometheusServer, path: string): URL {
	let base: URL;
	try {
		base = new URL(url);
	} catch {
		throw new ImportError("unreadable-server", `${url} is no URL`, { file: url }, { expected: "http://HOST:PORT" });
	}
	if (base.protocol !== "http:" && base.protocol !== "https:") {
		throw new ImportError(
			"unreadable-server",
			`${url} is no HTTP address`,
			{ file: url },
			{ expected: "http://HOST:PORT" },
		);
	}
	if (base.username !== "" || base.password !== "") {
		throw new ImportError(
			"unreadable-server",
			"a user or password in the URL would end up in logs",
			{ file: base.host },
			{
				expected: "a URL without a user",
				hint: "put a token into FARTHING_PROMETHEUS_TOKEN",
			},
		);
	}
	base.pathname = `${base.pathname.replace(/\/+$/, "")}/api/v1/${path}`;
	base.search = "";
	return base;
}

function seriesOf(server: PrometheusServer, each: unknown): RawSeries {
	const { metric, values } = (isMembers(each) ? each : {}) as { metric?: Labels; values?: [number, string][] };
	if (metric === undefined || !Array.isArray(values)) throw failed(server, "a series without labels or samples");
	const { __name__: name = "", ...labels } = metric;
	const points = values.map(([at, text]) => ({ at: at * 1000, value: promNumber(text) ?? Number.NaN }));
	return { name, labels, points: points.sort((a, b) => a.at - b.at) };
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function failed({ url }: PrometheusServer, message: string, cause?: unknown): ImportError {
	return new ImportError(
		"unreadable-server",
		`${url} did not answer as a Prometheus does: ${message}`,
		{ file: url },
		{
			expected: "the HTTP API of Prometheus 2 or 3, or of a store that speaks it",
			...(cause === undefined ? {} : { cause }),
		},
	);
}
