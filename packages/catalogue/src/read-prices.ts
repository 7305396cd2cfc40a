import type { ApiPrice, CardRates, CloudPrice, FacilityFact, RateReading } from "./catalogue.ts";
import { CLOUD_TERMS } from "./catalogue.ts";
import { cell, choiceCell, countCell, noteId, openCsv, textCell } from "./csv-table.ts";
import type { Reading } from "./read-figure.ts";
import { dayCell, evidenceCells, figureCell, referenceCell, unitCell } from "./read-figure.ts";

const EVIDENCE = ["source", "as_of", "confidence"];

export function readFacility(file: string, text: string, reading: Reading): FacilityFact[] {
	const required = ["id", "kind", "name", "region", "value", "unit", "low", "high", "note", ...EVIDENCE];
	const seen = new Set<string>();
	return openCsv(file, text, reading.issues, { required }).flatMap((row) => {
		const id = textCell(row, "id");
		const kind = textCell(row, "kind");
		const name = textCell(row, "name");
		const unit = unitCell(row, "unit");
		const more = { low: "low", high: "high", note: "note" };
		const figure = figureCell(row, "value", unit ?? "", evidenceCells(row, reading), more);
		if (id === undefined || kind === undefined || name === undefined || unit === undefined || !figure) return [];
		noteId(row, "id", id, seen);
		const region = cell(row, "region");
		return [{ id, kind, name, ...(region !== "" && { region }), figure }];
	});
}

/** API list prices: USD per million tokens of one kind. */
export function readApiPrices(file: string, text: string, reading: Reading): ApiPrice[] {
	const prices = ["input_usd_per_mtok", "output_usd_per_mtok", "cached_input_usd_per_mtok"];
	const names = ["model", "architecture", "provider", "provider_model_id", "seller", "listed_on"];
	const required = [...names, ...prices, ...EVIDENCE];
	const seen = new Set<string>();
	return openCsv(file, text, reading.issues, { required }).flatMap((row) => {
		const model = textCell(row, "model");
		const architecture = referenceCell(row, "architecture", "model", reading);
		const provider = textCell(row, "provider");
		const providerModelId = textCell(row, "provider_model_id");
		const seller = choiceCell(row, "seller", ["host", "reseller"]);
		const listedOn = cell(row, "listed_on");
		const evidence = evidenceCells(row, reading);
		const figure = (column: string) => figureCell(row, column, "USD/Mtok", evidence);
		const input = figure("input_usd_per_mtok");
		const output = figure("output_usd_per_mtok");
		const hasCached = cell(row, "cached_input_usd_per_mtok") !== "";
		const cachedInput = hasCached ? figure("cached_input_usd_per_mtok") : undefined;
		if (model === undefined || architecture === undefined || provider === undefined) return [];
		if (providerModelId === undefined || seller === undefined || !input || !output) return [];
		const id = `${model}@${provider}/${providerModelId}`;
		noteId(row, "provider_model_id", id, seen);
		return [
			{
				id,
				model,
				architecture,
				provider,
				providerModelId,
				seller,
				input,
				output,
				...(cachedInput && { cachedInput }),
				...(listedOn !== "" && { listedOn }),
			},
		];
	});
}

/** Cloud list prices: USD per hour, by instance and by GPU. */
export function readCloudPrices(file: string, text: string, reading: Reading): CloudPrice[] {
	const prices = ["usd_per_instance_hour", "usd_per_gpu_hour", "low_usd_per_gpu_hour", "high_usd_per_gpu_hour"];
	const names = ["provider", "sku", "accelerator", "hardware", "gpus", "term", "region", "note"];
	const required = [...names, ...prices, ...EVIDENCE];
	const seen = new Set<string>();
	return openCsv(file, text, reading.issues, { required }).flatMap((row) => {
		const provider = textCell(row, "provider");
		const accelerator = textCell(row, "accelerator");
		const isKnown = cell(row, "hardware") !== "";
		const hardware = isKnown ? referenceCell(row, "hardware", "hardware", reading) : undefined;
		const gpus = countCell(row, "gpus");
		const term = choiceCell(row, "term", CLOUD_TERMS);
		const evidence = evidenceCells(row, reading);
		const more = { low: "low_usd_per_gpu_hour", high: "high_usd_per_gpu_hour", note: "note" };
		const gpuHour = figureCell(row, "usd_per_gpu_hour", "USD/GPU-hr", evidence, more);
		const instanceHour = figureCell(row, "usd_per_instance_hour", "USD/hr", evidence);
		if (provider === undefined || accelerator === undefined || gpus === undefined || term === undefined) return [];
		if (gpuHour === undefined || instanceHour === undefined) return [];
		const sku = cell(row, "sku");
		const region = cell(row, "region");
		const parts = [provider, sku || accelerator, term, region, gpuHour.asOf];
		const id = parts.filter((part) => part !== "").join("/");
		noteId(row, "sku", id, seen);
		return [
			{
				id,
				provider,
				...(sku !== "" && { sku }),
				accelerator,
				...(hardware !== undefined && { hardware }),
				gpus,
				term,
				...(region !== "" && { region }),
				gpuHour,
				instanceHour,
			},
		];
	});
}

export function readRateReadings(file: string, text: string, reading: Reading): RateReading[] {
	const columns: readonly [keyof CardRates, string, string][] = [
		["own_hyperscaler", "own_hyperscaler_usd_per_gpu_hour", "USD/GPU-hr"],
		["own_neocloud", "own_neocloud_usd_per_gpu_hour", "USD/GPU-hr"],
		["rent_3yr", "rent_3yr_usd_per_gpu_hour", "USD/GPU-hr"],
		["allInPower", "all_in_power_kw_per_gpu", "kW/GPU"],
	];
	const required = ["id", "read_on", "hardware", "note", ...columns.map(([, column]) => column), ...EVIDENCE];
	const seen = new Set<string>();
	return openCsv(file, text, reading.issues, { required }).flatMap((row) => {
		const id = textCell(row, "id");
		const readOn = dayCell(row, "read_on");
		const hardware = referenceCell(row, "hardware", "hardware", reading);
		const evidence = evidenceCells(row, reading);
		const rates: { -readonly [N in keyof CardRates]: CardRates[N] } = {};
		for (const [name, column, unit] of columns) {
			if (cell(row, column) === "") continue;
			const figure = figureCell(row, column, unit, evidence, { note: "note" });
			if (figure !== undefined) rates[name] = figure;
		}
		if (id === undefined || readOn === undefined || hardware === undefined) return [];
		noteId(row, "id", id, seen);
		return [{ id, readOn, hardware, rates }];
	});
}
