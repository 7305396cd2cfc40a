/**
 * A change of number format on machines that stay: from a month on each GPU serves what the best measured row in the new
 * format serves over that in the old, on the same hardware under the same limits. A cause of its own in the bridge; the
 * accuracy that was measured in both formats stands beside it.
 */
import type { AtMonth, Expr } from "@farthing/engine";
import { constant, divide, named, one, ratio, when } from "@farthing/engine";
import { FarthingError } from "../farthing-error.ts";
import { precisionsNamed } from "../names.ts";
import type { Asked, Plain } from "./asked.ts";
import type { Machine, Machines } from "./machine.ts";

const PRECISION_GAIN = "precision.gain";

export interface PrecisionChange {
	readonly fromMonth: number;
	readonly to: Machine;
	/** Node of the gain. */
	readonly node: string;
	/** Throughput at a month over that in the first format. */
	readonly at: AtMonth;
}

/** Throws exit 3 where no row serves in the new format, exit 2 where the machine runs in it already. */
export function precisionChangeOf(asked: Asked, machine: Machine, machines: Machines): PrecisionChange | undefined {
	const plan = asked.years.strategies.precisionChange;
	if (plan === undefined) return undefined;
	const field = "strategies.precision_change.to";
	const origin = asked.scenario.origins[field];
	const place = {
		field,
		...(origin?.kind === "file" ? { file: origin.file, line: origin.line, column: origin.column } : {}),
	};
	const formats = precisionsNamed(asked.catalogue, plan.to, place);
	const { hardware, point } = machine;
	if (formats.includes(point.precision)) {
		throw new FarthingError(
			2,
			"contradiction",
			`the machine runs in ${point.precision} from the opening: it cannot change to it`,
			{
				...place,
				expected: "another number format than that of the opening",
				hint: "say what it opens in: supply: {precision: fp8}",
			},
		);
	}
	const to = machines.inFormat(hardware, formats);
	if (to === undefined) {
		throw new FarthingError(3, "nothing-fits", `no measured row of ${hardware} in ${plan.to} keeps the limits`, {
			...place,
			expected: "a number format that the hardware was measured in",
		});
	}
	const node = asked.within(PRECISION_GAIN);
	const gain = named(node, ratio, divide(to.owned.speed, machine.owned.speed), {
		label: `throughput in ${to.point.precision} over that in ${point.precision}`,
		formula: "best row in the new format ÷ that in the old",
	}) as Expr<Record<never, never>>;
	const none: Plain = constant(1, one);
	return {
		fromMonth: plan.fromMonth,
		to,
		node,
		at: (month) =>
			asked.unless("precision", when(month as Plain, ">=", constant(plan.fromMonth, one), gain as Plain, none), none),
	};
}
