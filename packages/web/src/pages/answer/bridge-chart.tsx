/** From the slide to the bill, step by step. Always in money per token: the steps of tokens per dollar do not add up. */
import type { PlanOption } from "@farthing/answers";
import { formatQuantity } from "@farthing/engine";
import type { ReactNode } from "react";
import { ChartFrame } from "../../chart/chart-frame.tsx";
import { Waterfall, waterfallHeight } from "../../chart/waterfall.tsx";
import type { PlanAnswer } from "../../engine/questions/plan.ts";
import { shownNumber, shownValue } from "../../quantity/show-quantity.ts";
import { scenarioCommand } from "../../state/cli-command.ts";
import { useAppState } from "../../state/store.ts";
import { useWords } from "../../words/words.ts";
import { bridgeSteps, largestStep } from "./bridge-steps.ts";

export function BridgeChart({ plan, option }: { readonly plan: PlanAnswer; readonly option: PlanOption }): ReactNode {
	const say = useWords("bridge");
	const common = useWords("common");
	const state = useAppState();
	const display = { ...state.display, isPerDollar: false };
	const money = (value: number): string => shownNumber(value, "USD/Mtok", display);
	const plain = (value: number): number => shownValue(value, "USD/Mtok", display).value;
	const { unit } = shownValue(1, "USD/Mtok", display);
	const steps = bridgeSteps(option);
	const nameOf = (cause: string): string =>
		cause === "headline" ? say("headline") : cause === "delivered" ? say("delivered") : common.named("cause.", cause);
	const bars = steps.map(({ key, cause, from, to, delta, role, node }) => {
		const whole = role === "step" ? signed(delta, money) : money(to);
		// The axis says the unit.
		const text = whole.replace(/ ?\/M ?tok/, "");
		return {
			key,
			name: nameOf(cause),
			from: plain(from),
			to: plain(to),
			role,
			text,
			node,
			label: `${nameOf(cause)}: ${whole}`,
		};
	});
	const largest = largestStep(steps);
	const delivered = money(option.delivered.value as number);
	const finding =
		largest === undefined
			? say("findingNone", { delivered })
			: say("finding", {
					headline: money(option.headline.value as number),
					delivered,
					largest: nameOf(largest.cause).replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase()),
					share: formatQuantity(largest.share, "fraction"),
				});
	const rows = steps.map(({ cause, delta, to, role }) => [
		nameOf(cause),
		role === "step" ? plain(delta) : undefined,
		plain(to),
	]);
	return (
		<ChartFrame
			name="bridge"
			title={say("title")}
			finding={finding}
			table={{ columns: [{ name: say("step") }, { name: say("adds"), unit }, { name: say("total"), unit }], rows }}
			envelope={plan}
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
}

function signed(value: number, money: (value: number) => string): string {
	return value < 0 ? `−${money(-value)}` : `+${money(value)}`;
}
