/**
 * What FOCUS asks of the columns of Cost and Usage: 65 of version 1.4 (ratified 2026-06-04), three drafts of 1.5. Set down from
 * the specification, FinOps-Open-Cost-and-Usage-Spec/FOCUS_Spec, dataset.md at 003443d7 (CC-BY 4.0): id, data type, feature
 * level, whether nulls are allowed, version, and the condition under which a conditional column has to be there.
 */
export interface FocusColumn {
	readonly id: string;
	readonly dataType: "String" | "Decimal" | "Date/Time" | "JSON";
	readonly level: "Mandatory" | "Conditional" | "Recommended";
	readonly allowsNulls: boolean;
	readonly isDraft: boolean;
	readonly condition?: string;
}

const TABLE = `
	AllocatedMethodDetails JSON Recommended nulls 1.4 -
	AllocatedMethodId String Conditional nulls 1.4 IncludesSplitCostAllocation
	AllocatedResourceId String Conditional nulls 1.4 IncludesSplitCostAllocation
	AllocatedResourceName String Conditional nulls 1.4 IncludesSplitCostAllocation
	AllocatedTags JSON Conditional nulls 1.4 IncludesSplitCostAllocation
	AvailabilityZone String Recommended nulls 1.4 -
	BilledCost Decimal Mandatory required 1.4 -
	BillingAccountId String Mandatory required 1.4 -
	BillingAccountName String Mandatory nulls 1.4 -
	BillingAccountType String Conditional required 1.4 IncludesMultipleBillingAccountTypes
	BillingCurrency String Mandatory required 1.4 -
	BillingPeriodEnd Date/Time Mandatory required 1.4 -
	BillingPeriodStart Date/Time Mandatory required 1.4 -
	CapacityReservationId String Conditional nulls 1.4 IncludesCapacityReservations
	CapacityReservationStatus String Conditional nulls 1.4 IncludesCapacityReservations
	ChargeCategory String Mandatory required 1.4 -
	ChargeClass String Mandatory nulls 1.4 -
	ChargeDescription String Mandatory nulls 1.4 -
	ChargeFrequency String Recommended required 1.4 -
	ChargePeriodEnd Date/Time Mandatory required 1.4 -
	ChargePeriodStart Date/Time Mandatory required 1.4 -
	CommitmentDiscountCategory String Conditional nulls 1.4 IncludesCommitmentDiscounts
	CommitmentDiscountId String Conditional nulls 1.4 IncludesCommitmentDiscounts
	CommitmentDiscountName String Conditional nulls 1.4 IncludesCommitmentDiscounts
	CommitmentDiscountQuantity Decimal Conditional nulls 1.4 IncludesCommitmentDiscounts
	CommitmentDiscountStatus String Conditional nulls 1.4 IncludesCommitmentDiscounts
	CommitmentDiscountType String Conditional nulls 1.4 IncludesCommitmentDiscounts
	CommitmentDiscountUnit String Conditional nulls 1.4 IncludesCommitmentDiscounts
	CommitmentProgramEligibilityDetails JSON Conditional nulls 1.4 IncludesCommitmentPrograms
	ConsumedQuantity Decimal Conditional nulls 1.4 IncludesUsageMeasurement
	ConsumedUnit String Conditional nulls 1.4 IncludesUsageMeasurement
	ContractApplied JSON Conditional nulls 1.4 IncludesContractCommitments
	ContractedCost Decimal Mandatory required 1.4 -
	ContractedUnitPrice Decimal Conditional nulls 1.4 IncludesNegotiatedPricing
	CredentialDetails JSON Conditional nulls draft IncludesPrincipalAttribution
	CredentialId String Conditional nulls draft IncludesPrincipalAttribution
	EffectiveCost Decimal Mandatory required 1.4 -
	HostProviderName String Mandatory required 1.4 -
	InvoiceDetailId String Conditional nulls 1.4 IncludesPayableInvoices
	InvoiceId String Conditional nulls 1.4 IncludesPayableInvoices
	InvoiceIssuerName String Mandatory required 1.4 -
	ListCost Decimal Mandatory required 1.4 -
	ListUnitPrice Decimal Conditional nulls 1.4 IncludesListUnitPrices
	PricingCategory String Conditional nulls 1.4 IncludesMultiplePricingCategories
	PricingCurrency String Conditional required 1.4 IncludesPricing-BillingCurrencyDifferences
	PricingCurrencyContractedUnitPrice Decimal Conditional nulls 1.4 IncludesPricing-BillingCurrencyDifferences
	PricingCurrencyEffectiveCost Decimal Conditional required 1.4 IncludesPricing-BillingCurrencyDifferences
	PricingCurrencyListUnitPrice Decimal Conditional nulls 1.4 IncludesPricing-BillingCurrencyDifferences
	PricingQuantity Decimal Mandatory nulls 1.4 -
	PricingUnit String Mandatory nulls 1.4 -
	PrincipalId String Conditional nulls draft IncludesPrincipalAttribution
	RegionId String Conditional nulls 1.4 IncludesRegions
	RegionName String Conditional nulls 1.4 IncludesRegions
	ResourceId String Conditional nulls 1.4 IncludesProvisionedResources
	ResourceName String Conditional nulls 1.4 IncludesProvisionedResources
	ResourceType String Conditional nulls 1.4 IncludesProvisionedResources
	ServiceCategory String Mandatory required 1.4 -
	ServiceName String Mandatory required 1.4 -
	ServiceProviderName String Mandatory required 1.4 -
	ServiceSubcategory String Recommended required 1.4 -
	SkuId String Conditional nulls 1.4 IncludesUnitPricing
	SkuMeter String Conditional nulls 1.4 IncludesUnitPricing
	SkuPriceDetails JSON Conditional nulls 1.4 IncludesUnitPricing
	SkuPriceId String Conditional nulls 1.4 IncludesUnitPricing
	SubAccountId String Conditional nulls 1.4 IncludesSubAccounts
	SubAccountName String Conditional nulls 1.4 IncludesSubAccounts
	SubAccountType String Conditional nulls 1.4 IncludesMultipleSubAccountTypes
	Tags JSON Conditional nulls 1.4 IncludesTags
`;

export const FOCUS_RULES: ReadonlyMap<string, FocusColumn> = new Map(
	TABLE.trim()
		.split("\n")
		.map((line): [string, FocusColumn] => {
			const [id, dataType, level, nulls, version, condition] = line.trim().split(" ") as [
				string,
				FocusColumn["dataType"],
				FocusColumn["level"],
				string,
				string,
				string,
			];
			const column = { id, dataType, level, allowsNulls: nulls === "nulls", isDraft: version === "draft" };
			return [id, condition === "-" ? column : { ...column, condition }];
		}),
);
