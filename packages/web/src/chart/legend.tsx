import type { ReactNode } from "react";
import { DASHES } from "./line-chart.tsx";

export interface LegendEntry {
	readonly key: string;
	readonly index: number;
	readonly name: ReactNode;
}

/** Names of lines, each with a piece of its line. */
export function Legend({ entries }: { readonly entries: readonly LegendEntry[] }): ReactNode {
	return (
		<ul className="chart-legend">
			{entries.map(({ key, index, name }) => (
				<li key={key}>
					<svg className="legend-sample" width="26" height="10" aria-hidden="true">
						<line
							className={`series-line series-${index}`}
							strokeDasharray={DASHES[index]}
							x1="1"
							x2="25"
							y1="5"
							y2="5"
						/>
					</svg>
					{name}
				</li>
			))}
		</ul>
	);
}
