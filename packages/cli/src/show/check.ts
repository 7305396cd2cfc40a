import type { CheckResult, Envelope, PolicyResult } from "@farthing/answers";
import { formatQuantity } from "@farthing/engine";
import { bad, dim, good } from "../print.ts";
import { counted, shown } from "./words.ts";
import { spread } from "./years.ts";

export function checkText(
	{ policies, passed, failed }: CheckResult,
	{ id, catalogue, as_of }: Pick<Envelope<unknown>, "id" | "catalogue" | "as_of">,
): string {
	return [
		...policies.flatMap(policyLines),
		failed === 0
			? good(`${counted(passed, "policy", "policies")} kept`)
			: bad(`${failed} of ${counted(passed + failed, "policy", "policies")} not kept`),
		dim(`result ${id} · catalogue ${catalogue} · as of ${as_of}`),
	].join("\n");
}

function policyLines(policy: PolicyResult): string[] {
	const { state, rule, name, note, at } = policy;
	const mark = state === "pass" ? good("✓") : bad("✗");
	const told = name === undefined ? rule : `${name}: ${rule}`;
	const place = state === "pass" || at === undefined ? "" : dim(`  ${at}`);
	return [
		`${mark} ${told}${place}`,
		`    ${foundText(policy)}`,
		...(state === "fail" && note !== undefined ? [`    ${note}`] : []),
	];
}

function foundText({ value, grade, chance, reason, of }: PolicyResult): string {
	if (reason !== undefined) return `${reason} ${dim(`[${of}]`)}`;
	if (grade !== undefined)
		return `grade ${grade.is}, at least ${grade.least} is asked; ${shown(value)} ${dim(`[${of}]`)}`;
	const range = spread(value);
	const told = `${shown(value)}${range === "" ? "" : ` (P10 to P90 ${range})`}`;
	if (chance === undefined) return `${told}, grade ${value.grade ?? "E"} ${dim(`[${of}]`)}`;
	const share = `${formatQuantity(chance.is, "fraction")} ± ${formatQuantity(1.96 * chance.standard_error, "fraction")}`;
	return `kept in ${share} of the draws; ${told} ${dim(`[${of}]`)}`;
}
