/** Columns of a way year by year: the parts of what was paid, and the cost that a token is divided out of. */
import type { PricedResult, YearResult } from "@farthing/answers";
import type { QuantityJson } from "@farthing/engine";
import type { years as words } from "../../messages/en/years.ts";

export interface YearColumn {
	readonly head: Exclude<Extract<keyof typeof words, `table.${string}`>, "table.title">;
	readonly of: (year: YearResult) => QuantityJson | undefined;
}

/** Cash comes after loans too where there are any. */
export function isAfterLoans({ years }: Pick<PricedResult, "years">): boolean {
	return years.some(({ owner_cash }) => owner_cash !== undefined);
}

/** Without those of which no year has a number. */
export function yearColumns({ years }: Pick<PricedResult, "years">): YearColumn[] {
	const loans = isAfterLoans({ years });
	const columns: readonly YearColumn[] = [
		{ head: "table.tokens", of: ({ tokens }) => tokens },
		{ head: "table.capital", of: ({ capital_paid }) => capital_paid },
		{ head: "table.running", of: ({ running_cost }) => running_cost },
		{ head: "table.resale", of: ({ resale }) => resale },
		{ head: "table.paid", of: ({ cost }) => cost },
		{ head: "table.revenue", of: ({ revenue }) => revenue },
		{ head: "table.tax", of: ({ tax }) => tax },
		{ head: loans ? "table.cashBefore" : "table.cash", of: ({ cash }) => cash },
		{ head: "table.cashAfter", of: ({ owner_cash }) => owner_cash },
		{ head: "table.spread", of: ({ charge }) => charge },
		{ head: "table.unit", of: ({ unit_cost }) => unit_cost },
		{ head: "table.gpus", of: ({ gpus }) => gpus },
		{ head: "table.util", of: ({ utilisation }) => utilisation },
	];
	return columns.filter(({ of }) => years.some((year) => of(year) !== undefined));
}
