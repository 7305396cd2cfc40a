/** Actuals from a file of the reader's own: read here, kept by this tab alone, named in the URL by their id. */
import type { Envelope } from "@farthing/answers";
import type { ActualsResult } from "@farthing/ledger";
import type { Refusal } from "../../engine/protocol.ts";

export interface SavedActuals {
	readonly name: string;
	readonly answer: Envelope<ActualsResult>;
}

export type ReadActuals = { readonly saved: SavedActuals } | { readonly refusal: Refusal };

const HINT = "farthing actuals --window 30d -o actuals.json";
/** What every number of the page is read from. */
const LISTS = [
	"by",
	"rows",
	"lines",
	"bases",
	"idle_ledger",
	"days",
	"variance",
	"laws",
	"sources",
	"anomalies",
] as const;
const OBJECTS = [
	"window",
	"cost",
	"unit_cost",
	"tokens",
	"idle",
	"residual",
	"rated",
	"reconciliation",
	"use",
] as const;

export function readActuals(text: string, name: string): ReadActuals {
	const refused = (code: string, message: string, field?: string, expected?: string): ReadActuals => ({
		refusal: {
			exit: 2,
			code,
			message,
			detail: {
				file: name,
				hint: HINT,
				...(field === undefined ? {} : { field }),
				...(expected === undefined ? {} : { expected }),
			},
		},
	});
	let content: unknown;
	try {
		content = JSON.parse(text);
	} catch (error) {
		return refused("malformed-json", `${name} is not JSON: ${(error as Error).message}`);
	}
	const envelope = membersOf(content);
	if (envelope["schema"] !== "farthing/1" || envelope["command"] !== "actuals")
		return refused("not-actuals", `${name} holds no saved actuals`, "command", "a result of farthing actuals");
	if (typeof envelope["id"] !== "string" || !Array.isArray(envelope["warnings"]))
		return refused("damaged-result", `${name} lacks its id or its warnings`, "id", "the file as farthing wrote it");
	const result = membersOf(envelope["result"]);
	const fault =
		LISTS.find((member) => !Array.isArray(result[member])) ??
		OBJECTS.find((member) => typeof result[member] !== "object" || result[member] === null);
	if (fault !== undefined)
		return refused(
			"damaged-result",
			`${name} has no ${fault}: it was edited, or written by an earlier version`,
			`result.${fault}`,
			"the file as this version writes it",
		);
	return { saved: { name, answer: content as Envelope<ActualsResult> } };
}

/** Files that this tab has open, by id. */
const open = new Map<string, SavedActuals>();
const PREFIX = "farthing.actuals.";

/** False where it will be gone when the page is loaded again. */
export function keepActuals(
	saved: SavedActuals,
	storage: Pick<Storage, "setItem"> | undefined = tabStorage(),
): boolean {
	open.set(saved.answer.id, saved);
	try {
		storage?.setItem(PREFIX + saved.answer.id, JSON.stringify(saved));
		return storage !== undefined;
	} catch {
		return false;
	}
}

export function keptActuals(
	id: string,
	storage: Pick<Storage, "getItem"> | undefined = tabStorage(),
): SavedActuals | undefined {
	const known = open.get(id);
	if (known !== undefined) return known;
	const text = storage?.getItem(PREFIX + id) ?? undefined;
	if (text === undefined) return undefined;
	const saved = JSON.parse(text) as SavedActuals;
	open.set(id, saved);
	return saved;
}

/** Nothing where the browser forbids it. */
function tabStorage(): Storage | undefined {
	try {
		return globalThis.sessionStorage;
	} catch {
		return undefined;
	}
}

function membersOf(of: unknown): Readonly<Record<string, unknown>> {
	return typeof of === "object" && of !== null ? (of as Readonly<Record<string, unknown>>) : {};
}
