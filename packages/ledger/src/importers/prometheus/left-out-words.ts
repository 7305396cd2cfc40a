/** What is said of samples that were left out of a request of remote write. */
import type { LeftOut } from "./waiting-series.ts";

export function samplesAhead(leftOut: LeftOut): string {
	return `${counted(leftOut)} ahead of the clock of the server by more than an hour: left out, all others were taken (${first(leftOut)})`;
}

export function samplesLate(leftOut: LeftOut): string {
	return `${counted(leftOut)} of a time that its target was metered for already: left out, all others were taken (${first(leftOut)})`;
}

function counted({ samples }: LeftOut): string {
	return samples === 1 ? "1 sample is" : `${samples} samples are`;
}

function first({ series, at }: LeftOut): string {
	return `the first: ${series}, ${new Date(at).toISOString()}`;
}
