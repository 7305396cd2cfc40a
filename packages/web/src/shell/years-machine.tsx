/** The machine that the years of a plan run on, with the benchmark row it was measured by. */
import type { ReactNode } from "react";
import type { YearsAnswer } from "../engine/questions/years.ts";
import { useNames } from "../engine/use-names.ts";
import { useWords } from "../words/words.ts";

export function YearsMachine({ years: { result } }: { readonly years: YearsAnswer }): ReactNode {
	const say = useWords("common");
	const names = useNames();
	const { hardware, stack, precision, layout, row, precision_change: change } = result.machine;
	const format = (id: string): string => names("precisions", id);
	const machine = [names("hardware", hardware), names("stacks", stack), format(precision), layout].join(" · ");
	return (
		<p className="field-note" data-machine={row}>
			{say.nodes("years.machine", { machine, row: <code>{row}</code> })}{" "}
			{change === undefined
				? null
				: say.nodes("years.precision", {
						month: change.month,
						precision: format(change.precision),
						row: <code>{change.row}</code>,
					})}
		</p>
	);
}
