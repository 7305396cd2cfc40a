import type { CheckResult, Envelope, PolicyResult } from "@farthing/answers";
import { formatQuantity } from "@farthing/engine";
import { checkWords as words } from "../messages/check.ts";
import { frameWords } from "../messages/frame.ts";
import { bad, dim, good } from "../print.ts";
import { isOne, number, shown } from "./words.ts";
import { spread } from "./years.ts";

export function checkText(
	{ policies, passed, failed }: CheckResult,
	{ id, catalogue, as_of }: Pick<Envelope<unknown>, "id" | "catalogue" | "as_of">,
): string {
	return [
		...policies.flatMap(policyLines),
		failed === 0
			? good(words.kept(number(passed), isOne(passed)))
			: bad(words.notKept(failed, number(passed + failed), isOne(passed + failed))),
		dim(frameWords.result(id, catalogue, as_of)),
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
	if (grade !== undefined) return `${words.asked(grade.is, grade.least, shown(value))} ${dim(`[${of}]`)}`;
	const range = spread(value);
	const told = range === "" ? shown(value) : words.range(shown(value), range);
	if (chance === undefined) return `${words.graded(told, value.grade ?? "E")} ${dim(`[${of}]`)}`;
	const share = `${formatQuantity(chance.is, "fraction")} ± ${formatQuantity(1.96 * chance.standard_error, "fraction")}`;
	return `${words.chance(share, told)} ${dim(`[${of}]`)}`;
}
