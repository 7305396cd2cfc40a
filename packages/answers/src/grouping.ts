/** Groups by key, in the order in which keys are first met. */
export function groupedBy<T>(of: readonly T[], key: (each: T) => string): Map<string, T[]> {
	const groups = new Map<string, T[]>();
	for (const each of of) {
		const name = key(each);
		const group = groups.get(name);
		if (group === undefined) groups.set(name, [each]);
		else group.push(each);
	}
	return groups;
}
