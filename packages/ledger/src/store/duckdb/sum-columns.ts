/** The part of a sum that goes into 64 bits: the sum where it fits, else nothing. */
export function inBigint(sum: string): string {
	return `CASE WHEN ${fits(sum)} THEN ${sum}::BIGINT END`;
}

/** The sum where 64 bits do not hold it, else nothing. */
export function overBigint(sum: string): string {
	return `CASE WHEN NOT (${fits(sum)}) THEN ${sum}::HUGEINT END`;
}

function fits(sum: string): string {
	return `${sum} BETWEEN -9223372036854775807 AND 9223372036854775807`;
}
