import { openCatalogue } from "@farthing/catalogue/node";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asTyped, COMMAND_MEMBERS, commandLine, type CommandName } from "./command-line.ts";
import { answerFrontier } from "./frontier-question.ts";
import { flagOf, jsonNameOf, type Members, wordsOf } from "./member.ts";
import { CLAIM_MEMBERS, FRONTIER_MEMBERS, PRICE_MEMBERS } from "./question-members.ts";
import type { QuestionContext } from "./question-context.ts";

describe("the command of a question", () => {
	it("is what one would type", () => {
		const words = {
			model: "deepseek-r1",
			isl: "8192",
			osl: "1024",
			hardware: ["b200", "h200"],
			at: "50",
			asOf: "2026-11-01",
		};
		expect(commandLine("frontier", words)).toBe(
			"farthing frontier --hardware b200,h200 --model deepseek-r1 --isl 8192 --osl 1024 --at 50 --as-of 2026-11-01",
		);
		const priced = {
			gpuHour: "1.85 to 2.60",
			tokensPerSecond: "2497",
			tokens: "total",
			set: ["life=5y", "energy_price=0.12 USD/kWh"],
		};
		expect(commandLine("price", priced)).toBe(
			"farthing price --gpu-hour '1.85 to 2.60' --set life=5y --set 'energy_price=0.12 USD/kWh' --tokens-per-second 2497",
		);
	});

	it("has files by their names, and what needs no flag first", () => {
		const scenario = { name: "five years.yaml", text: "version: 1" };
		expect(commandLine("plan", { demand: "50B", modelled: true, wholeHosts: "off", scenario })).toBe(
			"farthing plan 'five years.yaml' --demand 50B --modelled --whole-hosts off",
		);
		const policy = [
			{ name: "a.yaml", text: "" },
			{ name: "b.yaml", text: "" },
		];
		expect(commandLine("check", { scenario, policy })).toBe(
			"farthing check 'five years.yaml' --policy a.yaml --policy b.yaml",
		);
		expect(commandLine("why", { node: "1", result: { name: "plan.json", text: "" } })).toBe("farthing why 1 plan.json");
		expect(commandLine("claim", { id: "gb300-35x", tokens: "total" })).toBe("farthing claim gb300-35x");
	});

	it("stands in the answer, with date and seed where they are others than one has anyway, and the card of the environment", () => {
		const { manifest } = openCatalogue();
		const asking = { command: "price", arguments: {}, asOf: manifest().releaseDate, seed: 1, catalogue: manifest() };
		const words = { gpuHour: "2", tokensPerSecond: "2497" };
		const line = "farthing price --gpu-hour 2 --tokens-per-second 2497";
		expect(asTyped("price", words, asking).commandLine).toBe(line);
		const other = { ...asking, asOf: "2026-01-31", seed: 7 };
		expect(asTyped("price", words, other).commandLine).toBe(`${line} --as-of 2026-01-31 --seed 7`);
		expect(asTyped("price", words, other, "2026-01-31").commandLine).toBe(`${line} --seed 7`);
	});

	it("keeps any text whole for a shell", () => {
		fc.assert(
			fc.property(fc.string({ minLength: 1 }), (text) => {
				const line = commandLine("claim", { model: text });
				const [, value = ""] = /^farthing claim --model[ =](.*)$/s.exec(line) ?? [];
				const read = value.startsWith("'") ? value.slice(1, -1).replaceAll(`'\\''`, "'") : value;
				expect(read).toBe(text);
				expect(/^[\w@%+=:,./-]+$/.test(value) || /^'(?:[^']|'\\'')*'$/.test(value)).toBe(true);
			}),
		);
	});
});

describe("the table of members", () => {
	it("gives each member one flag and one name in JSON", () => {
		for (const name of Object.keys(COMMAND_MEMBERS) as CommandName[]) {
			const members: Members = COMMAND_MEMBERS[name];
			const names = Object.keys(members);
			expect(new Set(names.map(flagOf)).size).toBe(names.length);
			expect(new Set(names.map(jsonNameOf)).size).toBe(names.length);
			for (const { kind, of, otherwise } of Object.values(members)) {
				expect(of !== undefined).toBe(kind === "choice");
				if (of !== undefined && otherwise !== undefined) expect(of).toContain(otherwise);
			}
		}
		expect([flagOf("usdPerMtok"), jsonNameOf("usdPerMtok")]).toEqual(["--usd-per-mtok", "usd_per_mtok"]);
	});

	it("takes the words it knows and fills in what is left out", () => {
		expect(wordsOf(PRICE_MEMBERS, { gpuHour: "2", json: true, output: "x", isl: undefined })).toEqual({
			gpuHour: "2",
			tokens: "total",
		});
		expect(wordsOf(CLAIM_MEMBERS, { id: "x", tokens: "output" })).toEqual({ id: "x", tokens: "output" });
	});
});

describe("a question in words", () => {
	const store = openCatalogue();
	const context: QuestionContext = {
		store,
		asking: (command, given) => ({
			command,
			arguments: given,
			asOf: store.manifest().releaseDate,
			seed: 1,
			catalogue: store.manifest(),
		}),
	};
	const words = wordsOf(FRONTIER_MEMBERS, { model: "dsr1", isl: "8192", osl: "1024", at: "50", hardware: ["b200"] });

	it("is answered as the words say, on the card that the context names", () => {
		const hour = (given: QuestionContext): number | undefined => {
			const found = answerFrontier(words, given);
			return found.family === "inferencex" ? found.answer.result.rows[0]?.gpu_hour?.value : undefined;
		};
		const owned = hour(context);
		expect(owned).toBeGreaterThan(0);
		expect(hour({ ...context, tier: "rent_3yr" })).toBeGreaterThan(owned as number);
	});

	it("has one id whether the family is said, as a command does, or taken as it is anyway", () => {
		const { family: _, ...unsaid } = words;
		expect(answerFrontier(unsaid, context).answer.id).toBe(
			answerFrontier({ ...unsaid, family: "inferencex" }, context).answer.id,
		);
	});

	it("refuses words that say nothing here", () => {
		expect(() => answerFrontier({ ...words, family: "mlperf" }, context)).toThrow("has no effect on MLPerf rows");
		expect(() => answerFrontier({ ...words, family: "spec" }, context)).toThrow("--family takes");
	});
});
