/** The ratios of a claim under one definition after another: how far the headline travels. */
import { formatQuantity } from "@farthing/engine";
import type { ReactNode } from "react";
import { Bars, barsHeight } from "../../chart/bars.tsx";
import { ChartFrame } from "../../chart/chart-frame.tsx";
import type { TestedClaim } from "../../engine/questions/claim.ts";
import { shownNumber } from "../../quantity/show-quantity.ts";
import { useAppState } from "../../state/store.ts";
import { useWords } from "../../words/words.ts";

export function RatioChart({ claim }: { readonly claim: TestedClaim }): ReactNode {
	const say = useWords("claims");
	const { display } = useAppState();
	const { id, figures, labels } = claim.result;
	const ratios = Object.entries(figures).flatMap(([name, { value, unit, node }]) =>
		unit === "x" && value !== undefined ? [{ name: labels[name] ?? name, value, node }] : [],
	);
	const sorted = [...ratios].sort((a, b) => b.value - a.value);
	const [most, least] = [sorted[0], sorted.at(-1)];
	if (most === undefined || least === undefined || most === least) return null;
	const shown = (value: number): string => shownNumber(value, "x", display);
	const bars = ratios.map(({ name, value, node }) => {
		const text = shown(value);
		return { key: name, name, value, text, label: `${name} ${text}`, node, kind: "claim" };
	});
	return (
		<ChartFrame
			name="ratios"
			title={say("ratios")}
			finding={say("ratios.finding", {
				most: shown(most.value),
				mostName: most.name,
				least: shown(least.value),
				leastName: least.name,
			})}
			table={{
				columns: [{ name: say("figure") }, { name: say("value"), unit: "x" }],
				rows: ratios.map(({ name, value }) => [name, value]),
			}}
			envelope={claim}
			command={`npx farthing claim ${id}`}
			height={barsHeight(bars.length)}
		>
			{(size) => (
				<Bars
					bars={bars}
					size={size}
					tick={(value) => formatQuantity(value, "", { digits: 2 })}
					axis={say("ratios.axis")}
				/>
			)}
		</ChartFrame>
	);
}
