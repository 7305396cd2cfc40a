/** Columns of FOCUS Cost and Usage 1.0 to 1.4 and the drafts of 1.5, by the version that introduced them. */
export const FOCUS_COLUMNS: Readonly<Record<string, string>> = Object.fromEntries(
	Object.entries({
		"1.0": `AvailabilityZone BilledCost BillingAccountId BillingAccountName BillingCurrency BillingPeriodEnd
			BillingPeriodStart ChargeCategory ChargeClass ChargeDescription ChargeFrequency ChargePeriodEnd ChargePeriodStart
			CommitmentDiscountCategory CommitmentDiscountId CommitmentDiscountName CommitmentDiscountStatus
			CommitmentDiscountType ConsumedQuantity ConsumedUnit ContractedCost ContractedUnitPrice EffectiveCost
			InvoiceIssuerName ListCost ListUnitPrice PricingCategory PricingQuantity PricingUnit ProviderName PublisherName
			RegionId RegionName ResourceId ResourceName ResourceType ServiceCategory ServiceName SkuId SkuPriceId
			SubAccountId SubAccountName Tags`,
		"1.1": `CapacityReservationId CapacityReservationStatus CommitmentDiscountQuantity CommitmentDiscountUnit
			ServiceSubcategory SkuMeter SkuPriceDetails`,
		"1.2": `BillingAccountType InvoiceId PricingCurrency PricingCurrencyContractedUnitPrice
			PricingCurrencyEffectiveCost PricingCurrencyListUnitPrice SubAccountType`,
		"1.3": `AllocatedMethodDetails AllocatedMethodId AllocatedResourceId AllocatedResourceName AllocatedTags
			ContractApplied HostProviderName ServiceProviderName`,
		"1.4": `CommitmentProgramEligibilityDetails InvoiceDetailId`,
		"1.5-draft": `CredentialDetails CredentialId PrincipalId`,
	}).flatMap(([version, names]) =>
		names
			.trim()
			.split(/\s+/)
			.map((name) => [name, version]),
	),
);

/** The newest version whose columns stand in a heading. */
export function focusVersion(columns: readonly string[]): string {
	const versions = columns.flatMap((name) => FOCUS_COLUMNS[name] ?? []);
	return versions.reduce((newest, each) => (each > newest ? each : newest), "1.0");
}
