import type { Amount } from "../records/money.ts";
import { addAmounts } from "../records/money.ts";
import type { GpuMicros } from "../records/units.ts";
import type { AttributedLine, Dimension, Owner } from "./attributed-line.ts";
import { COST_LINE_KINDS } from "../records/cost-window.ts";
import { DIMENSIONS } from "./attributed-line.ts";

/** Lines as they come, added up by kind, owner and label. */
export interface LineSums {
	add(line: AttributedLine): void;
	/** By kind as listed, then by owner and label. */
	lines(): AttributedLine[];
}

export function lineSums(): LineSums {
	const sums = new Map<string, AttributedLine>();
	return {
		add: (line) => {
			const key = lineKey(line);
			const before = sums.get(key);
			sums.set(key, before === undefined ? line : joined(before, line));
		},
		lines: () => [...sums].sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0)).map(([, line]) => line),
	};
}

/** Lines by fewer members of their owners; sums stay what they are. */
export function linesBy(lines: readonly AttributedLine[], by: readonly Dimension[]): AttributedLine[] {
	const sums = lineSums();
	for (const line of lines) sums.add({ ...line, owner: ownerBy(line.owner, by) });
	return sums.lines();
}

export function ownerBy(owner: Owner, by: readonly Dimension[]): Owner {
	return Object.fromEntries(
		DIMENSIONS.flatMap((dimension) => {
			const value = owner[dimension];
			return by.includes(dimension) && value !== undefined ? [[dimension, value]] : [];
		}),
	);
}

export function sumOfLines(lines: readonly AttributedLine[], currency: string): Amount {
	return lines.reduce<Amount>((sum, { amount }) => addAmounts(sum, amount), { currency, nano: 0n });
}

function lineKey({ kind, owner, label }: AttributedLine): string {
	const place = String(COST_LINE_KINDS.indexOf(kind));
	return [place, ...DIMENSIONS.map((dimension) => owner[dimension] ?? ""), label ?? ""].join("\u0000");
}

function joined(a: AttributedLine, b: AttributedLine): AttributedLine {
	return {
		kind: a.kind,
		owner: a.owner,
		...(a.label === undefined ? {} : { label: a.label }),
		amount: addAmounts(a.amount, b.amount),
		...both("input", a, b),
		...both("output", a, b),
		...(a.gpu === undefined && b.gpu === undefined ? {} : { gpu: ((a.gpu ?? 0) + (b.gpu ?? 0)) as GpuMicros }),
	};
}

function both(member: "input" | "output", a: AttributedLine, b: AttributedLine): Partial<AttributedLine> {
	const [first, second] = [a[member], b[member]];
	if (first === undefined || second === undefined) {
		const only = first ?? second;
		return only === undefined ? {} : { [member]: only };
	}
	return { [member]: addAmounts(first, second) };
}
