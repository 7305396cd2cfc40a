/** Commands as one would type them in a shell, for who wants to ask again. */
import { join } from "node:path";
import type { Asking } from "@farthing/answers";
import type { ActualsFlags } from "./commands/actuals.ts";
import { ledgerPath } from "./ledger-file.ts";

/** What was typed, such that a shell reads it again. */
export function commandText(...words: readonly string[]): string {
	const quoted = words.map((word) => (/^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`));
	return ["farthing", ...quoted].join(" ");
}

/** Of a URL without what is secret in it. */
export function storeName(ledger: string): string {
	if (!ledger.includes("://")) return ledger;
	const url = new URL(ledger);
	url.password = "";
	return url.href;
}

const USUAL_STORE = join(".farthing", "ledger.duckdb");

/**
 * Every flag that decides what a window of a ledger cost; files by their names, what is so anyway left out. Date and seed
 * are those that it was asked with, be they of the environment.
 */
export function ledgerWords(flags: Partial<ActualsFlags>, { asOf, seed, catalogue }: Asking): string[] {
	const { window, by, basis, cost, currency, bill, rates, plan, calibration, pue, region, top } = flags;
	const store = storeName(ledgerPath(flags.store));
	const given: readonly (readonly [flag: string, value: string | undefined])[] = [
		["--window", window],
		["--by", by?.join(",")],
		["--basis", basis],
		["--cost", cost === "effective" ? undefined : cost],
		["--currency", currency === "USD" ? undefined : currency],
		["--bill", bill?.join(",")],
		["--rates", rates],
		["--plan", plan?.join(",")],
		["--calibration", calibration?.join(",")],
		["--pue", pue],
		["--region", region],
		["--top", top === "100" ? undefined : top],
		["--as-of", asOf === catalogue.releaseDate ? undefined : asOf],
		["--seed", seed === 1 ? undefined : String(seed)],
		["--store", store === USUAL_STORE ? undefined : store],
	];
	return given.flatMap(([flag, value]) => (value === undefined ? [] : [flag, value]));
}
