import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { testApp } from "../../test-support/test-app.ts";
import { newKey } from "../access/keys.ts";
import { type KeptResult, resultShelf } from "../results.ts";

const text = (name: string) => readFileSync(new URL(`../../../../scenarios/${name}`, import.meta.url), "utf8");
const scenario = text("prototype-to-5b.yaml");
const { ask, post } = testApp();
// oxlint-disable-next-line typescript/no-explicit-any -- answers are read as JSON
const json = async (response: Promise<Response>): Promise<any> => JSON.parse(await (await response).text());
const table = async (response: Promise<Response>): Promise<Record<string, string>[]> =>
	parse(await (await response).text(), { columns: true });

describe("questions over HTTP", () => {
	it("price in numbers or in words, by the same reader", async () => {
		const asked = { gpu_hour: 1.95, tokens_per_second: 28724.2 };
		const { result, id } = await json(post("/v1/price", asked));
		// 1.95 / 3600 / 28724.2 · 10⁶
		expect(result.unit_cost.value).toBeCloseTo(0.018858, 6);
		expect((await json(post("/v1/price", { gpu_hour: "1.95", tokens_per_second: "28724.2" }))).id).toBe(id);
		const ranged = await json(post("/v1/price", { ...asked, gpu_hour: "1.85 to 2.60", util: "45%", seed: 7 }));
		expect(ranged.result.unit_cost.p90).toBeGreaterThan(ranged.result.unit_cost.p10);
		expect(ranged.seed).toBe(7);
		const refused = await json(post("/v1/price", { gpu_hour: 1.95, card: "2026-07" }));
		expect(refused).toMatchObject({ status: 400, field: "card", code: "contradiction" });
		expect(refused.detail).toBe("card says a price of its own beside gpu_hour: give one of them");
	});

	it("a number of any kept answer opens", async () => {
		const made = await post("/v1/price", { hardware: "b200", tokens_per_second: 2497 });
		const place = made.headers.get("location") as string;
		const { result } = await json(Promise.resolve(made));
		const why = await json(ask(`${place}/why/${encodeURIComponent(result.unit_cost.node)}`));
		expect(why.result.value.value).toBe(result.unit_cost.value);
	});

	it("a plan with words over its scenario; rows, predictions, training runs", async () => {
		const plain = await json(post("/v1/plans", { scenario, hardware: ["h200"], demand: "1B" }));
		expect(new Set(plain.result.options.map((each: { hardware: string }) => each.hardware))).toEqual(
			new Set(["h200-sxm"]),
		);
		expect(plain.result.question.tokens.value).toBe(1e9);
		const predicted = await json(
			post("/v1/predict", {
				model: "deepseek-r1",
				hardware: "b200",
				precision: "fp4",
				stack: "trt",
				isl: 8192,
				osl: 1024,
				concurrency: 64,
				tp: 8,
			}),
		);
		expect(predicted.result.rows[0].tpot.p90).toBeGreaterThan(predicted.result.rows[0].tpot.p10);
		const run = await json(post("/v1/training", { run: "deepseek-v3", gpu_hour: 2 }));
		expect(run.result.cost.value).toBeGreaterThan(5e6);
	});

	it("sensitivity, checks and differences of scenarios and kept answers", async () => {
		const { id } = await json(post("/v1/plans", { scenario }));
		const priced = await json(post("/v1/price", { gpu_hour: "1.85 to 2.60", tokens_per_second: 2497 }));
		const of = priced.result.unit_cost.node;
		const leaning = await json(post("/v1/sensitivity", { result: priced.id, of, rows: 64 }));
		expect(leaning.result.inputs.map(({ central }: { central: { unit: string } }) => central.unit)).toEqual([
			"USD/GPU-hr",
		]);
		const policy = ['version: 1\npolicies: ["unit_cost.delivered.total <= 0.01 USD/Mtok"]'];
		const checked = await json(post("/v1/checks", { result: id, policy }));
		expect(checked.result.failed).toBe(1);
		const after = scenario.replace(/tokens_per_day: \S+/, "tokens_per_day: 10B");
		const { diffs } = (await json(post("/v1/diff", { before: { result: id }, after: { scenario: after } }))).result;
		const sum = diffs[0].causes.reduce(
			(total: number, { delta }: { delta: { value: number } }) => total + delta.value,
			diffs[0].from.value,
		);
		expect(sum).toBe(diffs[0].to.value);
		expect(await json(post("/v1/checks", { scenario, result: id }))).toMatchObject({ status: 400, field: "scenario" });
		expect((await json(post("/v1/checks", { result: "0123456789abcdef" }))).code).toBe("unknown-result");
	});

	it("every table comes as CSV too, with the unit of a column in its name and an ETag of its own", async () => {
		const path = "/v1/frontier?model=dsr1&isl=8192&osl=1024&at=50&hardware=b200";
		const rows = (await json(ask(path))).result.rows;
		const answered = await ask(`${path}&format=csv`);
		const etag = answered.headers.get("etag") as string;
		const lines = await table(Promise.resolve(answered));
		expect(lines.map((line) => Number(line["unit_cost_total_usd_per_mtok_total"]))).toEqual(
			rows.map((row: { unit_cost: { total: { value: number } } }) => row.unit_cost.total.value),
		);
		expect(lines[0]).toMatchObject({ hardware: "b200-sxm", result: expect.stringMatching(/^[0-9a-f]{16}$/) });
		const again = await ask(`${path}&format=csv`, { headers: { "if-none-match": etag } });
		expect([again.status, etag]).toEqual([304, expect.stringMatching(/-csv"$/)]);
		expect((await table(ask("/v1/claims?format=csv"))).length).toBe(11);
		expect((await table(ask("/v1/catalog/models?format=csv")))[0]?.["age_in_days"]).toMatch(/^\d+$/);
		const compared = await table(post("/v1/compare?format=csv", { scenario, by: "hardware" }));
		expect(compared[0]).toMatchObject({ family: "inferencex", dimension: "hardware" });
	});
});

describe("a simulation", () => {
	const asked = { scenario, demand: "20M", hours: 1 };

	it("is a job that is watched until its answer is there, and the same job when asked again", async () => {
		const begun = await post("/v1/simulations", asked);
		const place = begun.headers.get("location") as string;
		expect([begun.status, (await json(Promise.resolve(begun))).state]).toEqual([202, expect.any(String)]);
		const stream = await ask(`${place}/events`);
		expect(stream.headers.get("content-type")).toMatch(/^text\/event-stream/);
		const events = (await stream.text()).split("\n\n").filter((each) => each.startsWith("event:"));
		expect(events.at(-1)).toMatch(/^event: done/);
		const job = await json(ask(place));
		expect(job.state).toBe("done");
		const { result } = await json(ask(job.result));
		expect(result.requests).toBeGreaterThan(0);
		expect(job.progress).toEqual({ share: 1, requests: result.requests });
		expect((await json(post("/v1/simulations", asked))).state).toBe("done");
	});

	it("can be called off, and what cannot begin is refused at once", async () => {
		const long = await post("/v1/simulations", { ...asked, hours: 24 * 300 });
		const place = long.headers.get("location") as string;
		const watched = ask(`${place}/events`).then((stream) => stream.text());
		expect((await ask(place, { method: "DELETE" })).status).toBe(204);
		expect(await watched).toMatch(/event: cancelled/);
		const wrong = await post("/v1/simulations", { scenario: "version: 1\nmodle: x" });
		expect(await json(Promise.resolve(wrong))).toMatchObject({ status: 400, line: 1 });
		const hours = await json(post("/v1/simulations", { ...asked, hours: "abc" }));
		expect(hours).toMatchObject({ status: 400, field: "hours" });
		expect((await ask("/v1/simulations/0123456789abcdef", { method: "DELETE" })).status).toBe(404);
	});
});

describe("a report", () => {
	it("of an answer that was kept and is not as it was written is refused, with the member at fault", async () => {
		const results = resultShelf();
		const kept = testApp({ results });
		const { id } = await json(kept.post("/v1/plans", { scenario }));
		const { whole } = results.find("local", id) as KeptResult;
		const edited = JSON.parse(whole) as { result: { options: { delivered: { value: number } }[] } };
		(edited.result.options[0] as { delivered: { value: number } }).delivered.value *= 0.9;
		const lacking = JSON.parse(whole) as { result: { volumes?: unknown } };
		delete lacking.result.volumes;
		for (const [broken, field] of [
			[edited, "result.options[0].delivered.value"],
			[lacking, "result.volumes"],
		] as const) {
			results.keep("local", { id, etag: '"x"', shown: "", whole: JSON.stringify(broken) });
			const reply = await kept.post("/v1/reports", { result: id, formats: ["md"] });
			expect([reply.status, reply.headers.get("content-type")]).toEqual([
				400,
				expect.stringMatching(/^application\/problem\+json/),
			]);
			expect(await reply.json()).toMatchObject({ code: "damaged-result", field, expected: expect.any(String) });
		}
	});

	it("is files of a plan, fetched by their own tenant alone, as its simulations are watched", async () => {
		const created = "2026-11-01T00:00:00.000Z";
		const [a, b] = ["a", "b"].map((id) => newKey({ id, tenant: id, scopes: ["read"], created }));
		const keyed = testApp({ access: { kind: "keys", keys: [a, b].flatMap((key) => (key ? [key.stored] : [])) } });
		const as = (key: typeof a) => ({ authorization: `Bearer ${key?.secret}` });
		const made = await json(keyed.post("/v1/reports", { scenario, formats: ["html", "md"] }, as(a)));
		expect(made.result.files.map(({ format }: { format: string }) => format)).toEqual(["html", "md"]);
		const [{ path, bytes }] = made.result.files;
		const page = await keyed.ask(path, { headers: as(a) });
		expect(page.headers.get("content-type")).toMatch(/^text\/html/);
		expect(page.headers.get("content-disposition")).toMatch(/^attachment/);
		expect(Buffer.byteLength(await page.text())).toBe(bytes);
		expect((await keyed.ask(path, { headers: as(b) })).status).toBe(404);
		const inChinese = { ...as(a), "accept-language": "zh" };
		const chinese = await json(keyed.post("/v1/reports", { scenario, formats: ["md"] }, inChinese));
		const [{ path: file }] = chinese.result.files;
		expect(await (await keyed.ask(file, { headers: as(a) })).text()).toMatch(/^# 服务 DeepSeek-R1：/);
		const english = await json(keyed.post("/v1/reports", { scenario, formats: ["md"], language: "en" }, inChinese));
		expect(english.result.files[0].sha256).toBe(made.result.files[1].sha256);
		const job = await keyed.post("/v1/simulations", { scenario, hours: 24 * 300 }, as(a));
		const place = job.headers.get("location") as string;
		for (const [of, method] of [
			[place, "GET"],
			[`${place}/events`, "GET"],
			[place, "DELETE"],
		] as const)
			expect((await keyed.ask(of, { method, headers: as(b) })).status).toBe(404);
		expect((await keyed.ask(place, { method: "DELETE", headers: as(a) })).status).toBe(204);
		const wrong = await json(keyed.post("/v1/reports", { scenario, template: "bord", formats: ["md"] }, as(a)));
		expect(wrong).toMatchObject({ status: 400, nearest: expect.arrayContaining(["board"]) });
	});
});
