import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evidence, numberInput, plain, randomGraph, rangeInput } from "../../test-support/random-graph.ts";
import { one } from "../quantity/unit.ts";
import { compile } from "./compile.ts";
import type { Backend } from "./draw-runner.ts";
import { drawRunner } from "./draw-runner.ts";
import { evaluate } from "./evaluate.ts";
import type { AnyExpr, Expr } from "./expression.ts";
import * as e from "./expression.ts";
import type { Model } from "./flatten.ts";
import { buildModel } from "./flatten.ts";
import { inputDraws, rangedInputs } from "./input-draws.ts";
import { ModelError } from "./model-error.ts";
import { valueAt } from "./node-value.ts";
import { sample } from "./sample.ts";
import { subModel } from "./sub-model.ts";

type Bare = Expr<Record<never, never>>;

describe("the compiled loop", () => {
	it("gives the bits of the block interpreter on random graphs, and breaks where it breaks, with the same words", {
		timeout: 60_000,
	}, () => {
		let [compared, broken] = [0, 0];
		fc.assert(
			fc.property(randomGraph(), fc.constantFrom(1, 7, 64), fc.nat(1000), ({ outputs, months }, size, seed) => {
				const model = buildModel(outputs);
				const keep = outputs.map(idOf);
				const common = { seed, months, keep, size };
				const expected = outcome(() => run(model, { ...common, backend: "interpreted" }));
				for (const backend of ["javascript", "wasm"] as const) {
					expect(outcome(() => run(model, { ...common, backend }))).toEqual(expected);
				}
				if (typeof expected === "string") broken++;
				else compared++;
			}),
			{ numRuns: 250, seed: 1 },
		);
		expect(compared).toBeGreaterThan(100);
		expect(broken).toBeGreaterThan(8);
	});

	it("gives the bits of evaluate on random graphs, scalars and series", { timeout: 60_000 }, () => {
		let compared = 0;
		fc.assert(
			fc.property(randomGraph({ size: 80 }), fc.nat(1000), ({ outputs, months }, seed) => {
				const model = buildModel(outputs);
				const keep = outputs.map(idOf);
				const loop = compile(model, { months, keep });
				const draws = drawn(model, seed);
				const expected = draws.map((inputs) => outcome(() => evaluate(subModel(model, keep), { months, inputs })));
				if (loop === undefined) {
					expect(expected.every((each) => typeof each === "string")).toBe(true);
					return;
				}
				const columns = loop.inputs.map((id) => Float64Array.from(draws, (inputs) => inputs.get(id) as number));
				const found = keep.map(() => new Float64Array(DRAWS * months));
				loop.run(columns, found, new Uint8Array(DRAWS), DRAWS, DRAWS);
				expected.forEach((evaluation, i) => {
					if (typeof evaluation === "string") return;
					keep.forEach((id, k) => {
						const index = evaluation.model.byId.get(id) as number;
						const length = evaluation.series[index]?.length ?? 1;
						const values = Array.from({ length }, (_, t) => found[k]?.[t * DRAWS + i]);
						expect(values).toEqual(Array.from({ length }, (_, t) => valueAt(evaluation, index, t)));
						compared++;
					});
				});
			}),
			{ numRuns: 120, seed: 2 },
		);
		expect(compared).toBeGreaterThan(500);
	});

	it("marks every draw in which the reference finds a broken value that a result rests on", () => {
		const x = rangeInput("x", { kind: "uniform", low: -1, high: 1 });
		const up = e.ceilTo(x, plain(0.5));
		for (const hidden of [
			e.divide(plain(1), e.divide(plain(1), up)),
			e.minimum(e.divide(plain(1), up), plain(3)),
			e.exponential(e.negate(e.divide(plain(1), e.absolute(up)))),
			e.when(e.divide(plain(1), up), ">", plain(0), plain(1), plain(2)),
			e.firstMonthWhere(e.everyMonth(e.divide(plain(1), up)), ">", plain(0)),
			e.lastMonth(e.previous(e.multiply(e.monthIndex(), e.divide(plain(1), up)), plain(0))),
		]) {
			const model = buildModel([named("y", hidden)]);
			for (const backend of BACKENDS) {
				expect(() => sample(model, { draws: 200, seed: 1, months: 3, backend })).toThrow(/is not finite in draw \d+/);
			}
		}
	});

	it("computes nothing for a branch that no draw takes, and still reads both sides of its condition", () => {
		const x = rangeInput("x", { kind: "uniform", low: 0, high: 1 });
		const off = numberInput("off", 0);
		const guarded = named("y", e.when(off, ">", plain(0), e.divide(x, off), x));
		const loop = compile(buildModel([guarded]), { months: 0, keep: ["y"], targets });
		expect(loop?.source).not.toContain("/");
		const broken = named("z", e.when(e.divide(plain(1), off), ">", plain(0), x, plain(1)));
		expect(compile(buildModel([broken]), { months: 0, keep: ["z"] })).toBeUndefined();
		expect(() => sample(buildModel([broken]), { draws: 10, seed: 1, backend: "compiled" })).toThrow(/not finite/);
	});

	it("hoists what does not change by month, and checks few values", () => {
		const x = rangeInput("x", { kind: "uniform", low: 1, high: 2 });
		const slope = named("slope", e.multiply(x, plain(3)));
		const path = named("path", e.add(e.multiply(slope, e.monthIndex()), e.everyMonth(slope)));
		const loop = compile(buildModel([named("total", e.sumOverMonths(path))]), { months: 60, keep: ["total"], targets });
		const [before, inside] = (loop?.source ?? "").split("for (let t");
		expect(before).toMatch(/v\d+ = v\d+ \* 3/);
		expect(inside).not.toContain("* 3");
		expect(loop?.source).not.toContain("check +=");
	});

	it("leaves out products with 1, which have the bits of what they are of", () => {
		const x = rangeInput("x", { kind: "uniform", low: -1, high: 1 });
		const found = e.firstMonthWhere(e.multiply(x, e.monthIndex()), ">", plain(1));
		const outputs = [
			named("y", e.multiply(numberInput("share", 1), e.multiply(found, plain(1)))),
			named("z", e.multiply(plain(1), e.everyMonth(x))),
		];
		const common = { seed: 3, months: 4, keep: outputs.map(idOf), size: 64 };
		const loop = compile(buildModel(outputs), { months: 4, keep: common.keep, targets });
		expect(loop?.source).not.toMatch(/\* 1\b|\b1 \*/);
		const [reference, ...others] = BACKENDS.map((backend) => run(buildModel(outputs), { ...common, backend }));
		for (const other of others) expect(other).toEqual(reference);
	});

	it("looks at few values: those that may overflow, and of them the last", () => {
		const x = rangeInput("x", { kind: "lognormal", p5: 1, p95: 1e60 });
		const grown = e.multiply(e.multiply(x, e.monthIndex()), x);
		const model = buildModel([named("y", e.sumOverMonths(e.add(e.multiply(grown, x), grown)))]);
		const { source } = compile(model, { months: 60, keep: ["y"], targets }) as { source: string };
		expect(source.match(/check \+=/g)).toHaveLength(1);
		expect(() => sample(model, { draws: 1000, seed: 1, months: 60 })).not.toThrow();
	});

	it("keeps lags of any length, of names further down and of totals' series", () => {
		const x = rangeInput("x", { kind: "uniform", low: 1, high: 2 });
		const flow = named("flow", e.multiply(x, e.monthIndex()));
		const total = e.sumOverMonths(flow);
		const share = named("share", e.divide(flow, total));
		const outputs = [1, 3, 4, 5, 9].flatMap((months) => [
			named(`near${months}`, e.lagged(flow, months, x)),
			named(`late${months}`, e.lagged(flow, months, total)),
			named(`share${months}`, e.add(e.lagged(share, months, plain(0)), e.lagged(x, months, plain(7)))),
			named(`self${months}`, e.add(e.lagged(e.seriesRef(`self${months}`, one), months, x), flow)),
			named(`month${months}`, e.multiply(x, e.lagged(e.monthIndex(), months, x))),
		]);
		const model = buildModel(outputs);
		const common = { seed: 3, months: 8, keep: outputs.map(idOf), size: 16 };
		const [reference, ...others] = BACKENDS.map((backend) => run(model, { ...common, backend }));
		for (const other of others) expect(other).toEqual(reference);
	});

	it("takes powers by month as the reference does, whatever the exponents and bases", () => {
		const months = 9;
		const exponents = [
			[-3, -2, -1, 0, 1, 2, 3, 40, 1024],
			[0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, -0.5],
			[0.1, 0.2, 0.3, 0.4, -0.5, 0.6, 0.7, 0.8, 0.9],
			[1e-9, -2000, 1024.5, 1025, -0, 1, 2, 3, 1 / 3],
		];
		const growth = rangeInput("growth", { kind: "uniform", low: 0.9, high: 1.2 });
		const odd = rangeInput("odd", { kind: "uniform", low: -1, high: 1 });
		const bases = [growth, e.maximum(odd, plain(0)), e.multiply(growth, e.add(e.monthIndex(), plain(1)))];
		const outputs = exponents.flatMap((values, i) => {
			const spec = { ...evidence, label: "path", value: { kind: "series", values } } as const;
			const path = e.input(`path${i}`, one, spec);
			return bases.map((base, k) => named(`power${i}.${k}`, e.power(base, path)));
		});
		const all = (kept: readonly AnyExpr[]) => {
			const model = buildModel(kept);
			const common = { seed: 3, months, keep: kept.map(idOf), size: 64 };
			const expected = outcome(() => run(model, { ...common, backend: "interpreted" }));
			for (const backend of ["javascript", "wasm"] as const)
				expect(outcome(() => run(model, { ...common, backend }))).toEqual(expected);
			return typeof expected;
		};
		// A base of 0 to a negative power breaks, in the same draw.
		const told = outputs.map((output) => all([output]));
		expect(told.filter((each) => each === "string").length).toBeGreaterThan(0);
		expect(all(outputs.filter((_, i) => told[i] !== "string"))).toBe("object");
	});

	it("judges thousands of unreachable draws as the reference does", () => {
		const at = rangeInput("at", { kind: "uniform", low: -2, high: 1 });
		const path = e.subtract(e.multiply(at, e.monthIndex()), plain(1));
		const model = buildModel([named("first", e.firstMonthWhere(path, ">", plain(0)))]);
		const [reference, ...others] = BACKENDS.map(
			(backend) => sample(model, { draws: 5000, seed: 1, months: 6, backend }).values,
		);
		for (const other of others) expect(other).toEqual(reference);
	});
});

describe("sample", () => {
	it("falls back to JavaScript without modules, and to the block interpreter where text may not become code either", () => {
		const reference = sample(fresh(), { draws: 3000, seed: 1, backend: "interpreted" }).values;
		const [ownFunction, ownModule] = [globalThis.Function, WebAssembly.Module];
		const made: string[] = [];
		const refuse = (kind: string, error: Error): never => {
			made.push(kind);
			throw error;
		};
		WebAssembly.Module = class {
			constructor() {
				refuse("module", new WebAssembly.CompileError("refused by the content security policy"));
			}
		} as never;
		try {
			expect(sample(fresh(), { draws: 3000, seed: 1 }).values).toEqual(reference);
			globalThis.Function = class {
				constructor() {
					refuse("text", new EvalError("refused by the content security policy"));
				}
			} as never;
			expect(sample(fresh(), { draws: 3000, seed: 1 }).values).toEqual(reference);
		} finally {
			globalThis.Function = ownFunction;
			WebAssembly.Module = ownModule;
		}
		expect(made).toEqual(["module", "module", "text"]);

		function fresh(): Model {
			return buildModel([named("y", rangeInput("x", { kind: "uniform", low: 0, high: 1 }))]);
		}
	});
});

const targets = ["javascript"] as const;
const DRAWS = 20;
const BACKENDS = ["interpreted", "javascript", "wasm", "compiled"] as const;

interface Running {
	readonly seed: number;
	readonly months: number;
	readonly keep: readonly string[];
	readonly size: number;
	readonly backend: Backend;
}

function run(model: Model, options: Running): Record<string, number[][]> {
	const runner = drawRunner(model, options);
	const all: Record<string, number[][]> = {};
	for (let from = 0; from < 40; from += options.size) {
		const count = Math.min(options.size, 40 - from);
		runner.run(from, count);
		for (const id of options.keep) {
			const monthly = model.nodes[model.byId.get(id) as number]?.shape === "series";
			for (let t = 0; t < (monthly ? options.months : 1); t++) {
				(all[`${id} ${t}`] ??= []).push(Array.from(runner.column(id, t).subarray(0, count)));
			}
		}
	}
	return all;
}

/** Draws of the ranged inputs, one map a draw. */
function drawn(model: Model, seed: number): readonly Map<string, number>[] {
	const nodes = rangedInputs(model);
	const columns = inputDraws(nodes, { seed }).map((input) => {
		const column = new Float64Array(DRAWS);
		input.fill(column, 0, DRAWS);
		return [input.id, column] as const;
	});
	return Array.from({ length: DRAWS }, (_, i) => new Map(columns.map(([id, column]) => [id, column[i] as number])));
}

function named(id: string, of: AnyExpr): Bare {
	return e.define(id, one, of as Bare, { label: id });
}

function idOf(output: AnyExpr): string {
	return (output.data as { id: string }).id;
}

function outcome<T>(act: () => T): T | string {
	try {
		return act();
	} catch (error) {
		if (error instanceof ModelError) return error.message;
		throw error;
	}
}
