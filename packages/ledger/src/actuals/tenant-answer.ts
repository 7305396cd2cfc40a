/**
 * What one tenant of a ledger may see: its own tokens and its own part of the cost. What the whole cost, what was idle, and
 * what others did is not in it.
 */
import type { QuantityJson } from "@farthing/engine";
import type { Dimension, Owner } from "../attribution/attributed-line.ts";
import { sumOfLines } from "../attribution/line-sums.ts";
import { formatInstant, MICROS_PER_DAY } from "../records/units.ts";
import type { Actuals } from "./actuals.ts";
import { ActualsError } from "./actuals-error.ts";
import type { ActualsResult, TokensJson } from "./actuals-json.ts";
import { costModelled } from "./by-modelled-law.ts";
import { coverageOf, rowsAndLines } from "./actuals-result.ts";
import { coverageWith, deliveredOf, shower, tokensOf, unknownMoney } from "./quantities-of-actuals.ts";
import type { PricedRequests } from "./request-rows.ts";
import { chargedWork } from "./uncharged.ts";
import { actualsWarnings } from "./warnings.ts";

export interface TenantResult
	extends Pick<
		ActualsResult,
		"window" | "basis" | "by" | "cost_column" | "currency" | "rows" | "requests" | "lines" | "coverage"
	> {
	readonly org: string;
	/**
	 * Of the tenant's own work; idle and shared cost are in it on the reserved basis alone. Without a value, `state: "unknown"`,
	 * where no charge reaches what served it.
	 */
	readonly cost: QuantityJson;
	readonly unit_cost?: QuantityJson;
	readonly tokens: TokensJson;
}

export interface TenantAnswer {
	readonly result: TenantResult;
	readonly warnings: readonly { readonly code: string; readonly message: string }[];
}

/** What of the whole a tenant has to know: of its own models, and of the deployments that served them. */
function noticed(fine: Actuals, own: Actuals): Actuals {
	const models = new Set(own.used.map(({ owner }) => owner.model));
	const deployments = new Set(own.used.map(({ owner }) => owner.deployment));
	return {
		...own,
		laws: new Map([...fine.laws].filter(([deployment]) => deployments.has(deployment))),
		overruns: new Map([...fine.overruns].filter(([deployment]) => deployments.has(deployment))),
		withoutLaw: fine.withoutLaw.filter((deployment) => deployments.has(deployment)),
		homeless: fine.homeless.filter((model) => models.has(model)),
		cacheUnknown: fine.cacheUnknown.filter((model) => models.has(model)),
		compared: [],
		charges: { ...fine.charges, unpriced: new Map(), withoutTariff: [], prorated: 0 },
	};
}

/** `fine` is by `org`. Throws {@link ActualsError} `no-usage` where the tenant used nothing. */
export function tenantAnswer(
	fine: Actuals,
	org: string,
	by: readonly Dimension[],
	priced?: PricedRequests,
): TenantAnswer {
	const isOwn = ({ owner }: { readonly owner: Owner }): boolean => owner.org === org;
	const own: Actuals = {
		...fine,
		question: { ...fine.question, by },
		lines: fine.lines.filter(isOwn),
		energy: fine.energy.filter(isOwn),
		used: fine.used.filter(isOwn),
		revenue: fine.revenue.filter(isOwn),
	};
	if (own.used.length === 0) {
		throw new ActualsError("no-usage", "the ledger knows of no token of this tenant in the window");
	}
	const { window, basis, cost, currency } = fine.question;
	const show = shower(own);
	const byModel = costModelled(fine, fine.used)(own.used, basis);
	const tokens = tokensOf(own.used);
	const work = chargedWork(own);
	const ofWork = tokensOf(work);
	const total = sumOfLines(own.lines, currency);
	const delivered = deliveredOf(ofWork);
	const isKnown = own.lines.length > 0 || work.length > 0;
	const share = pricedShareOfOwn(own);
	const coverage = coverageWith(coverageOf(fine, share), tokens, ofWork);
	return {
		result: {
			org,
			window: {
				from: formatInstant(window.from),
				to: formatInstant(window.to),
				days: (window.to - window.from) / MICROS_PER_DAY,
			},
			basis,
			by: priced === undefined ? by : [...by, "request"],
			cost_column: cost,
			currency,
			cost: isKnown ? show.shared(total, byModel, { coverage }) : unknownMoney(currency),
			...(delivered === 0 || !isKnown
				? {}
				: { unit_cost: show.unitCost(total, delivered, "total", byModel, { coverage }) }),
			tokens: isKnown ? show.tokens(tokens, ofWork) : show.tokens(tokens),
			...rowsAndLines(own, show, priced === undefined ? {} : { requests: { fine: own, priced } }, coverage, fine.used),
			coverage,
		},
		warnings: [...gapWarnings(share), ...actualsWarnings(noticed(fine, own))],
	};
}

/** Share of the GPU time held for what served the tenant that a bill or a price pays for. */
function pricedShareOfOwn({ used, held, charges }: Actuals): number {
	const deployments = new Set(used.flatMap(({ owner }) => owner.deployment ?? []));
	const all = held.reduce((sum, { deployment = "", gpu }) => (deployments.has(deployment) ? sum + gpu : sum), 0);
	const unpriced = [...deployments].reduce((sum, each) => sum + (charges.unpricedHeld.get(each) ?? 0), 0);
	return all === 0 ? 1 : Math.max(0, 1 - unpriced / all);
}

/** How much in all is not the tenant's to know: its deployments may serve others too. */
function gapWarnings(share: number): TenantAnswer["warnings"] {
	if (share >= 1) return [];
	const percent = (100 * (1 - share)).toFixed(1);
	const message = `${percent}% of the GPU time held for what served you has neither a bill nor a price: it is not in the cost`;
	return [{ code: "unpriced", message }];
}
