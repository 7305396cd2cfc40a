/** A waterfall of money in the currency that the reader chose. */
import type { ReactNode } from "react";
import { ChartFrame } from "../../chart/chart-frame.tsx";
import type { ChartTable } from "../../chart/chart-table.ts";
import { Waterfall, waterfallHeight } from "../../chart/waterfall.tsx";
import type { ActualsAnswer } from "../../engine/questions/actuals.ts";
import { moneyInCents } from "../../quantity/money-in-cents.ts";
import { shownValue } from "../../quantity/show-quantity.ts";
import { useAppState } from "../../state/store.ts";
import { useWords } from "../../words/words.ts";
import type { PaidStep } from "./paid-steps.ts";
import { shortMoney } from "./short-money.ts";

export interface StepChartProps {
	readonly name: string;
	readonly title: string;
	readonly finding: string;
	readonly answer: ActualsAnswer;
	readonly steps: readonly PaidStep[];
	readonly nameOf: (step: PaidStep) => string;
	readonly command: string;
	readonly request?: string | undefined;
	/** Of the question that the numbers answer. */
	readonly kind?: string;
	/** In full; the steps unless given. */
	readonly table?: ChartTable;
}

export function StepChart({
	name,
	title,
	finding,
	answer,
	steps,
	nameOf,
	command,
	request,
	kind = "actuals",
	table,
}: StepChartProps): ReactNode {
	const say = useWords("actuals");
	const { display } = useAppState();
	const { currency } = answer.result;
	const money = (value: number): string => moneyInCents(value, currency, display);
	const plain = (value: number): number => shownValue(value, currency, display).value;
	const { unit } = shownValue(1, currency, display);
	const bars = steps.map((step) => {
		const { key, role, delta, from, to, node } = step;
		const text = role === "step" ? signed(delta, money) : money(to);
		const named = nameOf(step);
		return {
			key,
			role,
			name: named,
			from: plain(from),
			to: plain(to),
			text,
			label: `${named}: ${text}`,
			node,
			kind,
		};
	});
	return (
		<ChartFrame
			name={name}
			title={title}
			finding={finding}
			table={
				table ?? {
					columns: [{ name: say("bill.line") }, { name: say("bill.adds"), unit }, { name: say("bill.total"), unit }],
					rows: steps.map((step) => [
						nameOf(step),
						step.role === "step" ? plain(step.delta) : undefined,
						plain(step.to),
					]),
				}
			}
			envelope={answer}
			command={command}
			request={request}
			height={waterfallHeight(bars.length)}
		>
			{(size) => <Waterfall bars={bars} size={size} tick={shortMoney} axis={say("bill.axis", { unit })} />}
		</ChartFrame>
	);
}

export function signed(value: number, money: (value: number) => string): string {
	return value < 0 ? `−${money(-value)}` : `+${money(value)}`;
}
