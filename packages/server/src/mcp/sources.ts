/** Where the numbers of a reply come from: the sources of all inputs and benchmark rows that the graph has behind them. */

export interface Source {
	readonly source: string;
	readonly as_of?: string;
	readonly grade?: string;
}

/** As the graph is saved: inputs hold their source, tables those of their rows, all others the places of their inputs. */
interface SavedGraph {
	readonly nodes: readonly {
		readonly id?: string;
		readonly args?: readonly number[];
		readonly spec?: Evidence;
		readonly table?: number;
	}[];
	readonly tables: readonly { readonly knots?: readonly Evidence[] }[];
}
interface Evidence {
	readonly source?: string;
	readonly asOf?: string;
	readonly grade?: string;
	readonly role?: string;
}

/**
 * `whole`: answers with their graph, as JSON. Each source once, in the order in which the reply leans on them; what was
 * set for the question (conditions) comes after what was measured or quoted.
 */
export function sourcesOf(whole: readonly string[], reply: object): Source[] {
	const named = nodesIn(reply);
	const found = whole.flatMap((each) =>
		evidenceBehind((JSON.parse(each) as { readonly graph: SavedGraph }).graph, named),
	);
	const sources = new Map<string, Source>();
	for (const isCondition of [false, true]) {
		for (const { source, asOf, grade, role } of found) {
			if (source === undefined || sources.has(source) || (role === "condition") !== isCondition) continue;
			const told = {
				source,
				...(asOf === undefined ? {} : { as_of: asOf }),
				...(grade === undefined ? {} : { grade }),
			};
			sources.set(source, told);
		}
	}
	return [...sources.values()];
}

function evidenceBehind({ nodes, tables }: SavedGraph, named: ReadonlySet<string>): Evidence[] {
	const places = new Map(nodes.map(({ id }, place) => [id, place]));
	const reached = new Set([...named].flatMap((id) => places.get(id) ?? []));
	// A set that grows while it is walked: what was reached is walked too.
	for (const place of reached) for (const arg of nodes[place]?.args ?? []) reached.add(arg);
	return [...reached].flatMap((place) => {
		const { spec, table } = nodes[place] ?? {};
		const rows = table === undefined ? [] : (tables[table]?.knots ?? []);
		return spec === undefined ? rows : [spec, ...rows];
	});
}

/** Ids of the nodes that quantities of a reply name, in its order. */
function nodesIn(of: unknown, found: Set<string> = new Set()): Set<string> {
	if (typeof of !== "object" || of === null) return found;
	for (const [name, value] of Object.entries(of)) {
		if (name === "node" && typeof value === "string") found.add(value);
		else nodesIn(value, found);
	}
	return found;
}
