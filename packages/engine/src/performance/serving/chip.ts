/** What the step-time law needs of an accelerator. Rates are dense peaks of one chip; bandwidth is one way. */
import type { WeightFormat } from "./tensor-formats.ts";

export interface Chip {
	readonly id: string;
	readonly bf16FlopPerSecond: number;
	/** Absent where the chip has no such units. */
	readonly fp8FlopPerSecond?: number;
	readonly fp4FlopPerSecond?: number;
	readonly memoryBytes: number;
	readonly memoryBytesPerSecond: number;
	readonly scaleUpBytesPerSecond: number;
	/** Chips that the scale-up link joins. */
	readonly scaleUpChips: number;
	readonly networkBytesPerSecond: number;
}

/** Peak at which weights of a format are multiplied: a format that is only stored is multiplied at 16 bit. */
export function peakOf(chip: Chip, format: WeightFormat): number {
	const { bf16FlopPerSecond: bf16, fp8FlopPerSecond: fp8, fp4FlopPerSecond: fp4 } = chip;
	if (format === "nvfp4" || format === "mxfp4") return fp4 ?? bf16;
	if (format === "fp8" || format === "int8") return fp8 ?? bf16;
	return bf16;
}

/** Whether the chip multiplies the format itself. INT4 is a storage format, multiplied at 16 bit anywhere. */
export function multiplies(chip: Chip, format: WeightFormat): boolean {
	if (format === "nvfp4" || format === "mxfp4") return chip.fp4FlopPerSecond !== undefined;
	if (format === "fp8") return chip.fp8FlopPerSecond !== undefined;
	return true;
}
