import { describe, expect, it } from "vitest";
import { dimsText } from "./dimension.ts";
import { QuantityError } from "./quantity-error.ts";
import {
	type AnyUnit,
	day,
	fraction,
	gigabyte,
	gpuHour,
	gram,
	interactivity,
	kilowatt,
	kilowattHour,
	megatoken,
	megawattHour,
	millisecond,
	month,
	one,
	per,
	percent,
	teraflop,
	tokensPerDay,
	tokensPerGpuSecond,
	tokensPerSecond,
	usd,
	usdPerGpuHour,
	usdPerMtok,
	year,
} from "./unit.ts";
import { parseUnit, unitName } from "./unit-registry.ts";

describe("parseUnit", () => {
	const known: AnyUnit[] = [
		one,
		fraction,
		percent,
		millisecond,
		day,
		month,
		year,
		gpuHour,
		usd,
		usdPerGpuHour,
		kilowatt,
		kilowattHour,
		megawattHour,
		gigabyte,
		teraflop,
		gram,
		megatoken("output"),
		usdPerMtok("output"),
		tokensPerDay("output"),
		tokensPerSecond("output"),
		tokensPerGpuSecond("output"),
		interactivity,
		per(per(usd, kilowatt), month),
		per(kilowattHour, megatoken("output")),
	];
	it.each(known.map((unit): [string, AnyUnit] => [unit.symbol, unit]))("finds the unit of %s", (symbol, unit) => {
		const parsed = parseUnit(symbol, "output");
		expect(dimsText(parsed.dims)).toBe(dimsText(unit.dims));
		expect(parsed.factor).toBe(unit.factor);
		expect(parsed.symbol).toBe(symbol);
	});

	it("writes other spellings as the symbol", () => {
		expect(parseUnit("$/gpu-hour").symbol).toBe("USD/GPU-hr");
		expect(parseUnit("tokens per second per user", "output").symbol).toBe("tok/s/user");
		expect(parseUnit("dollars per M output tokens").symbol).toBe("USD/Mtok(output)");
		expect(parseUnit("kW-hr").symbol).toBe("kWh");
	});

	it("wants to know which tokens", () => {
		expect(() => parseUnit("USD/Mtok")).toThrow(QuantityError);
		expect(dimsText(parseUnit("USD/Mtok (cached input)").dims)).toBe("USD/tok:cached_input");
	});

	it.each(["parsec", "m", "USD/", "USD//GPU", "/", "USD(output)", "toString", "", "USD/GPU-"])(
		"tells %s from a unit",
		(text) => {
			if (text === "") expect(parseUnit(text).factor).toBe(1);
			else expect(() => parseUnit(text)).toThrow(QuantityError);
		},
	);
});

describe("unitName", () => {
	it("adds the token kind to a symbol", () => {
		expect(unitName(usdPerMtok("output"))).toBe("USD/Mtok(output)");
		expect(unitName(tokensPerDay("total"))).toBe("tok(total)/day");
		expect(unitName(usdPerGpuHour)).toBe("USD/GPU-hr");
	});
});
