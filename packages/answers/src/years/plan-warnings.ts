/** What a plan over years gives up or cuts short, said beside its numbers. */
import { formatQuantity, scalarOf } from "@farthing/engine";
import type { Warning } from "../envelope.ts";
import type { Answer } from "./answer.ts";
import type { StrategyResult } from "./result.ts";
import type { PricedStrategy } from "./strategies.ts";

/** Own machines whose spare replicas have to serve. */
export function reserveWarnings(strategies: readonly StrategyResult[], months: number): Warning[] {
	return strategies.flatMap((each): Warning[] => {
		if (!each.priced || each.reserve_not_kept === undefined) return [];
		const { months: used, first_month: first } = each.reserve_not_kept;
		const message = `${each.strategy}: the reserve (N+1) is not kept in ${used} of ${months} months, from month ${first} on: there is no power or machine for it, so spare replicas serve; its cost is that of a fleet without them`;
		return [{ code: "reserve-not-kept", message }];
	});
}

/** A loan that outlives the horizon. */
export function debtWarnings({ asked, evaluation }: Answer, priced: readonly PricedStrategy[]): Warning[] {
	const { finance, months } = asked.years;
	const { debt } = finance;
	if (debt === undefined || debt.termMonths <= months) return [];
	return priced.flatMap(({ name }): Warning[] => {
		const id = `${name}.debt.owed_at_horizon`;
		if (!evaluation.model.byId.has(id)) return [];
		const owed = formatQuantity(scalarOf(evaluation, id), "USD");
		const message = `${name}: the debt runs for ${debt.termMonths} months and the plan for ${months}: ${owed} are still owed at the horizon and repaid there`;
		return [{ code: "debt-beyond-horizon", message }];
	});
}
