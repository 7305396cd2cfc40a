/** What changed since the period before, cause by cause: the causes add up to the change. */
import { fill } from "../messages/fill.ts";
import type { Section, Text } from "../report-model.ts";
import { type MonthlyContext, name, of, tableOf } from "./monthly-source.ts";

export function beforeSection({ before, words }: MonthlyContext): Section[] {
	if (before === undefined) return [];
	const { period, diff } = before;
	const { columns } = words.before;
	const at = "before";
	const causes = diff.causes.flatMap(({ cause, delta, inputs }, i): Text[][] => {
		// What is left of rounding is no cause.
		if (inputs.length === 0 && delta.value === 0) return [];
		return [
			[
				[name(cause)],
				[of(delta, `${at}/causes/${i}`)],
				inputs.flatMap(({ before: from }, k) => [
					...(k === 0 ? [] : [", "]),
					of(from, `${at}/causes/${i}/before/${k}`),
				]),
				inputs.flatMap(({ after: to }, k) => [...(k === 0 ? [] : [", "]), of(to, `${at}/causes/${i}/after/${k}`)]),
			],
		];
	});
	const table = tableOf(
		"",
		[
			[columns.cause, "start"],
			[columns.change, "end"],
			[columns.before, "end"],
			[columns.now, "end"],
		],
		[
			...causes,
			[[words.before.all], [of(diff.change, `${at}/change`)], [of(diff.from, `${at}/from`)], [of(diff.to, `${at}/to`)]],
		],
	);
	const caption = fill(words.before.caption, { period: name(period) });
	return [{ id: "before", heading: words.before.heading, blocks: [{ kind: "table", table: { ...table, caption } }] }];
}
