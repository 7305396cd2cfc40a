/** Why the cost of a token is another in the last year: causes that sum exactly. */
import type { CostBridge } from "@farthing/answers";
import { formatQuantity } from "@farthing/engine";
import type { ReactNode } from "react";
import { ChartFrame } from "../../chart/chart-frame.tsx";
import { Waterfall, type WaterfallBar, waterfallHeight } from "../../chart/waterfall.tsx";
import type { YearsAnswer } from "../../engine/questions/years.ts";
import { shownNumber, shownValue } from "../../quantity/show-quantity.ts";
import { scenarioCommand } from "../../state/cli-command.ts";
import { useAppState } from "../../state/store.ts";
import { useWords } from "../../words/words.ts";
import { costSteps } from "./cost-steps.ts";

export function CostFall({ years, bridge }: { readonly years: YearsAnswer; readonly bridge: CostBridge }): ReactNode {
	const say = useWords("years");
	const common = useWords("common");
	const state = useAppState();
	const display = { ...state.display, isPerDollar: false };
	const money = (value: number): string => shownNumber(value, "USD/Mtok", display);
	const plain = (value: number): number => shownValue(value, "USD/Mtok", display).value;
	const { unit } = shownValue(1, "USD/Mtok", display);
	const { from, to, causes } = bridge;
	if (from.value === undefined || to.value === undefined) return null;
	const bare = (value: number): string => money(value).replace(/ ?\/M ?tok/, "");
	const signed = (value: number): string => (value < 0 ? `−${bare(-value)}` : `+${bare(value)}`);
	const node = to.node;
	const steps = costSteps(from.value, causes).map(({ cause, label, delta, from: start, to: end }) =>
		bar(cause, sentence(say.told("cause.", label)), start, end, signed(delta), "step"),
	);
	const bars = [
		bar("from", say("bridge.from"), 0, from.value, bare(from.value), "start"),
		...steps,
		bar("to", say("bridge.to"), 0, to.value, bare(to.value), "end"),
	];
	const largest = [...causes].sort((a, b) => Math.abs(b.delta.value as number) - Math.abs(a.delta.value as number))[0];
	return (
		<ChartFrame
			name="cost-fall"
			title={say("bridge.title")}
			finding={say("bridge.finding", {
				strategy: say.named("strategy.", bridge.strategy),
				from: money(from.value),
				to: money(to.value),
				largest: largest === undefined ? "–" : say.told("cause.", largest.label),
			})}
			table={{
				columns: [
					{ name: say("bridge.step") },
					{ name: say("bridge.adds"), unit },
					{ name: say("bridge.total"), unit },
				],
				rows: bars.map(({ name, role, from: start, to: end }, i) => [
					name,
					role === "step" ? plain(causes[i - 1]?.delta.value as number) : undefined,
					role === "step" ? end : end - start,
				]),
			}}
			envelope={years}
			command={scenarioCommand(state)}
			staysInMoney
			height={waterfallHeight(bars.length)}
		>
			{(size) => (
				<Waterfall
					bars={bars}
					size={size}
					tick={(value) => formatQuantity(value, "", { digits: 2 })}
					axis={common("axis.unitCost", { unit: unit.replace("/Mtok", "") })}
				/>
			)}
		</ChartFrame>
	);

	function bar(
		key: string,
		name: string,
		start: number,
		end: number,
		text: string,
		role: WaterfallBar["role"],
	): WaterfallBar {
		const place = { key, name, from: plain(start), to: plain(end), text, role, label: `${name}: ${text}` };
		return { ...place, kind: "years", ...(node === undefined ? {} : { node }) };
	}
}

function sentence(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}
