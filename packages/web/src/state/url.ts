/**
 * State to the part of a URL after `#` and back: `answer?s.demand.tokens_per_day=8B&v.option=2`. It stands after the `#` so
 * that it works from disk, and so that no server sees anybody's scenario. What is as in the beginning is left out.
 */
import { deflateSync, inflateSync, strFromU8, strToU8 } from "fflate";
import type { AppState, Change, Currency, Display, WhyPlace } from "./app-state.ts";
import { initialState } from "./app-state.ts";
import { currencyFault, dayOfReader } from "./currency-fault.ts";

const CHANGE = "s.";
const VIEW = "v.";
const MAX_TEXT_BYTES = 1_000_000;

export function toHash(state: AppState): string {
	const { page, base, text, changes, view, display, why, catalogue } = state;
	const query: (readonly [string, string])[] = [];
	if (base !== initialState.base) query.push(["base", base]);
	for (const [path, value] of Object.entries(changes).sort(byKey)) query.push([CHANGE + path, changeText(value)]);
	for (const [name, value] of Object.entries(view).sort(byKey)) query.push([VIEW + name, value]);
	if (display.isPerDollar) query.push(["unit", "tokens-per-dollar"]);
	if (display.currency !== undefined) query.push(["fx", currencyText(display.currency)]);
	if (why !== undefined) query.push(["why", whyText(why)]);
	if (text !== undefined) query.push(["file", packed(text)]);
	if (catalogue !== undefined) query.push(["cat", catalogue]);
	const pairs = query.map(([name, value]) => `${encoded(name)}=${encoded(value)}`);
	return pairs.length === 0 ? page : `${page}?${pairs.join("&")}`;
}

/** What cannot be read is named and left out, never guessed. */
export function fromHash(hash: string): { readonly state: AppState; readonly faults: readonly string[] } {
	const [page = "", ...rest] = hash.replace(/^#?\/?/, "").split("?");
	const faults: string[] = [];
	const changes: Record<string, Change> = {};
	const view: Record<string, string> = {};
	let display: Display = initialState.display;
	const found: { base?: string; text?: string; why?: WhyPlace; catalogue?: string } = {};
	for (const [name, value] of new URLSearchParams(rest.join("?"))) {
		const isRead = read(name, value);
		if (!isRead) faults.push(name);
	}
	return { state: { ...initialState, page: page || initialState.page, ...found, changes, view, display }, faults };

	function read(name: string, value: string): boolean {
		if (name.startsWith(CHANGE)) {
			const path = name.slice(CHANGE.length);
			if (!/^[a-z][\w.[\]-]*$/i.test(path)) return false;
			changes[path] = changeOf(value);
			return true;
		}
		if (name.startsWith(VIEW)) {
			view[name.slice(VIEW.length)] = value;
			return true;
		}
		switch (name) {
			case "base":
				found.base = value;
				return true;
			case "cat":
				found.catalogue = value;
				return true;
			case "unit":
				display = { ...display, isPerDollar: value === "tokens-per-dollar" };
				return value === "tokens-per-dollar";
			case "fx":
				return readInto(currencyOf(value), (currency) => (display = { ...display, currency }));
			case "why":
				return readInto(whyOf(value), (why) => (found.why = why));
			case "file":
				return readInto(unpacked(value), (text) => (found.text = text));
			default:
				return false;
		}
	}
}

function readInto<T>(value: T | undefined, take: (value: T) => void): boolean {
	if (value === undefined) return false;
	take(value);
	return true;
}

/** As YAML would read it: `8B` is a word, `2` a number, `[h200,b200]` a list of words, `[1,2.5]` one of numbers. */
export function changeOf(text: string): Change {
	if (text === "true" || text === "false") return text === "true";
	if (/^-?(0|[1-9]\d*)(\.\d+)?$/.test(text) && String(Number(text)) === text) return Number(text);
	const list = /^\[(.*)\]$/.exec(text)?.[1];
	if (list === undefined) return text;
	const items = list
		.split(",")
		.map((each) => each.trim())
		.filter((each) => each !== "");
	const numbers = items.map(Number);
	return items.length > 0 && numbers.every((each, i) => String(each) === items[i] && Number.isFinite(each))
		? numbers
		: items;
}

export function changeText(value: Change): string {
	return typeof value === "object" ? `[${value.join(",")}]` : String(value);
}

function currencyText({ code, perDollar, date }: Currency): string {
	return `${code}:${perDollar}:${date}`;
}

function currencyOf(text: string): Currency | undefined {
	const [, code, rate, date] = /^([A-Z]{3}):(\d[\d.]*(?:e[+-]?\d+)?):(\d{4}-\d{2}-\d{2})$/.exec(text) ?? [];
	const perDollar = Number(rate);
	if (code === undefined || date === undefined) return undefined;
	const currency = { code, perDollar, date };
	return currencyFault(currency, dayOfReader()) === undefined ? currency : undefined;
}

function whyText({ kind, node, month }: WhyPlace): string {
	return `${kind}:${month === undefined ? "" : `${month}:`}${node}`;
}

function whyOf(text: string): WhyPlace | undefined {
	const [, kind, month, node] = /^([a-z-]+):(?:(\d+):)?(.+)$/.exec(text) ?? [];
	if (kind === undefined || node === undefined) return undefined;
	return { kind, node, ...(month === undefined ? {} : { month: Number(month) }) };
}

function packed(text: string): string {
	const bytes = deflateSync(strToU8(text), { level: 9 });
	let letters = "";
	for (const byte of bytes) letters += String.fromCharCode(byte);
	return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function unpacked(text: string): string | undefined {
	try {
		const letters = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
		const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
		const out = inflateSync(bytes, { out: new Uint8Array(MAX_TEXT_BYTES + 1) });
		return out.length > MAX_TEXT_BYTES ? undefined : strFromU8(out);
	} catch {
		return undefined;
	}
}

/** Readable where a URL allows it. */
function encoded(text: string): string {
	return encodeURIComponent(text)
		.replace(/%(2C|3A|5B|5D|2F|40)/g, (code) => decodeURIComponent(code))
		.replaceAll("%20", "+");
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
	return a < b ? -1 : a > b ? 1 : 0;
}
