/** The budgets of the ledger behind a server: kept in the file beside it, worked out by worker threads. */
import { serialize } from "node:v8";
import { type Budget, type BudgetStatus, readBudgets } from "@farthing/ledger";
import { changeBudgets, isSame, readBudgetFile } from "@farthing/ledger/budgets";
import type { Answered, Asker } from "./asker.ts";
import type { BesideOfServer } from "./http/actuals-routes.ts";
import type { Intake } from "./intake.ts";

export interface BudgetDesk {
	/** Of one tenant, or of all. */
	list(tenant?: string): readonly Budget[];
	set(budget: Budget): Promise<void>;
	/** False where there is none of that name. */
	drop(of: Pick<Budget, "id" | "tenant">): Promise<boolean>;
	/** Throws ActualsError, FarthingError and StoreError. */
	status(tenant: string | undefined, on?: string): Promise<Answered>;
	/** For metrics, which are asked for often: not older than a minute; none where they cannot be worked out. */
	latest(tenant: string | undefined, nowMs: number): Promise<readonly BudgetStatus[]>;
}

const FRESH_MS = 60_000;

export function budgetDesk(
	file: string,
	intake: Intake,
	asker: Pick<Asker, "ask">,
	beside: BesideOfServer,
): BudgetDesk {
	const list: BudgetDesk["list"] = (tenant) =>
		readBudgetFile(file).filter((each) => tenant === undefined || each.tenant === tenant);
	const status: BudgetDesk["status"] = async (tenant, on) => {
		const read = await readBudgets(intake.reads, list(tenant), { ...beside, seed: 1 }, on);
		return asker.ask({ kind: "budgets", words: {}, facts: serialize(read).toString("base64"), on });
	};
	const known = new Map<
		string | undefined,
		{ readonly at: number; readonly statuses: Promise<readonly BudgetStatus[]> }
	>();
	return {
		list,
		set: (budget) =>
			changeBudgets(file, (budgets) => ({
				budgets: [...budgets.filter((each) => !isSame(each, budget)), budget],
				result: undefined,
			})),
		drop: (of) =>
			changeBudgets(file, (budgets) => {
				const rest = budgets.filter((each) => !isSame(each, of));
				return { budgets: rest, result: rest.length < budgets.length };
			}),
		status,
		latest(tenant, nowMs) {
			const found = known.get(tenant);
			if (found !== undefined && nowMs - found.at < FRESH_MS) return found.statuses;
			const statuses = status(tenant)
				.then(({ shown }) => (JSON.parse(shown) as { result: { budgets: BudgetStatus[] } }).result.budgets)
				.catch(() => []);
			known.set(tenant, { at: nowMs, statuses });
			return statuses;
		},
	};
}
