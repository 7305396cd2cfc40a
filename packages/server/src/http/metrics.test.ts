import { expect, it } from "vitest";
import { testApp } from "../../test-support/test-app.ts";
import { newKey } from "../access/keys.ts";
import type { ScrapeTally } from "../scrape/schedule.ts";

const tally = (job: string, tenant: string, failed: number): ScrapeTally => {
	return { job, instance: "10.0.0.1:9000", tenant, ok: 2, failed, refused: 0, series: 5, faults: 0 };
};

it("two pages of one target are one series, and targets of other tenants have no names", async () => {
	const created = "2026-11-01T00:00:00.000Z";
	const keys = (["read", "admin"] as const).map((scope) => {
		return newKey({ id: scope, tenant: "a", scopes: [scope], created });
	});
	const scrapes = [tally("vllm", "a", 0), tally("vllm", "a", 1), tally("secret", "b", 3), tally("hidden", "c", 4)];
	const http = testApp({ access: { kind: "keys", keys: keys.map(({ stored }) => stored) }, scrapes });
	const [read, admin] = await Promise.all(
		keys.map(async ({ secret }) => {
			const reply = await http.ask("/metrics", { headers: { authorization: `Bearer ${secret}` } });
			return (await reply.text()).split("\n").filter((line) => /^farthing_scrapes_total.*failed/.test(line));
		}),
	);
	expect(read).toEqual([
		'farthing_scrapes_total{job="vllm",instance="10.0.0.1:9000",outcome="failed"} 1',
		'farthing_scrapes_total{job="others",instance="others",outcome="failed"} 7',
	]);
	expect(admin).toEqual(
		[
			["vllm", 1],
			["secret", 3],
			["hidden", 4],
		].map(([job, failed]) => {
			return `farthing_scrapes_total{job="${job}",instance="10.0.0.1:9000",outcome="failed"} ${failed}`;
		}),
	);
});
