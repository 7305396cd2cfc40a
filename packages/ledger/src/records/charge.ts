import type { Amount } from "./money.ts";
import {
	amountOf,
	fault,
	freeText,
	instantOf,
	label,
	mapOf,
	members,
	oneOf,
	optional,
	type RecordShape,
} from "./record-shape.ts";
import type { Instant } from "./units.ts";

/**
 * One row of a bill, as FOCUS 1.4 has it. Members that farthing reckons with are typed; every other column of the row
 * stays in `columns` under its FOCUS id, `x_` columns included, so that nothing of a bill is lost.
 */
export interface ChargeRecord {
	readonly charge_period_start: Instant;
	readonly charge_period_end: Instant;
	readonly billing_period_start: Instant;
	readonly billing_period_end: Instant;
	readonly billed_cost: Amount;
	readonly effective_cost: Amount;
	readonly list_cost?: Amount;
	readonly contracted_cost?: Amount;
	readonly charge_category: ChargeCategory;
	/** `Correction` for a change to a bill already sent. */
	readonly charge_class?: "Correction";
	readonly charge_description?: string;
	readonly billing_account_id: string;
	readonly sub_account_id?: string;
	readonly invoice_id?: string;
	readonly service_provider_name: string;
	readonly service_category?: string;
	readonly service_name?: string;
	readonly resource_id?: string;
	readonly resource_type?: string;
	readonly region_id?: string;
	readonly sku_id?: string;
	readonly sku_meter?: string;
	readonly pricing_category?: string;
	readonly commitment_discount_id?: string;
	/** Decimal text, as billed. */
	readonly consumed_quantity?: string;
	readonly consumed_unit?: string;
	readonly pricing_quantity?: string;
	readonly pricing_unit?: string;
	readonly tags?: Readonly<Record<string, string>>;
	readonly sku_price_details?: Readonly<Record<string, string>>;
	readonly columns?: Readonly<Record<string, string>>;
}

export const CHARGE_CATEGORIES = ["Usage", "Purchase", "Tax", "Credit", "Adjustment"] as const;
export type ChargeCategory = (typeof CHARGE_CATEGORIES)[number];

const words = (description: string): { readonly optional: RecordShape<string> } => optional(label(description, 1024));

export const chargeShape: RecordShape<ChargeRecord> = members<ChargeRecord>(
	"One row of a bill, FOCUS 1.4",
	{
		charge_period_start: instantOf("ChargePeriodStart, inclusive"),
		charge_period_end: instantOf("ChargePeriodEnd, exclusive"),
		billing_period_start: instantOf("BillingPeriodStart"),
		billing_period_end: instantOf("BillingPeriodEnd"),
		billed_cost: amountOf("BilledCost in BillingCurrency"),
		effective_cost: amountOf("EffectiveCost in BillingCurrency"),
		list_cost: optional(amountOf("ListCost")),
		contracted_cost: optional(amountOf("ContractedCost")),
		charge_category: oneOf("ChargeCategory", CHARGE_CATEGORIES),
		charge_class: optional(oneOf("ChargeClass", ["Correction"])),
		charge_description: optional(freeText("ChargeDescription")),
		billing_account_id: label("BillingAccountId", 1024),
		sub_account_id: words("SubAccountId"),
		invoice_id: words("InvoiceId"),
		service_provider_name: label("ServiceProviderName", 1024),
		service_category: words("ServiceCategory"),
		service_name: words("ServiceName"),
		resource_id: words("ResourceId"),
		resource_type: words("ResourceType"),
		region_id: words("RegionId"),
		sku_id: words("SkuId"),
		sku_meter: words("SkuMeter"),
		pricing_category: words("PricingCategory"),
		commitment_discount_id: words("CommitmentDiscountId"),
		consumed_quantity: words("ConsumedQuantity"),
		consumed_unit: words("ConsumedUnit"),
		pricing_quantity: words("PricingQuantity"),
		pricing_unit: words("PricingUnit"),
		tags: optional(mapOf("Tags", freeText("Value"), 1000)),
		sku_price_details: optional(mapOf("SkuPriceDetails", freeText("Value"), 1000)),
		columns: optional(mapOf("All other columns by FOCUS id", freeText("Value"), 1000)),
	},
	(charge, path, issues) => {
		const { charge_period_start, charge_period_end, billing_period_start, billing_period_end } = charge;
		if (charge_period_end <= charge_period_start) {
			fault(issues, "contradiction", path, "the charge period is empty", "an end after the start");
		}
		if (billing_period_end <= billing_period_start) {
			fault(issues, "contradiction", path, "the billing period is empty", "an end after the start");
		}
		const costs = [charge.effective_cost, charge.list_cost, charge.contracted_cost];
		if (costs.some((cost) => cost !== undefined && cost.currency !== charge.billed_cost.currency)) {
			fault(issues, "contradiction", path, "the costs of a row have different currencies", "one BillingCurrency");
		}
	},
);
