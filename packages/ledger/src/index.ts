export * from "./records/capacity.ts";
export * from "./records/charge.ts";
export * from "./records/cost-window.ts";
export * from "./records/json-schema.ts";
export * from "./records/money.ts";
export * from "./records/price.ts";
export * from "./records/quantities.ts";
export * from "./records/record-error.ts";
export {
	readRecord,
	type ReadRecord,
	type RecordIssue,
	type RecordIssueCode,
	type RecordShape,
} from "./records/record-shape.ts";
export * from "./records/token-classes.ts";
export * from "./records/units.ts";
export * from "./records/usage.ts";
