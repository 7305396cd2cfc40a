/** Names for people in place of ids, where the catalogue has them. */
import type { Facts } from "@farthing/catalogue";
import type { Span } from "./report-model.ts";

export interface Names {
	readonly hardware: Readonly<Record<string, string>>;
	readonly models: Readonly<Record<string, string>>;
	readonly stacks: Readonly<Record<string, string>>;
	readonly precisions: Readonly<Record<string, string>>;
	readonly speculative: Readonly<Record<string, string>>;
}

export const NO_NAMES: Names = { hardware: {}, models: {}, stacks: {}, precisions: {}, speculative: {} };

/** Names of the catalogue, without what they add in brackets where that is not needed to tell them apart. */
export function namesOf(facts: Pick<Facts, keyof Names>): Names {
	return {
		hardware: shortNames(facts.hardware),
		models: shortNames(facts.models),
		stacks: shortNames(facts.stacks),
		precisions: shortNames(facts.precisions),
		speculative: shortNames(facts.speculative),
	};
}

export function nameOf(names: Names, kind: keyof Names, id: string): Span {
	return { kind: "name", name: nameText(names, kind, id) };
}

export function nameText(names: Names, kind: keyof Names, id: string): string {
	const of = names[kind];
	return Object.hasOwn(of, id) ? (of[id] as string) : id;
}

function shortNames(of: readonly { readonly id: string; readonly name: string }[]): Record<string, string> {
	const short = of.map(({ name }) => name.replace(/\s*\((NVL\d+)\)/, " $1").replace(/\s*\([^()]*\)/g, ""));
	return Object.fromEntries(
		of.map(({ id, name }, i) => [
			id,
			short.filter((each) => each === short[i]).length > 1 ? name : (short[i] as string),
		]),
	);
}
