import { count, instant, micros, tokenCount, usageShape, type Instant, type UsageRecord } from "../src/index.ts";
import type { JsonObject } from "../src/records/record-shape.ts";

/** A seeded stream of numbers from 0 to 1, for test data: the same seed gives the same data. */
export function stream(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return state / 4_294_967_296;
	};
}

export const T0: Instant = instant(1_795_824_000_000_000);

/** Requests spread over `hours` from 2026-11-28T00:00Z on, with every member sometimes unknown. */
export function someRequests(n: number, seed: number, hours = 50): UsageRecord[] {
	const draw = stream(seed);
	const pick = (m: number): number => Math.floor(draw() * m);
	return Array.from({ length: n }, (_, i): UsageRecord => {
		const t0 = T0 + pick(hours * 3_600_000_000);
		const inTotal = pick(300_000);
		const cached = pick(inTotal + 1);
		const out = pick(4000);
		const isKnown = draw() < 0.9;
		return {
			grain: "request",
			t0: instant(t0),
			t1: instant(t0 + pick(60_000_000)),
			source: { adapter: "otlp", version: "1", kind: "gateway", instance: `proxy-${pick(3)}` },
			request_id: draw() < 0.5 ? uuid(i, seed) : `chatcmpl-${seed}-${i}`,
			...(draw() < 0.8 ? { status: (["ok", "aborted", "error"] as const)[pick(3)] ?? "ok" } : {}),
			...(draw() < 0.9 ? { scope: { group: `d${pick(4)}`, pod: `p${pick(9)}`, hardware: "h100-sxm" } } : {}),
			model: { served: `m${pick(3)}`, ...(draw() < 0.2 ? { tier: "batch" } : {}) },
			...(draw() < 0.9 ? { tenant: { team: `t${pick(5)}`, user: `u${pick(40)}`, tags: { env: "it's" } } } : {}),
			tokens: isKnown
				? {
						in_total: tokenCount(inTotal),
						in_cached_local: tokenCount(cached),
						in_cached_remote: tokenCount(0),
						in_transferred: tokenCount(0),
						out_total: tokenCount(out),
						out_reasoning: tokenCount(pick(out + 1)),
					}
				: { out_total: tokenCount(out) },
			...(draw() < 0.8
				? { latency: { ttft: { value: micros(pick(5_000_000)) }, e2e: { value: micros(pick(9e7)) } } }
				: {}),
		};
	});
}

/** The same as they are sent. */
export function wireRequests(n: number, seed: number): JsonObject[] {
	return someRequests(n, seed).map((record) => usageShape.write(record) as JsonObject);
}

/** A body of JSON lines. */
export function linesOf(records: readonly JsonObject[]): string {
	return records.map((record) => `${JSON.stringify(record)}\n`).join("");
}

export function someWindows(n: number): UsageRecord[] {
	return Array.from({ length: n }, (_, i) => ({
		grain: "window" as const,
		t0: instant(T0 + i * 60_000_000),
		t1: instant(T0 + (i + 1) * 60_000_000),
		source: { adapter: "vllm", version: "1", kind: "engine" as const },
		model: { served: "m0" },
		tokens: { in_total: tokenCount(1000), out_total: tokenCount(100 + i) },
		requests: { finished: count(3), by_reason: { stop: count(3) } },
		quality: { coverage: 0.5, resets: count(1), reasons: ["counter-reset"] },
	}));
}

function uuid(i: number, seed: number): string {
	return `${seed.toString(16).padStart(8, "0")}-0000-4000-8000-${i.toString(16).padStart(12, "0")}`;
}
