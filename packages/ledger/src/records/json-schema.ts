import { capacityShape } from "./capacity.ts";
import { chargeShape } from "./charge.ts";
import { costWindowShape } from "./cost-window.ts";
import { priceShape } from "./price.ts";
import type { JsonObject } from "./record-shape.ts";
import { usageShape } from "./usage.ts";

/** JSON Schema of the records, from the same shapes that read them. */
export function recordsJsonSchema(): JsonObject {
	return {
		$schema: "http://json-schema.org/draft-07/schema#",
		title: "farthing ledger records, version 1",
		definitions: {
			usage: usageShape.schema,
			capacity: capacityShape.schema,
			price: priceShape.schema,
			charge: chargeShape.schema,
			cost_window: costWindowShape.schema,
		},
	};
}
