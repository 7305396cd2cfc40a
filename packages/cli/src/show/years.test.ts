import type { YearResult } from "@farthing/answers";
import { expect, it } from "vitest";
import { costRules } from "./years.ts";

const usd = (value: number) => ({ value, unit: "USD" });

it("says what the cost of a token is divided out of where capital is spread, and not where none is", () => {
	const year = { running_cost: usd(5), cash: usd(-5), capital: {}, running: {} } as unknown as YearResult;
	const owned = costRules([{ ...year, charge: usd(8) }]);
	expect(owned[1]).toContain("$/M delivered = (running + a charge on the machines in service");
	expect(costRules([{ ...year, charge: usd(5) }])).toHaveLength(1);
});
