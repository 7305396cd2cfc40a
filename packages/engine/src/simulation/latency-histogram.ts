/**
 * Counts of positive values in cells whose width is 1/512 of their octave: a quantile is off by at most 0.1%, in a few
 * hundred kilobytes whatever the number of values. The cell is read off the bits of the double, without a logarithm.
 */

const CELLS_PER_OCTAVE = 512;
const SHIFT = 11;
/** 2⁻²⁰ s, a microsecond, to 2²⁴ s, half a year; what lies beyond goes to the end cells. */
const FIRST = (1023 - 20) * CELLS_PER_OCTAVE;
const LAST = (1023 + 24) * CELLS_PER_OCTAVE;

const FLOAT = new Float64Array(1);
const WORDS = new Uint32Array(FLOAT.buffer);
FLOAT[0] = 1;
const HIGH = WORDS[1] === 0x3ff00000 ? 1 : 0;

export class LatencyHistogram {
	readonly #counts = new Uint32Array(LAST - FIRST);
	/** Values of 0, which the oracles of a queue without waiting have. */
	#zeros = 0;
	count = 0;
	sum = 0;
	largest = 0;

	add(seconds: number): void {
		this.count++;
		this.sum += seconds;
		if (seconds > this.largest) this.largest = seconds;
		if (seconds <= 0) {
			this.#zeros++;
			return;
		}
		FLOAT[0] = seconds;
		const cell = ((WORDS[HIGH] as number) >>> SHIFT) - FIRST;
		const at = cell < 0 ? 0 : cell >= LAST - FIRST ? LAST - FIRST - 1 : cell;
		this.#counts[at] = (this.#counts[at] as number) + 1;
	}

	get mean(): number {
		return this.sum / this.count;
	}

	/** The value that the share `p` of the values does not exceed: the middle of its cell. NaN where there is none. */
	quantile(p: number): number {
		if (this.count === 0) return Number.NaN;
		const rank = Math.max(1, Math.ceil(p * this.count));
		let seen = this.#zeros;
		if (seen >= rank) return 0;
		for (let cell = 0; cell < this.#counts.length; cell++) {
			seen += this.#counts[cell] as number;
			if (seen >= rank) return Math.min(middleOf(cell), this.largest);
		}
		return this.largest;
	}

	clear(): void {
		this.#counts.fill(0);
		this.#zeros = 0;
		this.count = 0;
		this.sum = 0;
		this.largest = 0;
	}
}

function middleOf(cell: number): number {
	WORDS[1 - HIGH] = 0;
	WORDS[HIGH] = (cell + FIRST) << SHIFT;
	const low = FLOAT[0] as number;
	WORDS[HIGH] = (cell + FIRST + 1) << SHIFT;
	return (low + (FLOAT[0] as number)) / 2;
}
