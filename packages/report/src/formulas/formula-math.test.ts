import {
	buildModel,
	ceilTo,
	constant,
	define,
	divide,
	evaluate,
	type FlatNode,
	fraction,
	gpuHour,
	input,
	multiply,
	one,
	per,
	previous,
	seriesRef,
	subtract,
	add,
	usd,
	when,
	everyMonth,
} from "@farthing/engine";
import { describe, expect, it } from "vitest";
import { mathTex } from "../markdown/math-tex.ts";
import { typstMath } from "../pdf/typst-math.ts";
import { formulaGroups } from "./formula-groups.ts";
import { mathOf } from "./formula-math.ts";
import { mathWords } from "./math-words.ts";

const evidence = { source: "a test", asOf: "2026-10", grade: "A" } as const;
const bill = input("bill", usd, { ...evidence, label: "the bill", value: { kind: "point", value: 1950 } });
const hours = input("hours", gpuHour, { ...evidence, label: "GPU-hours", value: { kind: "point", value: 3.6e6 } });
const share = input("share", fraction, { ...evidence, label: "share", value: { kind: "point", value: 0.5 } });

function written(
	output: Parameters<typeof buildModel>[0][number],
	id: string,
): { words: string; tex: string; typst: string; symbols: string[] } {
	const evaluation = evaluate(buildModel([output]), { months: 3 });
	const node = evaluation.model.nodes[evaluation.model.byId.get(id) as number] as FlatNode;
	const { math, symbols } = mathOf(evaluation, node);
	return {
		words: mathWords(math),
		tex: mathTex(math),
		typst: typstMath(math),
		symbols: symbols.map((each) => each.id as string),
	};
}

describe("mathOf", () => {
	it("writes fractions, products and brackets where precedence needs them", () => {
		const rate = define("rate", per(usd, gpuHour), divide(multiply(subtract(bill, constant(50, usd)), share), hours), {
			label: "rate",
		});
		const { words, tex, typst, symbols } = written(rate, "rate");
		expect(words).toBe("rate = ((bill − 50 USD) × share) ÷ hours");
		expect(tex).toBe(
			"\\text{rate} = \\frac{\\left( \\text{bill} - 50 \\text{ USD} \\right) \\times \\text{share}}{\\text{hours}}",
		);
		expect(typst).toContain(
			'frac(lr("(" upright("bill") - upright("50") upright(" USD") ")") times upright("share"), upright("hours"))',
		);
		expect(symbols).toEqual(["bill", "share", "hours"]);
	});

	it("writes rounding up with its brackets, and conditions with all branches, each asked once", () => {
		const safe = when(share, ">", constant(0, one), share, constant(1, one));
		const of = when(share, ">", constant(0, one), divide(ceilTo(share, constant(1, one)), safe), constant(0, one));
		const { words } = written(define("n", one, of, { label: "n" }), "n");
		expect(words).toBe("n = ⌈share⌉ ÷ share if share > 0, otherwise 0");
	});

	it("writes the month before with its index", () => {
		const cash = seriesRef("cash", usd);
		const of = define("cash", usd, add(previous(cash, constant(0, usd)), everyMonth(bill)), { label: "cash" });
		expect(written(of, "cash").words).toBe("cash = (cash[month − 1] if month ≥ 1, otherwise 0 USD) + bill");
	});
});

describe("formulaGroups", () => {
	it("puts together what differs in a year or a strategy only, and writes out the one preferred", () => {
		const cost = (id: string) => define(id, usd, multiply(bill, share), { label: "cost" });
		const evaluation = evaluate(
			buildModel([cost("rent.year_1.cost"), cost("own.year_1.cost"), cost("own.year_2.cost")]),
		);
		const groups = formulaGroups(evaluation, undefined, "own");
		expect(groups.map(({ node, instances }) => [node.id, instances.length])).toEqual([["own.year_2.cost", 3]]);
	});
});
