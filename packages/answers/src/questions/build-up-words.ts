/** `--build-up SET --set member=value` as the build-up of a scenario, read by the rules of the scenario file. */
import { FarthingError } from "../farthing-error.ts";
import type { BuildUp } from "@farthing/scenario";
import { parseScenario } from "@farthing/scenario";
import { scenarioError } from "./scenario-error.ts";

export function buildUpOf(set: string, hardware: string, changes: readonly string[]): BuildUp {
	const text = [
		"version: 1",
		"name: price",
		"model: any",
		"workload: {input: 1, output: 1}",
		"demand: {tokens_per_day: 1}",
		`cost: {build_up: {assumptions: ${JSON.stringify(set)}}}`,
	].join("\n");
	refuseTwice(changes);
	const parsed = parseScenario(text, {
		file: "--build-up",
		overrides: changes.map((change) => overrideOf(change, hardware)),
	});
	if (!parsed.ok) throw scenarioError(parsed.issues);
	if (parsed.scenario.cost.kind !== "build-up") throw new TypeError("a build-up was asked for");
	return parsed.scenario.cost.buildUp;
}

/** One of two values of a member would be lost. */
function refuseTwice(changes: readonly string[]): void {
	const names = changes.map((change) => (change.split("=")[0] as string).trim());
	const twice = names.find((name, i) => names.indexOf(name) !== i);
	if (twice === undefined) return;
	throw new FarthingError(2, "contradiction", `--set ${twice} is given more than once`, {
		field: "--set",
		expected: `one value of ${twice}`,
		hint: `leave one of the --set ${twice}=… out`,
	});
}

function overrideOf(change: string, hardware: string): { path: string; value: string; label: string } {
	const [member, ...rest] = change.split("=");
	const value = rest.join("=").trim();
	if (member === undefined || value === "") {
		throw new FarthingError(2, "wrong-type", `--set takes member=value, not "${change}"`, {
			field: "--set",
			expected: "member=value",
			hint: "--set life=5y",
		});
	}
	const name = member.trim();
	const path = name === "capital" || name === "power" ? `hardware.${hardware}.${name}` : name;
	return { path: `cost.build_up.${path}`, value, label: `--set ${name}` };
}
