import { capacityShape, type CapacitySample } from "../records/capacity.ts";
import { chargeShape, type ChargeRecord } from "../records/charge.ts";
import { priceShape, type PriceRecord } from "../records/price.ts";
import type { BatchBuilder } from "./column-batch.ts";
import { scopeKey } from "./encode-usage.ts";
import { KEY_SEPARATOR } from "./table.ts";

/** Adds samples to a batch of `capacity`. */
export function capacityEncoder(batch: BatchBuilder): (sample: CapacitySample) => void {
	const t0 = batch.writer("t0");
	const duration = batch.writer("dur_us");
	const source = batch.writer("source_id");
	const gpu = batch.writer("gpu_id");
	const scope = batch.writer("scope_id");
	const held = batch.writer("held_us");
	const busy = batch.writer("busy_us");
	const energy = batch.writer("energy_mj");
	const valid = batch.writer("power_valid");
	const more = batch.writer("more");
	return (sample) => {
		const row = batch.rows;
		t0.whole(row, sample.t0);
		duration.whole(row, sample.t1 - sample.t0);
		const { adapter, version, instance = "" } = sample.source;
		// An exporter stands beside the way of a request: its kind is empty.
		source.code(row, batch.code("source", [adapter, version, "", instance, ""].join(KEY_SEPARATOR)));
		const { uuid, model = "", node = "", cluster = "", mig = "" } = sample.gpu;
		gpu.code(row, batch.code("gpu", [uuid, model, node, cluster, mig].join(KEY_SEPARATOR)));
		if (sample.held_by !== undefined) scope.code(row, batch.code("scope", scopeKey(sample.held_by)));
		if (sample.gpu_time.held !== undefined) held.whole(row, sample.gpu_time.held);
		if (sample.gpu_time.busy !== undefined) busy.whole(row, sample.gpu_time.busy);
		if (sample.energy?.used !== undefined) energy.whole(row, sample.energy.used);
		if (sample.energy !== undefined) valid.byte(row, sample.energy.power_valid ? 1 : 0);
		const { gpu_time, energy: measured, activity } = capacityShape.write(sample) as Record<string, unknown>;
		more.text(row, JSON.stringify({ gpu_time, energy: measured, activity }));
		batch.endRow();
	};
}

/** Adds prices to a batch of `price`. */
export function priceEncoder(batch: BatchBuilder): (price: PriceRecord) => void {
	const id = batch.writer("price_id");
	const from = batch.writer("valid_from");
	const record = batch.writer("record");
	return (price) => {
		const row = batch.rows;
		id.text(row, price.id);
		from.whole(row, price.valid_from);
		record.text(row, JSON.stringify(priceShape.write(price)));
		batch.endRow();
	};
}

/** Adds rows of a bill to a batch of `charge`. */
export function chargeEncoder(batch: BatchBuilder): (charge: ChargeRecord) => void {
	const t0 = batch.writer("t0");
	const t1 = batch.writer("t1");
	const billing = batch.writer("billing_t0");
	const currency = batch.writer("currency");
	const billed = batch.writer("billed_nano");
	const effective = batch.writer("effective_nano");
	const category = batch.writer("category");
	const record = batch.writer("record");
	return (charge) => {
		const row = batch.rows;
		t0.whole(row, charge.charge_period_start);
		t1.whole(row, charge.charge_period_end);
		billing.whole(row, charge.billing_period_start);
		currency.text(row, charge.billed_cost.currency);
		billed.big(row, charge.billed_cost.nano);
		effective.big(row, charge.effective_cost.nano);
		category.text(row, charge.charge_category);
		record.text(row, JSON.stringify(chargeShape.write(charge)));
		batch.endRow();
	};
}
