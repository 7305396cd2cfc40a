/** Published prices of a rented GPU-hour on demand: of each provider its lowest, cheapest first. */
import { hardwareNamed } from "@farthing/answers";
import type { CloudPrice } from "@farthing/catalogue";
import type { Host } from "../host.ts";

export interface RentsWords {
	readonly hardware: string;
}

export interface RentOffer {
	readonly provider: string;
	readonly sku?: string;
	/** As a scenario states it: `5.5 USD/GPU-hr`. */
	readonly rate: string;
	readonly source: string;
	readonly asOf: string;
}

export interface RentsAnswer {
	readonly offers: readonly RentOffer[];
	/** An offer as it stands, with as many providers below as above it, of an even number one fewer below. */
	readonly middle?: RentOffer;
}

export async function answer({ hardware }: RentsWords, host: Host): Promise<RentsAnswer> {
	const catalogue = await host.catalogue({});
	const { id } = hardwareNamed(catalogue, hardware, { field: "strategies.hardware" });
	const lowest = new Map<string, CloudPrice>();
	for (const price of catalogue.cloudPrices) {
		if (price.hardware !== id || price.term !== "on-demand") continue;
		const known = lowest.get(price.provider);
		if (known === undefined || price.gpuHour.value < known.gpuHour.value) lowest.set(price.provider, price);
	}
	const offers = [...lowest.values()].sort((a, b) => a.gpuHour.value - b.gpuHour.value).map(offerOf);
	const middle = offers[Math.floor((offers.length - 1) / 2)];
	return { offers, ...(middle === undefined ? {} : { middle }) };
}

function offerOf({ provider, sku, gpuHour: { value, unit, source, asOf } }: CloudPrice): RentOffer {
	return { provider, ...(sku === undefined ? {} : { sku }), rate: `${value} ${unit}`, source, asOf };
}
