/** How long requests are, in and out. */
import { Draws } from "./draws.ts";

export type LengthSpec =
	| { readonly kind: "fixed"; readonly input: number; readonly output: number }
	/** Both uniform from `least` of the nominal length up to it, as InferenceX draws them (0.8). */
	| { readonly kind: "uniform"; readonly input: number; readonly output: number; readonly least: number }
	/** Each log-normal about its mean. */
	| {
			readonly kind: "log-normal";
			readonly input: number;
			readonly output: number;
			readonly inputVariation: number;
			readonly outputVariation: number;
	  }
	| { readonly kind: "exponential"; readonly input: number; readonly output: number }
	/** As fitted to a trace. */
	| { readonly kind: "joint"; readonly cells: readonly LengthCell[] };

/**
 * Requests whose input lies between two quantiles: quantiles of the input inside the cell, from its least to its largest,
 * and of the output of these requests. All cells hold the same share.
 */
export interface LengthCell {
	readonly input: readonly number[];
	readonly output: readonly number[];
}

export interface LengthPair {
	inputTokens: number;
	outputTokens: number;
}

export interface Lengths {
	/** Whole numbers from 1. */
	draw(into: LengthPair): void;
}

export function lengths(spec: LengthSpec, seed: number): Lengths {
	const inputs = new Draws(seed, "input lengths");
	const outputs = new Draws(seed, "output lengths");
	switch (spec.kind) {
		case "fixed":
			return drawn(
				() => spec.input,
				() => spec.output,
			);
		case "uniform":
			return drawn(
				() => spec.input * (spec.least + (1 - spec.least) * inputs.uniform()),
				() => spec.output * (spec.least + (1 - spec.least) * outputs.uniform()),
			);
		case "log-normal":
			return drawn(
				() => spec.input * inputs.logNormal(spec.inputVariation),
				() => spec.output * outputs.logNormal(spec.outputVariation),
			);
		case "exponential":
			return drawn(
				() => spec.input * inputs.exponential(),
				() => spec.output * outputs.exponential(),
			);
		case "joint":
			return jointLengths(spec.cells, inputs, outputs);
	}
}

/** Mean tokens of a request, in and out. */
export function meanLengths(spec: LengthSpec): { readonly input: number; readonly output: number } {
	if (spec.kind === "joint") {
		const mean = (of: (cell: LengthCell) => readonly number[]): number =>
			spec.cells.reduce((sum, cell) => sum + meanOfQuantiles(of(cell)), 0) / spec.cells.length;
		return { input: mean(({ input }) => input), output: mean(({ output }) => output) };
	}
	const middle = spec.kind === "uniform" ? (1 + spec.least) / 2 : 1;
	return { input: spec.input * middle, output: spec.output * middle };
}

/** A length class for cost per request: powers of four of all tokens. */
export const LENGTH_CLASSES: readonly { readonly name: string; readonly mostTokens: number }[] = [
	{ name: "up to 256 tokens", mostTokens: 256 },
	{ name: "up to 1,024 tokens", mostTokens: 1024 },
	{ name: "up to 4,096 tokens", mostTokens: 4096 },
	{ name: "up to 16,384 tokens", mostTokens: 16_384 },
	{ name: "longer", mostTokens: Number.MAX_SAFE_INTEGER },
];

function drawn(input: () => number, output: () => number): Lengths {
	return {
		draw(into) {
			into.inputTokens = atLeastOne(input());
			into.outputTokens = atLeastOne(output());
		},
	};
}

function jointLengths(cells: readonly LengthCell[], inputs: Draws, outputs: Draws): Lengths {
	return {
		draw(into) {
			const place = inputs.uniform() * cells.length;
			const at = Math.floor(place);
			const cell = cells[at] as LengthCell;
			into.inputTokens = atLeastOne(between(cell.input, place - at));
			into.outputTokens = atLeastOne(between(cell.output, outputs.uniform()));
		},
	};
}

/** Value at the share `p` of evenly spaced quantiles, straight in between. */
function between(quantiles: readonly number[], p: number): number {
	const place = p * (quantiles.length - 1);
	const at = Math.min(quantiles.length - 2, Math.floor(place));
	if (at < 0) return quantiles[0] as number;
	const low = quantiles[at] as number;
	return low + ((quantiles[at + 1] as number) - low) * (place - at);
}

function meanOfQuantiles(quantiles: readonly number[]): number {
	if (quantiles.length === 1) return quantiles[0] as number;
	let sum = 0;
	for (let i = 1; i < quantiles.length; i++) sum += ((quantiles[i - 1] as number) + (quantiles[i] as number)) / 2;
	return sum / (quantiles.length - 1);
}

function atLeastOne(tokens: number): number {
	return Math.max(1, Math.floor(tokens + 0.5));
}
