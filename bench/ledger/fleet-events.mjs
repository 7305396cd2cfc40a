// Events as a fleet makes them, as column batches: tokens and latencies are log-normal, tenants follow a power law, ids
// are random. Each key belongs to one team and mostly asks one model.
import { BatchBuilder } from "../../packages/ledger/dist/store/column-batch.js";

const SEP = "\u0000";
const DAY_MICROS = 86_400_000_000;

/** A batch of `usage_request` rows spread over `days` days from `start` (microseconds). */
export function eventBatch(rows, { seed, start, days, keys = 500, teams = 64, models = 25, deployments = 100 }) {
	const draw = stream(seed);
	const batch = new BatchBuilder("usage_request", rows + 1);
	const writer = Object.fromEntries(batch.writers.map((each) => [each.column.name, each]));
	const source = batch.code("source", ["otlp", "1", "gateway", "", ""].join(SEP));
	const tenantOf = Array.from({ length: keys }, (_, key) =>
		batch.code("tenant", ["", `team-${key % teams}`, "", `key-${key}`].join(SEP)),
	);
	const modelOf = Array.from({ length: models }, (_, i) =>
		batch.code("model", [`model-${i}`, "", "", "", ""].join(SEP)),
	);
	const scopeOf = Array.from({ length: deployments }, (_, i) =>
		batch.code("scope", ["", "", "", "", `deployment-${i}`, "", `gpu-${i % 8}`].join(SEP)),
	);
	const spread = days * DAY_MICROS;
	for (let row = 0; row < rows; row++) {
		const key = Math.floor(keys * draw() ** 3);
		const model = draw() < 0.8 ? key % models : Math.floor(draw() * models);
		const inTotal = lognormal(draw, 2000, 1.2);
		const cached = Math.floor(inTotal * draw() * 0.8);
		const out = lognormal(draw, 300, 1);
		const ttft = lognormal(draw, 300_000, 0.7);
		// Events come in order of time, as a meter sends them.
		writer.t0.whole(row, start + Math.floor(((row + draw()) / rows) * spread));
		writer.dur_us.whole(row, ttft + out * lognormal(draw, 20_000, 0.3));
		writer.source_id.code(row, source);
		writer.scope_id.code(row, scopeOf[(model * 4 + Math.floor(draw() * 4)) % deployments]);
		writer.model_id.code(row, modelOf[model]);
		writer.tenant_id.code(row, tenantOf[key]);
		writer.request_uuid.uuid(row, word(draw), word(draw), word(draw), word(draw));
		writer.status.byte(row, draw() < 0.98 ? 0 : 2);
		writer.in_total.whole(row, inTotal);
		writer.in_computed.whole(row, inTotal - cached);
		writer.in_cached_local.whole(row, cached);
		writer.in_cached_remote.whole(row, 0);
		writer.in_transferred.whole(row, 0);
		writer.out_total.whole(row, out);
		writer.out_reasoning.whole(row, Math.floor(out * draw() * 0.5));
		writer.ttft_us.whole(row, ttft);
		batch.endRow();
	}
	return batch.take();
}

export function stream(seed) {
	let state = seed >>> 0 || 1;
	return () => {
		// xorshift32: three shifts, good enough for sizes and labels.
		state ^= state << 13;
		state >>>= 0;
		state ^= state >>> 17;
		state ^= state << 5;
		state >>>= 0;
		return state / 4_294_967_296;
	};
}

function word(draw) {
	return Math.floor(draw() * 4_294_967_296);
}

function lognormal(draw, median, sigma) {
	const normal = Math.sqrt(-2 * Math.log(draw() || 1e-12)) * Math.cos(2 * Math.PI * draw());
	return Math.max(1, Math.round(median * Math.exp(sigma * normal)));
}
