/** Models of one architecture count as one body: a row of one speaks for the others. */
import type { Catalogue } from "@farthing/catalogue";
import { servedModelOf } from "@farthing/catalogue";
import type { ServedModel } from "@farthing/engine";

/** Id of the first model with the same architecture; nothing where the catalogue does not describe it. */
export function bodyOf(catalogue: Pick<Catalogue, "models">, model: string): string | undefined {
	return bodiesOf(catalogue).get(model)?.body;
}

export function servedModelNamed(catalogue: Pick<Catalogue, "models">, model: string): ServedModel | undefined {
	return bodiesOf(catalogue).get(model)?.served;
}

interface Body {
	readonly body: string;
	readonly served: ServedModel;
}

const known = new WeakMap<object, ReadonlyMap<string, Body>>();

function bodiesOf(catalogue: Pick<Catalogue, "models">): ReadonlyMap<string, Body> {
	const already = known.get(catalogue.models);
	if (already !== undefined) return already;
	const byShape = new Map<string, string>();
	const bodies = new Map<string, Body>();
	for (const model of catalogue.models) {
		const served = servedModelOf(model);
		if (!served.complete) continue;
		const { id, context: _context, publishedParameters: _published, ...shape } = served.value;
		const key = JSON.stringify(shape);
		const body = byShape.get(key) ?? id;
		byShape.set(key, body);
		bodies.set(id, { body, served: served.value });
	}
	known.set(catalogue.models, bodies);
	return bodies;
}
