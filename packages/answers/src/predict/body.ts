/** Models of one architecture count as one body: a row of one speaks for the others. */
import type { Catalogue } from "@farthing/catalogue";
import { servedModelOf } from "@farthing/catalogue";
import type { ServedModel } from "@farthing/engine";

export function servedModelNamed(catalogue: Pick<Catalogue, "models">, model: string): ServedModel | undefined {
	return bodiesOf(catalogue).get(model)?.served;
}

/** What a row carries of its names beside them. */
export function kinOf(
	catalogue: Pick<Catalogue, "models" | "hardware">,
	model: string,
	hardware: string,
): { body: string; family: string; isMixture: boolean } | undefined {
	const of = bodiesOf(catalogue).get(model);
	const part = catalogue.hardware.find(({ id }) => id === hardware);
	if (of === undefined || part === undefined) return undefined;
	const { fp4, fp8 } = part.figures;
	const narrowest = fp4 !== undefined ? "fp4" : fp8 !== undefined ? "fp8" : "bf16";
	return { body: of.body, family: `${part.vendor}-${narrowest}`, isMixture: of.served.experts !== undefined };
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
