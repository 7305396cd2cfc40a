/** Inputs that move together: two members of the file that are ranges, and their rank correlation. */
import { ratio } from "@farthing/engine";
import { nearestNames } from "./nearest.ts";
import { quantityOf } from "./quantity-shape.ts";
import { FAILED, type Reading } from "./reading.ts";
import type { CorrelationPlan, Origin } from "./scenario.ts";
import { required, section } from "./section.ts";
import { listOf, type Shape, text } from "./shape.ts";
import { quote } from "./yaml-tree.ts";

const member = text("Path of a member that is a range, such as strategies.own.capital.server");

const pair: Shape<readonly [string, string]> = {
	schema: { type: "array", minItems: 2, maxItems: 2, items: member.schema },
	read: (tree, path, reading) => {
		const read = listOf(member).read(tree, path, reading);
		if (read === FAILED) return FAILED;
		const [first, second, ...more] = read;
		if (first !== undefined && second !== undefined && more.length === 0) return [first, second];
		return reading.report("out-of-bounds", `${path} names ${read.length} members`, path, tree.origin, {
			expected: "two members of this file",
			hint: "write one entry for each pair",
		});
	},
};

export const correlations: Shape<readonly CorrelationPlan[]> = listOf(
	section(
		{
			between: required(pair),
			rank: required(
				quantityOf(ratio, {
					description: "Rank correlation (Spearman's), from -1 to 1.",
					example: "0.6",
					range: false,
					bounds: { min: -1, max: 1 },
				}),
			),
		},
		{ description: "Two ranges that move together" },
	),
);

/** Reports members that the file does not have, one with itself, and a pair that stands twice. */
export function checkCorrelations(of: readonly CorrelationPlan[], reading: Reading): void {
	const seen = new Map<string, string>();
	of.forEach(({ between }, i) => {
		between.forEach((path, k) => {
			if (reading.origins[path]?.kind === "file" || reading.origins[path]?.kind === "override") return;
			const at = `correlations[${i}].between[${k}]`;
			const nearest = nearestNames(path, Object.keys(reading.origins));
			reading.report("unknown-value", `${quote(path)} is no member that this file gives`, at, originOf(reading, at), {
				expected: "the path of a member, such as strategies.own.capital.server",
				...(nearest.length > 0 ? { nearest } : {}),
			});
		});
		const key = [...between].sort().join(" ");
		const at = `correlations[${i}].between`;
		const wrong =
			between[0] === between[1]
				? `${between[0]} cannot be correlated with itself`
				: seen.has(key)
					? `${between[0]} and ${between[1]} have two correlations`
					: undefined;
		if (wrong !== undefined)
			reading.report("contradiction", wrong, at, originOf(reading, at), { hint: "leave one out" });
		seen.set(key, at);
	});
}

function originOf(reading: Reading, path: string): Origin {
	return reading.origins[path] as Origin;
}
