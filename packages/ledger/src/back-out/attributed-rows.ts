/**
 * Actuals as FOCUS 1.4 rows for those who read bills: a row for each line, split by the columns that FOCUS has for split costs, with
 * the model and token keys that are merged or drafted for 1.5. What one's own cluster cost then stands beside the bills of
 * providers, and the rows add up to the charges of the window exactly.
 */
import type { AttributedLine, Owner } from "../attribution/attributed-line.ts";
import type { FocusRow } from "../focus-out/focus-check.ts";
import type { Actuals } from "../actuals/actuals.ts";
import { addTokens } from "../actuals/used-work.ts";
import type { Amount } from "../records/money.ts";
import { addAmounts, formatAmount, negate } from "../records/money.ts";
import type { TokenBucket } from "../records/token-classes.ts";
import type { Instant, TokenCount } from "../records/units.ts";
import { formatInstant } from "../records/units.ts";

export interface RowOrigin {
	readonly account: string;
	/** Who provides the service, and issues this statement of it. */
	readonly provider: string;
}

type Tokens = Partial<Record<TokenBucket, TokenCount>>;

/** `Σ BilledCost = total of the actuals`, in the currency of the report. */
export function attributedRows(found: Actuals, origin: RowOrigin): FocusRow[] {
	const tokens = new Map<string, Tokens>();
	for (const { owner, tokens: own } of found.used) {
		const key = JSON.stringify(owner);
		tokens.set(key, addTokens(tokens.get(key) ?? {}, own));
	}
	return found.lines.flatMap((line) =>
		line.kind === "serving"
			? servingRows(found, line, tokens.get(JSON.stringify(line.owner)) ?? {}, origin)
			: [rowOf(found, origin, line, line.amount, {})],
	);
}

/** Input, output, and what was held without any work; tokens from a cache stand in a row without cost. */
function servingRows(found: Actuals, line: AttributedLine, tokens: Tokens, origin: RowOrigin): FocusRow[] {
	const zero = { currency: line.amount.currency, nano: 0n };
	const [input, output] = [line.input ?? zero, line.output ?? zero];
	const rest = addAmounts(line.amount, negate(addAmounts(input, output)));
	const count = (...buckets: readonly TokenBucket[]): number =>
		buckets.reduce((sum, bucket) => sum + (tokens[bucket] ?? 0), 0);
	const parts: readonly [Amount, number, TokenPart][] = [
		[input, count("input", "cache_write"), { meter: "Input Tokens", direction: "Input", action: "Uncached" }],
		[zero, count("cached_input", "transferred"), { meter: "Cached Input Tokens", direction: "Input", action: "Read" }],
		[output, count("output", "reasoning"), { meter: "Output Tokens", direction: "Output" }],
	];
	const rows = parts
		.filter(([amount, n]) => amount.nano !== 0n || n > 0)
		.map(([amount, n, part]) => rowOf(found, origin, line, amount, tokenCells(line.owner, n, part)));
	return rest.nano === 0n && rows.length > 0 ? rows : [...rows, rowOf(found, origin, line, rest, {})];
}

interface TokenPart {
	readonly meter: string;
	readonly direction: "Input" | "Output";
	readonly action?: "Uncached" | "Read";
}

function tokenCells({ model = "unknown" }: Owner, n: number, { meter, direction, action }: TokenPart): FocusRow {
	const sku = `${model}-${meter.toLowerCase().replaceAll(" ", "-")}`;
	return {
		SkuId: sku,
		SkuPriceId: sku,
		SkuMeter: meter,
		SkuPriceDetails: JSON.stringify({
			ModelId: model,
			TokenDirection: direction,
			...(action === undefined ? {} : { TokenCacheAction: action }),
		}),
		ConsumedQuantity: String(n),
		ConsumedUnit: "Tokens",
		PricingQuantity: formatAmount({ currency: "", nano: BigInt(n) * 1000n }),
		PricingUnit: "1000000 Tokens",
	};
}

function rowOf(found: Actuals, origin: RowOrigin, line: AttributedLine, amount: Amount, more: FocusRow): FocusRow {
	const { window } = found.question;
	const { kind, owner, label } = line;
	const cost = formatAmount(amount);
	return {
		BillingAccountId: origin.account,
		BillingAccountName: origin.account,
		BillingCurrency: amount.currency,
		BillingPeriodStart: monthStart(window.from, 0),
		BillingPeriodEnd: monthStart((window.to - 1) as Instant, 1),
		ChargePeriodStart: formatInstant(window.from),
		ChargePeriodEnd: formatInstant(window.to),
		ChargeCategory: kind === "tax" ? "Tax" : kind === "credit" ? "Credit" : "Usage",
		ChargeDescription: describe(line),
		ChargeFrequency: "Usage-Based",
		BilledCost: cost,
		EffectiveCost: cost,
		ListCost: cost,
		ContractedCost: cost,
		ServiceProviderName: origin.provider,
		HostProviderName: origin.provider,
		InvoiceIssuerName: origin.provider,
		ServiceCategory: "AI and Machine Learning",
		ServiceSubcategory: "Generative AI",
		ServiceName: "Model serving",
		...(owner.deployment === undefined
			? {}
			: { ResourceId: owner.deployment, ResourceName: owner.deployment, ResourceType: "Model deployment" }),
		...splitCells(found, owner),
		...(owner.user === undefined ? {} : { PrincipalId: owner.user }),
		...(owner.key === undefined ? {} : { CredentialId: owner.key }),
		x_FarthingLine: kind,
		...(label === undefined ? {} : { x_FarthingLabel: label }),
		...more,
	};
}

/** Whose share of a shared deployment it is, and by which method it was split. */
function splitCells({ question, laws }: Actuals, owner: Owner): FocusRow {
	const { deployment, team, user, key } = owner;
	const whose = team ?? user ?? key;
	if (whose === undefined || deployment === undefined) return {};
	const tags = { ...(team === undefined ? {} : { team }), ...(user === undefined ? {} : { user }) };
	return {
		AllocatedMethodId: `farthing-${question.basis}-1`,
		AllocatedMethodDetails: JSON.stringify({
			Basis: question.basis,
			Key: "GPU time of uncached input, output, and output times context",
			Law: laws.get(deployment)?.note ?? "none",
		}),
		AllocatedResourceId: whose,
		AllocatedResourceName: whose,
		AllocatedTags: JSON.stringify(tags),
	};
}

function describe({ kind, owner, label }: AttributedLine): string {
	const of = [owner.model, owner.team, label].filter((each) => each !== undefined).join(", ");
	return `${WORDS[kind]}${of === "" ? "" : `: ${of}`}`;
}

const WORDS: Readonly<Record<AttributedLine["kind"], string>> = {
	serving: "Serving",
	idle_held: "Held and not at work",
	committed: "At work, paid either way",
	unallocated: "Held by nobody",
	unmetered: "Paid and not metered",
	shared: "Shared infrastructure",
	tax: "Tax",
	credit: "Credit",
	residual: "Not explained",
};

/** First instant of the month of `at`, or of one so many months later. */
function monthStart(at: Instant, later: number): string {
	const date = new Date(at / 1000);
	return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + later, 1)).toISOString().replace(".000", "");
}
