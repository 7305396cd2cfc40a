/** Draws from distributions, out of one stream of uniforms that is read in blocks. */
import { exp, log, normalQuantile, pow } from "../numerics/elementary.ts";
import { uniformStream } from "../numerics/random.ts";

const BLOCK = 512;

export class Draws {
	readonly #block = new Float64Array(BLOCK);
	readonly #fill: (into: Float64Array, count: number) => void;
	#at = BLOCK;

	constructor(seed: number, name: string) {
		this.#fill = uniformStream(seed, name).fill;
	}

	/** In (0, 1). */
	uniform(): number {
		if (this.#at === BLOCK) {
			this.#fill(this.#block, BLOCK);
			this.#at = 0;
		}
		return this.#block[this.#at++] as number;
	}

	/** Mean 1. */
	exponential(): number {
		return -log(this.uniform());
	}

	normal(): number {
		return normalQuantile(this.uniform());
	}

	/** Mean 1 and the given coefficient of variation. */
	logNormal(variation: number): number {
		const variance = log(1 + variation * variation);
		return exp(Math.sqrt(variance) * this.normal() - variance / 2);
	}

	/**
	 * Mean 1 and the given coefficient of variation: shape 1/cv². Marsaglia and Tsang, "A simple method for generating
	 * gamma variables", ACM TOMS 26 (2000); below shape 1 with their boost.
	 */
	gamma(variation: number): number {
		const shape = 1 / (variation * variation);
		if (shape >= 1) return this.#gammaOf(shape) / shape;
		const boosted = this.#gammaOf(shape + 1);
		return (boosted * pow(this.uniform(), 1 / shape)) / shape;
	}

	#gammaOf(shape: number): number {
		const d = shape - 1 / 3;
		const c = 1 / Math.sqrt(9 * d);
		for (;;) {
			const x = this.normal();
			const root = 1 + c * x;
			if (root <= 0) continue;
			const v = root * root * root;
			if (log(this.uniform()) < (x * x) / 2 + d - d * v + d * log(v)) return d * v;
		}
	}
}
