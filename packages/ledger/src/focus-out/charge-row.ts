import type { ChargeRecord } from "../records/charge.ts";
import { formatAmount } from "../records/money.ts";
import { formatInstant } from "../records/units.ts";
import type { FocusRow } from "./focus-check.ts";

/** A row of a bill as FOCUS 1.4 writes it; columns that the ledger only carries come back as they were. */
export function chargeRow(charge: ChargeRecord): FocusRow {
	const { effective_cost: effective, service_provider_name: provider } = charge;
	const cells: Readonly<Record<string, string | undefined>> = {
		...charge.columns,
		BilledCost: formatAmount(charge.billed_cost),
		EffectiveCost: formatAmount(effective),
		ListCost: formatAmount(charge.list_cost ?? effective),
		ContractedCost: formatAmount(charge.contracted_cost ?? effective),
		BillingCurrency: charge.billed_cost.currency,
		ChargePeriodStart: formatInstant(charge.charge_period_start),
		ChargePeriodEnd: formatInstant(charge.charge_period_end),
		BillingPeriodStart: formatInstant(charge.billing_period_start),
		BillingPeriodEnd: formatInstant(charge.billing_period_end),
		BillingAccountId: charge.billing_account_id,
		BillingAccountName: charge.columns?.["BillingAccountName"] ?? charge.billing_account_id,
		SubAccountId: charge.sub_account_id,
		ChargeCategory: charge.charge_category,
		ChargeClass: charge.charge_class,
		ChargeDescription: charge.charge_description,
		InvoiceId: charge.invoice_id,
		ServiceProviderName: provider,
		HostProviderName: charge.columns?.["HostProviderName"] ?? provider,
		InvoiceIssuerName: charge.columns?.["InvoiceIssuerName"] ?? provider,
		ServiceCategory: charge.service_category ?? "Other",
		ServiceName: charge.service_name ?? charge.service_category ?? provider,
		ResourceId: charge.resource_id,
		ResourceType: charge.resource_type,
		RegionId: charge.region_id,
		SkuId: charge.sku_id,
		SkuMeter: charge.sku_meter,
		PricingCategory: charge.pricing_category,
		CommitmentDiscountId: charge.commitment_discount_id,
		ConsumedQuantity: charge.consumed_quantity,
		ConsumedUnit: charge.consumed_unit,
		PricingQuantity: charge.pricing_quantity,
		PricingUnit: charge.pricing_unit,
		Tags: jsonText(charge.tags),
		SkuPriceDetails: jsonText(charge.sku_price_details),
	};
	return Object.fromEntries(Object.entries(cells).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function jsonText(members: Readonly<Record<string, string>> | undefined): string | undefined {
	return members === undefined ? undefined : JSON.stringify(members);
}
