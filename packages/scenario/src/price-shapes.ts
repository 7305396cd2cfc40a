/** Prices over the years and per token, and shares of a whole. */
import { fraction, ratio, usdPerMtok } from "@farthing/engine";
import type { RawPath, RawRegime, RawTokenPrice, Share } from "./five-years-raw.ts";
import { monthMark } from "./month-shapes.ts";
import { quantityOf } from "./quantity-shape.ts";
import { type MembersOf, optional, required, section } from "./section.ts";
import { listOf, type Shape } from "./shape.ts";

export const share = (description: string, example: string): Shape<Share> =>
	quantityOf(fraction, { description, example, fraction: true, bounds: { min: 0, max: 1 } });

const declinePerYear = (description: string) =>
	quantityOf(fraction, { description, example: "20%", fraction: true, bounds: { min: 0, below: 1 } });

export const regimes: Shape<readonly RawRegime[]> = listOf(
	section(
		{
			at: required(monthMark("First month of the regime")),
			decline: optional(declinePerYear("Fall a year while it holds.")),
			rise: optional(
				quantityOf(fraction, {
					description: "Rise a year while it holds.",
					example: "10%",
					bounds: { min: 0, max: 10 },
				}),
			),
			jump: optional(
				quantityOf(ratio, {
					description: "Price over that before, at once.",
					example: "1.38",
					bounds: { above: 0, max: 100 },
				}),
			),
		},
		{ description: "A regime of prices, until the next" },
	),
);

/** A price over the years: one decline, or regimes. */
export const pathMembers: MembersOf<RawPath> = {
	price_decline: optional(declinePerYear("Fall of the price a year, for all years.")),
	price_path: optional(regimes),
};

export const tokenPrice: MembersOf<RawTokenPrice> = {
	input: required(
		quantityOf(usdPerMtok("input"), { description: "Per input token.", example: "0.55 USD/Mtok", bounds: { min: 0 } }),
	),
	cached_input: optional(
		quantityOf(usdPerMtok("cached_input"), {
			description: "Per cached input token.",
			example: "0.14 USD/Mtok",
			bounds: { min: 0 },
		}),
	),
	output: required(
		quantityOf(usdPerMtok("output"), {
			description: "Per output token.",
			example: "2.19 USD/Mtok",
			bounds: { min: 0 },
		}),
	),
};
