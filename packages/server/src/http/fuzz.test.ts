/**
 * Requests made from the OpenAPI document, right and wrong: whatever comes, the answer is one that the document promises,
 * it comes in time, and it gives away nothing of how it was made.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { auditLog } from "@farthing/ledger/audit";
import { Ajv2020 } from "ajv/dist/2020.js";
import { directAsker } from "../../test-support/direct-asker.ts";
import { testApp, type TestApp } from "../../test-support/test-app.ts";
import { budgetDesk } from "../budget-desk.ts";
import { openIntake, type Intake } from "../intake.ts";

interface Schema {
	readonly type?: string;
	readonly enum?: readonly unknown[];
	readonly anyOf?: readonly Schema[];
	readonly oneOf?: readonly Schema[];
	readonly items?: Schema;
	readonly properties?: Readonly<Record<string, Schema>>;
	readonly required?: readonly string[];
	readonly pattern?: string;
	readonly format?: string;
}

interface Operation {
	readonly parameters?: readonly {
		readonly name: string;
		readonly in: string;
		readonly required?: boolean;
		readonly schema: Schema;
	}[];
	readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema?: Schema }>> };
	readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, object>> }>>;
}

const folder = mkdtempSync(join(tmpdir(), "farthing-fuzz-"));
let intake: Intake;
let http: TestApp;
let operations: { readonly method: string; readonly path: string; readonly operation: Operation }[];
beforeAll(async () => {
	intake = await openIntake(join(folder, "ledger.duckdb"), { loadEveryMs: 50 });
	const asker = directAsker();
	http = testApp({
		asker,
		intake,
		maxBodyBytes: 200_000,
		audit: auditLog(join(folder, "audit")),
		budgets: budgetDesk(join(folder, "budgets.json"), intake, asker, {}),
		backups: { folder: join(folder, "backups"), keep: 2, now: () => new Date() },
	});
	for (const [kind, records] of Object.entries(A_DAY)) {
		const body = records.map((record) => `${JSON.stringify(record)}\n`).join("");
		expect((await http.ask(`/v1/ingest/${kind}`, { method: "POST", body })).status).toBe(200);
	}
	await vi.waitFor(async () => expect(await intake.reads.prices()).toHaveLength(1), { timeout: 30_000 });
	const document = JSON.parse(await (await http.ask("/v1/openapi.json")).text()) as {
		paths: Record<string, Record<string, Operation>>;
	};
	schemas.addSchema(document, "document");
	operations = Object.entries(document.paths).flatMap(([path, methods]) =>
		Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
	);
});
afterAll(async () => {
	await intake.close();
	rmSync(folder, { recursive: true });
});

/** The document, so that each reply is held against the schema that it has there. Formats of OpenAPI are notes. */
const schemas = new Ajv2020({ strict: false, validateFormats: false });

/** What the reply has that its declared content does not allow. */
function misfitOf({ operation, method, at }: Asked, status: number, type: string, told: string): string | undefined {
	const declared = operation.responses[status]?.content ?? {};
	if (told === "" && Object.keys(declared).length === 0) return undefined;
	if (declared[type] === undefined) return `${type} is not declared`;
	if (!type.endsWith("json")) return undefined;
	const pointer = ["paths", at, method.toLowerCase(), "responses", String(status), "content", type, "schema"]
		.map((name) => encodeURIComponent(name.replaceAll("~", "~0").replaceAll("/", "~1")))
		.join("/");
	const fits = schemas.getSchema(`document#/${pointer}`);
	if (fits === undefined) return "there is no schema";
	return fits(JSON.parse(told)) === true ? undefined : schemas.errorsText(fits.errors);
}

/** Enough for actuals that have an answer. */
const A_DAY = {
	usage: ["a", "b"].map((team) => ({
		grain: "request",
		t0: "2026-11-27T10:00:00Z",
		t1: "2026-11-27T10:01:00Z",
		source: { adapter: "test", version: "1", kind: "gateway" },
		scope: { group: "chat" },
		request_id: team,
		model: { served: "m" },
		tenant: { team },
		tokens: { in_total: 1000, out_total: 100 },
	})),
	capacity: [
		{
			t0: "2026-11-27T00:00:00Z",
			t1: "2026-11-28T00:00:00Z",
			source: { adapter: "test", version: "1" },
			gpu: { uuid: "GPU-0", model: "h100-sxm" },
			held_by: { group: "chat" },
			gpu_time: { held: 86_400_000_000, held_source: "static" },
		},
	],
	prices: [
		{
			id: "h100",
			resource: "gpu_hour",
			amount: { value: "2", currency: "USD" },
			per: 1,
			selector: { gpu_model: "h100-sxm" },
			valid_from: "2026-01-01T00:00:00Z",
			basis: "on_demand",
			includes_power: true,
			provenance: "test",
		},
	],
} as const;

/** Texts that have broken readers of all kinds, and names that mean something here. */
const TEXTS = [
	"",
	" ",
	"any",
	"0",
	"-1",
	"1e309",
	"NaN",
	"null",
	"__proto__",
	"constructor",
	"deepseek-r1",
	"b200",
	"8192",
	"2026-02-30",
	"../../../../etc/passwd",
	"..%2f..%2fetc%2fpasswd",
	"/etc/passwd\u0000.yaml",
	"http://169.254.169.254/",
	"' OR 1=1 --",
	"<script>alert(1)</script>",
	"\ud800",
	"💥".repeat(50),
	"version: 1\nextends: /etc/passwd\n",
	"version: 1\nname: &a [*a]\n",
	"a: &a [x,x]\nb: &b [*a,*a,*a]\nc: [*b,*b,*b]\n",
	'version: 1\nname: x\nmodel: deepseek-r1\nworkload: {input: 8192, output: 1024}\ndemand: {tokens_per_day: 1e30}\ncost: {card: {id: "2026-07", tier: own_neocloud}}\n',
	"8k to 3",
	"1.5 USD/GPU-hour",
	"x=1,y=2",
	"1:0",
	"2026-10",
	"9".repeat(400),
] as const;
const text = fc.oneof(
	{ weight: 3, arbitrary: fc.constantFrom(...TEXTS) },
	fc.string({ unit: "binary", maxLength: 40 }),
);

function rarely<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
	return fc.oneof({ weight: 30, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
}

/** Values that lead further than a refusal of the shape, by the name of their member. */
const scenarioOf = (demand: string, more = ""): string =>
	`version: 1\nname: fuzz\nmodel: deepseek-r1\nworkload: {input: 8192, output: 1024}\ndemand: {tokens_per_day: ${demand}}\nsupply: {hardware: [h200]}\ncost: {card: {id: "2026-07", tier: own_neocloud}}\n${more}`;
const GOOD: Readonly<Record<string, readonly unknown[]>> = {
	scenario: [scenarioOf("5B"), scenarioOf("1M"), scenarioOf("1e30"), scenarioOf("100M", "seed: 4\n")],
	model: ["deepseek-r1", "dsr1", "gpt-oss-120b", "nothing"],
	hardware: ["b200", "h200", "gb300-nvl72", "nothing"],
	precision: ["fp4", "fp8"],
	stack: ["trt", "sglang", "vllm"],
	isl: [8192, "8192", 1024, "8k", 1e9],
	osl: [1024, "1024", 1],
	tp: [8, "4", 1e6],
	concurrency: [64, 1, 1e9],
	at: [50, "50", "1 to 2", 1e9],
	gpu_hour: [1.95, "1.85 to 2.60", "$2", 1e-9, 1e7],
	tokens_per_second: [28724.2, "2497", 1e-300],
	util: ["45%", 0.5, "100%", 0],
	usd_per_mtok: [0.02, "0.02 to 0.03", 1e300],
	run: ["deepseek-v3", "gpt3-175b-before", "nothing"],
	id: ["gb300-35x", "0123456789abcdef", "b200-sxm"],
	collection: ["models", "hardware", "nothing", "constructor"],
	card: ["2026-07", "2026-07-20", "nothing"],
	tier: ["own_neocloud", "rent_3yr", "nothing"],
	demand: ["5B", "50M/day", "1e30", -1],
	hours: [1, "0.1", 0, 1e9],
	rows: ["model,isl\n", "rows: [ix-84573640]\n", 64],
	formats: [["md"], ["csv", "html"], []],
	template: ["board", "technical", "# x\n\n{{nothing}}\n"],
	window: ["30d", "2026-11-27", "2026-10", "1d..2d", "2026-11-27T09:00:00Z..2026-11-27T11:00:00Z", "1h"],
	by: ["model", "team", "model,team,org", "request", "", "model,model"],
	top: ["1", "0", "10000"],
	plan: ["0123456789abcdef", "a,b"],
	policy: [['version: 1\npolicies: ["unit_cost.delivered.total <= 1 USD/Mtok"]'], [""]],
	node: ["1", "unit_cost.delivered.total", "gpu_hour"],
	served: ["50B tokens/day"],
	life: ["1 year"],
	layout: ["tp=8 pp=8 batch=64", "tp=0"],
	as_of: ["2026-11-22", "2020-01-01"],
	seed: [1, 4_294_967_295, 4_294_967_296],
	amount: [{ value: "100", currency: "USD" }],
	on: ["2026-11-27"],
};

/** A value for a member: mostly one that means something, at times one that fits its shape, at times any. */
function memberOf(name: string, schema: Schema, depth: number): fc.Arbitrary<unknown> {
	const good = GOOD[name];
	const fitting = valueOf(schema, depth);
	if (good === undefined) return fitting;
	return fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...good) }, { weight: 1, arbitrary: fitting });
}

function valueOf(schema: Schema, depth = 0): fc.Arbitrary<unknown> {
	const wrong: fc.Arbitrary<unknown>[] = depth > 2 ? [text] : [text, fc.jsonValue({ maxDepth: 2 })];
	return fc.oneof({ weight: 20, arbitrary: rightOf(schema, depth) }, ...wrong);
}

function rightOf(schema: Schema, depth: number): fc.Arbitrary<unknown> {
	if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
	const choices = schema.anyOf ?? schema.oneOf;
	if (choices !== undefined) return fc.oneof(...choices.map((each) => rightOf(each, depth)));
	switch (schema.type) {
		case "number":
		case "integer":
			return fc.oneof(fc.integer(), fc.double(), fc.constantFrom(0, -1, 1, 50, 1024, 8192, 1e21, 1e300));
		case "boolean":
			return fc.boolean();
		case "array":
			return fc.array(valueOf(schema.items ?? {}, depth + 1), { maxLength: 3 });
		case "object":
			return objectOf(schema, depth);
		case "string":
			if (schema.pattern === "^[0-9a-f]{16}$") return fc.constantFrom("0123456789abcdef", "zz");
			return schema.format === "date" ? fc.constantFrom("2026-11-22", "1900-01-01", "2026-13-01") : text;
		default:
			return fc.jsonValue({ maxDepth: 2 });
	}
}

function objectOf({ properties = {}, required = [] }: Schema, depth: number): fc.Arbitrary<Record<string, unknown>> {
	const model = Object.fromEntries(
		Object.entries(properties).map(([name, each]) => [name, memberOf(name, each, depth + 1)]),
	);
	// Mostly a few members: with all of them at once the first contradiction would end every question.
	return fc
		.tuple(fc.record(model, { requiredKeys: required.filter((name) => name in model) }), fc.infiniteStream(fc.nat(3)))
		.map(([whole, dice]) =>
			Object.fromEntries(Object.entries(whole).filter(([name]) => required.includes(name) || dice.next().value === 0)),
		);
}

interface Asked {
	/** Path as the document has it. */
	readonly at: string;
	readonly path: string;
	readonly method: string;
	readonly body?: string | undefined;
	readonly type: string;
	readonly operation: Operation;
}

const asked = (): fc.Arbitrary<Asked> =>
	fc.constantFrom(...operations).chain(({ method, path, operation }) => {
		const { parameters = [], requestBody } = operation;
		const types = Object.entries(requestBody?.content ?? {});
		return fc
			.record({
				values: fc.tuple(...parameters.map(({ name, schema }) => memberOf(name, schema, 0))),
				shown: fc.tuple(...parameters.map(({ required }) => (required === true ? fc.constant(true) : fc.boolean()))),
				extra: rarely(fc.tuple(text, text)),
				content:
					types.length === 0
						? fc.constant(undefined)
						: fc
								.constantFrom(...types)
								.chain(([type, { schema = {} }]) => bodyOf(type, schema).map((body) => ({ type, body }))),
				type: rarely(fc.constantFrom("text/plain", "application/json", "application/xml", "")),
			})
			.map(({ values, shown, extra, content, type }) => {
				let filled = path;
				const query: string[] = [];
				for (const [i, parameter] of parameters.entries()) {
					const value = plain(values[i]);
					if (parameter.in === "path") filled = filled.replace(`{${parameter.name}}`, encoded(value) || "_");
					else if (parameter.in === "query" && shown[i] === true) query.push(`${parameter.name}=${encoded(value)}`);
				}
				if (extra !== undefined) query.push(`${encoded(extra[0])}=${encoded(extra[1])}`);
				return {
					at: path,
					path: query.length === 0 ? filled : `${filled}?${query.join("&")}`,
					method: method.toUpperCase(),
					body: content?.body,
					type: type ?? content?.type ?? "application/json",
					operation,
				};
			});
	});

function bodyOf(type: string, schema: Schema): fc.Arbitrary<string> {
	if (!type.startsWith("application/json")) return text;
	return fc.oneof({ weight: 30, arbitrary: valueOf(schema).map((value) => JSON.stringify(value) ?? "") }, text);
}

function plain(value: unknown): string {
	return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

/** A lone half of a character has no encoding: it is sent as the mark that stands for it. */
function encoded(value: string): string {
	return encodeURIComponent(Buffer.from(value).toString());
}

/** Words of a stack, a path of this machine, or of the language. */
const TRACE =
	/\bat .+\.(?:ts|js):\d+|node_modules|node:internal|file:\/\/|TypeError|RangeError|\[object Object\]|undefined is not/;

function faultOf(asked: Asked, { status, headers }: Response, told: string): string | undefined {
	const { operation, method, at } = asked;
	const where = `${method} ${at}`;
	if (status >= 500) return `${where}: ${status}`;
	if (TRACE.test(told)) return `${where}: a trace`;
	if (!(String(status) in operation.responses)) return `${where}: ${status} is not in the document`;
	const type = headers.get("content-type") ?? "";
	// A file of a report has the type of its format.
	const misfit =
		at.endsWith("/{file}") && status === 200 ? undefined : misfitOf(asked, status, type.split(";")[0] as string, told);
	if (misfit !== undefined) return `${where}: ${status}: ${misfit}`;
	if (status < 400) return undefined;
	if (at.startsWith("/v1/ingest/otlp/") && !type.startsWith("application/problem+json")) {
		// A `Status`: its message is field 2.
		const isStatus =
			type === "application/x-protobuf"
				? told.startsWith("\u0012")
				: type === "application/json" && typeof JSON.parse(told).message === "string";
		return isStatus ? undefined : `${where}: ${status} is no Status of OTLP`;
	}
	const problem = JSON.parse(told) as { readonly status: number; readonly code: string };
	const isProblem = problem.status === status && /^[a-z-]+$/.test(problem.code);
	const isTyped = type.startsWith("application/problem+json");
	return isProblem && isTyped ? undefined : `${where}: ${status} is no problem+json`;
}

/** More of them, or others, by hand: FUZZ_RUNS=5000 FUZZ_SEED=1. */
const RUNS = Number(process.env["FUZZ_RUNS"] ?? 150);
const SEED = Number(process.env["FUZZ_SEED"] ?? 8);

describe("whatever is asked", () => {
	it("is answered as the document says, without a trace and without an error of ours", {
		timeout: 120_000 + 1000 * RUNS,
	}, async () => {
		const answered = new Set<number>();
		const faults = new Map<string, string>();
		await fc.assert(
			fc.asyncProperty(asked(), async (each) => {
				const { path, method, body, type } = each;
				const headers = type === "" ? {} : { "content-type": type };
				const reply = await http.ask(path, { method, headers, ...(body === undefined ? {} : { body }) });
				const told = await reply.text();
				answered.add(reply.status);
				const fault = faultOf(each, reply, told);
				if (fault !== undefined) faults.set(fault, `${method} ${path} ${body ?? ""} gave ${told}`.slice(0, 1500));
			}),
			{ numRuns: RUNS, seed: SEED },
		);
		expect(Object.fromEntries(faults)).toEqual({});
		expect([...answered]).toEqual(expect.arrayContaining([200, 400, 404]));
	});

	it.each([
		["get", "/v1/frontier", "?family=mlperf&model=deepseek-r1", undefined],
		["post", "/v1/training", "", { run: "deepseek-v3" }],
		["get", "/v1/actuals", "?by=request&window=2026-11-27", undefined],
		["get", "/v1/budgets/status", "", undefined],
	])("%s %s%s has one of the results that it is said to have", async (method, at, query, said) => {
		const found = operations.find((each) => each.method === method && each.path === at);
		if (found === undefined) throw new Error(`no operation ${method} ${at}`);
		const body = said === undefined ? undefined : JSON.stringify(said);
		const type = "application/json";
		const each: Asked = { at, path: at + query, method: method.toUpperCase(), body, type, operation: found.operation };
		const sent = { method: each.method, headers: { "content-type": type }, ...(body === undefined ? {} : { body }) };
		const reply = await http.ask(each.path, sent);
		const told = await reply.text();
		expect([reply.status, faultOf(each, reply, told)]).toEqual([200, undefined]);
	});

	it.each([
		"/v1/../../etc/passwd",
		"/v1/%2e%2e/%2e%2e/etc/passwd",
		"/v1/catalog/..%2f..%2f..%2fetc/passwd",
		"/v1/reports/0123456789abcdef/..%2fpasswd",
		"/assets/..%2f..%2f..%2fetc/passwd",
		"//etc/passwd",
		"/v1/catalog/hardware/%00",
	])("%s leads to no file", async (path) => {
		const reply = await http.ask(path);
		expect([reply.status >= 400 && reply.status < 500, await reply.text()]).toEqual([
			true,
			expect.not.stringMatching(/root:/),
		]);
	});
});
