/** Correlations that a scenario states between members of its file, as correlations of the inputs that those became. */
import type { Correlation, Model } from "@farthing/engine";
import { isRanged } from "@farthing/engine";
import type { Scenario } from "@farthing/scenario";
import { FarthingError } from "./farthing-error.ts";

/**
 * Those of which the model has both inputs. With `strict` each must be there: throws exit 2 for a member that is no range
 * that the model draws.
 */
export function correlationsIn(
	model: Model,
	{ correlations = [], origins }: Scenario,
	{ strict = false }: { readonly strict?: boolean } = {},
): readonly Correlation[] {
	const inputs = new Map(
		model.nodes.flatMap(({ id, spec }) =>
			id !== undefined && spec?.at !== undefined && isRanged(spec.value) ? [[spec.at, id] as const] : [],
		),
	);
	return correlations.flatMap(({ between, rank }): Correlation[] => {
		const ids = between.map((path) => {
			const origin = origins[path];
			if (origin?.kind !== "file") return undefined;
			return inputs.get(`${origin.file}:${origin.line}:${origin.column}`);
		});
		const [a, b] = ids;
		if (a !== undefined && b !== undefined && rank.distribution.kind === "point")
			return [{ between: [a, b], rank: rank.distribution.value }];
		if (strict) throw notDrawn(between[a === undefined ? 0 : 1] as string, origins, rank.path);
		return [];
	});
}

function notDrawn(path: string, origins: Scenario["origins"], rankPath: string): FarthingError {
	const at = rankPath.replace(/\.rank$/, ".between");
	const origin = origins[at];
	const place = origin?.kind === "file" ? { file: origin.file, line: origin.line, column: origin.column } : {};
	return new FarthingError(
		2,
		"not-a-range",
		`${path} is no range that is drawn here, so that it cannot move together with another`,
		{
			...place,
			field: at,
			expected: "two members of the file that are ranges and enter the answer",
			hint: 'write the member as a range, such as "85 to 120 USD"',
		},
	);
}
