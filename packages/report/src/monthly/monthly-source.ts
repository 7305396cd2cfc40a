import type { ApiPriceOf, ClaimedCost, Envelope, Language, ResultDiff } from "@farthing/answers";
import type { QuantityJson } from "@farthing/engine";
import type { ActualsResult } from "@farthing/ledger";
import { inCents } from "@farthing/ledger";
import type { Messages } from "../messages/en.ts";
import { messagesOf } from "../messages/messages-of.ts";
import type { MonthlyWords } from "../messages/monthly.ts";
import type { Span, Table, Text } from "../report-model.ts";
import { quantity } from "../show-number.ts";

export interface MonthlySource {
	/** By model. */
	readonly actuals: Envelope<ActualsResult>;
	/** The same by team. */
	readonly teams?: ActualsResult;
	/** The same by customer, where usage names tenants. */
	readonly customers?: ActualsResult;
	/** What claims of the catalogue say of each model. */
	readonly claims: ReadonlyMap<string, readonly ClaimedCost[]>;
	/** What hosts ask for the same open model, by model. */
	readonly apiPrices: ReadonlyMap<string, ApiPriceOf>;
	/** What changed since the pack of the period before. */
	readonly before?: { readonly period: string; readonly diff: ResultDiff } | undefined;
	readonly commandLine: string;
	/** English unless given. */
	readonly language?: Language;
}

/** A source with the words of its language. */
export interface MonthlyContext extends MonthlySource {
	readonly messages: Messages;
	readonly words: MonthlyWords;
}

export function monthlyContext(source: MonthlySource): MonthlyContext {
	const messages = messagesOf(source.language ?? "en");
	return { ...source, messages, words: messages.monthly };
}

/** A quantity of the actuals, with its place. */
export function of(value: QuantityJson, pointer: string): Span {
	return quantity(value, `actuals/result/${pointer}`);
}

/** The same where it may be absent. */
export function maybe(value: QuantityJson | undefined, pointer: string): Text {
	return value?.value === undefined ? [] : [of(value, pointer)];
}

/** The same with a word where nothing on record says it. */
export function orUnknown(value: QuantityJson, pointer: string, { unknown }: MonthlyWords): Text {
	return value.value === undefined ? [unknown] : [of(value, pointer)];
}

export function name(text: string): Span {
	return { kind: "name", name: text };
}

export function tableOf(
	caption: string,
	columns: readonly (readonly [heading: string, align: "start" | "end"])[],
	rows: readonly (readonly Text[])[],
): Table {
	return { caption: [caption], columns: columns.map(([heading, align]) => ({ heading, align })), rows };
}

/** Amounts of one column in hundredths of their currency, rounded so that they add up. */
export function cents(
	amounts: readonly { readonly of: QuantityJson; readonly at: string }[],
	{ unknown }: MonthlyWords,
): Text[] {
	const texts = inCents(amounts.map((each) => each.of.value ?? 0));
	return amounts.map(({ of: { value, unit }, at }, i) => {
		if (value === undefined) return [unknown];
		const digits = (texts[i] ?? "").replace("-", "");
		const sign = value < 0 && digits !== "0.00" ? "−" : "";
		const text = unit === "USD" ? `${sign}$${digits}` : `${sign}${digits} ${unit}`;
		return [{ kind: "number", number: { value, text, unit, at: `actuals/result/${at}` } }];
	});
}
