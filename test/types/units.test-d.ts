// What must not compile. `npm run types` fails where an @ts-expect-error below finds nothing to suppress.
import {
	addQuantities,
	type Dims,
	divideQuantities,
	fraction,
	gpu,
	gpuHour,
	hour,
	interactivity,
	inUnit,
	kilowatt,
	kilowattHour,
	multiplyQuantities,
	type ParsedQuantity,
	parseQuantity,
	per,
	type Quantity,
	quantity,
	subtractQuantities,
	token,
	tokensPerDay,
	tokensPerGpuSecond,
	type Unit,
	type UsdPerGpuHour,
	type UsdPerToken,
	usd,
	usdPerGpuHour,
	usdPerMtok,
} from "@farthing/engine";

const dollars = quantity(5, usd);
const tokens = quantity(5, token("total"));
const outputTokens = quantity(5, token("output"));
const rate = quantity(2.07, usdPerGpuHour);
const hours = quantity(3, hour);

// What compiles.
export const spent: Quantity<{ readonly USD: 1 }> = multiplyQuantities(rate, quantity(8, gpuHour));
export const unitCost: Quantity<UsdPerToken<"total">> = divideQuantities(dollars, tokens);
export const delivered: Quantity<UsdPerToken<"total">> = divideQuantities(
	rate,
	quantity(900, tokensPerGpuSecond("total")),
);
export const shown: number = inUnit(unitCost, usdPerMtok("total"));
export const read: Unit<UsdPerGpuHour> = usdPerGpuHour;
export const parsed: Quantity<UsdPerGpuHour> | undefined = pointOf(parseQuantity("2 USD/GPU-hr", usdPerGpuHour));

// @ts-expect-error money and tokens do not add
addQuantities(dollars, tokens);

// @ts-expect-error output tokens and total tokens do not add
addQuantities(outputTokens, tokens);

// @ts-expect-error a rate per GPU-hour is not one per hour
addQuantities(rate, quantity(2, per(usd, hour)));

// @ts-expect-error power is not energy
subtractQuantities(quantity(1, kilowatt), quantity(1, kilowattHour));

// @ts-expect-error a share is not money
addQuantities(quantity(0.4, fraction), dollars);

// @ts-expect-error cost of output tokens is not cost of total tokens
export const wrongKind: Quantity<UsdPerToken<"total">> = divideQuantities(dollars, outputTokens);

// @ts-expect-error units of cost differ by token kind
export const wrongUnit: Unit<UsdPerToken<"total">> = usdPerMtok("output");

// @ts-expect-error dollars over GPU-hours times hours leave dollars per GPU
export const perGpu: Quantity<{ readonly USD: 1 }> = multiplyQuantities(rate, hours);

// @ts-expect-error a rate per GPU-hour is no rate per hour
export const perHour: Unit<{ readonly USD: 1; readonly s: -1 }> = usdPerGpuHour;

// @ts-expect-error tokens a day of the service are not tokens a second of a user
inUnit(quantity(50, interactivity), tokensPerDay("output"));

// @ts-expect-error tokens a second of a GPU are not tokens a second
inUnit(quantity(900, tokensPerGpuSecond("total")), tokensPerDay("total"));

// @ts-expect-error a count of GPUs is no number of GPU-hours
inUnit(quantity(8, gpu), gpuHour);

// @ts-expect-error a number is no quantity
addQuantities(dollars, 5);

// @ts-expect-error what was read in dollars per GPU-hour is not read in dollars
export const misread: Quantity<{ readonly USD: 1 }> | undefined = pointOf(parseQuantity("2 USD", usdPerGpuHour));

function pointOf<D extends Dims>(from: ParsedQuantity<D>): Quantity<D> | undefined {
	return from.kind === "point" ? from.quantity : undefined;
}
