/** As alike as three digits can tell: a caption that shows both must not speak of a change. */
export function isSame(first: number, last: number): boolean {
	return Math.abs(last - first) < 0.0005 * Math.abs(first);
}
